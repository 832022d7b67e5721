"""What follows from how a bank's case stands."""

from typing import get_args

import pytest

from core.payments.dispute_rules import (
    ANSWERABLE,
    CLOSED,
    CONTESTED,
    blocks_refund,
    costs_less_refunded,
    holds_access,
)
from schemas.disputes import DisputeStatus

HOLDS = {
    "warning_needs_response": (False, False),
    "warning_under_review": (False, False),
    "warning_closed": (False, False),
    "needs_response": (True, False),
    "under_review": (True, False),
    "won": (False, False),
    "lost": (True, True),
    "prevented": (False, False),
    "appeal_needs_response": (True, False),
    "appeal_under_review": (True, False),
}
"""By status: whether access is put aside where disputes suspend it, and where they keep it."""


@pytest.mark.parametrize("status", get_args(DisputeStatus))
def test_access_follows_the_status_and_the_operators_choice(status: DisputeStatus) -> None:
    assert (
        holds_access(status, "suspend", lost=False),
        holds_access(status, "keep", lost=False),
    ) == HOLDS[status]


@pytest.mark.parametrize("status", ["appeal_needs_response", "appeal_under_review"])
def test_an_appeal_against_what_was_lost_gives_nothing_back(status: DisputeStatus) -> None:
    assert holds_access(status, "keep", lost=True)


@pytest.mark.parametrize(
    ("status", "refundable", "blocked"),
    [
        ("needs_response", False, True),
        ("under_review", False, True),
        ("lost", False, True),
        ("appeal_under_review", False, True),
        ("warning_needs_response", True, False),
        ("needs_response", True, False),
        ("won", False, False),
        ("prevented", False, False),
        ("warning_closed", False, False),
    ],
)
def test_no_money_goes_out_twice(status: DisputeStatus, refundable: bool, blocked: bool) -> None:
    assert blocks_refund(status, refundable=refundable) is blocked


def test_what_can_be_answered_is_not_closed() -> None:
    assert set(ANSWERABLE).isdisjoint(CLOSED)
    assert set(CONTESTED).isdisjoint(CLOSED)
    assert {*ANSWERABLE, *CONTESTED, *CLOSED} | {"warning_under_review"} == set(get_args(DisputeStatus))


@pytest.mark.parametrize(
    ("amount", "currency", "less"),
    [(1999, "EUR", True), (2000, "EUR", False), (0, "EUR", False), (1, "USD", False)],
)
def test_what_is_worth_less_than_a_dispute_costs_is_better_refunded(
    amount: int, currency: str, less: bool
) -> None:
    assert costs_less_refunded(amount, currency, {"EUR": 2000}) is less
