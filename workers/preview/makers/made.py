"""The types of a maker of previews, and what it returns.

A maker module has `prepare(task)`, which runs before the child is sealed: it loads what the libraries load
lazily, for no file can be opened afterwards. It returns the function that reads the file.
"""

from collections.abc import Callable
from typing import NamedTuple

from schemas.preview import Description
from workers.preview.errors import PreviewFailed
from workers.preview.protocol import Task
from workers.preview.remote import Link, Reader


class Made(NamedTuple):
    """A description; `partial` says why it is not all that could be said."""

    description: Description
    partial: str = ""


Make = Callable[[Reader, Link], Made]
Prepare = Callable[[Task], Make]


def read_whole(reader: Reader, limit: int, problem: str) -> bytes:
    """All bytes of a file of at most `limit`. Raises `PreviewFailed` with these words: too-big."""
    if reader.size > limit:
        raise PreviewFailed("too-big", problem)
    return reader.pread(0, limit)
