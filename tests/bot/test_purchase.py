"""Buying for Stars: invoice, the question before payment, payment, and what goes wrong."""

import json
from typing import Any

import pytest
from sqlalchemy import text
from sqlmodel import Session, col, select
from structlog.testing import capture_logs

from core.catalogue.products import set_price
from core.kit.money import Money
from core.kit.rows import id_of
from schemas.catalogue import Product
from schemas.jobs import Deliver, Notify
from schemas.sales import Order, PaymentEvent
from scripts.sandbox.telegram.driver import Person
from scripts.sandbox.telegram.views import Message
from tests.bot.conftest import ShopBot, ask, wait_until
from tests.support import make

AWAY = "ALTER TABLE payment_event ADD CONSTRAINT away CHECK (state <> 'received') NOT VALID"


def invoice(shop: ShopBot, buyer: Person, item: Product) -> Message:
    """Open the card and press Buy."""
    card = ask(buyer, f"/start p_{item.slug}", item.title)
    buyer.presses(card, f"buy:{item.id}")
    return buyer.wait_for(lambda message: message.invoice is not None, after=card)


def orders(shop: ShopBot) -> list[str]:
    """The status of every order, oldest first."""
    return list(shop.do(lambda session: session.exec(select(Order.status).order_by(Order.id)).all()))  # type: ignore[arg-type]


def told(shop: ShopBot, event_id: str) -> list[str]:
    """What became of the events whose names begin so."""

    def read(session: Session) -> list[str]:
        events = session.exec(select(PaymentEvent).where(col(PaymentEvent.event_id).startswith(event_id)))
        return [f"{event.state}: {event.outcome}" for event in events]

    return shop.do(read)


def deliveries(shop: ShopBot) -> int:
    """How many deliveries were asked for."""
    return len(shop.do(lambda session: make.queued(session, Deliver)))


@pytest.fixture
def item(shop: ShopBot) -> Product:
    return shop.do(lambda session: make.product(session))


def test_a_payment_in_stars_pays_the_order_and_asks_for_delivery(shop: ShopBot, item: Product) -> None:
    ann = shop.person()
    bill = invoice(shop, ann, item)
    assert bill.invoice is not None
    assert (bill.invoice["currency"], bill.invoice["total"]) == ("XTR", 500)
    assert "CMT-000001" in bill.invoice["description"]
    assert ann.pays(bill).error is None
    wait_until(lambda: orders(shop) == ["paid"])
    assert deliveries(shop) == 1


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


def test_a_second_invoice_of_a_paid_order_is_refused_before_payment(shop: ShopBot, item: Product) -> None:
    ann = shop.person()
    first, second = invoice(shop, ann, item), invoice(shop, ann, item)
    assert ann.pays(first).error is None
    wait_until(lambda: orders(shop) == ["paid"])
    refused = ann.pays(second)
    assert refused.charge_id is None
    assert str(refused.error).startswith("Order CMT-000001 is already paid, nothing was charged.")


def test_a_payment_that_telegram_tells_twice_counts_once(shop: ShopBot, item: Product) -> None:
    ann = shop.person()
    paid = ann.pays(invoice(shop, ann, item))
    assert paid.charge_id is not None
    wait_until(lambda: orders(shop) == ["paid"])
    ann.pays_again(paid.charge_id)
    ask(ann, "/receipts", "1 payment")
    assert deliveries(shop) == 1
    assert told(shop, paid.charge_id) == ["handled: paid"]


def test_a_changed_price_is_refused_before_payment_in_french(shop: ShopBot, item: Product) -> None:
    awa = shop.person("Awa", language="fr")
    bill = invoice(shop, awa, item)
    shop.do(lambda session: session.execute(text("UPDATE purchase SET amount = 400")))
    assert "Le prix a changé" in str(awa.pays(bill).error)


def test_an_old_invoice_keeps_its_price_when_the_seller_changes_it(shop: ShopBot, item: Product) -> None:
    ann = shop.person()
    bill = invoice(shop, ann, item)
    shop.do(lambda session: set_price(session, id_of(item), rail="stars", price=Money(900, "XTR")))
    assert ann.pays(bill).error is None


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


def test_an_answer_before_payment_comes_even_when_the_database_hangs(
    shop: ShopBot, item: Product, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.payments.DEADLINE", 0.2)
    ann = shop.person()
    bill = invoice(shop, ann, item)
    with shop.database.engine.begin() as connection, capture_logs() as logs:
        connection.execute(text("LOCK TABLE person IN ACCESS EXCLUSIVE MODE"))
        refused = ann.pays(bill)
    reference = next(entry["reference"] for entry in logs if entry["event"] == "pre_checkout_failed")
    assert str(refused.error).startswith("The shop does not answer. Nothing was charged")
    assert reference in str(refused.error)


def test_a_payment_is_written_down_once_the_database_is_back(shop: ShopBot, item: Product) -> None:
    ann = shop.person()
    bill = invoice(shop, ann, item)
    with capture_logs() as logs:
        shop.do(lambda session: session.execute(text(AWAY)))
        assert ann.pays(bill).error is None
        wait_until(lambda: any(entry["event"] == "payment_not_written" for entry in logs))
        shop.do(lambda session: session.execute(text("ALTER TABLE payment_event DROP CONSTRAINT away")))
        wait_until(lambda: orders(shop) == ["paid"])
    assert deliveries(shop) == 1


def test_odd_money_is_kept_and_the_buyer_is_told(shop: ShopBot, item: Product, monkeypatch: Any) -> None:
    ann = shop.person()
    bill = invoice(shop, ann, item)
    monkeypatch.setattr("bot.payments.precheck", lambda *_, **__: None)  # Telegram's word comes all the same
    shop.do(lambda session: session.execute(text("UPDATE purchase SET amount = 400")))
    ann.pays(bill)
    wait_until(lambda: told(shop, "sandbox_charge") == ["refused: amount-differs"])
    assert orders(shop) == ["awaiting_payment"]
    (notice,) = shop.do(lambda session: make.queued(session, Notify))
    assert (notice.text, notice.params) == ("payment-odd", {"number": "CMT-000001"})


def test_what_telegram_asks_and_tells_is_kept_whole(shop: ShopBot, item: Product) -> None:
    ann = shop.person()
    bill = invoice(shop, ann, item)
    paid = ann.pays(bill)
    assert paid.charge_id is not None
    wait_until(lambda: orders(shop) == ["paid"])
    assert ann.pays(bill).error is not None
    assert told(shop, "question:") == ["handled: agreed", "handled: already-paid"]
    events = shop.do(lambda session: session.exec(select(PaymentEvent)).all())
    assert {event.payer for event in events} == {ann.id}
    (payment,) = (json.loads(event.body or b"") for event in events if event.event_id == paid.charge_id)
    assert payment["whole"]["successful_payment"]["total_amount"] == 500
    assert (payment["name"], payment["payload"]) == ("Ann", "order:1")


def test_stars_that_telegram_gives_back_end_the_order(shop: ShopBot, item: Product) -> None:
    ann = shop.person()
    paid = ann.pays(invoice(shop, ann, item))
    assert paid.charge_id is not None
    wait_until(lambda: orders(shop) == ["paid"])
    ann.gets_back(paid.charge_id)
    wait_until(lambda: orders(shop) == ["refunded"])
    assert told(shop, "refund:") == ["handled: the order is refunded"]
