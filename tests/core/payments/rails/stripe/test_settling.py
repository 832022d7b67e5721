"""Sales by card, from the page of Checkout to the paid order, on a loopback Stripe."""

import threading
from collections.abc import Callable
from datetime import timedelta
from itertools import permutations
from typing import Any

import pytest

from core.jobs.ledger import enqueue
from core.kit.money import Money
from core.orders.orders import order_number
from core.payments.checkout import look_again
from core.payments.rails.stripe.look import look_at_session
from core.payments.rails.stripe.platform import mark
from core.payments.rails.stripe.settling import order_of
from schemas.card_jobs import ReconcileCards
from schemas.sales import BalanceEntry, Order, Payment
from tests.support import make
from tests.support.cards import PRICE, CardShop


def pay(shop: CardShop, order: Order, how: str = "ok") -> None:
    shop.stripe.perform("pays", {"session": shop.session_of(order), "how": how})


def intent_of(shop: CardShop, order: Order) -> Payment:
    (made,) = (row for name, row in shop.payments(order).items() if name.startswith("pi_"))
    return made


def of_type(events: list[dict[str, Any]], kind: str) -> list[dict[str, Any]]:
    return [event for event in events if event["type"] == kind]


def sales_told(shop: CardShop) -> int:
    with shop.database.transaction() as session:
        return make.sent_texts(session).count("sale-made")


def test_an_order_is_paid_on_the_sellers_own_account_and_delivered_once(shop: CardShop) -> None:
    order = shop.order().order
    assert shop.status(order) == "awaiting_payment"
    page = shop.payments(order)[shop.session_of(order)]
    assert page.pay_url == f"{shop.stripe.url}/pay/{page.provider_id}"
    pay(shop, order)
    assert shop.hand_over() == 1
    assert shop.status(order) == "paid"
    made = intent_of(shop, order)
    assert (made.status, made.received, made.details["account"]) == ("confirmed", 999, shop.account)
    assert sales_told(shop) == 1


def test_stripe_pays_the_seller_so_nobody_owes_them(shop: CardShop) -> None:
    """Trap 2: a line "sale" would be paid out a second time."""
    order = shop.order().order
    pay(shop, order)
    shop.hand_over()
    assert shop.rows(BalanceEntry) == []


@pytest.mark.parametrize(
    ("rate", "sums", "fee"), [(0, {}, 0), (1000, {}, 100), (0, {"EUR": 30}, 30), (250, {"EUR": 5}, 30)]
)
def test_the_operators_fee_is_taken_by_stripe_and_without_one_nothing_is_said_of_it(
    shop: CardShop, rate: int, sums: dict[str, int], fee: int
) -> None:
    """Case 16: a fee of 0 is not sent; the stand-in refuses it, as Stripe does."""
    with shop.database.transaction() as session:
        seller = make.seller_of(session, shop.product())
        seller.card_fee_rate, seller.card_fee_sums = rate, sums
    order = shop.order().order
    pay(shop, order)
    shop.hand_over()
    assert intent_of(shop, order).details["fee"] == fee
    taken = [fee["amount"] for fee in shop.stripe.book.all(None, "application_fee")]
    assert taken == ([fee] if fee else [])


@pytest.mark.parametrize(("currency", "amount"), [("JPY", 1500), ("XOF", 6500), ("XAF", 6500), ("CHF", 999)])
def test_each_currency_is_charged_in_its_own_minor_units(shop: CardShop, currency: str, amount: int) -> None:
    """Case 13: 1,500 yen are 1,500, not 150,000."""
    order = shop.order(shop.add_product(Money(amount, currency))).order
    pay(shop, order)
    shop.hand_over()
    (charge,) = shop.stripe.book.all(shop.account, "charge")
    assert (charge["amount"], charge["currency"]) == (amount, currency.lower())
    assert shop.status(order) == "paid"


def test_webhook_return_and_reconciliation_at_once_settle_one_order_once(shop: CardShop) -> None:
    """Case 2: whoever comes first pays the order, and nobody takes it for a second payment."""
    placed = shop.order()
    pay(shop, placed.order)
    (completed,) = of_type(shop.waiting(), "checkout.session.completed")
    with shop.database.transaction() as session:
        look_again(session, order_number(placed.order), shop.session_of(placed.order))
        enqueue(session, ReconcileCards())
    assert shop.take_in(completed)
    runs = [
        threading.Thread(target=shop.worker.do_all, args=(actor,))
        for actor in ("look_at_checkout", "handle_payment_event", "reconcile_cards")
    ]
    for each in runs:
        each.start()
    for each in runs:
        each.join()
    assert shop.status(placed.order) == "paid"
    assert intent_of(shop, placed.order).status == "confirmed"
    assert sales_told(shop) == 1
    assert not any(row.needs_support_at for row in shop.rows(Order))
    assert shop.stripe.book.all(shop.account, "refund") == []


def test_a_return_before_the_webhook_or_without_one_settles_the_order(shop: CardShop) -> None:
    """Case 2: the success page may come first, or alone."""
    placed = shop.order()
    pay(shop, placed.order)
    events = shop.waiting()
    with shop.database.transaction() as session:
        look_again(session, order_number(placed.order), shop.session_of(placed.order))
    shop.work()
    assert shop.status(placed.order) == "paid"
    shop.hand_over(events)
    assert sales_told(shop) == 1


def test_no_address_that_goes_to_stripe_opens_the_order(shop: CardShop) -> None:
    """The Dashboard shows them to the seller, who must not come to the buyer's order by them."""
    placed = shop.order()
    session_id = shop.session_of(placed.order)
    kept = shop.stripe.book.get(shop.account, "checkout.session", session_id)
    assert placed.page_token
    assert placed.page_token not in repr(kept)
    back = f"https://shop.example/o/returned/{order_number(placed.order)}"
    assert kept["cancel_url"] == back
    assert kept["success_url"] == back + "?session={CHECKOUT_SESSION_ID}"


def test_a_return_without_payment_changes_nothing(shop: CardShop) -> None:
    placed = shop.order()
    with shop.database.transaction() as session:
        look_again(session, order_number(placed.order), shop.session_of(placed.order))
    shop.work()
    assert shop.status(placed.order) == "awaiting_payment"


def test_money_that_a_bank_sends_later_is_waited_for(shop: CardShop) -> None:
    order = shop.order().order
    pay(shop, order, "later")
    shop.hand_over()
    assert shop.status(order) == "awaiting_payment"
    assert intent_of(shop, order).status == "pending"
    shop.stripe.perform("settles", {"session": shop.session_of(order), "good": True})
    shop.hand_over()
    assert shop.status(order) == "paid"


def test_money_that_a_bank_refuses_later_fails_the_order_and_late_news_do_not_revive_it(
    shop: CardShop,
) -> None:
    order = shop.order().order
    pay(shop, order, "later")
    shop.stripe.perform("settles", {"session": shop.session_of(order), "good": False})
    events = shop.waiting()
    shop.hand_over(events[::-1])
    assert shop.status(order) == "failed"
    assert intent_of(shop, order).status == "refused"


def test_the_events_of_a_late_payment_may_come_in_any_order_and_twice(shop: CardShop) -> None:
    """Cases 1 and 5: what an event tells is looked at as it is now, so that their order says nothing."""
    stories = []
    for chosen in permutations(range(2)):
        order = shop.order().order
        pay(shop, order, "later")
        shop.stripe.perform("settles", {"session": shop.session_of(order), "good": True})
        events = [event for event in shop.waiting() if event["type"].startswith("checkout.")]
        shop.hand_over([events[place] for place in chosen] * 2)
        stories.append((shop.status(order), intent_of(shop, order).status))
    assert stories == [("paid", "confirmed")] * 2
    assert sales_told(shop) == 2


def test_two_events_for_one_change_pay_once(shop: CardShop) -> None:
    """Case 4: a payment is one row by Stripe's id, however often it is told."""
    shop.stripe.break_things(twins=True, withhold=True)
    order = shop.order().order
    pay(shop, order)
    assert shop.hand_over() == 2
    assert intent_of(shop, order).received == PRICE.amount
    assert sales_told(shop) == 1


def test_a_page_that_expires_takes_the_order_with_it(shop: CardShop) -> None:
    order = shop.order().order
    shop.stripe.advance(3 * 3600)
    shop.hand_over()
    assert shop.status(order) == "expired"


def test_a_declined_card_leaves_the_page_open_for_another(shop: CardShop) -> None:
    order = shop.order().order
    pay(shop, order, "decline")
    shop.hand_over()
    assert shop.status(order) == "awaiting_payment"
    pay(shop, order)
    shop.hand_over()
    assert shop.status(order) == "paid"


def test_an_order_that_was_given_up_is_paid_by_late_money(shop: CardShop) -> None:
    order = shop.order().order
    with shop.database.transaction() as session:
        session.get_one(Order, order.id).status = "expired"
    pay(shop, order)
    shop.hand_over()
    assert shop.status(order) == "paid"


def test_a_second_payment_goes_to_support_and_the_order_stays_paid(shop: CardShop) -> None:
    order = shop.order().order
    again = shop.second_page(order)  # as where the answer to the first was lost
    pay(shop, order)
    shop.stripe.perform("pays", {"session": again})
    shop.hand_over()
    assert shop.status(order) == "paid"
    made = [row.status for name, row in shop.payments(order).items() if name.startswith("pi_")]
    assert made == ["confirmed", "confirmed"]
    assert sales_told(shop) == 1
    with shop.database.transaction() as session:
        assert session.get_one(Order, order.id).needs_support_at is not None


def of_another(shop: CardShop, order: Order) -> str:
    return mark("another", order.created_at)


def of_a_copy(shop: CardShop, order: Order) -> str:
    return mark(shop.name, order.created_at + timedelta(microseconds=1))


def of_nobody(shop: CardShop, order: Order) -> str:
    return shop.name


@pytest.mark.parametrize("another", [of_another, of_a_copy, of_nobody])
def test_the_order_of_this_number_in_another_shop_on_the_account_pays_nothing_here(
    shop: CardShop, another: Callable[[CardShop, Order], str]
) -> None:
    """A seller may connect one account to two shops, which both have an order CMT-000001; so has a copy of
    this one."""
    order = shop.order().order
    theirs = shop.second_page(order, shop=another(shop, order))
    shop.stripe.perform("pays", {"session": theirs})
    assert shop.hand_over() == 0
    assert (shop.status(order), len(shop.payments(order))) == ("awaiting_payment", 1)
    sight = look_at_session(shop.worker.services.stripe, shop.account, theirs, at=make.NOW)
    with shop.database.transaction() as session:
        assert order_of(session, sight, ()) is None


def test_a_page_that_nobody_was_shown_expires_without_its_order(shop: CardShop) -> None:
    order = shop.order(ttl=12 * 3600).order
    shop.second_page(order)
    shop.stripe.advance(3600)
    assert shop.hand_over() == 1
    assert shop.status(order) == "awaiting_payment"


def test_an_account_that_shows_nothing_any_more_calls_support(shop: CardShop) -> None:
    """Case 11: a seller's object is asked for on the seller's account, or Stripe shows nothing."""
    order = shop.order().order
    pay(shop, order)
    events = shop.waiting()
    shop.stripe.disconnect(shop.account)
    shop.hand_over([event for event in events if event["type"] == "checkout.session.completed"])
    assert shop.status(order) == "awaiting_payment"
    assert shop.rows(Order)[0].needs_support_at is not None


def test_an_event_of_an_older_version_is_looked_at_anew(shop: CardShop) -> None:
    """Case 12: nothing but names is read of an event."""
    order = shop.order().order
    pay(shop, order)
    (completed,) = of_type(shop.waiting(), "checkout.session.completed")
    old = {name: completed["data"]["object"][name] for name in ("id", "object")}
    shop.hand_over([completed | {"api_version": "2014-01-31", "data": {"object": old}}])
    assert shop.status(order) == "paid"
