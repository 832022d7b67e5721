"""One machine's network to PostgreSQL and Redis: `python -m scripts.bench.network ADDRESS POSTGRES REDIS`.

Listens on two ports of a loopback address, whose numbers it prints, and forwards to two Unix sockets. Stopped
by SIGSTOP it is a network in which everything is silent, as one that is cut is.
"""

import asyncio
import contextlib
import sys

import uvloop

CHUNK = 1 << 16


async def pump(source: asyncio.StreamReader, target: asyncio.StreamWriter) -> None:
    """Copy bytes one way until the source ends."""
    with contextlib.suppress(OSError):
        while data := await source.read(CHUNK):
            target.write(data)
            await target.drain()
    target.close()


async def listen(address: str, path: str) -> int:
    """Forward a TCP port of this address to a Unix socket; the port's number."""

    async def forward(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            there, back = await asyncio.open_unix_connection(path)
        except OSError:
            writer.close()
            return
        await asyncio.gather(pump(reader, back), pump(there, writer))

    server = await asyncio.start_server(forward, address, 0)
    return int(server.sockets[0].getsockname()[1])


async def main() -> None:
    """Forward both servers until the process is killed."""
    address, postgres, redis = sys.argv[1:]
    print(await listen(address, postgres), await listen(address, redis), flush=True)
    await asyncio.Event().wait()


if __name__ == "__main__":
    uvloop.run(main())
