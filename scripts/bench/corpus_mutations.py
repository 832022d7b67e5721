"""Damages files as disks, networks and malice do, the same way for the same seed."""

import random
from collections.abc import Callable, Iterator

EXTREMES = (0, 1, 0x7FFFFFFF, 0x80000000, 0xFFFFFFFF)
HEAD = 512  # bytes at either end that are damaged


def mutations(content: bytes, count: int, seed: int) -> Iterator[tuple[str, bytes]]:
    """So many damaged copies, each with its name: every way of `WAYS` in turn."""
    names = list(WAYS)
    for number in range(count):
        name = names[number % len(names)]
        chance = random.Random(f"{seed}/{number}/{len(content)}")  # noqa: S311 to be repeated, not to be secret
        damaged = bytearray(content)
        yield f"{number:02}-{name}", bytes(WAYS[name](damaged, chance)) if content else b""


def _flip(share: float) -> Callable[[bytearray, random.Random], bytearray]:
    def damage(content: bytearray, chance: random.Random) -> bytearray:
        for _ in range(max(1, round(len(content) * share))):
            content[chance.randrange(len(content))] ^= 1 << chance.randrange(8)
        return content

    return damage


def _noise(content: bytearray, chance: random.Random, start: int, stop: int) -> bytearray:
    for _ in range(16):
        content[chance.randrange(start, stop)] = chance.randrange(256)
    return content


def _head(content: bytearray, chance: random.Random) -> bytearray:
    return _noise(content, chance, 0, min(HEAD, len(content)))


def _tail(content: bytearray, chance: random.Random) -> bytearray:
    return _noise(content, chance, max(0, len(content) - HEAD), len(content))


def _cut(share: float) -> Callable[[bytearray, random.Random], bytearray]:
    def damage(content: bytearray, chance: random.Random) -> bytearray:
        return content[: int(len(content) * share * chance.uniform(0.9, 1.1))]

    return damage


def _zeroed(content: bytearray, chance: random.Random) -> bytearray:
    length = max(1, len(content) // 10)
    start = chance.randrange(max(1, len(content) - length))
    content[start : start + length] = bytes(length)
    return content


def _extremes(content: bytearray, chance: random.Random) -> bytearray:
    for _ in range(8):
        at = chance.randrange(max(1, len(content) - 4))
        content[at : at + 4] = chance.choice(EXTREMES).to_bytes(4, chance.choice(("little", "big")))
    return content


WAYS: dict[str, Callable[[bytearray, random.Random], bytearray]] = {
    "flips-few": _flip(0.00002),
    "flips-many": _flip(0.001),
    "head": _head,
    "tail": _tail,
    "cut-25": _cut(0.25),
    "cut-90": _cut(0.9),
    "zeroed": _zeroed,
    "extremes": _extremes,
}
