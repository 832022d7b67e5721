"""Recognises a file by its first bytes: whether its name is honest, and as which type it may be served."""

import mimetypes
from dataclasses import dataclass

from workers.preview.kinds import recognise

HEAD = 4096  # bytes that are looked at
UNTYPED = "application/octet-stream"
# By extension, the kinds that its bytes may be of (workers.preview.kinds); an extension that is not here
# promises nothing.
PROMISES: dict[str, frozenset[str]] = {
    **dict.fromkeys(("pdf",), frozenset({"pdf"})),
    **dict.fromkeys(("zip", "docx", "xlsx", "pptx", "epub", "apk", "jar", "odt", "ods"), frozenset({"zip"})),
    **dict.fromkeys(("7z",), frozenset({"7z"})),
    **dict.fromkeys(("rar",), frozenset({"rar"})),
    **dict.fromkeys(("gz", "tgz", "bz2", "xz"), frozenset({"tar"})),
    **dict.fromkeys(("mp4", "m4v", "mov", "mkv", "webm"), frozenset({"video"})),
    **dict.fromkeys(("mp3", "flac", "ogg", "opus", "wav", "aiff"), frozenset({"audio"})),
    **dict.fromkeys(("m4a", "m4b"), frozenset({"audio", "video"})),
    **dict.fromkeys(("jpg", "jpeg", "png", "gif", "webp", "bmp", "tif", "tiff"), frozenset({"image"})),
}
TYPES = {
    "PDF": "application/pdf",
    "ZIP archive": "application/zip",
    "7z archive": "application/x-7z-compressed",
    "RAR archive": "application/vnd.rar",
    "TAR archive": "application/x-tar",
    "MP4 video": "video/mp4",
    "QuickTime video": "video/quicktime",
    "WebM video": "video/webm",
    "Matroska video": "video/x-matroska",
    "M4A": "audio/mp4",
    "WAV": "audio/wav",
    "FLAC": "audio/flac",
    "MP3": "audio/mpeg",
    "Ogg": "audio/ogg",
    "JPEG image": "image/jpeg",
    "PNG image": "image/png",
    "GIF image": "image/gif",
    "WebP image": "image/webp",
    "Text": "text/plain",
}
# A browser would run these in the store's origin (html.spec.whatwg.org, "scriptable MIME types"); they are
# handed out without a type, besides being attachments like everything else.
RUNNABLE = frozenset(
    {"html", "htm", "xhtml", "xht", "shtml", "svg", "svgz", "xml", "xsl", "js", "mjs", "mht", "mhtml"}
)
MARKUP = (b"<!doctype html", b"<html", b"<script", b"<svg", b"<?xml", b"<body", b"<iframe")


@dataclass(frozen=True)
class Sniffed:
    """What a file is: `content_type` to serve it with, `label` in words, `honest`: its name says the same."""

    content_type: str
    label: str
    honest: bool


def sniff(head: bytes, name: str) -> Sniffed:
    """Recognise a file by its first 4,096 bytes, and compare that with its name."""
    recognised = recognise(head[:HEAD])
    _, dot, ending = name.rpartition(".")
    extension = ending.lower() if dot else ""
    promised = PROMISES.get(extension)
    honest = promised is None or recognised.kind in promised
    return Sniffed(_content_type(recognised.label, extension, head), recognised.label, honest)


def _content_type(label: str, extension: str, head: bytes) -> str:
    start = head[:1024].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if extension in RUNNABLE or any(mark in start for mark in MARKUP):
        return UNTYPED
    if label == "ZIP archive" and extension in PROMISES:  # offices and books are archives inside
        return mimetypes.guess_type(f"file.{extension}")[0] or "application/zip"
    return TYPES.get(label, UNTYPED)
