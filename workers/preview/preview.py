"""A preview of any file: recognise it, have a child make it, and always have something to show."""

import os
import time
from dataclasses import dataclass, field
from pathlib import Path

import structlog

from schemas.preview import Cost, Description, Outcome, Unknown
from workers.preview.errors import PreviewFailed
from workers.preview.kinds import Found, recognise
from workers.preview.parent import Attempt, Child
from workers.preview.protocol import Detail, Task
from workers.preview.ranges import Budget, RangeReader
from workers.preview.source import FileSource, Source

ICON_SECONDS = 15.0
log = structlog.get_logger()


@dataclass(frozen=True)
class Wish:
    """What is wanted. `largest` bytes of a file is the operator's cut-off, 0 for none (A39)."""

    detail: Detail = "full"
    watermark: str = ""
    largest: int = 0
    ffmpeg: str = ""  # path of the program; empty: no teaser


@dataclass(frozen=True)
class Preview:
    """What a preview came to. `pictures` are JPEG (the teaser MP4) by name; `reason` is for people."""

    outcome: Outcome
    reason: str
    label: str
    size: int
    description: Description
    cost: Cost
    pictures: dict[str, bytes] = field(default_factory=dict)


def make_preview(source: Source, wish: Wish = Wish(), budget: Budget | None = None) -> Preview:
    """Make a preview of one file. What a file, a store or a child does never raises: it is the outcome."""
    begun = time.monotonic()
    found, attempt = Found("icon", "File"), Attempt()
    with RangeReader(source, budget) as reader:
        size = 0
        try:
            size = reader.size
            if wish.largest and size > wish.largest:
                raise PreviewFailed("too-large", "Preview unavailable (file too large)")
            found = recognise(reader.head())
            attempt = _attempt(reader, found, wish)
        except PreviewFailed as failed:
            attempt.outcome, attempt.reason = failed.outcome, str(failed)
        except OSError as error:  # no room for the spool, no process to be had: the machine's, not the file's
            log.exception("preview")
            attempt.outcome, attempt.reason = "crashed", f"No preview could be made: {error.strerror}."
        if not attempt.pictures and not attempt.description:
            _add_icon(attempt, found, size, wish)
        cost = Cost(
            reader.requests, reader.bytes, time.monotonic() - begun, attempt.peak_rss, attempt.sandbox
        )
    return Preview(
        attempt.outcome,
        attempt.reason,
        found.label,
        size,
        attempt.description or Unknown(found.label),
        cost,
        attempt.pictures,
    )


def _attempt(reader: RangeReader, found: Found, wish: Wish) -> Attempt:
    task = Task(found.kind, reader.size, detail=wish.detail, watermark=wish.watermark, label=found.label)
    return Child(reader, task).run()


def _add_icon(attempt: Attempt, found: Found, size: int, wish: Wish) -> None:
    """Show type and size. It costs no read, and has a budget of its own: the file's may be spent."""
    with RangeReader(FileSource(Path(os.devnull)), Budget(seconds=ICON_SECONDS)) as nothing:
        task = Task("icon", size, watermark=wish.watermark, label=found.label)
        icon = Child(nothing, task).run()
    attempt.pictures.update(icon.pictures)
    attempt.sandbox = attempt.sandbox or icon.sandbox
    attempt.peak_rss = max(attempt.peak_rss, icon.peak_rss)
    if icon.outcome != "made":
        log.error("preview icon", outcome=icon.outcome, reason=icon.reason)
