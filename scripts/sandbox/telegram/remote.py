"""The sandbox in a process of its own, and the driver that speaks to it: one JSON object a line.

A request is {"verb", "arguments"}; an answer {"result"}, {"refused": [code, reason]} or {"error"}.
The control port listens on loopback and asks nobody who he is: it belongs to a toy.
"""

import asyncio
import json
import socket
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any, Self

from scripts.sandbox.telegram.faults_driver import FaultsDriver
from scripts.sandbox.telegram.sandbox import Server
from scripts.sandbox.telegram.tl import Refused

LINE_BYTES = 256 * 1024 * 1024
STOP_SECONDS = 10


async def serve_control(server: Server, port: int) -> asyncio.Server:
    """Listen for drivers on 127.0.0.1."""

    async def converse(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while line := await reader.readline():
            writer.write(json.dumps(await _answer(server, json.loads(line))).encode() + b"\n")
            await writer.drain()
        writer.close()

    return await asyncio.start_server(converse, "127.0.0.1", port, limit=LINE_BYTES)


async def _answer(server: Server, request: dict[str, Any]) -> dict[str, Any]:
    if request["verb"] == "address":
        return {"result": server.address}
    try:
        return {"result": await server.perform(request["verb"], request["arguments"])}
    except Refused as error:
        return {"refused": [error.code, error.reason]}
    except (KeyError, ValueError, TypeError, StopIteration) as error:
        return {"error": f"{type(error).__name__}: {error}"}


class RemoteSandbox(FaultsDriver):
    """The methods of `Sandbox` for one that runs elsewhere. Every thread has a connection of its own."""

    def __init__(self, control_port: int) -> None:
        self.control_port = control_port
        self._process: subprocess.Popen[str] | None = None
        self._local = threading.local()
        self._streams: list[Any] = []

    @classmethod
    def spawn(cls, port: int = 0, state_path: Path | None = None) -> Self:
        """Start a sandbox process; `stop` ends it."""
        command = [sys.executable, "-m", "scripts.sandbox.telegram", "--port", str(port)]
        if state_path is not None:
            command += ["--state", str(state_path)]
        process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        line = process.stdout.readline() if process.stdout else ""
        if not line:
            process.communicate()
            raise RuntimeError(f"the sandbox did not start (exit code {process.wait()}); see its messages")
        remote = cls(json.loads(line)["control_port"])
        remote._process = process
        return remote

    @property
    def pid(self) -> int:
        """The process, for whoever measures it."""
        if self._process is None:
            raise RuntimeError("this sandbox was started by somebody else")
        return self._process.pid

    def stop(self) -> None:
        """Close connections, and end the process if this object started it."""
        for stream in self._streams:
            stream.close()
        self._streams.clear()
        if self._process is not None:
            self._process.terminate()
            self._process.wait(STOP_SECONDS)
            if self._process.stdout:
                self._process.stdout.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    @property
    def address(self) -> str:
        return str(self.call("address"))

    def _stream(self) -> Any:
        if not hasattr(self._local, "stream"):
            with socket.create_connection(("127.0.0.1", self.control_port)) as connection:
                self._local.stream = connection.makefile("rwb")
            self._streams.append(self._local.stream)
        return self._local.stream

    def call(self, name: str, /, **arguments: Any) -> Any:
        stream = self._stream()
        stream.write(json.dumps({"verb": name, "arguments": arguments}).encode() + b"\n")
        stream.flush()
        line = stream.readline()
        if not line:
            raise ConnectionError("the sandbox process has closed the control connection")
        answer = json.loads(line)
        if "refused" in answer:
            raise Refused(*answer["refused"])
        if "error" in answer:
            raise ValueError(answer["error"])
        return answer["result"]
