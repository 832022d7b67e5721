"""The table of limits, and how the setting LIMITS changes it."""

import re
from pathlib import Path

import pytest

from core.process.limits import (
    BY_NAME,
    CALLS,
    CLICKS,
    LIMITS,
    MESSAGES,
    OPEN,
    Limit,
    checked_limits,
    parse_limits,
)


def test_every_class_has_a_name_of_its_own() -> None:
    assert len({limit.name for limit in LIMITS}) == len(LIMITS)


def test_what_the_documents_promise() -> None:
    assert (CALLS.most, CALLS.seconds, CALLS.counted) == (120, 60, "token")
    assert (CLICKS.most, CLICKS.seconds, CLICKS.counted) == (300, 60, "address")
    assert (MESSAGES.most, MESSAGES.seconds, MESSAGES.counted) == (10, 60, "person")


def test_a_setting_changes_the_classes_that_it_names() -> None:
    changed = parse_limits(" message=20/30; everything=1000/60;click=off; ")
    assert {name: (limit.most, limit.seconds) for name, limit in changed.items()} == {
        "message": (20, 30),
        "everything": (1000, 60),
        "click": (0, 60),
    }
    assert parse_limits("") == {}


@pytest.mark.parametrize(
    "text", ["messages=1/2", "message", "message=0/60", "message=10/0", "message=-1/60", "message=1", "=1/2"]
)
def test_a_wrong_setting_says_what_it_should_be(text: str) -> None:
    with pytest.raises(ValueError, match=r"expected name=|there is no class"):
        checked_limits(text)


def test_nobody_can_limit_what_pays_and_what_watches() -> None:
    with pytest.raises(ValueError, match="there is no class 'open'"):
        parse_limits(f"{OPEN.name}=1/60")


GUIDE = Path(__file__).parents[3] / "docs" / "guide.md"
WHOSE = {"address": "an address", "token": "a token", "person": "a person", "everybody": "everybody's"}


def _in_words(limit: Limit) -> str:
    spans = {60: "60 s", 600: "10 min", 3600: "1 h", 86_400: "24 h"}
    return f"{limit.most:,} in {spans[limit.seconds]}" if limit.most else "off"


def test_the_guide_names_every_class_as_it_is() -> None:
    rows = re.findall(r"^\| `([a-z-]+)` \| ([^|]+) \| ([^|]+) \| [^|]+ \|$", GUIDE.read_text(), re.MULTILINE)
    written = {name: (words, whose) for name, words, whose in rows if name in BY_NAME}
    assert written == {
        limit.name: (_in_words(limit), WHOSE[limit.counted]) for limit in LIMITS if limit is not OPEN
    }
