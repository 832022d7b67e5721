"""Sends HTTP requests at a fixed pace from a process of its own: `python -m scripts.bench.load PLAN ANSWERS`.

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
from typing import cast
from urllib.parse import urlsplit

import httptools
import uvloop

WARMING = 20  # requests before the measured ones, for connections and caches
PATIENCE = 30.0  # seconds for one answer
KEPT = (b"location", b"retry-after")  # headers of answers, as `Answer` has them


@dataclass(frozen=True)
class Request:
    """One HTTP request; `body` as text."""

    method: str
    path: str
    headers: dict[str, str] = field(default_factory=dict)
    body: str = ""


LIVES = Request("GET", "/healthz")


@dataclass(frozen=True)
class Answer:
    """What came back; `http_status` 0 means nothing did.

    `milliseconds` are counted from when the request was due, `due` is in Unix seconds.
    """

    http_status: int
    milliseconds: float
    due: float
    location: str = ""
    retry_after: str = ""


class Generator:
    """Sends a list of requests to one server."""

    def __init__(self, url: str) -> None:
        parts = urlsplit(url)
        self._host, self._port = parts.hostname or "", parts.port or 80
        self._idle: list[Connection] = []

    async def send(self, requests: Sequence[Request], rate: float) -> list[Answer]:
        """Send all requests, `rate` a second, or all at once with rate 0; their answers in order."""
        # Written before the clock starts: what this process does meanwhile is taken from the servers.
        written = [self._write(request) for request in requests]
        start = time.time()
        clock = time.monotonic()

        async def one(number: int, message: bytes) -> Answer:
            offset = number / rate if rate else 0.0
            await asyncio.sleep(max(0.0, clock + offset - time.monotonic()))
            status, headers = await self._exchange(message)
            waited = (time.monotonic() - clock - offset) * 1000
            return Answer(status, waited, start + offset, *headers)

        return await asyncio.gather(*(one(*item) for item in enumerate(written)))

    def close(self) -> None:
        """Close the connections that were kept open."""
        for connection in self._idle:
            connection.close()

    def _write(self, request: Request) -> bytes:
        body = request.body.encode()
        headers = {"host": f"{self._host}:{self._port}", "content-length": str(len(body)), **request.headers}
        lines = [f"{request.method} {request.path} HTTP/1.1", *map(": ".join, headers.items()), "", ""]
        return "\r\n".join(lines).encode() + body

    async def _exchange(self, message: bytes) -> tuple[int, list[str]]:
        try:
            async with asyncio.timeout(PATIENCE):
                connection = self._kept() or await self._connect()
                status, headers = await connection.converse(message)
        except (OSError, TimeoutError, httptools.HttpParserError):
            return 0, []
        if connection.open:
            self._idle.append(connection)
        return status, headers

    def _kept(self) -> "Connection | None":
        """One that the server has not closed since; it does so after seconds without a request."""
        while self._idle:
            if (connection := self._idle.pop()).open:
                return connection
        return None

    async def _connect(self) -> "Connection":
        loop = asyncio.get_running_loop()
        return (await loop.create_connection(Connection, self._host, self._port))[1]


class Connection(asyncio.Protocol):
    """One connection, used for one request after the other."""

    def __init__(self) -> None:
        self._answered: asyncio.Future[tuple[int, list[str]]] | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Called by asyncio when the connection is open."""
        self._transport = cast(asyncio.Transport, transport)

    @property
    def open(self) -> bool:
        """Whether it can take another request."""
        return not self._transport.is_closing()

    async def converse(self, message: bytes) -> tuple[int, list[str]]:
        """Send a request; the answer's status, location and retry-after.

        Raises `ConnectionResetError`.
        """
        self._answered = asyncio.get_running_loop().create_future()
        self._bodiless = message.startswith(b"HEAD ")
        self._parser, self._said = httptools.HttpResponseParser(self), dict.fromkeys(KEPT, "")
        self._transport.write(message)
        return await self._answered

    def close(self) -> None:
        """Close the connection."""
        self._transport.close()

    def data_received(self, data: bytes) -> None:
        """Called by asyncio with bytes of an answer."""
        self._parser.feed_data(data)

    def connection_lost(self, exc: Exception | None) -> None:
        """Called by asyncio when the connection has ended."""
        if self._answered is not None and not self._answered.done():
            self._answered.set_exception(ConnectionResetError("the server closed before its answer"))

    def on_header(self, name: bytes, value: bytes) -> None:
        """Called by httptools with a header of an answer."""
        if name.lower() in self._said:
            self._said[name.lower()] = value.decode()

    def on_headers_complete(self) -> None:
        """Called by httptools, which would wait for the body that an answer to HEAD announces."""
        if self._bodiless:
            self._settle()

    def on_message_complete(self) -> None:
        """Called by httptools when an answer is complete."""
        if not self._bodiless:
            self._settle()

    def _settle(self) -> None:
        if self._answered is not None and not self._answered.done():
            self._answered.set_result((self._parser.get_status_code(), list(self._said.values())))


def load(url: str, requests: Sequence[Request], rate: float, *, warming: Request = LIVES) -> list[Answer]:
    """Send requests from a process of its own, `rate` a second, or all at once with rate 0; their answers.

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
    """Send the plan's warm-up requests, then the counted ones; the answers to these."""
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
