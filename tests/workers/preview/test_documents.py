"""Office documents that are large, localised, strict or odd."""

import io
import zipfile
from collections.abc import Mapping
from pathlib import Path

import pytest
from PIL import Image

from schemas.preview import Archive, Document
from scripts.bench import odd_files
from tests.workers.preview import files
from workers.preview.preview import Preview, Wish, make_preview
from workers.preview.ranges import Budget
from workers.preview.source import FileSource

OFFICE = files.OFFICE
STRICT = "http://purl.oclc.org/ooxml"
RELATION = "officeDocument/2006/relationships"


def look(folder: Path, parts: Mapping[str, bytes | str]) -> Preview:
    (folder / "x").write_bytes(files.zip_of(dict(parts)))
    return make_preview(FileSource(folder / "x"), Wish(own=True))


def workbook(
    cells: str, space: str = f"{OFFICE}/spreadsheetml/2006/main", relation: str = ""
) -> dict[str, str]:
    """A workbook of one sheet, "Prices"."""
    relations = relation or f"{OFFICE}/{RELATION}"
    package = f'xmlns="{OFFICE}/package/2006/relationships"'
    return {
        "[Content_Types].xml": f'<Types xmlns="{OFFICE}/package/2006/content-types"/>',
        "_rels/.rels": f'<Relationships {package}><Relationship Id="r1" Target="xl/workbook.xml" '
        f'Type="{relations}/officeDocument"/></Relationships>',
        "xl/_rels/workbook.xml.rels": f'<Relationships {package}><Relationship Id="r1" '
        f'Type="{relations}/worksheet" Target="worksheets/sheet1.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook xmlns="{space}" xmlns:r="{relations}"><sheets>'
        '<sheet name="Prices" sheetId="1" r:id="r1"/></sheets></workbook>',
        "xl/worksheets/sheet1.xml": f'<worksheet xmlns="{space}"><sheetData>{cells}</sheetData></worksheet>',
    }


def rows(count: int) -> str:
    columns = "ABCDEFGHIJ"
    return "".join(
        f'<row r="{row}">' + "".join(f'<c r="{name}{row}"><v>{row}</v></c>' for name in columns) + "</row>"
        for row in range(1, count + 1)
    )


def letter(
    paragraphs: str, styles: str = "", space: str = f"{OFFICE}/wordprocessingml/2006/main"
) -> dict[str, str]:
    parts = {
        **files.DOCX,
        "word/document.xml": f'<w:document xmlns:w="{space}"><w:body>{paragraphs}</w:body></w:document>',
    }
    if styles:
        parts["word/styles.xml"] = f'<w:styles xmlns:w="{space}">{styles}</w:styles>'
    return parts


def paragraph(text: str, style: str = "") -> str:
    properties = f'<w:pPr><w:pStyle w:val="{style}"/></w:pPr>' if style else ""
    return f"<w:p>{properties}<w:r><w:t>{text}</w:t></w:r></w:p>"


def has_ink(preview: Preview) -> bool:
    assert preview.outcome == "made", preview.reason
    image = Image.open(io.BytesIO(preview.pictures["poster.jpg"])).convert("L")
    return any(image.histogram()[:128])


def test_a_workbook_of_100_000_rows_shows_its_first_ones_in_little_memory(tmp_path: Path) -> None:
    preview = look(tmp_path, workbook(rows(100_000)))
    assert preview.description == Document("xlsx", "", ["Prices"])
    assert has_ink(preview)
    assert preview.cost.peak_rss < 128 << 20
    assert preview.cost.bytes < 2 << 20


def test_a_word_of_100_000_letters_is_drawn_in_little_memory(tmp_path: Path) -> None:
    preview = look(tmp_path, letter(paragraph("Title", "Heading1") + paragraph("x" * 100_000)))
    assert preview.description == Document("docx", "A letter", ["Title"])
    assert has_ink(preview)
    assert preview.cost.peak_rss < 128 << 20


def test_cells_with_a_text_of_their_own_are_drawn(tmp_path: Path) -> None:
    cells = '<row r="1"><c r="A1" t="inlineStr"><is><t>Inline</t></is></c></row>'
    assert has_ink(look(tmp_path, workbook(cells)))


def test_strict_documents_are_drawn(tmp_path: Path) -> None:
    sheet = workbook(rows(3), f"{STRICT}/spreadsheetml/main", f"{STRICT}/officeDocument/relationships")
    assert has_ink(look(tmp_path, sheet))
    preview = look(tmp_path, letter(paragraph("One", "Heading1"), space=f"{STRICT}/wordprocessingml/main"))
    assert preview.description == Document("docx", "A letter", ["One"])
    assert has_ink(preview)


def test_a_document_whose_main_part_is_numbered_is_a_document(tmp_path: Path) -> None:
    """Offices on the web write document2.xml."""
    parts = {
        name.replace("document.xml", "document2.xml"): text.replace("document.xml", "document2.xml")
        for name, text in letter(paragraph("One", "Heading1")).items()
    }
    preview = look(tmp_path, parts)
    assert preview.description == Document("docx", "A letter", ["One"])
    assert has_ink(preview)


def many_sheets(shown: str) -> dict[str, str]:
    """A workbook whose first sheet is hidden and blank, and whose parts are numbered in another order."""
    parts = workbook("")
    relations = "".join(
        f'<Relationship Id="r{number}" Type="{OFFICE}/{RELATION}/worksheet" '
        f'Target="{folder}worksheets/sheet{number}.xml"/>'
        for number, folder in ((1, "/xl/"), (2, ""), (3, ""))
    )
    parts["xl/_rels/workbook.xml.rels"] = parts["xl/_rels/workbook.xml.rels"].partition("<Relationship ")[0]
    parts["xl/_rels/workbook.xml.rels"] += relations + "</Relationships>"
    parts["xl/workbook.xml"] = parts["xl/workbook.xml"].partition("<sheets>")[0] + (
        '<sheets><sheet name="Secret" sheetId="4" state="hidden" r:id="r1"/><sheet name="First" sheetId="5" '
        'r:id="r3"/><sheet name="Second" sheetId="6" r:id="r2"/></sheets></workbook>'
    )
    blank = parts["xl/worksheets/sheet1.xml"]
    parts |= {f"xl/worksheets/sheet{number}.xml": blank for number in (2, 3)}
    return parts | {f"xl/worksheets/{shown}.xml": blank.replace("<sheetData>", f"<sheetData>{rows(9)}")}


@pytest.mark.parametrize(("sheet", "drawn"), [("sheet1", False), ("sheet2", False), ("sheet3", True)])
def test_of_a_workbook_the_first_sheet_that_is_not_hidden_is_drawn(
    tmp_path: Path, sheet: str, drawn: bool
) -> None:
    preview = look(tmp_path, many_sheets(sheet))
    assert preview.description == Document("xlsx", "", ["Secret", "First", "Second"])
    assert has_ink(preview) is drawn


def test_slides_come_in_the_order_of_the_presentation(tmp_path: Path) -> None:
    package = f'xmlns="{OFFICE}/package/2006/relationships"'
    space = f'xmlns:p="{OFFICE}/presentationml/2006/main" xmlns:r="{OFFICE}/{RELATION}"'
    slides = "".join(f'<p:sldId id="{250 + number}" r:id="r{number}"/>' for number in (2, 1))
    order = f"<p:sldIdLst>{slides}</p:sldIdLst>"
    relations = "".join(
        f'<Relationship Id="r{number}" Type="{OFFICE}/{RELATION}/slide" Target="slides/slide{number}.xml"/>'
        for number in (1, 2)
    )
    preview = look(
        tmp_path,
        {
            **files.PPTX,
            "ppt/presentation.xml": f"<p:presentation {space}>{order}</p:presentation>",
            "ppt/_rels/presentation.xml.rels": f"<Relationships {package}>{relations}</Relationships>",
        },
    )
    assert preview.description == Document("pptx", "", ["Second", "First"])


def test_a_book_of_many_parts_is_a_book_wherever_its_container_stands(tmp_path: Path) -> None:
    pictures = {f"OEBPS/{number}.png": b"x" for number in range(1100)}
    first = {"mimetype": files.EPUB["mimetype"]}
    (tmp_path / "x").write_bytes(odd_files.zip_of({**first, **pictures, **files.EPUB}))
    description = make_preview(FileSource(tmp_path / "x"), Wish(own=True)).description
    assert description == Document("epub", "A novel", ["One", "Two"])


def test_a_book_in_an_encoding_of_its_own_is_read(tmp_path: Path) -> None:
    opf = files.EPUB["OEBPS/book.opf"].replace("A novel", "Роман")
    for encoding in ("windows-1251", "koi8-r", "utf-16"):
        head = f'<?xml version="1.0" encoding="{encoding}"?>'
        parts: dict[str, bytes | str] = {**files.EPUB, "OEBPS/book.opf": (head + opf).encode(encoding)}
        assert look(tmp_path, parts).description == Document("epub", "Роман", ["One", "Two"])


@pytest.mark.parametrize("style_id", ["berschrift1", "Ttulo1", "1", "Titre1"])
def test_headings_are_known_by_their_level_whatever_the_language(tmp_path: Path, style_id: str) -> None:
    styles = (
        f'<w:style w:styleId="{style_id}"><w:name w:val="heading 1"/></w:style>'
        f'<w:style w:styleId="own"><w:name w:val="Mine"/><w:basedOn w:val="{style_id}"/></w:style>'
        '<w:style w:styleId="level"><w:name w:val="x"/><w:pPr><w:outlineLvl w:val="2"/></w:pPr></w:style>'
        '<w:style w:styleId="body"><w:name w:val="headings of none"/><w:pPr><w:outlineLvl w:val="9"/></w:pPr>'
        "</w:style>"
    )
    text = "".join(paragraph(name, name) for name in (style_id, "own", "level", "body", "unknown"))
    text += '<w:p><w:pPr><w:outlineLvl w:val="0"/></w:pPr><w:r><w:t>By itself</w:t></w:r></w:p>'
    description = look(tmp_path, letter(text, styles)).description
    assert isinstance(description, Document)
    assert description.outline == [style_id, "own", "level", "By itself"]


def test_styles_that_are_based_on_each_other_end(tmp_path: Path) -> None:
    styles = "".join(
        f'<w:style w:styleId="{one}"><w:basedOn w:val="{other}"/></w:style>' for one, other in ("ab", "ba")
    )
    assert look(tmp_path, letter(paragraph("x", "a"), styles)).description == Document("docx", "A letter")


def test_parts_that_are_broken_cost_the_picture_only_what_they_hold(tmp_path: Path) -> None:
    broken: dict[str, bytes | str] = {"xl/styles.xml": "<broken", "xl/theme/theme1.xml": b"\xff\xfe\0"}
    assert has_ink(look(tmp_path, {**workbook(rows(3)), **broken}))


def test_a_document_that_cannot_be_looked_into_keeps_its_list_and_says_that_there_is_more(
    tmp_path: Path,
) -> None:
    path = tmp_path / "x.xlsx"
    path.write_bytes(files.zip_of({**workbook(rows(30_000)), "media": bytes(range(256)) * 4000}))
    with zipfile.ZipFile(path) as archive:
        count = len(archive.namelist())
    preview = make_preview(FileSource(path), budget=Budget(requests=2))
    assert isinstance(preview.description, Archive | Document)
    assert preview.outcome == "partial"
    assert preview.reason
    assert not isinstance(preview.description, Archive) or preview.description.count == count
