"""The monthly fee as goods: what its payment, its refund and a dispute do to the month that it bought."""

from datetime import datetime, timedelta

import pytest
from sqlmodel import Session

from core.catalogue.catalogue import view
from core.kit.errors import Refused
from core.kit.rows import id_of
from core.orders.fulfilment import Fact, OrderLine, goods_of, line_of
from core.people.shop_fee_goods import ShopFeeGoods
from core.people.shop_fees import set_fee, suspend
from schemas.access import Grant
from schemas.catalogue import Product
from schemas.jobs import Notify
from schemas.people import Seller
from schemas.shop_fee import ShopFee, ShopFeeMonth
from tests.support import make

NOW, DAY = make.NOW, timedelta(days=1)
GOODS = ShopFeeGoods()


@pytest.fixture
def shop(session: Session) -> Seller:
    """A shop of which a fee is asked that was paid until now."""
    shop = make.seller(session)
    set_fee(session, id_of(shop), make.PRICES, actor="cli", now=NOW)
    return shop


def fee(session: Session, shop: Seller) -> ShopFee:
    return session.get_one(ShopFee, shop.id)


def line(session: Session, shop: Seller) -> OrderLine:
    """What an order that its owner has paid bought; the goods have not heard of it."""
    item = session.get_one(Product, fee(session, shop).product_id)
    order = make.order(session, item, make.owner_of(session, shop))
    order.status = "paid"
    return line_of(session, order)


def news(session: Session, text: str) -> list[dict[str, object]]:
    """With what its seller was told something."""
    return [dict(row.params) for row in make.queued(session, Notify) if row.text == text]


def test_a_payment_is_a_month_and_the_same_payment_no_second_one(session: Session, shop: Seller) -> None:
    paid = line(session, shop)
    for _ in range(2):
        assert GOODS.on_paid(session, paid, now=NOW)
    month = session.get_one(ShopFeeMonth, id_of(paid.order))
    assert (month.starts_at, month.ends_at) == (NOW, datetime(2026, 12, 20, 12, 0, tzinfo=NOW.tzinfo))
    assert fee(session, shop).paid_until == month.ends_at
    assert (paid.order.status, GOODS.is_in_force(session, paid)) == ("delivered", True)
    assert news(session, "shop-fee-paid") == [{"until": int(month.ends_at.timestamp()), "opened": "no"}]


def test_the_seller_is_told_that_the_payment_opened_the_shop(session: Session, shop: Seller) -> None:
    suspend(session, fee(session, shop), now=NOW)
    GOODS.on_paid(session, line(session, shop), now=NOW + 40 * DAY)
    assert shop.status == "approved"
    assert [told["opened"] for told in news(session, "shop-fee-paid")] == ["yes"]


def test_a_month_goes_back_once_and_leaves_the_others(session: Session, shop: Seller) -> None:
    first, second = line(session, shop), line(session, shop)
    for paid in (first, second):
        GOODS.on_paid(session, paid, now=NOW)
    until = fee(session, shop).paid_until
    for _ in range(2):
        GOODS.on_refunded(session, first, now=NOW)
    month = session.get_one(ShopFeeMonth, id_of(first.order))
    assert fee(session, shop).paid_until == until - (month.ends_at - month.starts_at)
    assert [GOODS.is_in_force(session, paid) for paid in (first, second)] == [False, True]
    assert len(news(session, "shop-fee-returned")) == 1
    assert shop.status == "approved", "its seller hears of the lack before the shop closes"


def test_what_was_never_given_is_neither_in_force_nor_taken_back(session: Session, shop: Seller) -> None:
    paid = line(session, shop)
    assert not GOODS.is_in_force(session, paid)
    GOODS.on_refunded(session, paid, now=NOW)
    assert (fee(session, shop).paid_until, news(session, "shop-fee-returned")) == (NOW, [])


def test_a_dispute_changes_nothing_until_it_is_lost(session: Session, shop: Seller) -> None:
    paid = line(session, shop)
    GOODS.on_paid(session, paid, now=NOW)
    until = fee(session, shop).paid_until
    GOODS.put_aside(session, paid, now=NOW)
    GOODS.give_back(session, paid, now=NOW)
    assert (fee(session, shop).paid_until, shop.status) == (until, "approved")


def test_anybody_pays_a_fee_but_of_a_banned_owner(session: Session, shop: Seller) -> None:
    item = session.get_one(Product, fee(session, shop).product_id)
    for person in (None, make.user(session), make.owner_of(session, shop)):
        GOODS.may_buy(session, item, person, now=NOW)
    owner = make.owner_of(session, shop)
    owner.roles = [*owner.roles, "banned"]
    with pytest.raises(Refused, match="fee-of-banned"):
        GOODS.may_buy(session, item, None, now=NOW)


def test_a_fee_is_for_a_month_and_sends_nobody_anything(session: Session, shop: Seller) -> None:
    item = session.get_one(Product, fee(session, shop).product_id)
    assert goods_of(item.kind).payee == "operator"
    card = view(session, product_id=id_of(item), viewer=make.owner_of(session, shop))
    described = GOODS.describe(session, card)
    assert (described.files, described.facts) == ([], [Fact("shop-fee-gives")])
    assert (GOODS.choices(session, card, now=NOW), GOODS.renewal_period(session, item)) == ([], None)
    paid = line(session, shop)
    with pytest.raises(AssertionError, match="paid a shop's fee"):
        GOODS.deliver(session, paid, attempt=0)
    with pytest.raises(AssertionError, match="paid a shop's fee"):
        GOODS.resend(session, paid, Grant(order_id=0, product_id=0))
