"""`.env` changed in place: values are set, and whatever else stands in it stays as somebody wrote it."""

import io
import os
import re
from collections.abc import Mapping
from pathlib import Path

from dotenv.parser import parse_stream

PLAIN = re.compile(r"[A-Za-z0-9_@%+=:,./;-]*")


def values_of(text: str) -> dict[str, str]:
    """The variables that a file of this text sets."""
    return {
        binding.key: binding.value
        for binding in parse_stream(io.StringIO(text))
        if binding.key and binding.value
    }


def quoted(value: str) -> str:
    """A value as it is written in `.env`, where Docker reads it as we do."""
    if PLAIN.fullmatch(value):
        return value
    return "'" + value.replace("\\", "\\\\").replace("'", "\\'") + "'"


def with_values(text: str, values: Mapping[str, str], groups: Mapping[str, str]) -> str:
    """The file's text with these values: where a name stands, also as a comment, else at the end.

    `groups` is the subject of each name, the heading of what is added.
    """
    pieces: list[str] = []
    placed: set[str] = set()
    for binding in parse_stream(io.StringIO(text)):
        piece, name = binding.original.string, binding.key
        if name is not None and name in values:
            blank = piece[: len(piece) - len(piece.lstrip("\n"))]
            piece = f"{blank}{name}={quoted(values[name])}\n"
            placed.add(name)
        pieces.append(piece)
    result = "".join(pieces)
    for name in [name for name in values if name not in placed]:
        commented = re.search(rf"^# ?{name}=.*$", result, re.MULTILINE)
        if commented:
            line = f"{name}={quoted(values[name])}"
            result = result[: commented.start()] + line + result[commented.end() :]
            placed.add(name)
    return _with_added(result, {name: values[name] for name in values if name not in placed}, groups)


def _with_added(text: str, values: Mapping[str, str], groups: Mapping[str, str]) -> str:
    by_group: dict[str, list[str]] = {}
    for name in sorted(values, key=list(groups).index):
        by_group.setdefault(groups[name], []).append(f"{name}={quoted(values[name])}\n")
    if text and not text.endswith("\n"):
        text += "\n"
    for group, lines in by_group.items():
        text += ("\n" if text else "") + f"# --- {group}\n" + "".join(lines)
    return text


def write_private(path: Path, text: str) -> None:
    """Replace the file in one step; only its owner can read it."""
    target = path.resolve()
    new = target.with_name(f"{target.name}.new")
    new.unlink(missing_ok=True)
    descriptor = os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w") as file:
        file.write(text)
    new.replace(target)
