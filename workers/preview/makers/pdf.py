"""PDF: the first page, three more small, the number of pages (A42)."""

from typing import Any

from schemas.preview import Pages
from workers.preview.errors import PreviewFailed
from workers.preview.makers import mupdf as lazy
from workers.preview.makers.made import Made, Make
from workers.preview.makers.names import shown_name
from workers.preview.pictures import encode, prepare_pictures
from workers.preview.protocol import Task
from workers.preview.remote import Link, Reader

SCALE = 2.0  # of 72 dpi; A42
LONGEST, SMALL = 2400, 700  # pixels
MORE = (2, 3, 4)  # pages from 1


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
    document = mupdf.FzDocument(pdf)
    pages = mupdf.fz_count_pages(document)
    stream.check()
    if pages < 1:
        raise PreviewFailed("damaged", "The PDF has no page.")
    poster = lazy.render(mupdf, document, 0, SCALE, LONGEST)
    stream.check()
    link.picture("poster.jpg", encode(poster, task.watermark))
    if task.detail == "poster":
        return Made(Pages(pages))
    partial = _more(mupdf, document, stream, min(pages, MORE[-1]), task, link)
    return Made(Pages(pages, "" if partial else _title(mupdf, document)), partial)


def _more(mupdf: Any, document: Any, stream: lazy.LazyStream, last: int, task: Task, link: Link) -> str:
    """The next pages, small; a page that fails ends them and says why."""
    for number in range(MORE[0], last + 1):
        try:
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
