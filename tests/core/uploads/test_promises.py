"""What the endings of names promise."""

import pytest

from core.uploads.promises import OFFICE_ARCHIVES, PROGRAMS, PROMISES, ending_of


@pytest.mark.parametrize(
    ("name", "ending"),
    [("Cours.PDF", "pdf"), ("a.tar.gz", "gz"), ("sans-fin", ""), ("film.mp4 ", "mp4"), ("a.exe.pdf", "pdf")],
)
def test_the_ending_of_a_name_is_its_last_in_any_case(name: str, ending: str) -> None:
    assert ending_of(name) == ending


def test_no_ending_is_promised_twice_and_a_name_keeps_its_own_promise() -> None:
    for ending, promise in PROMISES.items():
        assert ending == ending.lower().strip(".")
        assert promise.expected is None or promise.expected in promise.accepted
        assert "program" not in promise.accepted
    assert set(PROMISES) >= OFFICE_ARCHIVES


def test_names_of_programs_promise_nothing_else_but_to_be_archives() -> None:
    promised = {ending for ending in PROMISES if f".{ending}" in PROGRAMS}
    assert promised == {"apk", "jar"}
