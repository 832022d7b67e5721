"""The monthly fee of a shop: asked by staff, paid as an order, and what each does to the shop."""

from datetime import datetime, timedelta

import pytest
from sqlmodel import Session, select

from core.catalogue.catalogue import products_of, search
from core.kit.errors import NotFound, Refused
from core.kit.money import Money
from core.kit.rows import id_of
from core.payments.balances import owed
from core.payments.refunds import request_refund
from core.people.bans import ban, unban
from core.people.sellers import sales_of
from core.people.shop_fees import asked_fees, end_fee, fee_of_shop, set_fee, suspend
from schemas.audit import AuditEntry
from schemas.catalogue import Product
from schemas.people import Seller, ShopStatus
from schemas.sales import Order
from schemas.shop_fee import ShopFee
from tests.support import make

NOW, DAY = make.NOW, timedelta(days=1)
PRICES = {"stars": [Money(500, "XTR")], "manual": [Money(1000, "EUR")]}


@pytest.fixture
def shop(session: Session) -> Seller:
    """A shop of which a fee is asked, due now."""
    shop = make.seller(session)
    set_fee(session, id_of(shop), PRICES, actor="cli", now=NOW)
    return shop


def fee(session: Session, shop: Seller) -> ShopFee:
    return session.get_one(ShopFee, shop.id, populate_existing=True)


def paid_month(session: Session, shop: Seller, *, rail: str = "stars", now: datetime = NOW) -> Order:
    """The shop's owner orders a month, in the bot or as anybody on the web, and pays it."""
    item = session.get_one(Product, fee(session, shop).product_id)
    if rail == "stars":
        bought = make.order(session, item, make.owner_of(session, shop), now=now)
    else:
        bought = make.order(session, item, rail=rail, entry="web", now=now)
    make.pay(session, bought, now=now)
    session.refresh(bought)
    return bought


def status_of(shop: Seller) -> ShopStatus:
    return shop.status


def close(session: Session, shop: Seller) -> None:
    suspend(session, fee(session, shop), now=NOW)
    assert status_of(shop) == "suspended"


def test_each_payment_is_a_month_that_follows_the_last_one(session: Session, shop: Seller) -> None:
    set_fee(
        session, id_of(shop), {}, paid_until=datetime(2027, 1, 31, tzinfo=NOW.tzinfo), actor="cli", now=NOW
    )
    ends = []
    for _ in range(3):
        assert paid_month(session, shop).status == "delivered"
        ends.append(fee(session, shop).paid_until.date().isoformat())
    assert ends == ["2027-02-28", "2027-03-31", "2027-04-30"]
    told = make.sent_texts(session, make.owner_of(session, shop))
    assert told.count("shop-fee-paid") == 3


def test_a_fee_is_neither_a_sale_nor_anything_for_buyers(session: Session, shop: Seller) -> None:
    paid_month(session, shop)
    number = id_of(shop)
    assert (owed(session, number), sales_of(session, number, page=1).items) == ([], [])
    assert (search(session, "", page=1).total, products_of(session, number, page=1).total) == (0, 0)


def test_a_shop_that_was_closed_for_its_fee_pays_and_is_open(session: Session, shop: Seller) -> None:
    item = make.product(session, shop)
    close(session, shop)
    with pytest.raises(NotFound, match="shop-closed"):
        make.order(session, item)
    later = NOW + 90 * DAY
    paid_month(session, shop, now=later)
    assert status_of(shop) == "approved"
    assert fee(session, shop).paid_until - later > 27 * DAY, "what it was closed for is not owed"
    assert make.order(session, item).status == "awaiting_payment"


def test_a_ban_and_a_lack_each_keep_a_shop_closed(session: Session, shop: Seller) -> None:
    close(session, shop)
    ban(session, shop.user_id, actor="cli", reason="fraud", now=NOW)
    unban(session, shop.user_id, actor="cli")
    assert status_of(shop) == "suspended"
    ban(session, shop.user_id, actor="cli", reason="fraud", now=NOW)
    end_fee(session, id_of(shop), actor="cli", now=NOW)
    assert status_of(shop) == "suspended"
    unban(session, shop.user_id, actor="cli")
    assert status_of(shop) == "approved"


def test_nobody_pays_for_a_shop_that_would_stay_closed(session: Session, shop: Seller) -> None:
    ban(session, shop.user_id, actor="cli", reason="fraud", now=NOW)
    item = session.get_one(Product, fee(session, shop).product_id)
    with pytest.raises(Refused, match="fee-of-banned"):
        make.order(session, item)


def test_a_month_that_is_given_back_closes_nothing_at_once(session: Session, shop: Seller) -> None:
    bought = paid_month(session, shop, rail="manual")
    assert fee(session, shop).paid_until > NOW
    for _ in range(2):
        request_refund(session, id_of(bought), actor="cli", reason="twice", now=NOW)
    assert (fee(session, shop).paid_until, shop.status) == (NOW, "approved")
    assert "shop-fee-returned" in make.sent_texts(session, make.owner_of(session, shop))


def test_staff_give_time_change_the_price_and_end_the_fee(session: Session, shop: Seller) -> None:
    number = id_of(shop)
    close(session, shop)
    set_fee(session, number, {}, paid_until=NOW + 10 * DAY, actor="cli", now=NOW)
    assert status_of(shop) == "approved"
    set_fee(session, number, {"stars": [Money(900, "XTR")]}, actor="cli", now=NOW)
    (shown,) = asked_fees(session, now=NOW)
    assert (shown.state, shown.paid_until) == ("paid", NOW + 10 * DAY)
    assert shown.prices == {"stars": [Money(900, "XTR")]}
    end_fee(session, number, actor="cli", now=NOW)
    assert (asked_fees(session, now=NOW), fee_of_shop(session, number, now=NOW)) == ([], None)
    with pytest.raises(Refused, match="not-published"):
        paid_month(session, shop)
    set_fee(session, number, {}, actor="cli", now=NOW + 50 * DAY)
    assert fee(session, shop).paid_until == NOW + 50 * DAY, "the time without a fee is not owed"
    acts = set(session.exec(select(AuditEntry.action).where(AuditEntry.subject == f"seller:{number}")))
    assert {"shop_fee.set", "shop_fee.ended", "shop_fee.suspended", "shop.suspended", "shop.approved"} <= acts


def test_a_fee_needs_a_price(session: Session) -> None:
    with pytest.raises(Refused, match="fee-unpriced"):
        set_fee(session, id_of(make.seller(session)), {}, actor="cli", now=NOW)
