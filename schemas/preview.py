"""What a preview says of a file: descriptions, outcomes, costs. Sizes in bytes, durations in seconds.

The bounds are part of the contract: a description is written by a process that has read a hostile file, and
is decoded against them before anything believes it.
"""

from typing import Annotated, Literal

from msgspec import Meta, Struct

Outcome = Literal[
    "made",  # all of it
    "partial",  # the budget ended first; what there is, is right
    "locked",  # a password is needed
    "damaged",  # the file is not what its first bytes promise
    "too-big",  # its pictures would not fit in the memory of a preview
    "no-memory",  # so little memory was free that another try may show more
    "too-large",  # above PREVIEW_MAX_BYTES
    "over-budget",  # bytes or requests spent before anything could be shown
    "late",  # the deadline passed
    "changed",  # another object came to be under the same key meanwhile
    "no-ranges",  # the server sends the whole body only
    "unavailable",  # the store did not answer, or refused
    "crashed",  # the child died by a fault or a signal
    "unsafe",  # the machine offers no way to hold the child
]
Kind = Literal[  # of makers of previews
    "pdf",
    "video",
    "teaser",
    "audio",
    "image",
    "zip",
    "document",
    "7z",
    "rar",
    "rar-comic",
    "tar",
    "text",
    "icon",
    "other-image",
    "ffmpeg-image",
    "svg",
    "raw",
    "font",
    "model",
    "office",
    "open-document",
    "book",
    "midi",
    "sqlite",
    "table",
    "notebook",
    "iso",
    "cab",
    "program",
    "mark",
    "paper",
]
DocumentFormat = Literal[
    "docx",
    "xlsx",
    "pptx",
    "epub",
    "odt",
    "ods",
    "odp",
    "odg",
    "pages",
    "numbers",
    "keynote",
    "doc",
    "xls",
    "ppt",
    "mobi",
    "fb2",
    "font",
    "sqlite",
    "csv",
    "notebook",
]
Choice = Literal[
    "automatic",  # a share of the file
    "own",  # a sample that the seller uploaded
    "none",
]
MOST, MOST_SECONDS = 1 << 62, 1e9
"""Of what a file says of itself: no file is so large or so long, whoever says so has said nothing."""
Text = Annotated[str, Meta(max_length=1024)]
Count = Annotated[int, Meta(ge=0, le=MOST)]
Seconds = Annotated[float, Meta(ge=0, le=MOST_SECONDS)]
Lines = Annotated[list[Text], Meta(max_length=200)]


class Entry(Struct, frozen=True, omit_defaults=True):
    """A file or folder of an archive. `size` is None where the archive does not say."""

    name: Text
    size: Count | None = None
    folder: bool = False
    encrypted: bool = False


class Archive(Struct, frozen=True, tag="archive"):
    """The head of a list of files. `count` is exact, or a lower bound when `at_least`."""

    format: Literal["zip", "7z", "rar", "tar", "iso", "cab"]
    entries: Annotated[list[Entry], Meta(max_length=1000)]
    count: Count
    at_least: bool = False
    encrypted: bool = False


class Pages(Struct, frozen=True, tag="pages"):
    """A paged document: PDF."""

    pages: Count
    title: Text = ""


class Track(Struct, frozen=True):
    """One stream of a film: what it is and how it is coded."""

    kind: Literal["video", "audio", "subtitle"]
    codec: Text
    language: Text = ""


class Film(Struct, frozen=True, tag="film"):
    """A video, in the orientation in which it is seen. `duration` is None where the file does not say.

    To be seen so, its pictures are mirrored left to right where `mirrored`, then turned by `rotation` degrees
    counterclockwise. `pictures` is how many it has, 0 where nobody knows; `teaser` how long
    its silent piece is, 0 where there is none.
    """

    format: Text
    duration: Seconds | None
    width: Count
    height: Count
    tracks: Annotated[list[Track], Meta(max_length=64)]
    poster_at: Seconds
    strip: Annotated[list[Seconds], Meta(max_length=8)] = []
    rotation: Annotated[int, Meta(ge=-360, le=360)] = 0
    mirrored: bool = False
    pictures: Count = 0
    teaser: Seconds = 0


class Sound(Struct, frozen=True, tag="sound"):
    """An audio file. `waveform` holds peaks from 0 to 255 of its first `waveform_seconds`."""

    format: Text
    duration: Seconds | None
    tags: Annotated[dict[Text, Text], Meta(max_length=16)]
    waveform: Annotated[list[Annotated[int, Meta(ge=0, le=255)]], Meta(max_length=300)] = []
    waveform_seconds: Seconds = 0


class Picture(Struct, frozen=True, tag="picture"):
    """An image, in the orientation in which it is seen."""

    format: Text
    width: Count
    height: Count


class Document(Struct, frozen=True, tag="document"):
    """What has a title and named parts: headings, sheets, slides, chapters, tables with columns."""

    format: DocumentFormat
    title: Text = ""
    outline: Lines = []


class Excerpt(Struct, frozen=True, tag="excerpt"):
    """A text: its first lines, if any, and how many it has, which is a lower bound when `at_least`.

    `label`: its type in words.
    """

    encoding: Text
    text: Annotated[str, Meta(max_length=4096)]
    lines: Count = 0
    at_least: bool = False
    label: Text = ""


class Unknown(Struct, frozen=True, tag="unknown"):
    """A file of which only a type in words and the size are shown."""

    label: Text


Description = Archive | Pages | Film | Sound | Picture | Document | Excerpt | Unknown


class Cost(Struct, frozen=True):
    """What a preview took. `peak_rss` in bytes, of the largest child; `sandbox` names what held it."""

    requests: int
    bytes: int
    seconds: float
    peak_rss: int
    sandbox: list[str]
