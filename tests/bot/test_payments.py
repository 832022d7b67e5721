"""Stars that arrive: the question before a payment, the payment itself, and Stars that go back."""

import json
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any, cast

import pytest
import redis
from sqlalchemy import text
from sqlmodel import Session, col, select
from structlog.testing import capture_logs

from core.catalogue.products import set_rail_prices
from core.kit.errors import Refused
from core.kit.money import Money
from core.kit.rows import id_of
from core.orders.orders import move
from core.process.settings import Settings
from schemas import ephemeral_jobs
from schemas.base import utc_now
from schemas.catalogue import Product
from schemas.jobs import Notify
from schemas.sales import Order, PaymentEvent
from scripts.sandbox.telegram.driver import Person
from tests.support import make, make_members
from tests.support.servers import as_owner
from tests.support.shop_bot import ShopBot, ask, deliveries, invoice, orders
from tests.support.waiting import wait_until
from workers.actors.invoices import make_invoice
from workers.services import Services
from workers.telegram.messenger import TelegramMessenger

PRICES = {"stars": [Money(250, "XTR")]}


@pytest.fixture
def services(
    shop: ShopBot, bot_settings: Callable[..., Settings], redis_url: str, tmp_path: Path
) -> Iterator[Services]:
    """What the worker has that speaks to Telegram."""
    settings = bot_settings(session_dir=tmp_path / "worker")
    client: redis.Redis = redis.Redis.from_url(redis_url)
    messenger = TelegramMessenger(settings, shop.database, client)
    nobody = cast(Any, None)  # an invoice needs neither store nor provider
    yield Services(settings, shop.database, client, nobody, messenger, nobody)
    messenger.close()
    client.close()


def ordered(shop: ShopBot, ann: Person, **terms: Any) -> int:
    """What Ann ordered: a plan of these terms."""

    def place(session: Session) -> int:
        item = make_members.plan(session, title="Club", prices=PRICES, **terms)
        return id_of(make.order(session, item, make.user(session, telegram_id=ann.id), now=utc_now()))

    return shop.do(place)


def status(shop: ShopBot, order_id: int) -> str:
    """Where the order stands."""
    return shop.do(lambda session: session.get_one(Order, order_id).status)


def test_an_invoice_is_paid_by_its_address(shop: ShopBot, services: Services) -> None:
    ann = shop.person()
    order_id = ordered(shop, ann)
    address = make_invoice(services, ephemeral_jobs.MakeInvoice(order_id=order_id))["url"]
    assert ann.pays(address).error is None
    wait_until(lambda: status(shop, order_id) == "paid")
    with pytest.raises(Refused) as refusal:
        make_invoice(services, ephemeral_jobs.MakeInvoice(order_id=order_id))
    assert refusal.value.code == "order-closed"


def test_a_plan_that_renews_by_itself_is_agreed_to_by_its_address(shop: ShopBot, services: Services) -> None:
    ann = shop.person()
    order_id = ordered(shop, ann, recurring=True)
    address = make_invoice(services, ephemeral_jobs.MakeInvoice(order_id=order_id))["url"]
    assert ann.pays(address).error is None
    (agreed,) = ann.subscriptions
    assert agreed["stars"] == 250
    assert agreed["until"] > (utc_now() + timedelta(days=29)).timestamp()


def test_a_cancelled_order_has_no_invoice(shop: ShopBot, services: Services) -> None:
    order_id = ordered(shop, shop.person())
    assert shop.do(
        lambda session: move(session, session.get_one(Order, order_id), "cancelled", now=utc_now())
    )
    with pytest.raises(Refused) as refusal:
        make_invoice(services, ephemeral_jobs.MakeInvoice(order_id=order_id))
    assert refusal.value.code == "order-closed"


AWAY = "ALTER TABLE payment_event ADD CONSTRAINT away CHECK (state <> 'received') NOT VALID"


def outcomes_of(shop: ShopBot, event_id: str) -> list[str]:
    """What became of the events whose names begin so."""

    def read(session: Session) -> list[str]:
        events = session.exec(select(PaymentEvent).where(col(PaymentEvent.event_id).startswith(event_id)))
        return [f"{event.state}: {event.outcome}" for event in events]

    return shop.do(read)


def test_a_payment_in_stars_pays_the_order_and_asks_for_delivery(shop: ShopBot, item: Product) -> None:
    ann = shop.person()
    bill = invoice(shop, ann, item)
    assert bill.invoice is not None
    assert (bill.invoice["currency"], bill.invoice["total"]) == ("XTR", 500)
    assert "CMT-000001" in bill.invoice["description"]
    assert ann.pays(bill).error is None
    wait_until(lambda: orders(shop) == ["paid"])
    assert deliveries(shop) == 1


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
    assert outcomes_of(shop, paid.charge_id) == ["handled: paid"]


def test_a_changed_price_is_refused_before_payment_in_french(shop: ShopBot, item: Product) -> None:
    awa = shop.person("Awa", language="fr")
    bill = invoice(shop, awa, item)
    shop.do(lambda session: session.execute(text("UPDATE purchase SET amount = 400")))
    assert "Le prix a changé" in str(awa.pays(bill).error)


def test_an_old_invoice_keeps_its_price_when_the_seller_changes_it(shop: ShopBot, item: Product) -> None:
    ann = shop.person()
    bill = invoice(shop, ann, item)
    shop.do(lambda session: set_rail_prices(session, id_of(item), "stars", [Money(900, "XTR")]))
    assert ann.pays(bill).error is None


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
        as_owner(shop.database, AWAY)
        assert ann.pays(bill).error is None
        wait_until(lambda: any(entry["event"] == "payment_not_written" for entry in logs))
        as_owner(shop.database, "ALTER TABLE payment_event DROP CONSTRAINT away")
        wait_until(lambda: orders(shop) == ["paid"])
    assert deliveries(shop) == 1


def test_odd_money_is_kept_and_the_buyer_is_told(shop: ShopBot, item: Product, monkeypatch: Any) -> None:
    ann = shop.person()
    bill = invoice(shop, ann, item)
    monkeypatch.setattr("bot.payments.precheck", lambda *_, **__: None)  # Telegram's word comes all the same
    shop.do(lambda session: session.execute(text("UPDATE purchase SET amount = 400")))
    ann.pays(bill)
    wait_until(lambda: outcomes_of(shop, "sandbox_charge") == ["refused: amount-differs"])
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
    assert outcomes_of(shop, "question:") == ["handled: agreed", "handled: already-paid"]
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
    assert outcomes_of(shop, "refund:") == ["handled: the order is refunded"]
