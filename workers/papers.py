"""The one maker of papers: HTML of ours becomes a PDF, in a process of bounded memory and time."""

import os
from pathlib import Path

from core.kit.errors import ComptoirError
from workers.preview.parent import Child
from workers.preview.protocol import Task
from workers.preview.ranges import Budget, RangeReader
from workers.preview.source import FileSource

SECONDS = 20.0
MEMORY = 160 << 20
"""Bytes that the process may fill: enough for the fonts of all scripts on 20 pages."""


class PaperFailed(ComptoirError):
    """No PDF came of it: too little memory just now, say. Worth another try."""


def make_pdf(html: str) -> bytes:
    """The PDF of an HTML document that names no file and no address. Raises `PaperFailed`."""
    with RangeReader(FileSource(Path(os.devnull)), Budget(seconds=SECONDS)) as nothing:
        attempt = Child(nothing, Task("paper", 0, label=html, memory=MEMORY)).run()
    if "paper.pdf" not in attempt.pictures:
        raise PaperFailed(f"The paper could not be set ({attempt.outcome}): {attempt.reason}")
    return attempt.pictures["paper.pdf"]
