"""Our books beside those of the loopback Stripe."""

from datetime import datetime, timedelta

import pytest

from core.kit.rows import id_of
from core.payments.books import Comparison, compare_books, tell_differences
from core.payments.rails.stripe.books import ListedCharge, ListedRefund
from core.payments.refunds import request_refund
from schemas.base import utc_now
from schemas.sales import Order, Payment, Refund
from schemas.upkeep_jobs import CompareBooks
from tests.contract.paths import absent
from tests.contract.source import find
from tests.support import make
from tests.support.cards import CardShop


def test_what_is_read_of_lists_is_in_stripes_contract() -> None:
    assert absent(ListedCharge, find("_charge", "Charge")) == []
    assert absent(ListedRefund, find("_refund", "Refund")) == []


@pytest.fixture
def selling(shop: CardShop) -> CardShop:
    """A shop with a fee, whose sale of 999 was paid, and 400 given back."""
    with shop.database.transaction() as session:
        make.seller_of(session, shop.product()).card_fee_rate = 1000
    order = sell(shop)
    with shop.database.transaction() as session:
        request_refund(session, id_of(order), actor="cli", reason="mistake", amount=400, now=utc_now())
    shop.work()
    shop.hand_over()
    return shop


def sell(shop: CardShop) -> Order:
    order = shop.order().order
    shop.stripe.perform("pays", {"session": shop.session_of(order)})
    shop.hand_over()
    return order


def later() -> datetime:
    """When nothing of now is under way any more."""
    return utc_now() + timedelta(hours=2)


def compared(shop: CardShop, now: datetime | None = None) -> Comparison:
    found = compare_books(shop.database, shop.worker.services, now=now or later())
    return next(each for each in found if each.rail == "card")


def faults(shop: CardShop) -> list[tuple[str, str]]:
    return [(each.fault, each.line.kind) for each in compared(shop).differences]


def test_the_books_of_stripe_are_ours_to_the_cent(selling: CardShop) -> None:
    """Conservation: what Stripe has of our orders is what we have; the seller's other business is neither."""
    selling.stripe.sells_elsewhere(selling.account, 3)
    found = compared(selling)
    assert [(each.kind, each.theirs, each.ours) for each in found.sums] == [
        ("charge", 999, 999),
        ("fee", 100, 100),
        ("refund", 400, 400),
    ]
    assert (found.differences, found.unread) == ([], [])


def test_what_has_just_happened_is_not_compared_yet(selling: CardShop) -> None:
    found = compared(selling, utc_now())
    assert (found.sums, found.differences) == ([], [])


def test_a_sale_that_nobody_told_of_differs_until_it_is_known(selling: CardShop) -> None:
    order = selling.order().order
    selling.stripe.perform("pays", {"session": selling.session_of(order)})
    assert faults(selling) == [("unknown-here", "charge"), ("unknown-here", "fee")]
    selling.hand_over()
    assert faults(selling) == []


def test_what_we_have_and_stripe_has_not_or_otherwise_differs(selling: CardShop) -> None:
    (refund,) = selling.rows(Refund)
    (payment,) = (row for row in selling.rows(Payment) if row.provider_id.startswith("pi_"))
    with selling.database.transaction() as session:
        session.get_one(Refund, refund.id).provider_id = "re_nobody"
        session.get_one(Payment, payment.id).received = 998
    assert sorted(faults(selling)) == [
        ("differs", "charge"),
        ("unknown-here", "refund"),
        ("unknown-there", "refund"),
    ]


def test_an_account_that_let_us_go_is_named_and_its_sales_are_left_out(selling: CardShop) -> None:
    selling.stripe.disconnect(selling.account)
    found = compared(selling)
    assert (found.unread, found.differences, found.sums) == ([selling.account], [], [])


def test_staff_are_told_of_a_difference_once(selling: CardShop) -> None:
    order = selling.order().order
    selling.stripe.perform("pays", {"session": selling.session_of(order)})
    with selling.database.transaction() as session:
        make.user(session, roles=("admin",))
    for _ in range(2):
        with selling.database.transaction() as session:
            tell_differences(session, [compared(selling)])
    with selling.database.transaction() as session:
        assert make.sent_texts(session).count("staff-books-differ") == 2  # the charge, and its fee


def test_the_daily_job_compares(selling: CardShop) -> None:
    assert selling.worker.do(CompareBooks()).state == "done"
