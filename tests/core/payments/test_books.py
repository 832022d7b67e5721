"""Our books beside a provider's: the rules alone. `rails/stripe/test_books.py` has them at a provider."""

from dataclasses import replace

import pytest

from core.kit.money import Money
from core.payments.books import add_up, compare
from core.payments.rails.port import MoneyLine
from tests.support import make

LINE = MoneyLine("charge", "pi_1", "CMT-000001", 7, Money(999, "EUR"), make.NOW)


def test_equal_books_do_not_differ_in_whatever_order() -> None:
    other = replace(LINE, kind="refund", id="re_1")
    assert compare([LINE, other], [other, LINE]) == []


@pytest.mark.parametrize(
    ("theirs", "ours", "fault"),
    [
        ([LINE], [], "unknown-here"),
        ([], [LINE], "unknown-there"),
        ([LINE], [replace(LINE, money=Money(998, "EUR"))], "differs"),
        ([LINE], [replace(LINE, money=Money(999, "USD"))], "differs"),
    ],
)
def test_what_one_side_lacks_or_has_otherwise_is_named(
    theirs: list[MoneyLine], ours: list[MoneyLine], fault: str
) -> None:
    (found,) = compare(theirs, ours)
    line = found.line
    assert (found.fault, line.id, line.order_number, line.seller_id) == (fault, "pi_1", "CMT-000001", 7)
    assert [found.theirs, found.ours] == [lines[0].money if lines else None for lines in (theirs, ours)]


def test_a_fee_and_its_charge_are_two_lines() -> None:
    fee = replace(LINE, kind="fee", money=Money(30, "EUR"))
    assert [each.line.kind for each in compare([LINE, fee], [LINE])] == ["fee"]


def test_sums_are_by_seller_currency_and_kind() -> None:
    lines = [LINE, replace(LINE, id="pi_2"), replace(LINE, id="pi_3", seller_id=8)]
    sums = [(each.seller_id, each.theirs, each.ours) for each in add_up(lines, lines[:1])]
    assert sums == [(7, 1998, 999), (8, 999, 0)]
