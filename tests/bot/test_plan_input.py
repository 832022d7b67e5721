"""Lengths of plans, as sellers write them in a chat."""

import pytest

from bot.plan_input import change, read_length
from core.memberships.plans import Terms


@pytest.mark.parametrize(
    "words", ["for ever", "Forever", "lifetime", "pour toujours", "Toujours", "à vie", "a vie"]
)
def test_a_plan_may_last_for_ever(words: str) -> None:
    assert read_length(words) == Terms(unit="lifetime", count=0)


def test_what_a_plan_for_ever_has_no_use_for_goes_with_its_time() -> None:
    month = Terms(unit="days", count=30, recurring=True, trial_days=7, grace_days=3, places=5)
    assert change(month, "length", "for ever") == Terms(unit="lifetime", count=0, places=5)
    assert change(Terms(starts="entry"), "length", "for ever").starts == "payment"
