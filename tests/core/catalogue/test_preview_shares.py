"""What a preview may show of a file: a share that is never the goods."""

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.catalogue.preview_shares import LONGEST, SECONDS, Shares, is_key, is_list

OWN = Shares(own=True)
SIDES = st.integers(0, 40_000)


def letters(text: str) -> int:
    """The characters of a text that are no blanks."""
    return sum(not character.isspace() for character in text)


def prose(lines: int, words: int = 12, seed: int = 1) -> str:
    """A text of so many lines of made-up words."""
    chance = random.Random(seed)
    word = ("lorem", "ipsum", "dolor", "sit", "amet", "consetetur", "sadipscing", "elitr", "sed", "diam")
    return "\n".join(" ".join(chance.choices(word, k=words)) for _ in range(lines))


@settings(max_examples=60, deadline=None)
@given(SIDES, SIDES)
def test_a_picture_shows_a_sixteenth_of_its_pixels_at_most(width: int, height: int) -> None:
    across, down = Shares().picture(width, height)
    assert across * down * 16 <= width * height
    assert across * 4 <= width
    assert down * 4 <= height
    assert max(across, down) <= LONGEST
    assert (across > 0) == (down > 0) == (min(width, height) >= 4)


def test_a_photo_keeps_its_shape() -> None:
    assert Shares().picture(4000, 3000) == (640, 480)
    assert Shares().picture(1000, 1500) == (250, 375)
    assert OWN.picture(4000, 3000) == (1280, 960)
    assert OWN.picture(300, 200) == (300, 200)


@pytest.mark.parametrize(
    ("pages", "shown", "longest"),
    [(1, 0, 200), (2, 0, 200), (9, 0, 200), (10, 1, 1700), (39, 3, 1700), (5000, 4, 1700)],
)
def test_pages_are_a_tenth_and_a_thumbnail_where_that_is_none(pages: int, shown: int, longest: int) -> None:
    assert Shares().pages(pages) == shown
    assert Shares().longest(Shares().pages(pages)) == longest


@pytest.mark.parametrize(
    ("letters", "shown"),
    [
        ([500] * 40, 4),
        ([900] + [0] * 39, 0),
        ([10] * 3 + [1000] + [100] * 36, 3),
        ([1200, 40, *[0] * 20, 11_000], 1),
        ([0] * 40, 4),
    ],
)
def test_pages_are_a_tenth_of_what_is_written_too(letters: list[int], shown: int) -> None:
    assert Shares().pages(40, letters) == shown


@settings(max_examples=60, deadline=None)
@given(st.floats(0.001, 1e9))
def test_seconds_are_a_tenth_and_thirty_at_most(duration: float) -> None:
    seconds = Shares().seconds(duration)
    assert seconds <= SECONDS
    assert seconds <= duration / 10


def test_nothing_is_a_share_of_an_unknown_length() -> None:
    assert Shares().seconds(None) == OWN.seconds(None) == 0
    assert Shares().seconds(3600) == 30
    assert OWN.seconds(12) == 12


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 100_000))
def test_pictures_of_a_film_are_a_tenth_of_them_or_small(pictures: int) -> None:
    shares = Shares()
    size = shares.still(1920, 1080, pictures)
    if pictures >= 10:
        assert size == (640, 360)
        assert (1 + shares.stills(pictures)) * 10 <= pictures
    else:
        assert size == (480, 270)
        assert shares.stills(pictures) == 0


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 900), st.integers(1, 40), st.integers(0, 1000))
def test_a_text_shows_a_tenth_and_twenty_lines_at_most(lines: int, words: int, seed: int) -> None:
    text = prose(lines, words, seed)
    excerpt = Shares().excerpt(text)
    assert letters(excerpt) * 10 <= letters(text)
    assert len(excerpt.splitlines()) <= min(20, lines // 10)
    assert bool(excerpt) == (lines >= 40 and len(text) >= 4096 and words > 1)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "AB12-CD34-EF56-GH78",
        prose(39, words=40),
        prose(40, words=3),
        prose(1, words=20_000),
        prose(30, words=20) + "\n" * 5000,
        "\n".join(f"https://shop.example/file/{number}" for number in range(900)),
        "\n".join(f"{number}. KEY{number:04}-ABCD-1234" for number in range(900)),
        "\n".join(f"Licence {number}: 7F3A-{number:04}-ABCD-99" for number in range(900)),
        "\n".join(f"Part {number} https://shop.example/{number} (two parts)" for number in range(900)),
        "\n".join(f"user{number}@mail.example hunter {number}" for number in range(900)),
        "\n".join(f"login{number}:secret{number}" for number in range(900)),
        "\n".join(f"password{number}" for number in range(900)),
        "\n".join(f"Ann,Lee,{number},ann.lee.{number}" for number in range(900)),
        "\n".join(f"AAAA{number:04}-BBBB-11" for number in range(20)) + "\n" + prose(400),
    ],
)
def test_a_text_that_would_be_whole_or_is_a_list_shows_nothing(text: str) -> None:
    assert Shares().excerpt(text) == ""


def test_blanks_are_no_part_of_a_text() -> None:
    text = prose(60, words=12) + (" " * 200 + "\n") * 5000
    assert 0 < letters(Shares().excerpt(text)) * 10 <= letters(text)


def test_prose_in_a_script_without_blanks_is_no_list() -> None:
    assert not is_list(["春眠不覺曉，處處聞啼鳥。", "夜來風雨聲，花落知多少。"])
    assert is_list(["春眠", "夜來"])
    assert is_list([f'  "code {number}": "7F3A-9C41-{number:04}",' for number in range(9)])


def test_an_own_sample_is_shown_whole_within_bounds() -> None:
    assert OWN.excerpt("AB12-CD34-EF56-GH78\nsecond") == "AB12-CD34-EF56-GH78\nsecond"
    assert len(OWN.excerpt(prose(5000)).splitlines()) <= 200
    assert letters(OWN.excerpt(prose(5000))) <= 4000
    assert OWN.pages(2) == 2
    assert OWN.outline(["all of it"], 8) == ["all of it"]


def test_headings_are_a_tenth_of_the_text_they_stand_in() -> None:
    assert Shares().outline(["First", "Second", "Third"], 110) == ["First", "Second"]
    assert Shares().outline(["First"], 40) == []
    assert len(Shares().outline(["a"] * 30, 1000)) == 20
    assert len(Shares().outline(["a"] * 30, 1000, most=25)) == 25


@pytest.mark.parametrize(
    ("word", "worth"),
    [
        ("ann@example.com", True),
        ("www.example.com", True),
        ("7F3A-9C41-ABCD", True),
        ('"7F3A-9C41-ABCD",', True),
        ("(price)", False),
    ],
)
def test_an_address_or_a_key_is_worth_something_by_itself(word: str, worth: bool) -> None:
    assert is_key(word) == worth
