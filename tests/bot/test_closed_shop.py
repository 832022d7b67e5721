"""A banned seller's shop in the bot: every way in answers that it is closed, buyers keep what they bought."""

from sqlmodel import Session, select

from core.kit.rows import id_of
from core.people.bans import ban, unban
from schemas.catalogue import Product
from schemas.people import Seller
from tests.support import make, make_members
from tests.support.shop_bot import ShopBot, ask


def test_nothing_of_a_banned_sellers_shop_is_left_on_sale_in_the_bot(shop: ShopBot) -> None:
    ann = shop.person()
    hello = ask(ann, "/start", "Welcome")

    def set_up(session: Session) -> tuple[int, Product, Product, int]:
        seller = make.seller(session)
        file = make.product(session, seller, title="Cours")
        plan = make_members.plan(session, shop=seller, title="Cercle", trial_days=7)
        bought = make.product(session, seller, title="Patron")
        me = make.user(session, telegram_id=ann.id, name="Ann", language="en")
        return seller.user_id, file, plan, id_of(make.grant(session, bought, me))

    seller_id, file, plan, grant_id = shop.do(set_up)
    shop.do(lambda session: ban(session, seller_id, actor="cli", reason="fraud", now=make.NOW).changed)
    closed = "This shop is closed at the moment"
    ask(ann, "/catalogue", "still empty")
    ask(ann, "Cours", "Nothing matches")
    assert ann.inline_query("Cours") == []
    for item in (file, plan):
        ask(ann, f"/start p_{item.slug}", closed)
    for data in (
        f"product:{file.id}",
        f"preview:{file.id}",
        f"buy:{file.id}",
        f"plan:{plan.id}",
        f"buy:{plan.id}",
        f"trial:{plan.id}",
    ):
        assert closed in str(ann.press_data(hello, data).text), data
    ann.press_data(hello, f"item:{id_of_product(shop, 'Patron')}")
    assert "Patron" in ann.wait_for("Tap a file").text
    assert grant_id

    shop.do(lambda session: unban(session, seller_id, actor="cli"))
    assert (
        shop.do(lambda s: s.exec(select(Seller.status).where(Seller.user_id == seller_id)).one())
        == "approved"
    )
    ask(ann, f"/start p_{file.slug}", "Cours")


def id_of_product(shop: ShopBot, title: str) -> int:
    return shop.do(lambda session: id_of(session.exec(select(Product).where(Product.title == title)).one()))
