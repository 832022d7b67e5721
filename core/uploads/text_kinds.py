"""What a text is: plain, or one of the formats that are written as text. Pure."""

import re

from schemas.preview import Kind

_MARKED = (
    *((b"\xff\xfe\0\0", "utf-32"), (b"\0\0\xfe\xff", "utf-32")),
    *((b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16")),
)
_MARKS = tuple(mark for mark, _ in _MARKED)
_NUMBERS = re.compile(rb"^\s*(v|vn|vt|f|o|g|mtllib|usemtl)\s+\S", re.MULTILINE)
_LUT = re.compile(rb"\A(3DMESH|CSPLUTV100|SPILUT)\s|^\s*LUT_(1D|3D)_SIZE\s+\d", re.MULTILINE)
_OLD_PRESET = re.compile(rb"\As = \{[^{]*\binternalName\s*=")  # of Lightroom before 2018, in Lua
_SEPARATORS = (b",", b";", b"\t", b"|")
_HEADING = re.compile(rb"^#{1,6} [^\r\n]*\S\r?\n\s*\r?\n", re.MULTILINE)
_MARKDOWN = (
    re.compile(rb"^```|^~~~", re.MULTILINE),
    re.compile(rb"!?\[[^\]\n]+\]\([^)\n]+\)"),
    re.compile(rb"\*\*[^*\n]+\*\*"),
    re.compile(rb"^(?:[-*+]|\d+\.) \S", re.MULTILINE),
    re.compile(rb"`[^`\n]+`"),
)
"""What is in Markdown (CommonMark 0.31): fences, links, strong words, lists, code. One alone may be else."""
_ROWS = 3
_TAGS: tuple[tuple[bytes, Kind, str], ...] = (
    (b"<svg", "svg", "SVG image"),
    (b"<FictionBook", "book", "E-book (FB2)"),
    (b"crs:", "text", "Lightroom preset"),
    (b"<html", "text", "Web page"),
)
_FIRST_WORDS: tuple[tuple[bytes, Kind, str], ...] = (
    (b"{\\rtf", "text", "RTF document"),
    (b"%!PS", "text", "PostScript"),
    (b"#EXTM3U", "text", "Playlist"),
    (b"solid ", "model", "3D model (STL)"),
)


def is_words(head: bytes) -> bool:
    """Text beyond doubt: its beginning is ASCII, and all of it may be text."""
    return len(head) >= 8 and head[:8].isascii() and is_text(head) and not head.startswith(_MARKS)


def is_text(head: bytes) -> bool:
    """Whether these bytes may be of a text, in any encoding."""
    if head.startswith(_MARKS):
        return True
    controls = sum(byte < 32 and byte not in b"\t\n\r\f\x1b" for byte in head)
    return (controls == 0 and b"\x7f" not in head) or bool(wide_encoding(head))


def wide_encoding(head: bytes) -> str:
    """UTF-16 or UTF-32 without a mark: most of its letters have bytes of zero, always in the same places."""
    if len(head) < 16:
        return ""
    even = head[: len(head) // 4 * 4]
    zeros = [even[place::4].count(0) / (len(even) // 4) for place in range(4)]
    for name, first, pattern in _WIDE:
        filled = [zero for zero, empty in zip(zeros, pattern, strict=True) if empty]
        letters = [zero for zero, empty in zip(zeros, pattern, strict=True) if not empty]
        if min(filled) > first and max(letters) == 0:
            try:
                text = even.decode(name, "replace")
            except UnicodeDecodeError:
                continue
            printable = sum(each.isprintable() or each in "\t\n\r\f" for each in text)
            if printable >= len(text) * 0.98:
                return name
    return ""


_WIDE: tuple[tuple[str, float, tuple[int, int, int, int]], ...] = (
    ("utf-32-le", 0.9, (0, 0, 1, 1)),
    ("utf-32-le", 0.9, (0, 1, 1, 1)),
    ("utf-32-be", 0.9, (1, 1, 0, 0)),
    ("utf-32-be", 0.9, (1, 1, 1, 0)),
    ("utf-16-le", 0.6, (0, 1, 0, 1)),
    ("utf-16-be", 0.6, (1, 0, 1, 0)),
)


def kind_of_text(head: bytes) -> tuple[Kind, str]:
    """The maker and the type in words of a text that begins with these bytes."""
    if b"\0" in head:
        kind, label = kind_of_text(_narrow(head))
        return ("text", "Text") if kind == "model" else (kind, label)  # whose readers take bytes for letters
    start = head.lstrip(b"\xef\xbb\xbf \t\r\n")
    for word, kind, label in _FIRST_WORDS:
        if start.startswith(word) and (kind != "model" or b"facet" in head):
            return kind, label
    if start.startswith(b"<"):
        return _markup(start)
    if start.startswith(b"{"):
        return ("notebook", "Notebook") if b'"cells"' in head and b'"cell_type"' in head else ("text", "JSON")
    if _LUT.search(start):
        return "text", "Colour table (LUT)"
    if _OLD_PRESET.match(start):
        return "text", "Lightroom preset"
    if _is_markdown(start):
        return "text", "Markdown"
    lines = start.splitlines()
    if len(_NUMBERS.findall(head)) > 3 and len(_NUMBERS.findall(head)) * 3 > len(lines):
        return "model", "3D model (OBJ)"
    return ("table", "Table (CSV)") if _is_table(lines) else ("text", "Text")


def _narrow(head: bytes) -> bytes:
    """A text of two or four bytes a letter, as UTF-8 without its mark."""
    wide = next((name for mark, name in _MARKED if head.startswith(mark)), "") or wide_encoding(head)
    text = head[: len(head) // 4 * 4].decode(wide or "utf-8", "replace")
    return text.replace("\0", "").encode("utf-8", "replace")


def _is_markdown(start: bytes) -> bool:
    """A heading at the very beginning and one mark more, or three marks of different kinds."""
    marks = sum(bool(mark.search(start)) for mark in _MARKDOWN)
    headings = len(_HEADING.findall(start))
    return marks + headings > 1 if _HEADING.match(start) else marks > 2 and headings > 0


def _markup(start: bytes) -> tuple[Kind, str]:
    for tag, kind, label in _TAGS:
        if tag in start:
            return kind, label
    return "text", "Text"


def _is_table(lines: list[bytes]) -> bool:
    """Rows of as many fields each, at least two, and three rows beside the head."""
    full = [line for line in lines[:-1] if line.strip()][:20]
    if len(full) <= _ROWS:
        return False
    for separator in _SEPARATORS:
        counts = {line.count(separator) for line in full if line.count(b'"') % 2 == 0}
        if len(counts) == 1 and min(counts) > (1 if separator == b"," else 0):
            return True
    return False
