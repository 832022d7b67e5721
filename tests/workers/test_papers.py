"""The maker of papers: PDFs with their fonts inside, of any script, in bounded memory."""

from dataclasses import replace

import pytest

from core.kit.errors import ComptoirError
from core.payments.evidence_pages import evidence_page
from core.payments.paper_pages import page_of
from tests.core.payments.test_evidence_pages import FACTS
from tests.core.payments.test_paper_pages import paper
from workers import papers
from workers.papers import make_pdf
from workers.preview.makers import mupdf as lazy

PAGE = "<html><body><p>{}</p></body></html>"
SCRIPTS = "Été 你好 こんにちは Привет مرحبا שלום हिन्दी 안녕"


def opened(pdf: bytes) -> tuple[object, object]:
    mupdf = lazy.load()
    stream = mupdf.fz_open_memory(mupdf.python_buffer_data(pdf), len(pdf))
    mupdf.fz_register_document_handlers()
    return mupdf, mupdf.fz_open_document_with_stream("paper.pdf", stream)


def test_every_script_is_drawn_with_a_font_that_the_paper_brings() -> None:
    pdf = make_pdf(PAGE.format(SCRIPTS))
    mupdf, document = opened(pdf)
    assert lazy.letters(mupdf, document, 0) >= len("".join(SCRIPTS.split())) - 6  # signs that join
    assert pdf.count(b"/FontFile") >= 3
    assert b"/BaseFont/Helvetica" not in pdf.replace(b" ", b"")
    assert len(pdf) < 400_000


def test_a_long_paper_has_as_many_pages_as_it_takes_up_to_twenty() -> None:
    mupdf, document = opened(make_pdf(PAGE.format("line<br/>" * 200)))
    assert mupdf.fz_count_pages(document) == 4  # type: ignore[attr-defined]
    mupdf, document = opened(make_pdf(PAGE.format("line<br/>" * 5000)))
    assert mupdf.fz_count_pages(document) == 20  # type: ignore[attr-defined]


def test_amounts_take_no_room_from_titles_and_every_page_has_a_margin() -> None:
    title = "Twelve lessons of sewing, with all patterns, in one evening each"
    pdf = make_pdf(page_of(paper(title=title)))  # is read as long as its document is
    mupdf, document = opened(pdf)
    shown = mupdf.fz_new_buffer_from_page_number(document, 0, mupdf.FzStextOptions())  # type: ignore[attr-defined]
    assert title in shown.fz_string_from_buffer(), "it is not broken"
    many = replace(FACTS, events=FACTS.events * 20)
    pdf = make_pdf(evidence_page(many))
    mupdf, document = opened(pdf)
    second = lazy.render(mupdf, document, 1, 1, 842)
    assert second.crop((0, 0, second.width, 30)).getextrema() == lazy.BLANK
    assert second.crop((0, 30, second.width, 90)).getextrema() != lazy.BLANK


def test_where_memory_is_short_a_paper_fails_to_be_tried_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(papers, "MEMORY", 8 << 20)
    with pytest.raises(ComptoirError, match="could not be set"):
        make_pdf(PAGE.format(SCRIPTS))
