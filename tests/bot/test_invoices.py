"""Invoices in Stars by their address, as the Mini App opens them: a worker makes them, the bot is paid."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any, cast

import pytest
import redis
from sqlmodel import Session

from core.kit.errors import Refused
from core.kit.money import Money
from core.kit.rows import id_of
from core.orders.orders import move
from core.process.settings import Settings
from schemas import ephemeral_jobs
from schemas.base import utc_now
from schemas.sales import Order
from scripts.sandbox.telegram.driver import Person
from tests.bot.conftest import ShopBot, wait_until
from tests.support import make, make_members
from workers.actors.invoices import make_invoice
from workers.services import Services
from workers.telegram.messenger import TelegramMessenger

PRICES = {"stars": Money(250, "XTR")}


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
    assert shop.do(lambda session: move(session, order_id, "cancelled", now=utc_now()))
    with pytest.raises(Refused) as refusal:
        make_invoice(services, ephemeral_jobs.MakeInvoice(order_id=order_id))
    assert refusal.value.code == "order-closed"
