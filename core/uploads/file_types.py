"""Whether a file is taken, by its name and its first bytes: one rule for all who ask.

A file is refused where its bytes are for certain something else than its name says. Where nobody can tell it
is taken, and staff look at it where the operator wants that (`MODERATION`). What a browser says of its type
is heeded by nobody: each system has other words for one file, or none.
"""

import codecs
from dataclasses import dataclass

from core.kit.errors import Refused
from core.kit.media_types import media_type_of
from core.uploads.kinds import FileKind, recognise
from core.uploads.promises import (
    OFFICE_ARCHIVES,
    PROGRAMS,
    PROMISES,
    Content,
    Promise,
    ending_of,
)
from schemas.preview import Kind
from schemas.uploads import Purpose

HEAD = 4096  # bytes that are looked at
UNTYPED = "application/octet-stream"
PICTURE_TYPES = ("image/jpeg", "image/png", "image/webp")
# By the type in words (`core.uploads.kinds`): the type to be served as, and a name's usual ending.
TYPES = {
    "PDF": ("application/pdf", "pdf"),
    "ZIP archive": ("application/zip", "zip"),
    "7z archive": ("application/x-7z-compressed", "7z"),
    "RAR archive": ("application/vnd.rar", "rar"),
    "TAR archive": ("application/x-tar", ""),
    "MP4 video": ("video/mp4", "mp4"),
    "QuickTime video": ("video/quicktime", "mov"),
    "WebM video": ("video/webm", "webm"),
    "Matroska video": ("video/x-matroska", "mkv"),
    "M4A": ("audio/mp4", "m4a"),
    "WAV": ("audio/wav", "wav"),
    "FLAC": ("audio/flac", "flac"),
    "MP3": ("audio/mpeg", "mp3"),
    "Ogg": ("audio/ogg", "ogg"),
    "JPEG image": ("image/jpeg", "jpg"),
    "PNG image": ("image/png", "png"),
    "GIF image": ("image/gif", "gif"),
    "WebP image": ("image/webp", "webp"),
    "HEIC image": ("image/heic", "heic"),
    "AAC": ("audio/aac", "aac"),
    "MP2": ("audio/mpeg", "mp2"),
    "Ogg video": ("video/ogg", "ogv"),
    "AVI video": ("video/x-msvideo", "avi"),
    "Table (CSV)": ("text/csv", "csv"),
    **dict.fromkeys(("Text", "JSON", "Playlist", "Notebook", "3D model (OBJ)"), ("text/plain", "txt")),
    "Program (Windows)": (UNTYPED, "exe"),
}
CONTENTS: dict[Kind, Content | None] = {
    "pdf": "pdf",
    "video": "film",
    "audio": "sound",
    "image": "picture",
    "zip": "archive",
    "7z": "archive",
    "rar": "archive",
    "rar-comic": "archive",
    "tar": "archive",
    "document": "office",
    "text": "text",
    "table": "text",
    "notebook": "text",
    "other-image": "picture",
    "raw": "picture",
    "midi": "sound",
    "office": "office",
    "book": "office",
    "iso": "archive",
    "cab": "archive",
    "program": "program",
    "open-document": "office",
    "ffmpeg-image": "picture",
    "svg": "picture",
    # What people give many names, or none.
    "font": None,
    "model": None,
    "sqlite": None,
}
# What has no preview, by a word of its label.
LABELLED: dict[str, Content] = {
    "Program": "program",
    "Office": "office",
    "image": "picture",
    "video": "film",
    "archive": "archive",
}
COMPOUND = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
"""How an old office document begins, and a new one behind a password (MS-CFB 2.2, MS-OFFCRYPTO 1.3)."""
# A browser would run these in the store's origin (html.spec.whatwg.org, "scriptable MIME types"); they are
# handed out without a type, besides being attachments like everything else.
RUNNABLE = frozenset(
    {"html", "htm", "xhtml", "xht", "shtml", "svg", "svgz", "xml", "xsl", "js", "mjs", "mht", "mhtml"}
)
MARKUP = (b"<!doctype html", b"<html", b"<script", b"<svg", b"<?xml", b"<body", b"<iframe")


class Unfit(Refused):
    """The bytes of a file say that it is not taken."""


@dataclass(frozen=True)
class Judgement:
    """What a file is and what becomes of it.

    `content_type` to serve it with, `label` in words, `findings` for staff, `refused` where it is not taken.
    """

    content_type: str
    label: str
    findings: tuple[str, ...] = ()
    refused: Unfit | None = None


def judge(head: bytes, name: str, purpose: Purpose = "file") -> Judgement:
    """Judge a file by its first 4,096 bytes (all of a smaller one), its name, and what it is for."""
    head = head[:HEAD]
    kind = _recognise(head, ending_of(name))
    content = content_of(kind)
    if content == "text" and not _is_utf8(head):
        content = None  # a few bytes of noise may look like words of an old code page
    if purpose == "picture":  # Telegram and browsers get it as what its bytes are, whatever its name
        served, _ = TYPES.get(kind.label, (UNTYPED, ""))
        unfit = None if served in PICTURE_TYPES else Unfit("not-a-picture", {"name": name})
        return Judgement(served, kind.label, refused=unfit)
    content_type = _content_type(kind, content, ending_of(name), head)
    promise = PROMISES.get(ending_of(name))
    refused = _refusal(promise, content, kind, name) if promise else None
    findings = () if refused else _findings(promise, content, head, name)
    return Judgement(content_type, kind.label, findings, refused)


def check_head(head: bytes, name: str, purpose: Purpose = "file") -> Judgement:
    """Judge a file. Raises `Unfit`: content-differs, program-disguised, not-a-picture."""
    judgement = judge(head, name, purpose)
    if judgement.refused:
        raise judgement.refused
    return judgement


def content_of(kind: FileKind) -> Content | None:
    """What a file of this kind is; None where that contradicts no name."""
    if kind.kind in CONTENTS:
        return CONTENTS[kind.kind]
    return next((LABELLED[word] for word in kind.label.split() if word in LABELLED), None)


def _recognise(head: bytes, ending: str) -> FileKind:
    # Mail and web servers leave lines before a PDF, and a PDF may be text for kilobytes.
    if ending == "pdf" and b"%PDF-" in head:
        return FileKind("pdf", "PDF")
    return recognise(head)


def _is_utf8(head: bytes) -> bool:
    try:
        codecs.getincrementaldecoder("utf-8")().decode(head)  # what is cut at the end is not wrong
    except UnicodeDecodeError:
        return False
    return True


def _refusal(promise: Promise, content: Content | None, kind: FileKind, name: str) -> Unfit | None:
    if content == "program":
        return Unfit("program-disguised", {"name": name})
    if promise.expected is None or content is None or content in promise.accepted:
        return None
    if content == "text" and not promise.signed:
        return None  # junk before the first frame of an MP3 may be text
    blanks: dict[str, str | int] = {"name": name, "expected": promise.expected, "found": content}
    return Unfit("content-differs", blanks | {"ending": TYPES.get(kind.label, ("", ""))[1] or "none"})


def _findings(promise: Promise | None, content: Content | None, head: bytes, name: str) -> tuple[str, ...]:
    ending = ending_of(name)
    if content == "program" or name.lower().endswith(PROGRAMS):
        return (f"program: {name[-60:]}",)
    if ending in OFFICE_ARCHIVES and head.startswith(COMPOUND):
        return ("document: password",)
    if promise and promise.signed and content is None:
        return (f"content: nothing says that it is {ending.upper()}",)
    return ()


def _content_type(kind: FileKind, content: Content | None, ending: str, head: bytes) -> str:
    start = head[:1024].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if ending in RUNNABLE or any(mark in start for mark in MARKUP):
        return UNTYPED
    served, _ = TYPES.get(kind.label, (UNTYPED, ""))
    promise = PROMISES.get(ending)
    if promise is None or (content is not None and content not in promise.accepted):
        return served
    # Offices and books are archives inside, sounds may say that they are films: there the name knows more.
    vague = kind.label == "ZIP archive" or content in ("office", "text", None)
    if vague or served == UNTYPED or (promise.expected, content) == ("sound", "film"):
        return media_type_of(f"file.{ending}") or served
    return served
