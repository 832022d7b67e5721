"""Makes a preview of any file: recognises it, has a sandboxed process make it, falls back to an icon."""

import os
import time
from dataclasses import dataclass, field
from pathlib import Path

import structlog
from msgspec import structs

from schemas.preview import Archive, Cost, Description, Excerpt, Film, Outcome, Unknown
from workers.preview.errors import PreviewFailed
from workers.preview.kinds import FileKind, recognise
from workers.preview.parent import Attempt, Child
from workers.preview.protocol import Detail, Task
from workers.preview.ranges import Budget, RangeReader
from workers.preview.source import FileSource, Source

ICON_SECONDS = 15.0
OFFICE_PARTS = {"word/document.xml", "xl/workbook.xml", "ppt/presentation.xml", "META-INF/container.xml"}
TEASER_SECONDS, TEASER_LINES, TEASER_SPARE, TEASER_TIME = 6, 480, 1 << 20, 20.0  # TIME in s, SPARE in bytes
log = structlog.get_logger()


@dataclass(frozen=True)
class Wish:
    """What a preview should hold. `largest` bytes of a file is the operator's cut-off, 0 for none (A39)."""

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
    started = time.monotonic()
    kind, attempt = FileKind("icon", "File"), Attempt()
    with RangeReader(source, budget) as reader:
        size = 0
        try:
            size = reader.size
            if wish.largest and size > wish.largest:
                raise PreviewFailed("too-large", "Preview unavailable (file too large)")
            kind = recognise(reader.head())
            attempt = _attempt(reader, kind, wish)
        except PreviewFailed as failed:
            attempt.outcome, attempt.reason = failed.outcome, str(failed)
        except OSError as error:  # no room for the spool, no process to be had: the machine's, not the file's
            log.exception("preview")
            attempt.outcome, attempt.reason = "crashed", f"No preview could be made: {error.strerror}."
        if not attempt.pictures and not isinstance(attempt.description, Archive | Excerpt):
            _add_icon(attempt, kind, size, wish)
        cost = Cost(
            reader.requests, reader.bytes, time.monotonic() - started, attempt.peak_rss, attempt.sandbox
        )
    return Preview(
        attempt.outcome,
        attempt.reason,
        kind.label,
        size,
        attempt.description or Unknown(kind.label),
        cost,
        attempt.pictures,
    )


def _attempt(reader: RangeReader, kind: FileKind, wish: Wish) -> Attempt:
    """One child, and a second where the first has found out what the second needs."""
    task = Task(kind.kind, reader.size, detail=wish.detail, watermark=wish.watermark, label=kind.label)
    attempt = Child(reader, task).run()
    description = attempt.description
    if isinstance(description, Archive) and description.format == "zip" and not description.encrypted:
        if OFFICE_PARTS & {entry.name for entry in description.entries}:
            return _add(attempt, Child(reader, structs.replace(task, kind="document")).run())
    elif (
        isinstance(description, Film)
        and attempt.outcome == "made"
        and _teaser_fits(reader, description, wish)
    ):
        width, height = teaser_size(description.width, description.height)
        moving = structs.replace(
            task,
            kind="teaser",
            start=description.poster_at,
            rotation=description.rotation,
            width=width,
            height=height,
            ffmpeg=wish.ffmpeg,
        )
        teaser = Child(reader, moving).run()
        attempt.pictures.update(teaser.pictures)
        attempt.peak_rss = max(attempt.peak_rss, teaser.peak_rss)
    return attempt


def teaser_size(width: int, height: int) -> tuple[int, int]:
    """The size of a teaser: 480 lines at most, in even numbers, as H.264 in 4:2:0 needs them."""
    shrink = min(1.0, TEASER_LINES / max(1, min(width, height)))
    return max(2, int(width * shrink) // 2 * 2), max(2, int(height * shrink) // 2 * 2)


def _add(listing: Attempt, document: Attempt) -> Attempt:
    """The document, or the list of its parts where it cannot be read as one."""
    better = document if document.description else listing
    better.peak_rss = max(listing.peak_rss, document.peak_rss)
    return better


def _teaser_fits(reader: RangeReader, film: Film, wish: Wish) -> bool:
    """Whether six seconds of average size, and again as much for chance, are left of bytes and time."""
    if not wish.ffmpeg or wish.detail == "poster" or not film.duration or not film.width or not film.height:
        return False
    expected = TEASER_SPARE + reader.size / max(film.duration, TEASER_SECONDS) * TEASER_SECONDS * 2
    return reader.remaining > TEASER_TIME and expected < reader.bytes_left


def _add_icon(attempt: Attempt, kind: FileKind, size: int, wish: Wish) -> None:
    """Show type and size. It costs no read, and has a budget of its own: the file's may be spent."""
    with RangeReader(FileSource(Path(os.devnull)), Budget(seconds=ICON_SECONDS)) as nothing:
        task = Task("icon", size, watermark=wish.watermark, label=kind.label)
        icon = Child(nothing, task).run()
    attempt.pictures.update(icon.pictures)
    attempt.sandbox = attempt.sandbox or icon.sandbox
    attempt.peak_rss = max(attempt.peak_rss, icon.peak_rss)
    if icon.outcome != "made":
        log.error("preview icon", outcome=icon.outcome, reason=icon.reason)
