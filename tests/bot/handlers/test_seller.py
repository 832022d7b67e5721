"""Who sells: a card for buyers, in the seller's own words, and the way back to the main menu."""

import pytest
from sqlmodel import Session

from core.people.people import find_user
from schemas.catalogue import Product
from schemas.people import Seller, ShopStatus
from scripts.sandbox.telegram.driver import Person
from scripts.sandbox.telegram.views import Message
from tests.support import make, make_members
from tests.support.shop_bot import ShopBot, ask


def test_a_products_card_leads_to_its_seller_and_what_else_they_sell(shop: ShopBot, item: Product) -> None:
    seller_id = item.seller_id

    def more(session: Session) -> None:
        own = session.get_one(Seller, seller_id)
        own.about = "Atelier <Nomade> SARL\n+33 1 23 45 67 89"
        session.add(own)
        make.product(session, own, title="Another course")
        make.product(session, own, title="A draft", published=False)
        make.product(session, title="Somebody else's")

    shop.do(more)
    ann = shop.person()
    card = ask(ann, f"/start p_{item.slug}", item.title)
    ann.presses(card, "👤 Who sells this")
    seller = ann.wait_for("Atelier <Nomade> SARL", after=card)
    assert "2 offers on sale" in seller.text
    labels = [button.text for button in seller.buttons]
    assert sum("Another course" in label for label in labels) == 1
    assert not any("draft" in label or "else" in label for label in labels)


def test_a_plans_card_leads_to_its_seller(shop: ShopBot) -> None:
    plan = shop.do(lambda session: make_members.plan(session, title="Sewing"))
    ann = shop.person()
    card = ask(ann, f"/start p_{plan.slug}", "Sewing")
    ann.presses(card, "👤 Who sells this")
    ann.wait_for("says nothing more about itself", after=card)


def a_seller_at_their_card(shop: ShopBot) -> tuple[Person, Message]:
    """Sam, who has a shop, and the message that shows what buyers see of it."""
    sam = shop.person("Sam")
    ask(sam, "/help", "How it works")

    def open_shop(session: Session) -> None:
        person = find_user(session, sam.id)
        assert person is not None
        make.seller(session, person)

    shop.do(open_shop)
    menu = ask(sam, "/sell", "Ways to pay")
    sam.presses(menu, "👤 What buyers see of me")
    card = sam.wait_for("says nothing more")
    return sam, card


def test_a_seller_says_who_they_are_and_takes_it_back(shop: ShopBot) -> None:
    sam, card = a_seller_at_their_card(shop)
    sam.presses(card, "✍️ Say who I am")
    sam.wait_for("Who sells here?")
    ask(sam, "x" * 601, "more than the 600")
    written = ask(sam, "Sam's Sewing Ltd\nsam@example.org", "Sam's Sewing Ltd\nsam@example.org")
    sam.presses(written, "✍️ Say who I am")
    question = sam.wait_for("Who sells here?", after=written)
    sam.presses(question, "Say nothing")
    asked = sam.wait_for("Delete what your shop says of itself?")
    assert "Sam's Sewing Ltd" in asked.text, "the words can still be copied"
    sam.presses(asked, "↩️ Keep it")
    kept = sam.wait_for(lambda message: message.id == asked.id and "Delete" not in message.text)
    assert "Sam's Sewing Ltd" in kept.text
    sam.presses(kept, "✍️ Say who I am")
    question = sam.wait_for("Who sells here?", after=kept)
    sam.presses(question, "Say nothing")
    sam.presses(sam.wait_for("Delete what"), "🗑 Yes, delete it")
    sam.wait_for("says nothing more")


@pytest.mark.parametrize("status", ["suspended", "refused"])
def test_a_shop_that_is_not_open_has_no_card(shop: ShopBot, item: Product, status: ShopStatus) -> None:
    seller_id = item.seller_id
    ann = shop.person()
    card = ask(ann, f"/start p_{item.slug}", item.title)

    def close(session: Session) -> None:
        own = session.get_one(Seller, seller_id)
        own.status = status
        session.add(own)

    shop.do(close)
    assert "👤" not in (ann.press_data(card, f"seller:1:{seller_id}").text or "👤"[1:])


SCREENS = (
    "/catalogue", "/library", "/receipts", "/status", "/notifications", "/sell", "/language", "/support",
    "/renew", "/cancel", "/channels", "/plans", "/catalogue nothing at all",
)  # fmt: skip


def test_every_screen_leads_back_to_the_main_menu(shop: ShopBot, item: Product) -> None:
    ann = shop.person()
    ask(ann, "/help", "How it works")
    for command in SCREENS:
        question = ann.says(command)
        screen = ann.wait_for(lambda message: True, after=question)
        if not screen.buttons:  # words alone: there is nothing to come back from
            continue
        assert screen.buttons[-1].text == "🏠 Main menu", command
        ann.presses(screen, "🏠 Main menu")
        menu = ann.wait_for("Welcome to", after=question)
        assert [button.text for button in menu.buttons] == ["🛍 Catalogue", "📚 My library", "💬 Support"]


def test_going_home_forgets_an_open_question(shop: ShopBot) -> None:
    ann = shop.person()
    question = ask(ann, "/support", "Write your question")
    ann.presses(question, "🏠 Main menu")
    ann.wait_for("Welcome to")
    ask(ann, "sewing", "Nothing")


def test_a_seller_says_who_sells_by_law_and_takes_it_back(shop: ShopBot) -> None:
    sam, card = a_seller_at_their_card(shop)
    sam.presses(card, "🧾 My invoices")
    sam.wait_for("Who sells, by law?")
    ask(sam, "Sam's Sewing Ltd", "the address on the lines below")
    kept = ask(sam, "Sam's Sewing Ltd\n1 High Street\nVAT GB123456789", "on your invoices from now on")
    assert "Sam's Sewing Ltd\n1 High Street\nVAT no. GB123456789" in kept.text
    sam.presses(kept, "🧾 My invoices")
    question = sam.wait_for("Who sells, by law?", after=kept)
    sam.presses(question, "🗑 No invoices any more")
    sam.wait_for("receipts, no invoices", after=question)
