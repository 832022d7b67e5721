"""The monthly fee of a shop, as its seller sees it in the Mini App."""

from datetime import timedelta
from typing import Any

from sqlmodel import select

from core.kit.money import Money
from core.kit.rows import id_of
from core.people.sellers import shop_of
from core.people.shop_fees import set_fee, suspend
from schemas.base import utc_now
from schemas.people import User
from schemas.shop_fee import ShopFee
from tests.api.seller import Seller


def test_a_seller_reads_until_when_it_is_paid_and_where_it_is_paid_next(seller: Seller) -> None:
    nothing: dict[str, Any] = {"state": "none", "paid_until": None, "pay": {}}
    assert seller.call("GET", "/api/shop-fee").json() == nothing
    now = utc_now()
    with seller.database.transaction() as session:
        owner = session.exec(select(User).where(User.telegram_id == 7)).one()
        shop = shop_of(session, id_of(owner))
        assert shop is not None
        until = now + timedelta(days=9)
        set_fee(session, id_of(shop), {"stars": [Money(300, "XTR")]}, paid_until=until, actor="cli", now=now)
    asked = seller.call("GET", "/api/shop-fee").json()
    assert (asked["state"], asked["pay"]["price"]) == ("paid", {"amount": 300, "currency": "XTR"})
    assert asked["pay"]["bot_link"].endswith(f"start=p_monthly_{shop.id}")
    with seller.database.transaction() as session:
        suspend(session, session.get_one(ShopFee, shop.id), now=now)
    closed = seller.call("GET", "/api/shop-fee").json()
    assert (closed["state"], closed["pay"]) == ("suspended", asked["pay"])
