"""Callback data comes from clients: its size, its types, and what is made up."""

import pytest

from bot.callbacks import LIMIT, Outdated, fit, name_of, pack, parse


async def page(request: object, number: int, words: str = "") -> None:
    """A handler's shape."""


def test_what_is_packed_is_read_back() -> None:
    data = pack("page", 2, "cours: couture")
    assert name_of(data) == "page"
    assert parse(data, page) == {"number": 2, "words": "cours: couture"}


def test_an_optional_argument_may_be_absent() -> None:
    assert parse("page:3", page) == {"number": 3}


def test_more_than_64_bytes_cannot_be_packed() -> None:
    with pytest.raises(ValueError, match="64 are allowed"):
        pack("page", 1, "é" * 40)


def test_words_are_cut_between_characters_so_that_they_fit() -> None:
    words = fit("é" * 40, "page", 999_999)
    assert words == "é" * len(words)
    assert LIMIT - 1 <= len(pack("page", 999_999, words).encode()) <= LIMIT


@pytest.mark.parametrize(
    "data", ["page", "page:", "page:x", "page:1.5", "page:٣", f"page:{'9' * 40}", "page:1\n:x"]
)
def test_data_that_no_button_carries_is_outdated(data: str) -> None:
    with pytest.raises(Outdated):
        parse(data, page)


@pytest.mark.parametrize("data", [None, b"\xff\xfe"])
def test_data_that_is_no_text_is_outdated(data: bytes | None) -> None:
    with pytest.raises(Outdated):
        name_of(data)
