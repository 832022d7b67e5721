"""A seller looks at a sale and gives its money back."""

import pytest
from sqlmodel import Session, select

from core.kit.rows import id_of
from schemas.card_jobs import RefundCard
from schemas.sales import Refund
from scripts.sandbox.telegram.driver import Person
from tests.support import make
from tests.support.shop_bot import ShopBot, ask


@pytest.fixture
def bob(shop: ShopBot) -> Person:
    """A seller who sold something for 9.99 EUR by card, to Bea."""
    bob = shop.person("Bob")

    def sell(session: Session) -> None:
        owner = make.user(session, telegram_id=bob.id, language="en")
        make.card_sale(session, make.seller(session, owner), make.user(session, name="Bea"))

    shop.do(sell)
    return bob


def refunds(shop: ShopBot) -> list[tuple[int, str]]:
    return shop.do(lambda session: [(row.amount, row.reason) for row in session.exec(select(Refund))])


def test_a_seller_gives_a_part_back_and_the_buyer_keeps_access(shop: ShopBot, bob: Person) -> None:
    menu = ask(bob, "/sell", "Ways to pay")
    bob.presses(menu, "📈 My sales")
    bob.presses(bob.wait_for("1 sale"), "sale:1")
    card = bob.wait_for("Sale CMT-000001")
    assert "Bea" in card.text
    bob.presses(card, "sale_refund:1")
    bob.presses(bob.wait_for("€9.99 can go back"), "sale_part:1")
    bob.wait_for("How much of sale CMT-000001")
    ask(bob, "12", "more than the 9.99 EUR")
    ask(bob, "3", "Write it in a few words")
    asked = ask(bob, "The sound was bad", "Give €3.00 of sale CMT-000001 back?")
    assert "The buyer keeps what they bought" in asked.text
    for _ in range(2):  # pressed twice, it goes back once
        bob.press_data(asked, "sale_refunded:0")
    bob.wait_for("Stripe is being asked")
    assert refunds(shop) == [(300, "The sound was bad")]
    assert len(shop.do(lambda session: make.queued(session, RefundCard))) == 1


def test_giving_all_back_says_that_access_ends(shop: ShopBot, bob: Person) -> None:
    menu = ask(bob, "/sell", "Ways to pay")
    bob.press_data(menu, "sale_whole:1")
    bob.wait_for("Write it in a few words")
    asked = ask(bob, "Asked for", "Give €9.99 of sale CMT-000001 back?")
    assert "the buyer’s access ends" in asked.text
    ask(bob, "yes", "Give €9.99 of sale CMT-000001 back?")  # words press no button
    assert refunds(shop) == []
    bob.press_data(asked, "sale_refunded:1")
    bob.wait_for("Stripe is being asked")
    assert refunds(shop) == [(999, "Asked for")]


def test_nobody_else_sees_the_sale_or_gives_it_back(shop: ShopBot, bob: Person) -> None:
    eve = shop.person("Eve")
    shop.do(lambda session: make.seller(session, make.user(session, telegram_id=eve.id, language="en")))
    menu = ask(eve, "/sell", "Ways to pay")
    for data in ("sale:1", "sale_refund:1", "sale_whole:1", "sale_part:1"):
        assert "cannot find this order" in str(eve.press_data(menu, data).text)
    assert "Too much time has passed" in str(eve.press_data(menu, "sale_refunded:1").text)
    assert refunds(shop) == []


def test_a_sale_in_stars_goes_back_by_the_team(shop: ShopBot) -> None:
    bob = shop.person("Bob")

    def sell(session: Session) -> int:
        item = make.product(
            session, make.seller(session, make.user(session, telegram_id=bob.id, language="en"))
        )
        return id_of(make.paid_order(session, item))

    order_id = shop.do(sell)
    bob.press_data(ask(bob, "/sell", "Ways to pay"), f"sale:{order_id}")
    assert "lies with the team" in bob.wait_for("Sale CMT-").text
