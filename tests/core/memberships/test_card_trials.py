"""The trial that a card is given for, as the machine and the cards of plans have it; pure.

What becomes of it at Stripe is in `tests/core/payments/rails/stripe/test_trials.py`.
"""

from datetime import timedelta

import pytest

from core.kit.errors import Refused
from core.memberships import machine
from core.memberships.machine import Standing, lapse
from core.memberships.periods import NONE, Length, Period
from core.memberships.plans import Terms, plan_facts
from tests.support.make import DAY, NOW

GRACE = 5 * DAY
END = NOW + 7 * DAY
HOUR = timedelta(hours=1)


def tried(grace: timedelta = GRACE) -> Standing:
    """A trial of a week; with grace a card is charged when it is over."""
    trial = Period(Length("days", 7), source="trial")
    return machine.pay(Standing(), trial, now=NOW, waits=False, grace=grace, until=END)


def test_the_end_of_a_trial_by_card_begins_the_grace_and_that_of_any_other_ends_all() -> None:
    assert [lapse(tried(grace), END).state for grace in (GRACE, NONE)] == ["past_due", "expired"]
    assert lapse(tried(), END + GRACE).state == "expired"
    assert tried().access_until == END + GRACE


def test_only_a_trial_that_something_is_charged_after_can_be_cancelled() -> None:
    cancelled = machine.cancel(tried())
    assert (cancelled.state, lapse(cancelled, END).state) == ("cancelled", "expired")
    assert machine.undo_cancel(cancelled) == tried()
    with pytest.raises(Refused, match="not-cancellable"):
        machine.cancel(tried(NONE))


@pytest.mark.parametrize("late", [-DAY, HOUR, 2 * DAY])
def test_the_first_charge_goes_on_where_the_trial_ended(late: timedelta) -> None:
    standing = lapse(tried(), END + late)
    month = Period(Length("months", 1), order_id=2)
    paid = machine.pay(standing, month, now=END + late, waits=False, grace=GRACE, follows=True)
    assert (paid.state, paid.periods[-1].starts_at) == ("active", END)


def test_a_trial_is_placed_until_its_charge_whenever_it_is_opened() -> None:
    trial = Period(Length("days", 7), source="trial")
    opened = machine.pay(Standing(), trial, now=NOW + 5 * DAY, waits=False, grace=GRACE, until=END)
    assert (opened.ends_at, opened.periods[0].duration) == (END, 2 * DAY)


@pytest.mark.parametrize(
    ("terms", "by_card", "tries", "said"),
    [
        (Terms(trial_days=7), True, True, True),
        (Terms(trial_days=7), True, False, False),
        (Terms(trial_days=7), False, True, False),
        (Terms(), True, True, False),
        (Terms(unit="days", count=7, trial_days=7), True, True, False),
    ],
)
def test_a_card_tells_of_the_trial_to_whoever_may_have_it_by_card(
    terms: Terms, by_card: bool, tries: bool, said: bool
) -> None:
    facts = [fact.text for fact in plan_facts(terms, [], by_card=by_card, tries=tries)]
    assert ("plan-trial-card" in facts) == said
