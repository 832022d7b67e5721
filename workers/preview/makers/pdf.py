"""PDF: the number of pages, and a tenth of them: the first one, three more small (A42)."""

from typing import Any

from PIL import Image

from schemas.preview import Pages
from workers.preview.errors import PreviewFailed
from workers.preview.makers import mupdf as lazy
from workers.preview.makers import pdf_pages
from workers.preview.makers.made import Made, Make
from workers.preview.makers.names import shown_name
from workers.preview.makers.pdf_forms import Forms, TooManyForms
from workers.preview.pictures import encode, prepare_pictures
from workers.preview.protocol import Task
from workers.preview.remote import Link, Reader

SCALE = 2.0  # of 72 dpi; A42
SMALL = 700  # pixels
MORE = (2, 3, 4)  # pages from 1
LOOKED_AT = 4  # pages, for one that is not blank
COUNTED_PAGES, COUNTED_BYTES = 200, 2 << 20
"""In a longer or larger document, one page is never most of what is written."""


def prepare(task: Task) -> Make:
    """Load MuPDF."""
    prepare_pictures()
    mupdf = lazy.load()
    mupdf.fz_register_document_handlers()

    def make(reader: Reader, link: Link) -> Made:
        stream = lazy.LazyStream(mupdf, reader)
        try:
            return _make(mupdf, stream, task, link)
        except Exception:
            stream.check()  # a read that failed is the cause, not what MuPDF made of it
            raise

    return make


def _make(mupdf: Any, stream: lazy.LazyStream, task: Task, link: Link) -> Made:
    pdf = mupdf.pdf_open_document_with_stream(stream.stream)
    # Otherwise MuPDF visits every page first: 15.5 MB instead of 0.5 of a file with 5,000 pages.
    mupdf.pdf_set_page_tree_cache(pdf, 0)
    if mupdf.pdf_needs_password(pdf):
        raise PreviewFailed("locked", "The PDF is protected by a password.")
    pdf_pages.mend_count(mupdf, pdf)
    document = mupdf.FzDocument(pdf)
    pages = mupdf.fz_count_pages(document)
    stream.check()
    if pages < 1:
        raise PreviewFailed("damaged", "The PDF has no page.")
    link.describe(Pages(pages))  # drawing may take too long, or too much
    forms = Forms(mupdf, pdf)
    readable = task.shares.pages(pages, _letters(mupdf, document, stream, forms, pages, task))
    poster = _poster(mupdf, document, stream, forms, pages, task.shares.longest(readable))
    link.picture("poster.jpg", encode(poster, task.watermark))
    if task.detail == "poster":
        return Made(Pages(pages))
    partial = _more(mupdf, document, stream, forms, min(readable, MORE[-1]), task, link)
    return Made(Pages(pages, "" if partial else _title(mupdf, document)), partial)


def _poster(
    mupdf: Any, document: Any, stream: lazy.LazyStream, forms: Forms, pages: int, longest: int
) -> Image.Image:
    """The first page on which there is something; the first one where all of the first are blank."""
    poster: Image.Image | None = None
    for number in range(min(pages, LOOKED_AT)):
        try:
            forms.check(number)
            page = lazy.render(mupdf, document, number, SCALE, longest)
            stream.check()
        except (mupdf.FzErrorBase, TooManyForms):
            if number == 0 and pages == 1:
                raise
            continue
        poster = poster or page
        if page.getextrema() != lazy.BLANK:
            return page
    if poster is None:
        raise PreviewFailed("damaged", "No page of the PDF can be drawn.")
    return poster


def _letters(
    mupdf: Any, document: Any, stream: lazy.LazyStream, forms: Forms, pages: int, task: Task
) -> list[int]:
    """The letters of each page, of a document that is small enough to be read whole for it."""
    if not task.shares.pages(pages) or pages > COUNTED_PAGES or task.size > COUNTED_BYTES:
        return []
    stream.prefetch()
    counts = []
    for number in range(pages):
        try:
            forms.check(number)
            counts.append(lazy.letters(mupdf, document, number))
        except (mupdf.FzErrorBase, TooManyForms):
            counts.append(0)  # what cannot be read is no part of what is sold
        stream.check()
    return counts


def _more(
    mupdf: Any, document: Any, stream: lazy.LazyStream, forms: Forms, last: int, task: Task, link: Link
) -> str:
    """The next pages, small; a page that fails ends them and says why."""
    for number in range(MORE[0], last + 1):
        try:
            forms.check(number - 1)
            page = lazy.render(mupdf, document, number - 1, SCALE, SMALL)
            stream.check()
        except PreviewFailed as failed:
            return str(failed)
        except mupdf.FzErrorBase:
            return f"Page {number} is damaged."
        link.picture(f"page-{number}.jpg", encode(page, task.watermark))
    return ""


def _title(mupdf: Any, document: Any) -> str:
    try:
        title = mupdf.fz_lookup_metadata2(document, "info:Title")
    except mupdf.FzErrorBase:
        return ""
    return shown_name(title).strip()
