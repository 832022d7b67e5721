"""What an eye takes for the same reference."""

import pytest

from core.payments.rails.manual.likeness import skeleton


@pytest.mark.parametrize(
    ("one", "other"),
    [("TX-01", "tx 0l"), ("TX-01", "\u0422\u0425-O1"), ("AB/12.3", "ab-12-3"), ("\u0395\u0399\u039a", "EIK")],
)
def test_lookalikes_have_one_skeleton(one: str, other: str) -> None:
    assert skeleton(one) == skeleton(other)


def test_other_numbers_are_other_references() -> None:
    assert skeleton("TX-2026-01") != skeleton("TX-2026-02")
