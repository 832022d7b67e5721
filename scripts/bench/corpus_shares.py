"""How much of the goods a preview shows, of each kind: what is shown, divided by all that there is."""

import io
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pymupdf
from PIL import Image

from core.catalogue.preview_shares import THUMBNAIL, count_letters
from schemas.preview import Archive, Document, Excerpt, Film, Pages, Picture, Sound
from scripts.bench.corpus_pictures import SIZE
from workers.preview.preview import Preview

MUPDF: Any = pymupdf  # it has no types
TEXT, PICTURE, COVER, PAGES = (
    "letters of a text",
    "pixels of a picture",
    "pixels of a cover",
    "pages to be read",
)
HEADINGS, SOUND, FILM, STILLS = (
    "letters of a document",
    "seconds of a sound",
    "seconds of a film",
    "its pictures",
)
MOST = {
    PICTURE: 1 / 16,
    COVER: 1 / 16,
    **dict.fromkeys((TEXT, HEADINGS, PAGES, SOUND, FILM, STILLS), 1 / 10),
}
"""What may be shown of each at most (P18)."""
_DRAWN = ("SVG",)
"""Pictures without pixels: what is shown of them is bounded in size alone."""


def shares(path: Path, preview: Preview) -> Iterator[tuple[str, float]]:
    """What is shown of a file, by what is counted."""
    sizes = {
        name: Image.open(io.BytesIO(content)).size
        for name, content in preview.pictures.items()
        if name.endswith(".jpg")
    }
    poster = sizes.get("poster.jpg")
    match preview.description:
        case Picture() as seen if poster and seen.format not in _DRAWN:
            yield PICTURE, poster[0] * poster[1] / (seen.width * seen.height)
        case Archive() if poster:  # a comic: its pages are the picture of the corpus
            yield COVER, poster[0] * poster[1] / (SIZE[0] * SIZE[1])
        case Excerpt() as seen if seen.text:
            yield TEXT, count_letters(seen.text) / count_letters(path.read_text(seen.encoding))
        case Sound() as seen if seen.duration:
            yield SOUND, seen.waveform_seconds / seen.duration
        case Film() as seen if seen.duration:
            yield FILM, seen.teaser / seen.duration
            if seen.strip and seen.pictures:
                yield STILLS, (1 + len(seen.strip)) / seen.pictures
        case Pages() as seen:
            readable = sum(max(size) > THUMBNAIL for size in sizes.values())
            yield PAGES, readable / seen.pages
        case Document() as seen if seen.outline and (text := _text(path, seen.format)):
            yield HEADINGS, sum(map(count_letters, seen.outline)) / count_letters(text)


def _text(path: Path, kind: str) -> str:
    """All that is written in a document, as another reader finds it; empty where none reads it."""
    if kind == "csv":
        return path.read_text()
    if kind == "notebook":
        return "".join("".join(cell["source"]) for cell in json.loads(path.read_text())["cells"])
    try:
        with MUPDF.open(path) as document:
            return "".join(page.get_text() for page in document)
    except (MUPDF.FileDataError, MUPDF.EmptyFileError, RuntimeError):
        return ""
