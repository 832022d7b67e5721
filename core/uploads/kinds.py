"""Recognises the kind of a file by its first bytes; its name is never looked at.

Most magic numbers: the formats' own specifications, and https://www.nationalarchives.gov.uk/PRONOM.
"""

import zlib
from collections.abc import Callable
from dataclasses import dataclass

from core.uploads import text_kinds
from core.uploads.sound_frames import sound_of_frames
from schemas.preview import Kind

_TAR_MAGIC = slice(257, 262)
_MP4_BOXES = (b"ftyp", b"moov", b"mdat", b"free", b"skip", b"wide", b"pnot", b"styp", b"moof")
_BRANDS: dict[bytes, tuple[Kind, str]] = {
    b"avif": ("image", "AVIF image"),
    b"avis": ("image", "AVIF image"),
    **dict.fromkeys((b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx"), ("other-image", "HEIC image")),
    **dict.fromkeys((b"mif1", b"msf1", b"heif"), ("other-image", "HEIC image")),
    **dict.fromkeys((b"M4A ", b"M4B ", b"F4A "), ("audio", "M4A")),
    b"crx ": ("raw", "Camera raw image"),
    b"jp2 ": ("other-image", "JPEG 2000 image"),
    b"qt  ": ("video", "QuickTime video"),
}
# By what stands at the beginning; the longer and rarer ones first.
_BEGINNINGS: tuple[tuple[bytes, Kind, str], ...] = (
    (b"PK\3\4", "zip", "ZIP archive"),
    (b"PK\5\6", "zip", "ZIP archive"),
    (b"PK\7\x08", "zip", "ZIP archive"),
    (b"7z\xbc\xaf\x27\x1c", "7z", "7z archive"),
    (b"Rar!\x1a\x07", "rar", "RAR archive"),
    (b"\x1f\x8b\x08", "tar", "TAR archive"),
    (b"BZh", "tar", "TAR archive"),
    (b"\xfd7zXZ\0", "tar", "TAR archive"),
    (b"\x28\xb5\x2f\xfd", "tar", "TAR archive"),
    (b"LZIP\1", "tar", "TAR archive"),
    (b"MSCF\0\0\0\0", "cab", "CAB archive"),
    (b"\x1aE\xdf\xa3", "video", "Matroska video"),
    (b"\x30\x26\xb2\x75\x8e\x66\xcf\x11", "video", "Windows Media"),
    (b"FLV\1", "video", "Flash video"),
    (b"\0\0\1\xba", "video", "MPEG video"),
    (b"\0\0\1\xb3", "video", "MPEG video"),
    (b"\x06\x0e\x2b\x34\x02\x05\x01\x01\x0d\x01\x02", "video", "MXF video"),
    (b"fLaC", "audio", "FLAC"),
    (b"OggS", "audio", "Ogg"),
    (b"MAC ", "audio", "APE"),
    (b"wvpk", "audio", "WavPack"),
    (b"RF64", "audio", "WAV"),
    (b"BW64", "audio", "WAV"),
    (b"riff\x2e\x91\xcf\x11\xa5\xd6\x28\xdb", "audio", "Wave64"),
    (b"DSD ", "audio", "DSF"),
    (b"FRM8", "audio", "DFF"),
    (b".snd", "audio", "AU"),
    (b"caff\0\1", "audio", "CAF"),
    (b"#!AMR", "audio", "AMR"),
    (b"TTA1", "audio", "TTA"),
    (b"MPCK", "audio", "Musepack"),
    (b"MP+", "audio", "Musepack"),
    (b"\x0b\x77", "audio", "AC-3"),
    (b"\x7f\xfe\x80\x01", "audio", "DTS"),
    (b"MThd\0\0\0\6", "midi", "MIDI"),
    (b"\xff\xd8\xff", "image", "JPEG image"),
    (b"\x89PNG\r\n\x1a\n", "image", "PNG image"),
    (b"GIF87a", "image", "GIF image"),
    (b"GIF89a", "image", "GIF image"),
    (b"8BPS\0\1", "other-image", "Photoshop image"),
    (b"8BPS\0\2", "other-image", "Photoshop image"),
    (b"\xff\x0a", "other-image", "JPEG XL image"),
    (b"\0\0\0\x0cJXL \r\n\x87\n", "other-image", "JPEG XL image"),
    (b"\0\0\0\x0cjP  \r\n\x87\n", "other-image", "JPEG 2000 image"),
    (b"\xff\x4f\xff\x51", "other-image", "JPEG 2000 image"),
    (b"\0\0\1\0", "other-image", "Icon"),
    (b"qoif", "other-image", "QOI image"),
    (b"DDS |\0\0\0", "other-image", "DDS image"),
    (b"FUJIFILMCCD-RAW ", "raw", "Camera raw image"),
    (b"IIRO", "raw", "Camera raw image"),
    (b"IIRS", "raw", "Camera raw image"),
    (b"IIU\0", "raw", "Camera raw image"),
    (b"OTTO", "font", "Font"),
    (b"ttcf", "font", "Font"),
    (b"true\0", "font", "Font"),
    (b"wOFF", "font", "Font"),
    (b"wOF2", "font", "Font"),
    (b"glTF", "model", "3D model (GLB)"),
    (b"SQLite format 3\0", "sqlite", "SQLite database"),
    (b"AT&TFORM", "icon", "DjVu document"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "office", "Office document (before 2007)"),
    (b"\x7fELF", "icon", "Program (Linux)"),
    (b"MZ", "program", "Program (Windows)"),
    (b"L\0\0\0\1\x14\2\0", "icon", "Program (Windows shortcut)"),  # MS-SHLLINK 2.1
    (b"\xcf\xfa\xed\xfe", "icon", "Program (macOS)"),
    (b"\xce\xfa\xed\xfe", "icon", "Program (macOS)"),
    (b"\xca\xfe\xba\xbe", "icon", "Program (macOS or Java)"),
    (b"dex\n", "icon", "Program (Android)"),
)
# How the streams of pictures begin that Ogg may hold: Theora, VP8, Dirac, Daala, and what OGM took from AVI.
_OGG_PICTURES = (b"\x80theora", b"OVP80\1", b"BBCD\0", b"\x80daala", b"\1video\0")
_BEFORE_PDF = b"\xef\xbb\xbf\t\n\f\r "
_TS_PACKET, _TS_SYNC = 188, 0x47
_DISC, _ZIP_END = 16 * 2048, 22
_SVG_HEAD = 4096  # bytes, unpacked, in which the root of a drawing stands


@dataclass(frozen=True)
class FileKind:
    """The maker of previews for a file, and its type in words for people."""

    kind: Kind
    label: str


def recognise(head: bytes) -> FileKind:
    """The kind of a file that begins with these bytes (4,096, or all of a smaller file)."""
    if head[:64].lstrip(_BEFORE_PDF).startswith(b"%PDF-"):
        return FileKind("pdf", "PDF")
    # "The free …" has the name of a box where a film has one: every other format begins with bytes
    # that no text has.
    if text_kinds.is_words(head):
        return FileKind(*text_kinds.kind_of_text(head))
    kind = _boxes(head) or _inside(head) or _beginning(head) or _sound(head)
    if kind:
        return kind
    if b"%PDF-" in head[:1024]:
        return FileKind("pdf", "PDF")
    if not head:
        return FileKind("icon", "Empty file")
    return FileKind(*text_kinds.kind_of_text(head)) if text_kinds.is_text(head) else FileKind("icon", "File")


def recognise_deeper(size: int, pread: Callable[[int, int], bytes]) -> FileKind:
    """The kind of a file that its beginning does not tell; `pread` gives bytes from some place on.

    A disc image names itself after 16 sectors (ECMA-119, 6.2.1), a binary STL by its length alone; of a split
    ZIP, the last part by its end record (APPNOTE 6.3.10, 4.3.16).
    """
    if size > _DISC + 6 and pread(_DISC + 1, 5) in (b"CD001", b"BEA01", b"NSR02"):
        return FileKind("iso", "Disc image (ISO)")
    if size >= 84 and size == 84 + 50 * int.from_bytes(pread(80, 4), "little"):
        return FileKind("model", "3D model (STL)")
    if size >= _ZIP_END and pread(size - _ZIP_END, 4) == b"PK\5\6":
        return FileKind("zip", "ZIP archive")
    return FileKind("icon", "File")


def _beginning(head: bytes) -> FileKind | None:
    for magic, kind, label in _BEGINNINGS:
        if head.startswith(magic):
            if magic == b"\x1aE\xdf\xa3" and b"webm" in head[:64]:
                label = "WebM video"
            if magic == b"OggS" and any(codec in head[:1024] for codec in _OGG_PICTURES):
                return FileKind("video", "Ogg video")
            return FileKind(kind, label)
    return None


def _boxes(head: bytes) -> FileKind | None:
    """Films and pictures of the family of MP4 (ISO/IEC 14496-12, 4.3)."""
    if head[4:8] not in _MP4_BOXES:
        return None
    brand = head[8:12] if head[4:8] == b"ftyp" else b""
    if brand in (b"mif1", b"msf1", b"miaf") and b"avif" in head[12:64]:
        brand = b"avif"  # which only the compatible brands tell
    return FileKind(*_BRANDS.get(brand, ("video", "MP4 video")))


def _inside(head: bytes) -> FileKind | None:
    """What is told by bytes that stand elsewhere than at the beginning."""
    form = head[8:12]
    if head[:4] == b"RIFF" and form in _RIFF:
        return FileKind(*_RIFF[form])
    if head[:4] == b"FORM" and form in (b"AIFF", b"AIFC"):
        return FileKind("audio", "AIFF")
    if head[:4] in (b"II*\0", b"MM\0*", b"II+\0", b"MM\0+"):
        return FileKind("raw", "Camera raw image") if _is_raw(head) else FileKind("image", "TIFF image")
    if head[:3] == b"ID3":
        return FileKind("audio", _behind_tags(head))
    if head[:2] == b"BM" and head[6:10] == bytes(4):
        return FileKind("image", "BMP image")
    if head[:4] == b"\0\1\0\0" and 0 < head[5] < 64 if len(head) > 5 else False:
        return FileKind("font", "Font")
    if head.startswith(b"\x1f\x8b\x08") and b"<svg" in _unpacked(head):
        return FileKind("svg", "SVG image")
    if head[60:68] in (b"BOOKMOBI", b"TEXtREAd"):
        return FileKind("book", "E-book (MOBI)")
    if head[_TAR_MAGIC] == b"ustar" or _is_old_tar(head[:512]):
        return FileKind("tar", "TAR archive")
    for start, step in ((0, _TS_PACKET), (4, _TS_PACKET + 4)):  # M2TS puts four bytes before each
        packets = head[start::step]
        if len(packets) > 4 and all(byte == _TS_SYNC for byte in packets[:8]):
            return FileKind("video", "MPEG transport stream")
    return None


_RIFF: dict[bytes, tuple[Kind, str]] = {
    b"WAVE": ("audio", "WAV"),
    b"WEBP": ("image", "WebP image"),
    b"AVI ": ("video", "AVI video"),
    b"RMID": ("midi", "MIDI"),
}


def _is_old_tar(head: bytes) -> bool:
    """Whether it is the first header of a TAR from before POSIX, by its checksum (tar(5), "Old-Style")."""
    stated = head[148:156].strip(b" \0")
    if len(head) < 512 or not stated.isdigit() or stated.strip(b"01234567"):
        return False
    return int(stated, 8) == sum(head) - sum(head[148:156]) + 8 * ord(" ")


def _unpacked(head: bytes) -> bytes:
    """The beginning of what was packed by gzip (RFC 1952)."""
    try:
        return zlib.decompressobj(31).decompress(head, _SVG_HEAD)
    except zlib.error:
        return b""


def _behind_tags(head: bytes) -> str:
    """What comes after ID3 tags that end within these bytes (ID3v2.4.0 structure, section 3.1)."""
    length = sum((byte & 0x7F) << shift for byte, shift in zip(head[6:10], (21, 14, 7, 0), strict=False))
    sound = head[10 + length : 14 + length]
    if sound == b"fLaC":
        return "FLAC"
    return "AAC" if len(sound) == 4 and sound[0] == 0xFF and sound[1] & 0xF6 == 0xF0 else "MP3"


def _is_raw(head: bytes) -> bool:
    """Whether a TIFF is a camera's: DNG, CR2, NEF, ARW and the like, by the tags of its first directory.

    DNG 1.7 says so itself; the others begin with a reduced picture (NewSubfileType 1) and name further ones
    (SubIFDs), or hold an old-style JPEG (TIFF 6.0, section 22) beside a camera's tags.
    """
    if head[8:10] == b"CR":
        return True
    order = "little" if head[:2] == b"II" else "big"
    at = int.from_bytes(head[4:8], order)  # type: ignore[arg-type]
    count = int.from_bytes(head[at : at + 2], order)  # type: ignore[arg-type]
    values: dict[int, int] = {}
    for place in range(at + 2, min(at + 2 + count * 12, len(head) - 11), 12):
        entry = head[place : place + 12]
        wide = int.from_bytes(entry[2:4], order) == 4  # type: ignore[arg-type]
        value = entry[8:12] if wide else entry[8:10]
        values[int.from_bytes(entry[:2], order)] = int.from_bytes(value, order)  # type: ignore[arg-type]
    if 0xC612 in values:
        return True
    return 0x14A in values and 0x10F in values and values.get(0xFE) == 1


def _sound(head: bytes) -> FileKind | None:
    label = sound_of_frames(head)
    return FileKind("audio", label) if label else None
