"""Which language a person gets: theirs, and what the operator chose where it is none of ours."""

from collections.abc import Iterator
from typing import get_args

import pytest

from core.kit.languages import LANGUAGES, best_language, unspoken, use_languages
from schemas.people import Language


@pytest.fixture(autouse=True)
def _as_before() -> Iterator[None]:
    before = (unspoken.unknown, unspoken.foreign)
    yield
    use_languages(unknown=before[0], foreign=before[1])


def test_ours_are_those_that_a_person_may_have() -> None:
    assert get_args(Language) == LANGUAGES


@pytest.mark.parametrize(
    ("tags", "language"),
    [
        ([], "fr"),
        ([""], "fr"),
        (["*"], "fr"),
        (["de"], "en"),
        (["de", "*"], "en"),
        (["de-AT", " FR-ca", "en"], "fr"),
        (["en-GB", "fr"], "en"),
        (["fro"], "en"),
    ],
)
def test_the_first_of_ours_counts_else_english_and_french_where_none_is_named(
    tags: list[str], language: str
) -> None:
    assert best_language(tags) == language


def test_the_operator_chooses_both() -> None:
    use_languages(unknown="en", foreign="fr")
    assert [best_language(tags) for tags in ([], ["ja"], ["en"])] == ["en", "fr", "en"]
