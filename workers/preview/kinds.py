"""Recognises the kind of a file by its first bytes; its name is never looked at."""

from dataclasses import dataclass

from workers.preview.protocol import Kind

_TAR_MAGIC = slice(257, 262)
_MP4_BOXES = (b"ftyp", b"moov", b"mdat", b"free", b"skip", b"wide", b"pnot", b"styp", b"moof")
_STILL_BRANDS = (b"avif", b"avis")
_UNREAD_BRANDS = (b"heic", b"heix", b"mif1", b"msf1")
_SOUND_BRANDS = (b"M4A ", b"M4B ", b"F4A ")
# ID3 may come before FLAC and others too; whoever reads the sound finds out.
_SOUNDS = {
    b"fLaC": "FLAC",
    b"ID3": "MP3",
    b"OggS": "Ogg",
    b"FORM": "AIFF",
    b"MAC ": "APE",
    b"wvpk": "WavPack",
}
_IMAGES = {
    b"\xff\xd8\xff": "JPEG",
    b"\x89PNG\r\n\x1a\n": "PNG",
    b"GIF87a": "GIF",
    b"GIF89a": "GIF",
    b"II*\0": "TIFF",
    b"MM\0*": "TIFF",
}
_OTHERS = {
    b"\x7fELF": "Program (Linux)",
    b"MZ": "Program (Windows)",
    b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1": "Office document (before 2007)",
    b"8BPS": "Photoshop image",
    b"SQLite format 3\0": "SQLite database",
    b"\x28\xb5\x2f\xfd": "Zstandard archive",
    b"FLV\x01": "Flash video",
    b"wOF2": "Font",
    b"OTTO": "Font",
    b"\0\x01\0\0": "Font",
}
_COMPRESSED = (b"\x1f\x8b\x08", b"BZh", b"\xfd7zXZ\0")


@dataclass(frozen=True)
class FileKind:
    """The maker of previews for a file, and its type in words for people."""

    kind: Kind
    label: str


def recognise(head: bytes) -> FileKind:
    """The kind of a file that begins with these bytes (4,096, or all of a smaller file)."""
    kind = _archive(head) or _media(head) or _image(head)
    if kind:
        return kind
    if b"%PDF-" in head[:1024]:
        return FileKind("pdf", "PDF")
    for magic, label in _OTHERS.items():
        if head.startswith(magic):
            return FileKind("icon", label)
    if not head:
        return FileKind("icon", "Empty file")
    return FileKind("text", "Text") if _is_text(head) else FileKind("icon", "File")


def _archive(head: bytes) -> FileKind | None:
    if head[:4] in (b"PK\3\4", b"PK\5\6", b"PK\7\x08"):
        return FileKind("zip", "ZIP archive")
    if head.startswith(b"7z\xbc\xaf\x27\x1c"):
        return FileKind("7z", "7z archive")
    if head.startswith(b"Rar!\x1a\x07"):
        return FileKind("rar", "RAR archive")
    if head[_TAR_MAGIC] == b"ustar" or head.startswith(_COMPRESSED):
        return FileKind("tar", "TAR archive")
    return None


def _media(head: bytes) -> FileKind | None:
    if head[4:8] in _MP4_BOXES:
        brand = head[8:12] if head[4:8] == b"ftyp" else b""
        if brand in _STILL_BRANDS:
            return FileKind("image", "AVIF image")
        if brand in _UNREAD_BRANDS:
            return FileKind("icon", "HEIC image")
        if brand in _SOUND_BRANDS:
            return FileKind("audio", "M4A")
        return FileKind("video", "QuickTime video" if brand == b"qt  " else "MP4 video")
    if head.startswith(b"\x1aE\xdf\xa3"):
        return FileKind("video", "WebM video" if b"webm" in head[:64] else "Matroska video")
    if head[:4] == b"RIFF" and head[8:12] == b"WAVE":
        return FileKind("audio", "WAV")
    for magic, label in _SOUNDS.items():
        if head.startswith(magic) and (magic != b"FORM" or head[8:12] in (b"AIFF", b"AIFC")):
            return FileKind("audio", label)
    return FileKind("audio", "MP3") if _is_mpeg_frame(head) else None


def _is_mpeg_frame(head: bytes) -> bool:
    """A frame header of MPEG-1/2 layer II or III, or ADTS: 11 bits set, and no reserved value after them."""
    if len(head) < 4 or head[0] != 0xFF or head[1] & 0xE0 != 0xE0:
        return False
    if head[1] & 0xF6 == 0xF0:  # ADTS: layer 0 (ISO/IEC 13818-7)
        return head[2] >> 2 & 15 < 13
    return head[1] >> 3 & 3 != 1 and head[1] >> 1 & 3 in (1, 2) and head[2] >> 4 not in (0, 15)


def _image(head: bytes) -> FileKind | None:
    for magic, label in _IMAGES.items():
        if head.startswith(magic):
            return FileKind("image", f"{label} image")
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return FileKind("image", "WebP image")
    if head[:2] == b"BM" and head[6:10] == bytes(4):
        return FileKind("image", "BMP image")
    return None


def _is_text(head: bytes) -> bool:
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return True
    controls = sum(byte < 32 and byte not in b"\t\n\r\f\x1b" for byte in head)
    return controls == 0 and b"\x7f" not in head
