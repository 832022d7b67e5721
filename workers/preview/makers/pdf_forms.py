"""How often a page draws forms (ISO 32000-1, 8.10), which may draw others many times over.

Ten forms, each of which draws the next one ten times, are some kilobytes and ten thousand million drawings:
MuPDF would go on until its time is over. So what a page draws is counted first, each form once.
"""

import re
from typing import Any

from workers.preview.errors import PreviewFailed

MOST = 20_000
"""Forms that a page may draw."""
DEEPEST = 40
_DRAWN = re.compile(rb"/([^\s/<>\[\](){}%]+)\s+Do\b")


class TooManyForms(PreviewFailed):
    """A page would be drawn for ever."""


class Forms:
    """The forms of one document; each is read once, whatever draws it."""

    def __init__(self, mupdf: Any, pdf: Any) -> None:
        self._mupdf = mupdf
        self._pdf = pdf
        self._drawn: dict[int, int] = {}

    def check(self, number: int) -> None:
        """Raise `TooManyForms` where the page (from 0) draws too many."""
        try:
            page = self._mupdf.pdf_lookup_page_obj(self._pdf, number)
            content = self._mupdf.pdf_dict_gets(page, "Contents")
            resources = self._mupdf.pdf_dict_get_inheritable(page, self._mupdf.pdf_new_name("Resources"))
            count = self._count(self._content(content), resources, 0)
        except self._mupdf.FzErrorBase:
            return  # whoever draws it says what is wrong
        if count > MOST:
            what = f"Page {number + 1} draws the same forms too often, one inside the other."
            raise TooManyForms("too-big", what)

    def _count(self, content: bytes, resources: Any, depth: int) -> int:
        """How many forms this content draws, those inside them too."""
        if depth > DEEPEST:
            return MOST + 1
        objects, count = self._mupdf.pdf_dict_gets(resources, "XObject"), 0
        inside: dict[bytes, int] = {}
        for match in _DRAWN.finditer(content):
            name = match[1]
            if name not in inside:
                inside[name] = self._of_object(objects, name, depth)
            count += inside[name]
            if count > MOST:
                return count
        return count

    def _of_object(self, objects: Any, name: bytes, depth: int) -> int:
        """How many forms the object of this name is, with those inside it; 0 of a picture."""
        each = self._mupdf.pdf_dict_gets(objects, name.decode("latin-1"))
        if self._mupdf.pdf_to_name(self._mupdf.pdf_dict_gets(each, "Subtype")) != "Form":
            return 0
        number = self._mupdf.pdf_to_num(each)
        if number not in self._drawn:
            self._drawn[number] = 0  # one that draws itself is drawn once
            own = self._mupdf.pdf_dict_gets(each, "Resources")
            self._drawn[number] = 1 + self._count(self._content(each), own, depth + 1)
        return self._drawn[number]

    def _content(self, each: Any) -> bytes:
        mupdf = self._mupdf
        if mupdf.pdf_is_array(each):
            parts = [mupdf.pdf_array_get(each, place) for place in range(mupdf.pdf_array_len(each))]
            return b"\n".join(map(self._content, parts))
        if not mupdf.pdf_is_stream(each):
            return b""
        content: bytes = mupdf.fz_buffer_extract_copy(mupdf.pdf_load_stream(each))
        return content
