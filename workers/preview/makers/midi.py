"""MIDI: how long it plays, and how many tracks it has.

Its share is figures and its title: no note is shown or played.

Chunks, delta times and meta events: "Standard MIDI Files 1.0" (MIDI Association, RP-001).
"""

import struct
from collections.abc import Iterator

from schemas.preview import Sound
from workers.preview.errors import PreviewFailed
from workers.preview.makers.made import Made, Make
from workers.preview.makers.names import shown_name
from workers.preview.protocol import Task
from workers.preview.remote import Link, Reader

WHOLE = 8 << 20
USUAL_TEMPO = 500_000  # microseconds a quarter note
_TEMPO, _NAME = 0x51, 0x03

Tempo = tuple[int, int]
"""From which tick on, and microseconds a quarter note."""


def prepare(task: Task) -> Make:
    """Nothing is loaded later."""
    return make


def make(reader: Reader, link: Link) -> Made:
    """Read all tracks."""
    content = reader.pread(0, WHOLE)
    start = content.find(b"MThd", 0, 64)
    if start < 0 or len(content) < start + 14:
        raise PreviewFailed("damaged", "The MIDI file is damaged.")
    _, tracks, division = struct.unpack_from(">HHH", content, start + 8)
    tempos: list[Tempo] = []
    names: list[str] = []
    longest = 0
    at = start + 8 + struct.unpack_from(">I", content, start + 4)[0]
    while at + 8 <= len(content):
        kind, length = content[at : at + 4], struct.unpack_from(">I", content, at + 4)[0]
        if kind == b"MTrk":
            for tick, event, body in _events(content[at + 8 : at + 8 + length]):
                longest = max(longest, tick)
                if event == _TEMPO and len(body) == 3:
                    tempos.append((tick, int.from_bytes(body, "big")))
                elif event == _NAME and not names:
                    names.append(shown_name(body.decode("utf-8", "replace")).strip())
        at += 8 + length
    tags = {"tracks": str(tracks)} | ({"title": names[0]} if names and names[0] else {})
    return Made(Sound("midi", _seconds(longest, sorted(tempos), division), tags))


def _seconds(ticks: int, tempos: list[Tempo], division: int) -> float | None:
    if division & 0x8000:  # frames a second, and ticks a frame
        a_second = (256 - (division >> 8)) * (division & 0xFF)
        return ticks / a_second if a_second else None
    if not division:
        return None
    seconds, at, tempo = 0.0, 0, USUAL_TEMPO
    for tick, new in [*tempos, (ticks, 0)]:
        seconds += (min(tick, ticks) - at) / division * tempo / 1e6
        at, tempo = min(tick, ticks), new
    return min(seconds, 1e9)


def _events(track: bytes) -> Iterator[tuple[int, int, bytes]]:
    """When each event comes, and of a meta event what it is and holds (-1 and nothing of another)."""
    at = tick = status = 0
    try:
        while at < len(track):
            delta, at = _number(track, at)
            tick += delta
            if track[at] & 0x80:
                status, at = track[at], at + 1
            if status in (0xFF, 0xF0, 0xF7):
                kind, at = (track[at], at + 1) if status == 0xFF else (-1, at)
                length, at = _number(track, at)
                yield tick, kind, track[at : at + length]
                at += length
            else:
                at += 1 if status & 0xF0 in (0xC0, 0xD0) else 2
                yield tick, -1, b""
    except IndexError:
        return  # cut: what came before counts


def _number(track: bytes, at: int) -> tuple[int, int]:
    """A number of as many bytes as it needs, at most four; and where it ends."""
    number = 0
    for _ in range(4):
        byte = track[at]
        at += 1
        number = number << 7 | byte & 0x7F
        if not byte & 0x80:
            break
    return number, at
