"""XML in any encoding that its head names, read piece by piece.

expat knows four encodings itself (https://docs.python.org/3/library/pyexpat.html, "encoding"). It asks Python
for others, one byte a letter; where the process is sealed Python can load none that it has not loaded before.
Books of the East are in such encodings, those of several bytes a letter too.
"""

import codecs
import re
from collections.abc import Iterator
from typing import Any, Literal, cast
from xml.etree.ElementTree import Element, XMLPullParser

KNOWN_TO_EXPAT = ("utf-8", "utf-16", "iso-8859-1", "us-ascii")
_OTHERS = (
    *(f"cp{number}" for number in (866, 874, 932, 936, 949, 950, *range(1250, 1259))),
    *(f"iso8859-{number}" for number in (2, 5, 7, 9, 15)),
    *("koi8-r", "koi8-u", "gb18030", "big5", "shift_jis", "euc-jp", "euc-kr", "utf-8-sig"),
)
_DECLARED = re.compile(rb"""\s*<\?xml\b[^>]*?\bencoding\s*=\s*["']([A-Za-z][A-Za-z0-9._-]*)["']""")
_HEAD = 256
_MARKS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))


def prepare_xml() -> None:
    """Load parser and codecs while files can still be opened."""
    for name in (*_OTHERS, "utf-16", "iso-8859-1"):
        codecs.lookup(name)
    XmlTexts(("end",)).feed(b"<x/>")


class XmlTexts:
    """A parser that is fed bytes and gives the elements that have begun or ended (`events`) since.

    Raises `ParseError` where the text is no XML.
    """

    def __init__(self, events: tuple[Literal["start", "end"], ...]) -> None:
        self._parser: XMLPullParser[Any] = XMLPullParser(events)
        self._decoder: codecs.IncrementalDecoder | None = None
        self._begun = False

    def feed(self, content: bytes) -> None:
        """Read on; the first piece holds the declaration, where there is one."""
        if not self._begun:
            self._begun, self._decoder = True, _decoder_of(content[:_HEAD])
        # Of letters expat heeds no declaration.
        self._parser.feed(self._decoder.decode(content) if self._decoder else content)

    def elements(self) -> Iterator[Element]:
        """The elements of the events since the last time."""
        for _, element in cast(Iterator[tuple[str, Element]], self._parser.read_events()):
            yield element


def letters_of(content: bytes) -> str:
    """A whole XML text as letters, by its byte order mark, or by the encoding that its head names."""
    mark = next((name for mark, name in _MARKS if content.startswith(mark)), "")
    if mark:
        return content.decode(mark, "replace")
    decoder = _decoder_of(content[:_HEAD])
    return decoder.decode(content, final=True) if decoder else content.decode(_plain(content), "replace")


def _plain(content: bytes) -> str:
    """The one of expat's own encodings that is declared."""
    declared = _DECLARED.match(content[:_HEAD])
    return "iso-8859-1" if declared and declared[1].lower() == b"iso-8859-1" else "utf-8"


def _decoder_of(head: bytes) -> codecs.IncrementalDecoder | None:
    """What makes letters of the bytes; None where expat does."""
    declared = _DECLARED.match(head.removeprefix(codecs.BOM_UTF8))
    name = declared[1].decode("ascii").lower() if declared else "utf-8"
    if head.startswith(codecs.BOM_UTF8) or name in KNOWN_TO_EXPAT:
        return None
    try:
        return codecs.getincrementaldecoder(name)("replace")
    except LookupError:
        return codecs.getincrementaldecoder("utf-8")("replace")
