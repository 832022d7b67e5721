"""Buying for Stars: the invoice behind the Buy button, and the website where Stars fail."""

from collections.abc import Callable

import pytest
from sqlmodel import Session, select

from core.payments.waiver import version_of
from schemas.audit import AuditEntry
from schemas.catalogue import Product
from schemas.sales import Order
from tests.support import make
from tests.support.channel import ChannelFixture
from tests.support.shop_bot import ShopBot, ask, invoice, orders
from tests.support.waiting import wait_until


def test_a_long_title_fits_into_an_invoice(shop: ShopBot) -> None:
    item = shop.do(lambda session: make.product(session, title="😀" * 200))
    bill = invoice(shop, shop.person(), item)
    assert bill.invoice is not None
    assert len(bill.invoice["title"].encode("utf-16-le")) <= 64


def test_pressing_buy_twice_is_one_order(shop: ShopBot, item: Product) -> None:
    ann = shop.person()
    invoice(shop, ann, item)
    invoice(shop, ann, item)
    assert orders(shop) == ["awaiting_payment"]


def test_what_is_owned_opens_in_the_library_instead_of_an_invoice(shop: ShopBot, item: Product) -> None:
    ann = shop.person()
    card = ask(ann, f"/start p_{item.slug}", "Cours")
    ann.pays(invoice(shop, ann, item))
    wait_until(lambda: orders(shop) == ["paid"])
    assert "here it is in your library" in str(ann.presses(card, f"buy:{item.id}").text)
    assert "Tap a file" in ann.wait_for("📦").text
    again = ask(ann, f"/start p_{item.slug}", "You already own this product")
    assert again.buttons[0].text == "📦 Open in my library"


def test_a_seller_sees_no_buy_button_on_his_own_product(shop: ShopBot) -> None:
    bob = shop.person("Bob")
    ask(bob, "/start", "Welcome")

    def build(session: Session) -> Product:
        owner = make.user(session, telegram_id=bob.id, name="Bob", language="en")
        return make.product(session, make.seller(session, owner))

    item = shop.do(build)
    card = ask(bob, f"/start p_{item.slug}", "Cours")
    assert card.buttons[0].text == "⚙️ Manage this product"
    assert "your own product" in str(bob.press_data(card, f"buy:{item.id}").text)


@pytest.mark.parametrize(
    ("policy", "ways"),
    [
        ("bot:stars;web:crypto,manual", []),
        ("bot:stars,crypto;web:crypto,manual", ["https://shop.example/p/club"]),
    ],
)
def test_when_stars_fail_the_site_is_offered_where_the_policy_allows_it_in_the_chat(
    start_bot: Callable[..., ShopBot], policy: str, ways: list[str]
) -> None:
    channel = ChannelFixture.connect(start_bot(rail_policy=policy), language="en")
    bob = channel.person("Bob")
    card = channel.card(bob)
    channel.sandbox.fail_next("messages.sendMedia", 400, "PAYMENT_UNSUPPORTED")
    bob.presses(card, f"buy:{channel.plan_id}")
    instead = bob.wait_for("Stars are not answering")
    assert "Nothing was charged" in instead.text
    assert [b.value for b in instead.buttons if b.kind == "url"] == ways
    details = select(AuditEntry.details).where(AuditEntry.action == "rail.offered")
    offered = {entry["offered"] for entry in channel.do(lambda s: s.exec(details).all())}
    assert offered == {"stars,crypto" if ways else "stars"}


def test_where_the_shop_asks_for_it_the_waiver_comes_before_the_invoice(
    start_bot: Callable[..., ShopBot],
) -> None:
    shop = start_bot(withdrawal_waiver=True)
    item = shop.do(lambda session: make.product(session))
    ann = shop.person()
    card = ask(ann, f"/start p_{item.slug}", "Cours")
    ann.presses(card, f"buy:{item.id}")
    question = ann.wait_for("lose my right of withdrawal")
    assert orders(shop) == []
    ann.press_data(question, f"waive:{item.id}:en-000000000000")  # of words that have changed since
    again = ann.wait_for("lose my right of withdrawal", after=question)
    ann.presses(again, "✅ I agree, go on to pay")
    ann.wait_for(lambda message: message.invoice is not None)
    kept = shop.do(lambda session: session.exec(select(Order)).one())
    assert kept.waiver == version_of("en")
    assert kept.waived_at is not None
