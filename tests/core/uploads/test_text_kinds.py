"""Texts by their first bytes: what is a text, in which encoding, and what kind of text."""

import pytest

from core.uploads.text_kinds import is_text, is_words, kind_of_text, wide_encoding

SENTENCE = "Yes, we can, and no, we cannot.\n"


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "latin-1", "cp1251", "utf-16", "utf-16-le", "utf-16-be", "utf-32-le"]
)
def test_a_text_is_one_in_any_encoding(encoding: str) -> None:
    word = "Привет, мир\n" if encoding == "cp1251" else SENTENCE
    assert is_text((word * 4).encode(encoding))


@pytest.mark.parametrize(
    "head", [b"\x7fELF\2\1\1\0", b"abc\0def", b"abc\x01", bytes(64), bytes(range(32)) * 2]
)
def test_bytes_that_no_text_has_are_no_text(head: bytes) -> None:
    assert not is_text(head)


@pytest.mark.parametrize(
    ("head", "beyond_doubt"),
    [
        (b"#!/bin/sh\necho", True),
        (b"MThd", False),  # too short to be sure of
        (b"\xff\xfea\0b\0c\0d\0", False),  # not ASCII, though a text
        (b"%PDF-1.7\xe9", True),
        (b"letters \0", False),
    ],
)
def test_words_beyond_doubt_begin_with_eight_letters_of_ascii(head: bytes, beyond_doubt: bool) -> None:
    assert is_words(head) is beyond_doubt


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be"])
@pytest.mark.parametrize("spare", range(4))
def test_a_wide_encoding_without_a_mark_is_named_by_its_zeros(encoding: str, spare: int) -> None:
    assert wide_encoding(SENTENCE.encode(encoding) + bytes(spare)) == encoding


@pytest.mark.parametrize(
    "head",
    [
        SENTENCE.encode(),
        "short".encode("utf-16-le"),
        bytes(64),
        b"\1\0\2\0" * 16,  # the zeros of UTF-16, but no letters that print
    ],
)
def test_what_is_not_wide_is_not_called_so(head: bytes) -> None:
    assert wide_encoding(head) == ""


@pytest.mark.parametrize(
    ("head", "kind"),
    [
        (b"{\\rtf1\\ansi Hello}", ("text", "RTF document")),
        (b"\xef\xbb\xbf  #EXTM3U\nsong.mp3", ("text", "Playlist")),
        (b"solid cube\n facet normal 0 0 1\n", ("model", "3D model (STL)")),
        (b"solid advice for everybody\n", ("text", "Text")),
        (b"<?xml version='1.0'?>\n<svg xmlns='...'>", ("svg", "SVG image")),
        (b"<FictionBook xmlns='...'>", ("book", "E-book (FB2)")),
        (b"<!doctype html>\n<html>", ("text", "Web page")),
        (b"<note>milk</note>", ("text", "Text")),
        (b'{"cells": [{"cell_type": "code"}]}', ("notebook", "Notebook")),
        (b'{"cells": 4}', ("text", "JSON")),
        (b'TITLE "warm"\nLUT_3D_SIZE 33\n', ("text", "Colour table (LUT)")),
        (b"3DMESH\nMesh 4 12\n0 64 128\n", ("text", "Colour table (LUT)")),
        (b"CSPLUTV100\n3D\n", ("text", "Colour table (LUT)")),
        (b's = {\n\tid = "1",\n\tinternalName = "Warm",\n}', ("text", "Lightroom preset")),
        (b"s = { of words }\n", ("text", "Text")),
        (b"v 0 0 0\nv 1 0 0\nv 0 1 0\nf 1 2 3\n", ("model", "3D model (OBJ)")),
        (b"v for victory\n" + b"and more words\n" * 20, ("text", "Text")),
    ],
)
def test_a_text_is_told_by_how_it_begins(head: bytes, kind: tuple[str, str]) -> None:
    assert kind_of_text(head) == kind


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
def test_rows_of_as_many_fields_are_a_table(separator: str) -> None:
    rows = "".join(separator.join(("name", "town", str(number))) + "\n" for number in range(5))
    assert kind_of_text(rows.encode()) == ("table", "Table (CSV)")


@pytest.mark.parametrize(
    "text",
    [
        "a,b,c\n" * 3,  # the last line may be cut, so two rows stay
        "a,b,c\na,b\n" * 4,  # as many fields in no two rows
        "Yes, we can\nNo, we cannot\n" * 9,  # one comma a line is how people write
        "words\n" * 9,
    ],
)
def test_other_lines_are_a_plain_text(text: str) -> None:
    assert kind_of_text(text.encode()) == ("text", "Text")


def test_a_row_that_is_cut_by_its_quotes_is_not_counted() -> None:
    rows = b"a,b,c\n" * 4 + b'"a, and\nmore",b,c\n' + b"a,b,c\n" * 4
    assert kind_of_text(rows) == ("table", "Table (CSV)")


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-32-be"])
def test_letters_of_several_bytes_are_told_like_any_other(encoding: str) -> None:
    for text, kind in {
        "<?xml version='1.0'?>\n<svg xmlns='http://www.w3.org/2000/svg'>": ("svg", "SVG image"),
        "name\ttown\tprice\n" * 9: ("table", "Table (CSV)"),
        "# A course\n\nWords of **it**.\n" * 9: ("text", "Markdown"),
        "v 0 0 0\nv 1 0 0\nv 0 1 0\nf 1 2 3\n": ("text", "Text"),
    }.items():
        assert kind_of_text(text.encode(encoding)) == kind
