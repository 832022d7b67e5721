"""Moments as people type them in commands: 2026-11-20, 2026-11-20T14:30, or an age like 90m, 12h, 3d."""

import re
from datetime import datetime, timedelta
from typing import Annotated

import typer

AGE = re.compile(r"(\d{1,6})([mhd])")
UNITS = {"m": "minutes", "h": "hours", "d": "days"}
FORM = "a date (2026-11-20), a moment (2026-11-20T14:30) or an age (90m, 12h, 3d)"
Since = Annotated[str, typer.Option(help=f"From when on: {FORM}")]
Until = Annotated[str, typer.Option(help="Until when, in the same forms; none: until now")]


def parse_moment(written: str, now: datetime) -> datetime | None:
    """The moment that somebody typed, in this machine's time zone where it names none; None for "".

    Raises `typer.BadParameter`.
    """
    if not written:
        return None
    age = AGE.fullmatch(written)
    try:
        if age:
            return now - timedelta(**{UNITS[age[2]]: int(age[1])})
        return datetime.fromisoformat(written).astimezone()
    except (ValueError, OverflowError):
        raise typer.BadParameter(f"{written!r} is no moment. Give {FORM}.") from None
