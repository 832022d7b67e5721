"""A paper (an invoice, a receipt, a credit note) set as a PDF, from HTML that we wrote ourselves.

MuPDF sets it: it shapes the letters of all scripts, brings a font for each, and embeds of each what is used.
"""

from typing import Any

from schemas.preview import Unknown
from workers.preview.makers import mupdf as lazy
from workers.preview.makers.made import Made, Make
from workers.preview.protocol import Task
from workers.preview.remote import Link, Reader

WIDTH, HEIGHT, LETTER = 595, 842, 10  # points: A4 (ISO 216) and the size of letters
MOST_PAGES = 20
SMALLEST = {"do_compress": 1, "do_compress_fonts": 1, "do_compress_images": 1, "do_garbage": 3}


def prepare(task: Task) -> Make:
    """Load MuPDF, and set: the HTML comes with the task, and no file is read."""
    mupdf = lazy.load()
    mupdf.fz_register_document_handlers()

    def make(reader: Reader, link: Link) -> Made:
        link.picture("paper.pdf", typeset(mupdf, task.label))
        return Made(Unknown("paper"))

    return make


def typeset(mupdf: Any, html: str) -> bytes:
    """The pages of an HTML document, A4, as one PDF."""
    words = html.encode()
    stream = mupdf.fz_open_memory(mupdf.python_buffer_data(words), len(words))
    document = mupdf.fz_open_document_with_stream("paper.html", stream)
    mupdf.fz_layout_document(document, WIDTH, HEIGHT, LETTER)
    pdf = mupdf.pdf_create_document()
    box = mupdf.FzRect(0, 0, WIDTH, HEIGHT)
    pages = min(mupdf.fz_count_pages(document), MOST_PAGES)
    for number in range(pages):
        device, resources, contents = mupdf.pdf_page_write(pdf, box)
        mupdf.fz_run_page(mupdf.fz_load_page(document, number), device, mupdf.FzMatrix(), mupdf.FzCookie())
        mupdf.fz_close_device(device)
        mupdf.pdf_insert_page(pdf, -1, mupdf.pdf_add_page(pdf, box, 0, resources, contents))
    mupdf.pdf_subset_fonts2(pdf, list(range(pages)))
    return _written(mupdf, pdf)


def _written(mupdf: Any, pdf: Any) -> bytes:
    options = mupdf.PdfWriteOptions()
    for name, value in SMALLEST.items():
        setattr(options, name, value)
    buffer = mupdf.fz_new_buffer(1 << 16)
    output = mupdf.FzOutput(buffer)
    mupdf.pdf_write_document(pdf, output, options)
    output.fz_close_output()
    return bytes(mupdf.fz_buffer_extract_copy(buffer))
