from dataclasses import replace
from datetime import timedelta

import pytest
from sqlmodel import Session

from core.kit.money import Money
from core.orders.orders import order_number
from core.payments.rails.stripe.checkout import WantedCheckout
from core.payments.rails.stripe.platform import (
    has_key,
    is_marked,
    mark,
    mark_of,
    note_key,
    read_mark,
    request_key,
    shop_name,
)
from core.payments.rails.stripe.refunds import WantedRefund
from tests.support import make

PAGE = WantedCheckout(
    order_number="CMT-000007",
    price=Money(999, "EUR"),
    title="Course",
    account="acct_1",
    fee=0,
    every=None,
    until=make.NOW + timedelta(hours=1),
    return_url="https://shop.example/o/returned/CMT-000007",
    language="en",
    shop="one",
    tax=False,
)
REFUND = WantedRefund(3, "CMT-000007", "acct_1", "pi_1", 999, has_fee=False, attempt=0, shop="one")


def test_the_name_of_a_shop_is_random_and_stays(session: Session) -> None:
    name = shop_name(session)
    assert (len(name), name.isalnum(), shop_name(session)) == (32, True, name)


def test_what_a_copy_numbers_alike_has_another_mark() -> None:
    original, copied = mark("one", make.NOW), mark("one", make.NOW + timedelta(microseconds=1))
    assert original != copied
    assert read_mark(original) == ("one", make.NOW)
    assert replace(PAGE, shop=copied).key(7, 1) != replace(PAGE, shop=original).key(7, 1)


@pytest.mark.parametrize("text", ["", "one", "one.", "one.x", "one.²", f"one.{'9' * 17}"])
def test_what_is_no_mark_says_of_no_moment(text: str) -> None:
    assert read_mark(text)[1] is None


def test_a_mark_is_of_the_order_of_its_number(session: Session) -> None:
    order, later = make.order(session), make.order(session)
    later.created_at += timedelta(microseconds=1)
    assert is_marked(session, order_number(order), mark_of(session, order))
    assert not is_marked(session, order_number(later), mark_of(session, order))
    assert not is_marked(session, "", mark_of(session, order))


def test_what_two_shops_ask_of_stripe_never_has_one_key() -> None:
    assert PAGE.key(7, 1) == "comptoir:one:checkout:7:1"
    assert replace(PAGE, shop="two").key(7, 1) != PAGE.key(7, 1)
    assert replace(REFUND, shop="two").key != REFUND.key
    assert len(request_key("a" * 32, "account-link", "b" * 32)) < 255  # the longest that Stripe takes


def test_what_is_made_says_whose_it_is() -> None:
    assert PAGE.fields["metadata"] == {"order": "CMT-000007", "shop": "one"}
    assert REFUND.fields["metadata"] == {"order": "CMT-000007", "refund": "3", "shop": "one"}


def test_a_page_offers_every_way_to_pay_that_its_seller_has_switched_on() -> None:
    """PayPal too: without `payment_method_types` Stripe offers what the seller's own settings say
    (https://docs.stripe.com/payments/payment-methods/dynamic-payment-methods)."""
    assert not [name for name in PAGE.fields if "payment_method" in name]


@pytest.mark.parametrize(("key", "known"), [("", False), ("sk_test_1", True), ("rk_live_1", True)])
def test_workers_say_whether_they_have_a_key(session: Session, key: str, known: bool) -> None:
    assert not has_key(session)  # no worker has started yet
    note_key(session, key)
    assert has_key(session) is known
