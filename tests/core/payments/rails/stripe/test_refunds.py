"""Money of card payments that goes back, on a loopback Stripe."""

from itertools import permutations
from typing import Any

import pytest

from core.kit.errors import Refused
from core.kit.rows import id_of
from core.payments.rails.stripe.objects import Found
from core.payments.refunds import request_refund
from schemas.base import utc_now
from schemas.sales import BalanceEntry, Order, Refund
from tests.support import make
from tests.support.cards import PRICE, CardShop

COMPLETED = "checkout.session.completed"


@pytest.fixture
def order(shop: CardShop) -> Order:
    """An order that a known buyer paid by card."""
    return paid(shop)


def paid(shop: CardShop) -> Order:
    order = shop.order().order
    with shop.database.transaction() as session:
        session.get_one(Order, order.id).buyer_id = id_of(make.user(session))
    shop.stripe.perform("pays", {"session": shop.session_of(order)})
    shop.hand_over()
    assert shop.status(order) == "paid"
    return order


def ask(shop: CardShop, order: Order, amount: int | None = None, **more: Any) -> None:
    with shop.database.transaction() as session:
        request_refund(
            session, id_of(order), actor="cli", reason="mistake", amount=amount, now=utc_now(), **more
        )


def give_back(shop: CardShop, order: Order, amount: int | None = None) -> None:
    ask(shop, order, amount)
    shop.work()


def in_dashboard(shop: CardShop, **fields: Any) -> str:
    """A refund that the seller makes at Stripe, which bears nothing of ours; its id."""
    (charge, *_) = shop.stripe.book.all(shop.account, "charge")
    api, key = shop.worker.services.stripe, f"dashboard:{len(refunds(shop))}"
    made = api.post(Found, "/v1/refunds", {"charge": charge["id"]} | fields, key=key, account=shop.account)
    return made.id


def refunds(shop: CardShop) -> list[dict[str, Any]]:
    """All refunds at Stripe."""
    return shop.stripe.book.all(shop.account, "refund")


def rows(shop: CardShop) -> list[tuple[str, int]]:
    return [(row.status, row.amount) for row in sorted(shop.rows(Refund), key=lambda row: row.id)]


def needs_support(shop: CardShop) -> bool:
    return any(row.needs_support_at for row in shop.rows(Order))


def test_a_whole_refund_ends_the_access_at_once(shop: CardShop, order: Order) -> None:
    assert shop.has_access()
    give_back(shop, order)
    assert shop.status(order) == "refunded"
    assert not shop.has_access()
    assert rows(shop) == [("succeeded", PRICE.amount)]
    shop.hand_over()
    assert rows(shop) == [("succeeded", PRICE.amount)]
    assert shop.rows(BalanceEntry) == []
    assert not needs_support(shop)


def test_parts_go_back_one_by_one_and_the_last_takes_the_order(shop: CardShop, order: Order) -> None:
    """Case 4 and trap 3: each refund is a row by Stripe's id, however often it is told."""
    for amount in (300, 300):
        give_back(shop, order, amount)
        shop.hand_over()
    assert (shop.status(order), shop.has_access()) == ("paid", True)
    assert rows(shop) == [("succeeded", 300), ("succeeded", 300)]
    with pytest.raises(Refused, match="not-refundable"):
        ask(shop, order, 400)
    give_back(shop, order)
    shop.hand_over()
    assert rows(shop) == [("succeeded", 300), ("succeeded", 300), ("succeeded", 399)]
    assert (shop.status(order), shop.has_access()) == ("refunded", False)
    assert len({row.provider_id for row in shop.rows(Refund)}) == 3


def test_a_part_keeps_the_access_unless_told_otherwise(shop: CardShop, order: Order) -> None:
    ask(shop, order, 300, end_access=True)
    assert not shop.has_access()
    shop.work()
    assert shop.status(order) == "paid"


def test_what_is_on_its_way_back_is_not_asked_for_twice(shop: CardShop, order: Order) -> None:
    ask(shop, order, 600)
    with pytest.raises(Refused, match="not-refundable"):
        ask(shop, order, 600)
    ask(shop, order)
    ask(shop, order)
    shop.work()
    assert [refund["amount"] for refund in refunds(shop)] == [600, 399]
    assert shop.status(order) == "refunded"


@pytest.mark.parametrize(
    ("rate", "parts", "back"),
    [(1000, [None], 100), (1000, [333, 333, None], 100), (0, [None], 0)],
)
def test_the_operators_fee_goes_back_in_proportion_where_there_was_one(
    shop: CardShop, rate: int, parts: list[int | None], back: int
) -> None:
    """Case 16: without a fee nothing is said of one, or Stripe refuses the refund."""
    with shop.database.transaction() as session:
        make.seller_of(session, shop.product()).card_fee_rate = rate
    order = paid(shop)
    for part in parts:
        give_back(shop, order, part)
    fees = shop.stripe.book.all(None, "application_fee")
    assert sum(fee["amount_refunded"] for fee in fees) == back
    assert shop.status(order) == "refunded"


def test_a_pending_refund_keeps_the_access_until_it_is_done(shop: CardShop, order: Order) -> None:
    shop.stripe.set_seller(shop.account, refunds="pending")
    give_back(shop, order)
    shop.hand_over()
    assert (shop.status(order), rows(shop)) == ("paid", [("pending", PRICE.amount)])
    shop.stripe.refund_settles(refunds(shop)[0]["id"])
    shop.hand_over()
    assert (shop.status(order), shop.has_access()) == ("refunded", False)


def test_a_pending_refund_that_fails_leaves_all_as_it_was_and_calls_support(
    shop: CardShop, order: Order
) -> None:
    shop.stripe.set_seller(shop.account, refunds="pending")
    give_back(shop, order)
    shop.stripe.refund_settles(refunds(shop)[0]["id"], good=False)
    shop.hand_over(shop.waiting()[::-1])
    assert (shop.status(order), shop.has_access()) == ("paid", True)
    assert rows(shop) == [("failed", PRICE.amount)]
    assert needs_support(shop)
    shop.stripe.set_seller(shop.account, refunds="succeeded")
    give_back(shop, order)
    assert shop.status(order) == "refunded"


@pytest.mark.parametrize("seen", [True, False])
def test_a_refund_that_fails_after_it_succeeded_leaves_the_order_as_if_it_had_failed_at_once(
    shop: CardShop, order: Order, seen: bool
) -> None:
    """The money is the seller's, so the buyer has what they bought, whether anybody saw it go or not."""
    if seen:
        give_back(shop, order)
        assert (shop.status(order), shop.has_access()) == ("refunded", False)
    else:
        in_dashboard(shop)
    before = shop.waiting()
    shop.stripe.refund_settles(refunds(shop)[0]["id"], good=False)
    shop.hand_over()
    shop.hand_over(before)  # late news
    assert (shop.status(order), rows(shop)) == ("paid", [("failed", PRICE.amount)])
    assert (shop.has_access(), needs_support(shop)) == (True, True)
    give_back(shop, order)
    assert (shop.status(order), shop.has_access()) == ("refunded", False)


@pytest.mark.parametrize("turn", [1, -1])
def test_money_that_went_back_at_the_second_try_is_back_whatever_is_known_first(
    shop: CardShop, order: Order, turn: int
) -> None:
    in_dashboard(shop)
    shop.stripe.refund_settles(refunds(shop)[0]["id"], good=False)
    in_dashboard(shop)
    shop.hand_over(shop.waiting()[::turn])
    assert (shop.status(order), shop.has_access()) == ("refunded", False)
    assert sorted(rows(shop)) == [("failed", PRICE.amount), ("succeeded", PRICE.amount)]


@pytest.mark.parametrize("gone", [0, 1])
@pytest.mark.parametrize("chosen", list(permutations(range(3))))
def test_two_payments_and_a_refund_end_alike_whatever_is_known_first(
    shop: CardShop, chosen: tuple[int, ...], gone: int
) -> None:
    order, pages = shop.on_two_pages()
    for page in pages:
        shop.stripe.perform("pays", {"session": page})
    completed = [event for event in shop.waiting() if event["type"] == COMPLETED]
    in_dashboard(shop, charge=shop.stripe.book.all(shop.account, "charge")[gone]["id"])
    (back,) = [event for event in shop.waiting() if event["type"] == "refund.created"]
    events = [*completed, back]
    for place in chosen:
        shop.hand_over([events[place]])
    assert (shop.status(order), shop.has_access(), needs_support(shop)) == ("paid", True, True)
    made = sorted(row.status for name, row in shop.payments(order).items() if name.startswith("pi_"))
    assert made == ["confirmed", "refunded"]
    give_back(shop, order)
    assert (shop.status(order), shop.has_access()) == ("refunded", False)


@pytest.mark.parametrize("early", [True, False])
def test_parts_of_one_of_two_payments_count_once_it_alone_pays(shop: CardShop, early: bool) -> None:
    """All that came has gone back, so the order is refunded, whenever the second payment became known."""
    order = shop.order().order
    again = shop.second_page(order)
    shop.stripe.perform("pays", {"session": shop.session_of(order)})
    shop.hand_over()
    in_dashboard(shop, amount=300)
    part = shop.waiting()
    if early:
        shop.hand_over(part)
    shop.stripe.perform("pays", {"session": again})
    shop.hand_over()
    shop.hand_over(part)
    one, two = sorted(shop.stripe.book.all(shop.account, "charge"), key=lambda each: each["amount_refunded"])
    for charge in (one, two):
        left = charge["amount"] - charge["amount_refunded"]
        in_dashboard(shop, charge=charge["id"], amount=left)
        shop.hand_over()
    assert shop.status(order) == "refunded"


@pytest.mark.parametrize(("fields", "status"), [({}, "refunded"), ({"amount": 400}, "paid")])
def test_a_refund_in_stripes_dashboard_is_found_by_its_payment(
    shop: CardShop, order: Order, fields: dict[str, int], status: str
) -> None:
    in_dashboard(shop, **fields)
    assert shop.hand_over() == 2  # of the refund, and of the charge
    assert shop.status(order) == status
    assert shop.has_access() is (status == "paid")
    assert rows(shop) == [("succeeded", fields.get("amount", PRICE.amount))]


def test_the_events_of_a_sale_and_its_refunds_may_come_in_any_order_and_twice(shop: CardShop) -> None:
    """Case 15: a refund before its payment is known; all of it ends the same."""
    order = shop.order().order
    with shop.database.transaction() as session:
        session.get_one(Order, order.id).buyer_id = id_of(make.user(session))
    shop.stripe.perform("pays", {"session": shop.session_of(order)})
    in_dashboard(shop)
    events = [
        event
        for event in shop.waiting()
        if event["type"] in ("charge.refunded", "checkout.session.completed")
    ]
    shop.hand_over([event for event in events if event["type"] == "charge.refunded"])
    assert (shop.status(order), shop.has_access()) == ("refunded", False)
    for some in permutations(events):
        shop.hand_over(list(some))
    assert (shop.status(order), rows(shop)) == ("refunded", [("succeeded", PRICE.amount)])


@pytest.mark.parametrize("which", [0, 1])
def test_paid_twice_and_one_refunded_the_order_stays_paid(shop: CardShop, which: int) -> None:
    """Case 14, whichever of the two went back."""
    order = shop.pay_twice()
    charges = shop.stripe.book.all(shop.account, "charge")
    in_dashboard(shop, charge=charges[which]["id"])
    shop.hand_over()
    assert (shop.status(order), shop.has_access()) == ("paid", True)
    made = {row.status for name, row in shop.payments(order).items() if name.startswith("pi_")}
    assert made == {"confirmed", "refunded"}
    give_back(shop, order)  # and the other one takes the order with it
    assert (shop.status(order), shop.has_access()) == ("refunded", False)


def test_a_refund_while_disputed_is_refused_by_stripe_and_support_is_called(
    shop: CardShop, order: Order
) -> None:
    """Case 15: the bank has taken the money already; asked again, it would go out twice."""
    (charge,) = shop.stripe.book.all(shop.account, "charge")
    shop.stripe.disputes(charge["id"])
    give_back(shop, order)
    assert refunds(shop) == []
    assert (shop.status(order), rows(shop)) == ("paid", [("failed", PRICE.amount)])
    assert needs_support(shop)


@pytest.mark.parametrize("fault", ["fail_after", "cut_after"])
def test_an_answer_that_is_lost_refunds_nothing_twice(shop: CardShop, order: Order, fault: str) -> None:
    ask(shop, order, 400)
    shop.stripe.break_things(**{fault: 1})
    shop.work()
    (job,) = shop.jobs("refund_card")
    assert job.state == "queued"
    for _ in range(3):
        if shop.worker.job(job.id).state == "queued":
            shop.worker.repeat(job.id)
    assert shop.worker.job(job.id).state == "done"
    assert [refund["amount"] for refund in refunds(shop)] == [400]
    assert rows(shop) == [("succeeded", 400)]


def test_a_refund_in_the_dashboard_meanwhile_is_not_made_again(shop: CardShop, order: Order) -> None:
    ask(shop, order)
    in_dashboard(shop)
    shop.work()
    assert len(refunds(shop)) == 1
    assert shop.status(order) == "refunded"
    assert not needs_support(shop)
