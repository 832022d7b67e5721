"""Disputes of card payments on a loopback Stripe: access, money lines, news, whatever is told and when."""

from dataclasses import replace
from datetime import timedelta
from itertools import permutations
from typing import Any, Literal

import msgspec
import pytest
from sqlmodel import Session, col, select

from core.kit.errors import Refused
from core.kit.rows import id_of, must_get
from core.orders.orders import order_number
from core.payments.dispute_rules import DisputePolicy
from core.payments.order_claims import issue_claim, redeem
from core.payments.papers import issue
from core.payments.rails.stripe import objects
from core.payments.rails.stripe.disputes import SeenDisputes, apply_disputes
from core.payments.rails.stripe.missed import read_missed
from core.payments.refunds import refundable, request_refund
from schemas.base import utc_now
from schemas.disputes import Dispute, DisputeLine
from schemas.paper_jobs import IssuePaper
from schemas.papers import Paper
from schemas.sales import Order, Payment
from tests.core.payments.rails.stripe.test_refunds import in_dashboard, paid
from tests.support import make
from tests.support.card_club import CardClub
from tests.support.cards import PRICE, CardShop
from tests.support.worker import Worker

FEE = 2000
Access = Literal["suspend", "keep"]


@pytest.fixture
def order(shop: CardShop) -> Order:
    """An order that a known buyer paid by card."""
    return paid(shop)


def keeps(shop: CardShop) -> None:
    """Disputes keep access in this shop."""
    services = shop.worker.services
    shop.worker = Worker(replace(services, settings=replace(services.settings, dispute_access="keep")))


def dispute(shop: CardShop, status: str = "needs_response", reason: str = "fraudulent") -> str:
    """A bank disputes the first payment, or asks about it; Stripe's id of that."""
    (charge, *_) = shop.stripe.book.all(shop.account, "charge")
    made = shop.stripe.perform("disputes", {"charge": charge["id"], "reason": reason, "status": status})
    return str(made["id"])


def decides(shop: CardShop, name: str, outcome: str) -> None:
    shop.stripe.perform("decides", {"dispute": name, "outcome": outcome})


def opened(shop: CardShop, **more: str) -> str:
    name = dispute(shop, **more)
    shop.hand_over()
    return name


def decided(shop: CardShop, name: str, outcome: str) -> None:
    decides(shop, name, outcome)
    shop.hand_over()


def statuses(shop: CardShop) -> list[str]:
    return [row.status for row in shop.rows(Dispute)]


def lines(shop: CardShop) -> list[tuple[int, int]]:
    rows = sorted(shop.rows(DisputeLine), key=lambda row: row.id)
    return [(row.amount, row.fee) for row in rows]


def told(shop: CardShop) -> list[str]:
    """Which texts were sent since the order was paid, but for the sale's own."""
    with shop.database.transaction() as session:
        names = make.sent_texts(session)
    about = ("disput", "aside", "given", "fraud", "charged", "refunded")
    return [name for name in names if any(part in name for part in about)]


def papers(shop: CardShop) -> list[tuple[str, int]]:
    """What was issued for the order, with its papers made as the jobs make them: kind and amount."""
    with shop.database.transaction() as session:
        for job in make.queued(session, IssuePaper):
            issue(session, job.order_id, part=job.part, amount=job.amount, now=utc_now())
        rows = session.exec(select(Paper).order_by(col(Paper.issued_at))).all()
        return [(row.kind, row.amount) for row in rows]


def test_a_dispute_suspends_access_and_a_won_one_gives_it_back(shop: CardShop, order: Order) -> None:
    """Case 8: won and lost are both heard on the seller's own account."""
    name = opened(shop)
    assert (statuses(shop), shop.has_access(), shop.status(order)) == (["needs_response"], False, "paid")
    assert lines(shop) == [(-PRICE.amount, FEE)]
    decided(shop, name, "won")
    assert (statuses(shop), shop.has_access()) == (["won"], True)
    assert lines(shop) == [(-PRICE.amount, FEE), (PRICE.amount, 0)]
    assert told(shop) == ["sale-disputed", "order-put-aside", "sale-disputed", "order-given-back"]


def test_a_lost_dispute_refunds_the_order_and_has_a_credit_note(shop: CardShop, order: Order) -> None:
    name = opened(shop)
    decided(shop, name, "lost")
    assert (statuses(shop), shop.has_access(), shop.status(order)) == (["lost"], False, "refunded")
    assert lines(shop) == [(-PRICE.amount, FEE)]
    assert told(shop) == ["sale-disputed", "order-put-aside", "sale-disputed", "order-charged-back"]
    assert papers(shop) == [("receipt", PRICE.amount), ("credit_note", PRICE.amount)]
    (payment,) = (row for key, row in shop.payments(order).items() if key.startswith("pi_"))
    assert payment.status == "refunded"
    shop.hand_over()
    assert papers(shop) == [("receipt", PRICE.amount), ("credit_note", PRICE.amount)]


def test_what_a_lost_dispute_took_in_part_is_a_part_refund(shop: CardShop, order: Order) -> None:
    dispute(shop)
    (found,) = shop.stripe.book.all(shop.account, "dispute")
    found["amount"] = 400
    decided(shop, found["id"], "lost")
    assert (shop.has_access(), shop.status(order)) == (False, "paid")
    assert papers(shop) == [("receipt", PRICE.amount), ("credit_note", 400)]
    with shop.database.transaction() as session:
        assert refundable(session, session.get_one(Order, order.id)) == PRICE.amount - 400


def test_paid_twice_a_lost_dispute_leaves_the_order(shop: CardShop) -> None:
    order = shop.pay_twice()
    name = opened(shop)
    decided(shop, name, "lost")
    assert (statuses(shop), shop.has_access(), shop.status(order)) == (["lost"], True, "paid")
    states = [row.status for key, row in shop.payments(order).items() if key.startswith("pi_")]
    assert sorted(states) == ["confirmed", "refunded"]
    assert papers(shop) == [("receipt", PRICE.amount)]


def test_a_card_whose_owner_won_is_charged_no_more(shop: CardShop) -> None:
    club = CardClub(shop)
    order = club.join()
    name = dispute(shop)
    decides(shop, name, "lost")
    club.hand_over()
    club.ask_stripe()
    assert (shop.status(order), club.state()) == ("refunded", "revoked")
    assert club.at_stripe()["status"] == "canceled"


def test_an_event_of_a_dispute_is_applied_once(shop: CardShop, order: Order) -> None:
    dispute(shop)
    event = next(each for each in shop.waiting() if each["type"] == "charge.dispute.created")
    shop.hand_over([event])
    assert "of disputes there was news" in shop.outcomes()[event["id"]][1]


def test_where_disputes_keep_access_only_a_lost_one_ends_it(shop: CardShop, order: Order) -> None:
    keeps(shop)
    name = opened(shop)
    assert shop.has_access()
    decided(shop, name, "lost")
    assert not shop.has_access()
    assert told(shop) == ["sale-disputed", "sale-disputed", "order-charged-back"]


def test_an_inquiry_moves_no_money_and_takes_no_access(shop: CardShop, order: Order) -> None:
    name = opened(shop, status="warning_needs_response")
    assert (shop.has_access(), lines(shop)) == (True, [])
    decided(shop, name, "warning_closed")
    assert (statuses(shop), shop.has_access()) == (["warning_closed"], True)


def test_an_inquiry_may_become_a_dispute(shop: CardShop, order: Order) -> None:
    name = opened(shop, status="warning_needs_response")
    decided(shop, name, "needs_response")
    assert (statuses(shop), shop.has_access()) == (["needs_response"], False)
    assert lines(shop) == [(-PRICE.amount, FEE)]


def test_a_dispute_that_was_prevented_changes_nothing(shop: CardShop, order: Order) -> None:
    opened(shop, status="prevented")
    assert (statuses(shop), shop.has_access(), lines(shop)) == (["prevented"], True, [])


def test_a_dispute_may_be_lost_at_once(shop: CardShop, order: Order) -> None:
    opened(shop, status="lost")
    assert (statuses(shop), shop.has_access()) == (["lost"], False)


@pytest.mark.parametrize(("access", "appealed"), [("suspend", False), ("keep", True)])
def test_an_appeal_against_a_won_dispute_contests_it_anew(
    shop: CardShop, order: Order, access: Access, appealed: bool
) -> None:
    if access == "keep":
        keeps(shop)
    name = opened(shop)
    decided(shop, name, "won")
    decided(shop, name, "appeal_needs_response")
    assert shop.has_access() is appealed
    decided(shop, name, "won")
    assert (statuses(shop), shop.has_access()) == (["won"], True)


def test_an_appeal_against_a_lost_dispute_gives_nothing_back_before_it_is_won(
    shop: CardShop, order: Order
) -> None:
    keeps(shop)
    name = opened(shop)
    decided(shop, name, "lost")
    decided(shop, name, "appeal_needs_response")
    assert (shop.has_access(), shop.status(order)) == (False, "refunded")
    decided(shop, name, "won")
    assert (shop.has_access(), shop.status(order)) == (True, "paid")
    assert papers(shop) == [
        ("receipt", PRICE.amount),
        ("credit_note", PRICE.amount),
        ("receipt", PRICE.amount),
    ]
    with shop.database.transaction() as session:
        assert refundable(session, session.get_one(Order, order.id)) == PRICE.amount


def test_a_status_that_is_new_to_us_leaves_what_was_known(shop: CardShop, order: Order) -> None:
    name = opened(shop)
    (found,) = shop.stripe.book.all(shop.account, "dispute")
    with shop.database.transaction() as session:
        _see(session, shop, order, [found | {"status": "escalated"}])
    assert (statuses(shop), shop.has_access(), name) == (["needs_response"], False, found["id"])


def test_a_look_that_comes_late_changes_nothing(shop: CardShop, order: Order) -> None:
    name = opened(shop)
    (before,) = (dict(each) for each in shop.stripe.book.all(shop.account, "dispute"))
    decided(shop, name, "won")
    with shop.database.transaction() as session:
        _see(session, shop, order, [before], late=timedelta(hours=1))
    assert (statuses(shop), shop.has_access()) == (["won"], True)


def _see(
    session: Session,
    shop: CardShop,
    order: Order,
    found: list[dict[str, Any]],
    *,
    late: timedelta = timedelta(0),
) -> None:
    locked = must_get(session, Order, id_of(order), "order-unknown", lock=True)
    payment = session.exec(select(Payment).where(Payment.status == "confirmed")).one()
    disputes = tuple(msgspec.convert(found, list[objects.Dispute]))
    seen = SeenDisputes(disputes, at=utc_now() - late)
    apply_disputes(session, locked, payment, seen, DisputePolicy(), now=utc_now())


def test_all_events_of_a_dispute_in_any_order_and_twice_end_the_same(shop: CardShop, order: Order) -> None:
    name = dispute(shop)
    decides(shop, name, "lost")
    events = [event for event in shop.waiting() if event["type"].startswith("charge.dispute.")]
    assert len(events) == 3
    for some in permutations(events):
        shop.hand_over(list(some))
    assert (statuses(shop), shop.has_access()) == (["lost"], False)
    assert lines(shop) == [(-PRICE.amount, FEE)]
    assert told(shop) == ["sale-disputed", "order-charged-back"]
    assert papers(shop) == [("receipt", PRICE.amount), ("credit_note", PRICE.amount)]


def test_a_dispute_of_which_no_webhook_told_is_found(shop: CardShop, order: Order) -> None:
    """Case 9: all webhooks of a dispute and of its end were lost."""
    name = dispute(shop)
    decides(shop, name, "lost")
    shop.waiting()
    assert read_missed(shop.database, shop.worker.services.stripe, live=False, now=utc_now()) > 0
    shop.work()
    assert (statuses(shop), shop.has_access()) == (["lost"], False)


def test_no_refund_is_asked_while_a_bank_has_the_money(shop: CardShop, order: Order) -> None:
    """Case 15: refunded while disputed, the money would go out twice."""
    opened(shop)
    with pytest.raises(Refused, match="order-disputed"), shop.database.transaction() as session:
        request_refund(session, id_of(order), actor="cli", reason="mistake", now=utc_now())
    assert shop.stripe.book.all(shop.account, "refund") == []


def test_an_inquiry_can_be_answered_by_a_refund(shop: CardShop, order: Order) -> None:
    opened(shop, status="warning_needs_response")
    with shop.database.transaction() as session:
        request_refund(session, id_of(order), actor="cli", reason="mistake", now=utc_now())
    shop.work()
    assert (shop.status(order), shop.has_access()) == ("refunded", False)


def test_a_refund_may_be_told_before_the_dispute_that_it_answers(shop: CardShop, order: Order) -> None:
    """Case 15, the other way round: what came first is found by looking, not by events."""
    dispute(shop, status="warning_needs_response")
    in_dashboard(shop)
    events = shop.waiting()
    shop.hand_over(events[::-1])
    assert (shop.status(order), shop.has_access()) == ("refunded", False)
    assert statuses(shop) == ["warning_needs_response"]


def test_a_won_dispute_gives_nothing_back_that_was_refunded(shop: CardShop, order: Order) -> None:
    name = opened(shop)
    with shop.database.transaction() as session:
        session.get_one(Order, order.id).status = "refunded"
    decided(shop, name, "won")
    assert not shop.has_access()


def test_paid_twice_and_one_disputed_access_stays(shop: CardShop) -> None:
    shop.pay_twice()
    opened(shop)
    assert (statuses(shop), shop.has_access()) == (["needs_response"], True)


def test_nobody_claims_what_a_bank_disputes(shop: CardShop) -> None:
    order = shop.order().order
    shop.stripe.perform("pays", {"session": shop.session_of(order)})
    shop.hand_over()
    name = opened(shop)
    with shop.database.transaction() as session:
        buyer = make.user(session)
        token = issue_claim(session, session.get_one(Order, order.id), life=timedelta(days=1), now=utc_now())
    with pytest.raises(Refused, match="access-put-aside"), shop.database.transaction() as session:
        redeem(session, token, session.merge(buyer), utc_now())
    decided(shop, name, "won")
    with shop.database.transaction() as session:
        redeem(session, token, session.merge(buyer), utc_now())
    assert shop.has_access()


def set_fees(shop: CardShop, fees: str) -> None:
    services = shop.worker.services
    shop.worker = Worker(replace(services, settings=replace(services.settings, dispute_fees=fees)))


def warned(shop: CardShop) -> None:
    """A bank warns of the first payment, twice."""
    charge = shop.stripe.book.all(shop.account, "charge")[0]
    shop.stripe.perform("warns", {"charge": charge["id"]})
    events = shop.waiting()
    shop.hand_over(events)
    shop.hand_over([event | {"id": f"{event['id']}_again"} for event in events])
    shop.hand_over()


def test_a_warning_of_fraud_asks_the_seller_once(shop: CardShop, order: Order) -> None:
    set_fees(shop, "")
    (charge,) = shop.stripe.book.all(shop.account, "charge")
    shop.stripe.perform("warns", {"charge": charge["id"]})
    events = shop.waiting()
    shop.hand_over(events)
    shop.hand_over([event | {"id": f"{event['id']}_again"} for event in events])
    assert (told(shop), shop.has_access()) == (["sale-fraud-warning"], True)
    in_dashboard(shop)  # after which nobody can act on it any more
    shop.hand_over()
    assert told(shop) == ["sale-fraud-warning", "order-refunded", "sale-refunded-seller"]


@pytest.mark.parametrize(
    ("fees", "price", "refunded"),
    [("20.00 EUR", 999, True), ("9.99 EUR", 999, False), ("20.00 USD", 999, False), ("", 999, False)],
)
def test_what_is_worth_less_than_a_dispute_costs_is_refunded_at_once(
    shop: CardShop, order: Order, fees: str, price: int, refunded: bool
) -> None:
    assert order.amount == price
    set_fees(shop, fees)
    warned(shop)
    assert [each["amount"] for each in shop.stripe.book.all(shop.account, "refund")] == [price] * refunded
    assert (shop.status(order) == "refunded", shop.has_access()) == (refunded, not refunded)
    about = ["sale-fraud-refunded", "order-refunded", "sale-refunded-seller"]
    assert told(shop) == (about if refunded else ["sale-fraud-warning"])


def test_what_stripe_took_for_the_last_dispute_counts_before_the_setting(
    shop: CardShop, order: Order
) -> None:
    """The stand-in takes 20.00 EUR, whatever the operator has written down."""
    set_fees(shop, "1.00 EUR")
    dispute(shop)
    shop.hand_over()
    again = shop.order().order
    shop.stripe.perform("pays", {"session": shop.session_of(again)})
    shop.hand_over()
    newest = shop.stripe.book.all(shop.account, "charge")[-1]
    shop.stripe.perform("warns", {"charge": newest["id"]})
    shop.hand_over()
    shop.work()
    assert (shop.status(order), shop.status(again)) == ("paid", "refunded")


def test_a_second_payment_gives_back_what_a_dispute_of_the_first_has_put_aside(
    shop: CardShop, order: Order
) -> None:
    again = shop.second_page(order)
    opened(shop)
    assert not shop.has_access()
    shop.stripe.perform("pays", {"session": again})
    shop.hand_over()
    assert shop.has_access()


def test_a_warning_of_a_payment_beside_the_one_that_pays_asks_a_person(shop: CardShop) -> None:
    order = shop.pay_twice()
    set_fees(shop, "20.00 EUR")
    warned(shop)
    assert (shop.status(order), shop.stripe.book.all(shop.account, "refund")) == ("paid", [])
    assert "sale-fraud-warning" in told(shop)


def test_an_event_of_another_sellers_account_finds_no_dispute_of_ours(shop: CardShop, order: Order) -> None:
    dispute(shop)
    other = shop.stripe.add_seller()
    assert shop.hand_over([event | {"account": other} for event in shop.waiting()]) == 0
    assert (statuses(shop), shop.has_access()) == ([], True)
    assert order_number(order)


@pytest.mark.parametrize("at_once", [False, True])
def test_a_dispute_behind_a_lost_one_stands_the_same_whenever_the_end_is_heard_of(
    shop: CardShop, order: Order, at_once: bool
) -> None:
    first = opened(shop)
    decides(shop, first, "lost")
    if not at_once:
        shop.hand_over()
    dispute(shop)
    shop.hand_over()
    held = {row.status: row.held_at is not None for row in shop.rows(Dispute)}
    assert held == {"lost": True, "needs_response": True}
    assert shop.rows(Order)[0].status == "refunded"
