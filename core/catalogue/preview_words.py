"""A preview in words, for the bot, the web page and the Mini App. Plain text: who shows it escapes it."""

import re
from collections.abc import Iterator

from core.catalogue.packs import pack_of
from core.catalogue.previews import PreviewView
from core.kit.names import clean_text
from core.kit.texts import file_size, plain
from schemas.preview import Archive, Document, Entry, Excerpt, Film, Pages, Picture, Sound, Unknown

LINES = 50  # names of an archive (A44), headings of a document, lines of a text


def summary(language: str, preview: PreviewView) -> str:
    """What the file is, in a line; and why no more is shown, in another. Of a sample first that it is one."""
    sample = plain(language, "preview-own") if preview.own else ""
    what, why = _kind(language, preview), _outcome(language, preview)
    return "\n".join(part for part in (sample, what, why) if part)


def contents(language: str, preview: PreviewView) -> list[str]:
    """The first names, headings or lines of what is inside."""
    shortened: list[str] = []
    for line in _lines(language, preview):
        if len(shortened) == LINES:
            return [*shortened, "…"]
        wide = line.expandtabs(4)
        shortened.append(wide[: len(wide) - len(wide.lstrip(" "))] + clean_text(wide))
    return shortened


def clock(seconds: float) -> str:
    """A duration as players show it: 2:05, 1:02:05."""
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"


def kind_word(language: str, label: str) -> str:
    """A type of file (`core.uploads.kinds`) in the language of the reader; as it is, without a word there."""
    kind = re.sub(r"[^a-z0-9]+", "-", label.lower()).strip("-")
    return plain(language, "file-kind", kind=f"n{kind}" if kind[:1].isdigit() else kind, label=label)


def _kind(language: str, preview: PreviewView) -> str:
    match preview.description:
        case Archive(format=name, count=count, at_least=more, entries=entries):
            text_id = "preview-archive-at-least" if more else "preview-archive"
            listed = plain(language, text_id, format=name.upper(), count=count)
            pack = pack_of(entries)
            return f"{plain(language, 'preview-pack', kind=pack)} · {listed}" if pack else listed
        case Pages(pages=pages):
            return plain(language, "preview-pages", count=pages)
        case Film(duration=None, width=width, height=height):
            return plain(language, "preview-film", size=f"{width} × {height}")
        case Film(duration=float() | int() as seconds, width=width, height=height):
            size = f"{width} × {height}"
            return plain(language, "preview-film-lasting", duration=clock(seconds), size=size)
        case Sound(duration=None):
            return plain(language, "preview-sound")
        case Sound(duration=float() | int() as seconds):
            return plain(language, "preview-sound-lasting", duration=clock(seconds))
        case Picture(width=width, height=height):
            return plain(language, "preview-picture", size=f"{width} × {height}")
        case Document(format=name):
            return plain(language, "preview-document", format=name.upper())
        case Excerpt(lines=count, at_least=more, label=label):
            text_id = "preview-text-at-least" if more else "preview-text"
            return plain(language, text_id, count=count, kind=kind_word(language, label or "Text"))
        case Unknown(label=label):
            return kind_word(language, label)
    raise AssertionError(f"unreachable: {preview.description!r} is of no known kind")


def _outcome(language: str, preview: PreviewView) -> str:
    if preview.outcome in ("made", "partial"):
        encrypted = isinstance(preview.description, Archive) and preview.description.encrypted
        return plain(language, "preview-locked") if encrypted else ""
    if preview.outcome == "too-large":
        return plain(language, "preview-too-large")
    return plain(language, "preview-locked" if preview.outcome == "locked" else "preview-failed")


def _lines(language: str, preview: PreviewView) -> Iterator[str]:
    match preview.description:
        case Archive(entries=entries):
            yield from (_entry(language, entry) for entry in entries)
        case Document(title=title, outline=outline):
            yield from filter(None, (title, *outline))
        case Pages(title=title):
            yield from filter(None, (title,))
        case Sound(tags=tags):
            tracks = tags.get("tracks", "")
            yield from (value for name, value in tags.items() if name != "tracks")
            if tracks.isdecimal():
                yield plain(language, "preview-tracks", count=int(tracks))
        case Excerpt(text=text):
            yield from text.splitlines()


def _entry(language: str, entry: Entry) -> str:
    if entry.folder or entry.size is None:
        return entry.name
    return f"{entry.name} · {file_size(language, entry.size)}"
