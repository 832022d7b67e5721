from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.kit.errors import Refused
from core.kit.names import (
    FILE_NAME_LIMIT,
    SLUG_LIMIT,
    canonical,
    clean_file_name,
    clean_text,
    clean_title,
    content_disposition,
    number_of,
    object_key,
    one_of,
    slug_for,
    visible_text,
)

UPLOAD = UUID("5f0c8f3e-6c3f-4a57-9d8a-0d1a4e6f7b11")


@pytest.mark.parametrize(
    "title",
    ["<b>Gras</b> & _souligné_ *étoile*", "Cours 🎓👩‍🏫", "דרך הצלחה", "نجاح", "Ünïcödé — « guillemets »"],
)
def test_a_title_is_kept_as_typed(title: str) -> None:
    assert clean_title(title) == title


def test_a_title_of_4096_characters_is_refused_with_its_length_and_the_limit() -> None:
    with pytest.raises(Refused) as refusal:
        clean_title("x" * 4096)
    assert (refusal.value.code, refusal.value.details) == ("title-too-long", {"length": 4096, "limit": 200})


def test_a_title_of_200_characters_is_kept_whole() -> None:
    assert clean_title("é" * 200) == "é" * 200


@pytest.mark.parametrize("blank", ["", "  ", "\n\t", "\u202e", "\x00"])
def test_a_title_without_anything_to_see_is_refused(blank: str) -> None:
    with pytest.raises(Refused, match="title-empty"):
        clean_title(blank)


def test_controls_and_bidirectional_overrides_leave_a_text_and_line_ends_stay_where_wanted() -> None:
    typed = "a\x00b\u202egpj.exe\u2069\ud800\r\nc"
    assert clean_text(typed) == "a bgpj.exe c"
    assert clean_text(typed, lines=True) == "a bgpj.exe\nc"


@pytest.mark.parametrize(
    ("typed", "clean"),
    [
        ("cours.pdf", "cours.pdf"),
        ("../../etc/passwd", "_.._etc_passwd"),
        ("C:\\Users\\awa\\film.mp4", "C:_Users_awa_film.mp4"),
        ("a\nb\x07c.zip", "a b c.zip"),
        ("gpj.\u202eexe", "gpj.exe"),
        ("", "file"),
        ("...", "file"),
        ("שיעור.pdf", "שיעור.pdf"),
    ],
)
def test_a_file_name_loses_folders_and_controls(typed: str, clean: str) -> None:
    assert clean_file_name(typed) == clean


def test_a_file_name_of_300_characters_is_cut_and_keeps_its_extension() -> None:
    clean = clean_file_name("é" * 300 + ".tar")
    assert clean.endswith("é.tar")
    assert len(clean.encode()) <= FILE_NAME_LIMIT


@given(st.text(max_size=400))
def test_any_file_name_becomes_one_that_a_file_system_takes(name: str) -> None:
    clean = clean_file_name(name)
    assert 0 < len(clean.encode()) <= FILE_NAME_LIMIT
    assert not set(clean) & set("/\\\x00\n\r")
    assert clean not in (".", "..")
    assert clean_file_name(clean) == clean


@given(st.text(max_size=400))
def test_any_title_gives_a_slug_that_fits_a_start_parameter(title: str) -> None:
    slug = slug_for(title)
    assert 0 < len(slug) <= SLUG_LIMIT
    assert set(slug) <= set("abcdefghijklmnopqrstuvwxyz0123456789-")


def test_slugs_are_readable_and_titles_of_other_scripts_have_a_fallback() -> None:
    assert slug_for("Été à la mer : 12 leçons !") == "ete-a-la-mer-12-lecons"
    assert slug_for("数学") == "product"


def test_an_object_key_is_ascii_and_says_seller_and_upload() -> None:
    assert object_key(7, UPLOAD, "Été leçon.pdf") == f"uploads/7/{UPLOAD}/Ete_lecon.pdf"
    assert object_key(7, UPLOAD, "数学") == f"uploads/7/{UPLOAD}/file"
    assert len(object_key(7, UPLOAD, "x" * 300 + ".pdf")) < 255


def test_the_download_header_carries_any_name_to_old_and_new_readers() -> None:
    header = content_disposition('Été "50%".pdf')
    assert header == (
        "attachment; filename=\"_t_ _50__.pdf\"; filename*=UTF-8''%C3%89t%C3%A9%20%2250%25%22.pdf"
    )


@given(st.text(max_size=300))
def test_no_name_can_break_out_of_the_download_header(name: str) -> None:
    header = content_disposition(name)
    assert header.isascii()
    assert header.isprintable()
    assert header.count('"') == 2


def test_an_order_number_is_short_and_keeps_growing() -> None:
    assert (number_of(42), number_of(12_345_678)) == ("CMT-000042", "CMT-12345678")


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("TX-1", "t x-1"),
        ("TX-1", "T\u200bX\u2060-1\u202e"),
        ("\uff34\uff38\uff0d\uff11", "tx-1"),
        ("Stra\u00dfe", "STRASSE"),
        ("e\u0301t\u00e9", "\u00c9T\u00c9"),
        ("TX\u3164-1\U000e0101", "TX-1"),
    ],
)
def test_spellings_of_one_text_have_one_form(one: str, other: str) -> None:
    assert canonical(one) == canonical(other)
    assert canonical(canonical(one)) == canonical(one)


def test_what_takes_no_place_on_a_screen_is_not_shown() -> None:
    assert visible_text(" TX\u200b-\u00ad1 2\ufeff ") == "TX-1 2"


def test_of_choices_the_one_that_is_named_is_given_and_another_is_refused() -> None:
    refusal = Refused("no-such-colour")
    assert one_of("red", ("green", "red"), refusal) == "red"
    for word in ("blue", "RED", ""):
        with pytest.raises(Refused, match="no-such-colour"):
            one_of(word, ("green", "red"), refusal)
