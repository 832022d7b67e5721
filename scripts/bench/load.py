"""Requests at a fixed pace from a process of its own: `python -m scripts.bench.load PLAN ANSWERS`.

Open loop: each request leaves at its own time, whether or not earlier ones have been answered, and its time
counts from when it should have left. So a stall of the server shows in every request that it would have
met (see G. Tene, "How NOT to Measure Latency"). Connections are kept alive.
"""

import asyncio
import gc
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

import h11
import uvloop

WARMING = 20  # requests before the measured ones, for connections and caches
PATIENCE = 30.0  # seconds for one answer
BLOCK = 65_536


@dataclass(frozen=True)
class Request:
    """One request; `body` as text."""

    method: str
    path: str
    headers: dict[str, str] = field(default_factory=dict)
    body: str = ""


LIVES = Request("GET", "/healthz")


@dataclass(frozen=True)
class Answer:
    """What came back; status 0: nothing. `milliseconds` from when it was due, `due` in Unix seconds."""

    status: int
    milliseconds: float
    due: float
    location: str = ""


class Generator:
    """Sends a plan to one server."""

    def __init__(self, url: str) -> None:
        parts = urlsplit(url)
        self._host, self._port = parts.hostname or "", parts.port or 80
        self._idle: list[tuple[asyncio.StreamReader, asyncio.StreamWriter, h11.Connection]] = []

    async def send(self, requests: Sequence[Request], rate: float) -> list[Answer]:
        """All of them, `rate` a second; rate 0: all at once."""
        begun = time.time()
        clock = time.monotonic()

        async def one(number: int, request: Request) -> Answer:
            offset = number / rate if rate else 0.0
            await asyncio.sleep(max(0.0, clock + offset - time.monotonic()))
            status, location = await self._exchange(request)
            return Answer(status, (time.monotonic() - clock - offset) * 1000, begun + offset, location)

        return await asyncio.gather(*(one(*item) for item in enumerate(requests)))

    def close(self) -> None:
        """Close the kept connections."""
        for _, writer, _ in self._idle:
            writer.close()

    async def _exchange(self, request: Request) -> tuple[int, str]:
        try:
            async with asyncio.timeout(PATIENCE):
                connection = self._idle.pop() if self._idle else await self._connect()
                status, location = await self._converse(*connection, request)
        except (OSError, TimeoutError, h11.ProtocolError):
            return 0, ""
        self._idle.append(connection)
        return status, location

    async def _connect(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter, h11.Connection]:
        return *await asyncio.open_connection(self._host, self._port), h11.Connection(h11.CLIENT)

    async def _converse(
        self,
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
        connection: h11.Connection,
        request: Request,
    ) -> tuple[int, str]:
        body = request.body.encode()
        headers = {"host": f"{self._host}:{self._port}", "content-length": str(len(body)), **request.headers}
        events = (
            h11.Request(method=request.method, target=request.path, headers=list(headers.items())),
            h11.Data(data=body),
            h11.EndOfMessage(),
        )
        writer.write(b"".join(connection.send(event) or b"" for event in events))
        status, location = 0, ""
        while not isinstance(event := connection.next_event(), h11.EndOfMessage):
            if event is h11.NEED_DATA:
                connection.receive_data(await reader.read(BLOCK))
            elif isinstance(event, h11.Response):
                status = event.status_code
                location = dict(event.headers.raw_items()).get(b"location", b"").decode()
            elif isinstance(event, h11.ConnectionClosed):
                raise ConnectionResetError("the server closed the connection before its answer")
        connection.start_next_cycle()
        return status, location


def load(url: str, requests: Sequence[Request], rate: float, *, warming: Request = LIVES) -> list[Answer]:
    """Send the requests from a process of its own, `rate` a second; rate 0: all at once.

    `warming` goes before them, to open connections, and is not measured.
    """
    plan = {
        "url": url,
        "rate": rate,
        "warming": asdict(warming),
        "requests": [asdict(request) for request in requests],
    }
    with tempfile.TemporaryDirectory() as name:
        paths = [Path(name, "plan.json"), Path(name, "answers.json")]
        paths[0].write_text(json.dumps(plan))
        subprocess.run([sys.executable, "-m", "scripts.bench.load", *paths], check=True)
        return [Answer(**answer) for answer in json.loads(paths[1].read_text())]


async def run(url: str, requests: Sequence[Request], rate: float, warming: Request) -> list[Answer]:
    """Warm up, then send."""
    generator = Generator(url)
    await generator.send([warming] * WARMING, rate)
    answers = await generator.send(requests, rate)
    generator.close()
    return answers


def main() -> None:
    """Read the plan, run it, write the answers."""
    plan = json.loads(Path(sys.argv[1]).read_text())
    requests = [Request(**request) for request in plan["requests"]]
    gc.freeze()
    answers = uvloop.run(run(plan["url"], requests, plan["rate"], Request(**plan["warming"])))
    Path(sys.argv[2]).write_text(json.dumps([asdict(answer) for answer in answers]))


if __name__ == "__main__":
    main()
