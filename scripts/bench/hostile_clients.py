"""People who mean harm, in a process of their own, from many addresses of loopback.

`python -m scripts.bench.hostile_clients HOST PORT KIND SECONDS TOKEN…` attacks for so long, and prints how
often each status came back, and how many 503 came without Retry-After. The tokens are sessions of accounts
that the attackers have.
"""

import asyncio
import json
import os
import sys
import time
from collections import Counter
from collections.abc import Awaitable, Callable
from contextlib import suppress
from uuid import uuid4

import uvloop

from workers.runtime.scheduling_priority import yield_to_others

HEAD_BYTES = 60 << 20  # of short header lines on one connection
SILENT = 5_000  # connections that say nothing
OF_ADDRESS = 200  # connections from each address
LINES = 20  # connections whose header line has no end
BODIES = 1_000  # malformed bodies a second
PICTURES = 500  # pictures and previews a second
FLOODING = 100  # connections that send them
RESTING = 300  # connections that send the beginning of a long body and rest
BEGINNING = 66_000  # bytes of it, more than is read before anybody is asked
LONG = 1_000_000  # bytes that they promise
BROKEN = (b"{", b"[" * 4000, b'{"init_data": 1}', b"\xff\xfe\x00", b'{"a": "\\ud800"}', b'"' + b"x" * 30_000)
PATHS = ("/api/session", "/webhooks/nowpayments", "/api/payments/pending-payments/create")
WAIT = 15.0  # seconds for an answer; a body that rests gets its own after ten
PAUSE = 0.05  # seconds until a connection that was closed is opened again

Attack = Callable[["Attackers"], Awaitable[None]]


class Attackers:
    """Connections to one server, and what it answered."""

    def __init__(self, host: str, port: int, seconds: float, tokens: list[str]) -> None:
        self._server = host, port
        self.tokens = tokens
        self.until = time.monotonic() + seconds
        self.statuses: Counter[str] = Counter()
        self.dishonest = 0

    async def open(self, number: int) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        """A connection of the client `number`, who has an address alone with some others."""
        place = 256 + number
        address = f"127.{1 + place // 65_536}.{place // 256 % 256}.{place % 256 or 1}"
        return await asyncio.open_connection(*self._server, local_addr=(address, 0))

    async def ask(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, request: bytes) -> bool:
        """Send a request and count its answer; whether the connection may be used again."""
        writer.write(request)
        async with asyncio.timeout(WAIT):
            head = await reader.readuntil(b"\r\n\r\n")
            lines = head.lower().split(b"\r\n")
            status = lines[0].split()[1].decode()
            fields = dict(line.split(b": ", 1) for line in lines[1:] if b": " in line)
            await reader.readexactly(int(fields.get(b"content-length", b"0")))
        self.statuses[status] += 1
        self.dishonest += status == "503" and b"retry-after" not in fields
        return fields.get(b"connection") != b"close"

    async def flood(self, rate: float, request: Callable[[int], bytes]) -> None:
        """Send requests over some connections, `rate` a second in all, until the time is over."""

        async def send(place: int) -> None:
            sent, started = 0, time.monotonic()
            connection = None
            while time.monotonic() < self.until:
                with suppress(OSError, asyncio.IncompleteReadError, TimeoutError):
                    connection = connection or await self.open(place)
                    if not await self.ask(*connection, request(sent)):
                        connection[1].close()
                        connection = None
                    sent += 1
                    await asyncio.sleep(max(0.0, started + sent * FLOODING / rate - time.monotonic()))
                    continue
                self.statuses["closed"] += 1
                connection = None
            if connection is not None:
                connection[1].close()

        await asyncio.gather(*(send(place) for place in range(FLOODING)))

    async def pour(self, number: int, opening: bytes, piece: bytes, size: int) -> None:
        """Send `size` bytes of a head on one connection, for as long as it is open; then another."""
        while time.monotonic() < self.until:
            reader, writer = await self.open(number)
            line = b""
            with suppress(OSError):
                writer.write(opening)
                sent = 0
                while sent < size and time.monotonic() < self.until and not reader.at_eof():
                    writer.write(piece)
                    sent += len(piece)
                    await writer.drain()
                    await asyncio.sleep(0)
                line = await reader.readline()
            self.statuses[line.split()[1].decode() if line else "closed"] += 1
            writer.close()
            await asyncio.sleep(PAUSE)


async def head(attackers: Attackers) -> None:
    """One endless head of short lines."""
    lines = b"".join(b"x-%d: y\r\n" % number for number in range(1000))
    await attackers.pour(0, b"GET /healthz HTTP/1.1\r\nhost: shop\r\n", lines, HEAD_BYTES)


async def lines(attackers: Attackers) -> None:
    """Header lines without an end, on some connections."""
    opening, piece = b"GET /healthz HTTP/1.1\r\nhost: shop\r\nx: ", b"y" * 8192
    await asyncio.gather(*(attackers.pour(n, opening, piece, HEAD_BYTES) for n in range(LINES)))


async def silent(attackers: Attackers) -> None:
    """Thousands of connections that say nothing; those that are closed are opened again once."""
    writers = []
    for number in range(SILENT):
        with suppress(OSError):
            writers.append((await attackers.open(number // OF_ADDRESS))[1])
    attackers.statuses["opened"] = len(writers)
    await asyncio.sleep(max(0.0, attackers.until - time.monotonic()))
    for writer in writers:
        writer.close()


async def bodies(attackers: Attackers) -> None:
    """Bodies that are not what they should be."""

    def request(number: int) -> bytes:
        body, path = BROKEN[number % len(BROKEN)], PATHS[number % len(PATHS)]
        fields = f"host: shop\r\ncontent-type: application/json\r\ncontent-length: {len(body)}"
        return f"POST {path} HTTP/1.1\r\n{fields}\r\n\r\n".encode() + body

    await attackers.flood(BODIES, request)


async def pictures(attackers: Attackers) -> None:
    """Pictures and previews, all of them others."""

    def request(number: int) -> bytes:
        path = ("/pictures/{}", "/previews/{}", "/previews/{}/teaser")[number % 3].format(uuid4())
        return f"GET {path} HTTP/1.1\r\nhost: shop\r\n\r\n".encode()

    await attackers.flood(PICTURES, request)


async def rests(attackers: Attackers) -> None:
    """Long bodies that begin and go on no further, from people who are signed in."""

    async def rest(place: int) -> None:
        token = attackers.tokens[place % len(attackers.tokens)]
        fields = f"host: shop\r\nauthorization: Bearer {token}\r\ncontent-type: application/json"
        head = f"POST /api/uploads/{uuid4()}/complete HTTP/1.1\r\n{fields}\r\ncontent-length: {LONG}\r\n\r\n"
        await asyncio.sleep(place * PAUSE / 5)
        while time.monotonic() < attackers.until:
            with suppress(OSError, asyncio.IncompleteReadError, TimeoutError):
                reader, writer = await attackers.open(place)
                await attackers.ask(reader, writer, head.encode() + b"x" * BEGINNING)
                writer.close()
            await asyncio.sleep(20 * PAUSE)

    await asyncio.gather(*(rest(place) for place in range(RESTING)))


ATTACKS: dict[str, Attack] = {
    "head": head,
    "silent": silent,
    "lines": lines,
    "bodies": bodies,
    "pictures": pictures,
    "rests": rests,
}


def main() -> None:
    """Run as the module's text says."""
    os.nice(19)  # they would work on other machines, and are to take no processor from the shop
    yield_to_others()
    host, port, kind, seconds, *tokens = sys.argv[1:]

    async def run() -> Attackers:
        attackers = Attackers(host, int(port), float(seconds), tokens)
        await ATTACKS[kind](attackers)
        return attackers

    attackers = uvloop.run(run())
    print(json.dumps({"answers": attackers.statuses, "dishonest": attackers.dishonest}))


if __name__ == "__main__":
    main()
