"""Connections that do nothing, or next to nothing, held from a process of its own.

`python -m scripts.bench.slow_connections HOST PORT idle|head|body COUNT` writes a line once it holds
them, and holds them until its standard input ends. A head or a body comes a byte a second, and never to
its end.
"""

import asyncio
import resource
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit

OPENING_BYTES = {
    "idle": b"",
    "head": b"GET /healthz HTTP/1.1\r\nhost: shop\r\nx-slow: ",
    "body": b"POST /webhooks/nowpayments HTTP/1.1\r\nhost: shop\r\ncontent-length: 60000\r\n\r\n",
}
AT_ONCE = 200  # connections opened at the same time
SPARE = 100  # files that the process needs beside its connections


def connection_limit() -> int:
    """How many connections one process may hold here (RLIMIT_NOFILE)."""
    return resource.getrlimit(resource.RLIMIT_NOFILE)[1] - SPARE


@contextmanager
def slow_connections(url: str, kind: str, count: int) -> Iterator[None]:
    """Hold so many slow or idle connections to the server while the block runs."""
    parts = urlsplit(url)
    command = [sys.executable, "-m", "scripts.bench.slow_connections", parts.hostname or "", str(parts.port)]
    with subprocess.Popen(
        [*command, kind, str(count)], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as process:
        assert process.stdout is not None
        assert process.stdin is not None
        process.stdout.readline()
        try:
            yield
        finally:
            process.stdin.close()


async def hold(host: str, port: int, kind: str, count: int) -> None:
    """Open the connections, print a line, and keep them until standard input ends."""
    turns = asyncio.Semaphore(AT_ONCE)

    async def open_one() -> asyncio.StreamWriter:
        async with turns:
            _, writer = await asyncio.open_connection(host, port)
            writer.write(OPENING_BYTES[kind])
            return writer

    writers = await asyncio.gather(*(open_one() for _ in range(count)))
    print("held", flush=True)
    ended = asyncio.create_task(asyncio.to_thread(sys.stdin.read))
    while not ended.done():
        if kind != "idle":
            for writer in writers:
                writer.write(b"x")
        await asyncio.wait([ended], timeout=1)


def main() -> None:
    """Run as the module's text says."""
    resource.setrlimit(resource.RLIMIT_NOFILE, (resource.getrlimit(resource.RLIMIT_NOFILE)[1],) * 2)
    host, port, kind, count = sys.argv[1:]
    asyncio.run(hold(host, int(port), kind, int(count)))


if __name__ == "__main__":
    main()
