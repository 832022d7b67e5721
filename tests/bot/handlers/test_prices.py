"""What a seller asks on each way to pay, in each currency: products and plans have the same screen."""

import pytest
from sqlmodel import Session

from core.catalogue.catalogue import prices_of
from core.kit.money import Money
from core.kit.rows import id_of
from scripts.sandbox.telegram.driver import Person
from tests.support import make
from tests.support.channel import ChannelFixture, view_of
from tests.support.shop_bot import ShopBot, ask


@pytest.fixture
def bob(shop: ShopBot) -> Person:
    """A seller."""
    return shop.person("Bob")


@pytest.fixture
def item(shop: ShopBot, bob: Person) -> int:
    """His product."""

    def build(session: Session) -> int:
        owner = make.user(session, telegram_id=bob.id, name=bob.name, language="en")
        return id_of(make.product(session, make.seller(session, owner)))

    return shop.do(build)


def test_a_seller_sets_changes_and_removes_each_price(shop: ShopBot, bob: Person, item: int) -> None:
    bob.press_data(ask(bob, "/sell", "Ways to pay"), f"my_product:{item}")
    bob.presses(bob.wait_for("Price: 500"), "💶 Prices")
    shown = bob.wait_for("nothing is converted")
    assert "Cryptocurrency: €9.99" in shown.text
    bob.presses(shown, "Bank transfer")
    bob.wait_for("They replace what it costs there now: €9.99")
    ask(bob, "9 €; 10 €", "has two prices in EUR")
    several = ask(bob, "9.99 €\n6500 XAF", "nothing is converted")
    assert "Bank transfer: €9.99 · " in several.text
    bob.presses(several, "Cryptocurrency")
    bob.presses(bob.wait_for("“Cryptocurrency”"), "✖️ Not sold this way")
    bob.wait_for("Cryptocurrency: —")
    assert shop.do(lambda session: prices_of(session, [item])[item]) == {
        "stars": [Money(500, "XTR")],
        "manual": [Money(999, "EUR"), Money(6500, "XAF")],
    }


def test_nobody_else_changes_them(shop: ShopBot, item: int) -> None:
    eve = shop.person("Eve")
    hello = eve.says("hello")
    for data in (f"prices:{item}", f"price_rail:{item}:manual", f"price_none:{item}:manual"):
        assert eve.press_data(hello, data).alert
    assert shop.do(lambda session: prices_of(session, [item])[item]) == make.PRICES


def test_a_plan_has_prices_too_and_a_rail_that_the_shop_takes(channel: ChannelFixture) -> None:
    ann, number = channel.owner, channel.plan_id
    menu = ask(ann, "/plans", "My plans")
    ann.press_data(menu, f"plan_edit:{number}")
    ann.presses(ann.wait_for("touch what you want to change"), "💶 Prices")
    shown = ann.wait_for("nothing is converted")
    ann.press_data(shown, f"plan_put:{number}:recurring:yes")
    ann.wait_for("Renewal: By Telegram, every 30 days")
    ann.press_data(shown, f"price_rail:{number}:stars")
    ann.wait_for("What does it cost in Stars?")
    ask(ann, "10001", "no more than 10,000 Stars")
    assert "Telegram Stars: 900" in ask(ann, "900", "nothing is converted").text
    assert view_of(channel).prices["stars"] == [Money(900, "XTR")]
    assert ann.press_data(shown, f"price_rail:{number}:gold").alert
