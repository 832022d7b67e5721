"""Figures and jobs written for a terminal: short, aligned, in plain English."""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

BARS = " ▁▂▃▄▅▆▇█"
STEPS = ((86_400, "d"), (3600, "h"), (60, "m"))


def span(seconds: float | None) -> str:
    """A length of time in its two largest units; empty for None."""
    if seconds is None:
        return ""
    sign, left = ("-", -seconds) if seconds < 0 else ("", seconds)
    if left < 60:
        return f"{sign}{left:.1f}s" if 0 < left < 10 else f"{sign}{left:.0f}s"
    for (size, unit), (smaller, name) in zip(STEPS, (*STEPS[1:], (1, "s")), strict=True):
        if left >= size:
            rest = int(left % size // smaller)
            return f"{sign}{int(left // size)}{unit}" + (f"{rest}{name}" if rest else "")
    raise AssertionError("a minute and more has a unit")


def ago(moment: datetime | None, now: datetime) -> str:
    """How long ago a moment is, or "in" how long; empty for None."""
    if moment is None:
        return ""
    seconds = (now - moment).total_seconds()
    return f"in {span(-seconds)}" if seconds < 0 else span(seconds)


def rate(per_second: float) -> str:
    """A rate in jobs a second, or in jobs a minute where they are few."""
    if per_second == 0:
        return "0"
    return f"{per_second:.1f}/s" if per_second >= 1 else f"{per_second * 60:.1f}/min"


def mebibytes(size: int) -> str:
    """A size in bytes, written in MiB."""
    return f"{size / 2**20:.0f} MiB"


def spark(values: Sequence[int], width: int) -> str:
    """The last values as a line of bars of one character each, the highest of them full."""
    bins = _bins(values, width)
    top = max(bins, default=0)
    return "".join(BARS[-(-value * (len(BARS) - 1) // top)] if top else BARS[0] for value in bins)


def failure(error_class: str | None, message: str | None = None) -> str:
    """An error written as the name of its class and its message; empty for None."""
    if error_class is None:
        return ""
    name = error_class.rpartition(".")[2]
    return f"{name}: {message}" if message else name


def arguments(args: Mapping[str, Any]) -> str:
    """A job's arguments as the filter language writes them."""
    return " ".join(f"{name}={_plain(value)}" for name, value in args.items())


def _plain(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _bins(values: Sequence[int], width: int) -> list[int]:
    size = max(1, -(-len(values) // width))
    return [sum(values[start : start + size]) for start in range(0, len(values), size)]
