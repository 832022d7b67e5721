"""Makes a preview of any file: recognises it, has a sandboxed process make it, falls back to an icon."""

import os
import time
from dataclasses import dataclass, field, replace
from pathlib import Path

import structlog
from msgspec import structs

from core.catalogue.preview_shares import Shares
from core.uploads.kinds import FileKind, recognise, recognise_deeper
from schemas.preview import Archive, Cost, Description, Excerpt, Film, Kind, Outcome, Picture, Sound, Unknown
from workers.preview.canvas import check_canvas
from workers.preview.documents import document_in, is_comic, promised_by
from workers.preview.errors import TOO_BIG, PreviewFailed
from workers.preview.mark import draw_mark
from workers.preview.parent import Attempt, Child
from workers.preview.protocol import Detail, Task
from workers.preview.ranges import Budget, RangeReader
from workers.preview.room import NO_ROOM, ROOM, Share
from workers.preview.source import FileSource, Source

ICON_SECONDS = 15.0
TEASER_SECONDS, OWN_SECONDS, TEASER_SHORTEST, TEASER_LINES = 6.0, 15.0, 0.2, 480
TEASER_SPARE, TEASER_TIME = 1 << 20, 20.0  # bytes, seconds
# Type in words: what else may read one that cannot be read; a TIFF may be of a camera that nobody lists.
OTHER_READERS: dict[str, tuple[Kind, ...]] = {
    "TIFF image": ("raw", "ffmpeg-image"),
    "JPEG image": ("ffmpeg-image",),
    "JPEG 2000 image": ("ffmpeg-image",),
}
log = structlog.get_logger()


@dataclass(frozen=True)
class Wish:
    """What a preview should hold. `largest` bytes of a file is the operator's cut-off, 0 for none (A39).

    `own`: of a sample that its seller wants to be shown, not of the goods.
    """

    detail: Detail = "full"
    watermark: str = ""
    largest: int = 0
    ffmpeg: str = ""  # path of the program; empty: no teaser
    own: bool = False


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
    later: bool = False
    """Whether it is worth another try once more memory is free."""


def make_preview(source: Source, wish: Wish = Wish(), budget: Budget | None = None) -> Preview:
    """Make a preview of one file. What a file, a store or a child does never raises: it is the outcome."""
    with ROOM.taken() as share:  # before its time begins
        return _make(source, wish, budget, share)


def _make(source: Source, wish: Wish, budget: Budget | None, share: Share) -> Preview:
    started = time.monotonic()
    kind, attempt = FileKind("icon", "File"), Attempt()
    with RangeReader(source, budget) as reader:
        size = 0
        try:
            size = reader.size
            if wish.largest and size > wish.largest:
                raise PreviewFailed("too-large", "Preview unavailable (file too large)")
            kind = recognise(reader.head())
            check_canvas(reader.head(), share.most())  # what is free just now does not matter to it
            if kind == FileKind("icon", "File"):
                kind = recognise_deeper(reader.size, reader.pread)
            attempt = _attempt(reader, kind, wish, share)
        except PreviewFailed as failed:
            attempt.outcome, attempt.reason = failed.outcome, str(failed)
        except OSError as error:  # no room for the spool, no process to be had: the machine's, not the file's
            log.exception("preview")
            attempt.outcome, attempt.reason = "crashed", f"No preview could be made: {error.strerror}."
        later = share.tight and attempt.outcome in ("too-big", "no-memory", "partial", "crashed")
        if later and (attempt.outcome == "too-big" or attempt.reason == TOO_BIG):
            attempt.outcome = "no-memory" if attempt.outcome == "too-big" else attempt.outcome
            attempt.reason = NO_ROOM
        if not attempt.pictures and not isinstance(attempt.description, Archive | Excerpt):
            _add_icon(attempt, kind, size, wish, share)
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
        later,
    )


def _attempt(reader: RangeReader, kind: FileKind, wish: Wish, share: Share) -> Attempt:
    """One child, and a second where the first has found out what the second needs."""
    mark = draw_mark(wish.watermark, share.for_file())
    task = Task(kind.kind, reader.size, wish.detail, mark, kind.label, own=wish.own)
    attempt = _run(reader, task, share)
    description = attempt.description
    if isinstance(description, Archive) and (further := _further(description, reader)):
        return _add(attempt, _run(reader, structs.replace(task, kind=further), share))
    if isinstance(description, Picture) and not attempt.pictures and description.format in ("WEBP", "AVIF"):
        return _run(reader, structs.replace(task, kind="ffmpeg-image"), share)
    if attempt.outcome == "damaged" and (others := OTHER_READERS.get(kind.label)):
        tried = (_run(reader, structs.replace(task, kind=other), share) for other in others)
        return next((other for other in tried if other.pictures), attempt)
    elif isinstance(description, Sound) and kind.kind == "video":
        return _run(reader, structs.replace(task, kind="audio"), share)
    elif (
        isinstance(description, Film)
        and attempt.outcome == "made"
        and (seconds := _seconds_that_fit(reader, description, wish))
    ):
        width, height = teaser_size(description.width, description.height)
        moving = structs.replace(
            task,
            kind="teaser",
            start=0.0 if wish.own else description.poster_at,
            rotation=description.rotation,
            mirrored=description.mirrored,
            width=width,
            height=height,
            seconds=seconds,
            ffmpeg=wish.ffmpeg,
        )
        teaser = _run(reader, moving, share)
        if teaser.pictures:
            attempt.pictures.update(teaser.pictures)
            attempt.description = structs.replace(description, teaser=moving.seconds)
        attempt.peak_rss = max(attempt.peak_rss, teaser.peak_rss)
    return attempt


def _further(archive: Archive, reader: RangeReader) -> Kind | None:
    """The maker that looks into an archive beyond its list."""
    names = {entry.name for entry in archive.entries}
    if archive.count > len(names):
        names |= promised_by(reader.head())
    if archive.encrypted or archive.format not in ("zip", "rar"):
        return None
    if archive.format == "zip":
        return document_in(names)
    return "rar-comic" if is_comic(names) else None


def _run(reader: RangeReader, task: Task, share: Share) -> Attempt:
    """One child with what memory there is now, or why it was not begun."""
    try:
        task = structs.replace(task, memory=share.for_file())
    except PreviewFailed as failed:
        return Attempt(failed.outcome, str(failed))
    return Child(reader, task).run()


def teaser_size(width: int, height: int) -> tuple[int, int]:
    """The size of a teaser: 480 lines at most, in even numbers, as H.264 in 4:2:0 needs them."""
    shrink = min(1.0, TEASER_LINES / max(1, min(width, height)))
    return max(2, int(width * shrink) // 2 * 2), max(2, int(height * shrink) // 2 * 2)


def teaser_seconds(film: Film, shares: Shares) -> float:
    """How long the teaser of a film is; 0 where what may be shown is too short to move."""
    seconds = min(OWN_SECONDS if shares.own else TEASER_SECONDS, shares.seconds(film.duration))
    return seconds if seconds >= TEASER_SHORTEST else 0.0


def _add(listing: Attempt, document: Attempt) -> Attempt:
    """The document, or the list of its parts where it cannot be read as one."""
    peak_rss = max(listing.peak_rss, document.peak_rss)
    if document.description is None and document.outcome != "locked":
        listing.pictures.update(document.pictures)
        # A program's archive may have such a part too: only what may be mended by another try is told.
        outcome: Outcome = listing.outcome if document.outcome == "damaged" else "partial"
        document = replace(listing, outcome=outcome, reason=listing.reason or document.reason)
    return replace(document, peak_rss=peak_rss)


def _seconds_that_fit(reader: RangeReader, film: Film, wish: Wish) -> float:
    """How long a teaser may be, of which a piece of average size, and again as much for chance, are left of
    bytes and time; 0: there is none."""
    if not wish.ffmpeg or wish.detail == "poster" or not film.duration or not film.width or not film.height:
        return 0.0
    longest = teaser_seconds(film, Shares(wish.own))
    for seconds in (longest, min(longest, TEASER_SECONDS)):
        expected = TEASER_SPARE + reader.size / max(film.duration, seconds, TEASER_SHORTEST) * seconds * 2
        if reader.remaining > TEASER_TIME and expected < reader.bytes_left:
            return seconds
    return 0.0


def _add_icon(attempt: Attempt, kind: FileKind, size: int, wish: Wish, share: Share) -> None:
    """Show type and size. It costs no read, and has a budget of its own: the file's may be spent."""
    with RangeReader(FileSource(Path(os.devnull)), Budget(seconds=ICON_SECONDS)) as nothing:
        task = Task(
            "icon",
            size,
            watermark=draw_mark(wish.watermark, share.for_icon()),
            label=kind.label,
            memory=share.for_icon(),
        )
        icon = Child(nothing, task).run()
    attempt.pictures.update(icon.pictures)
    attempt.sandbox = attempt.sandbox or icon.sandbox
    attempt.peak_rss = max(attempt.peak_rss, icon.peak_rss)
    if icon.outcome != "made":
        log.error("preview icon", outcome=icon.outcome, reason=icon.reason)
