"""The tick by which a buyer on the web gives up the right of withdrawal."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
from sqlmodel import select

from core.kit.db import Database
from core.kit.texts import plain
from core.kit.tokens import random_token
from core.orders.orders import by_page
from core.payments.waiver import version_of
from core.process.settings import Settings
from schemas.catalogue import Product
from schemas.sales import Order
from tests.api.test_checkout import KEY, a_product, token_of, words
from tests.support.web import Client, serving

WORDS, TRANSFERS = "/api/payments/waiver", "/api/payments/pending-payments/create"


@pytest.fixture
def asking(shop_settings: Settings, database: Database) -> Iterator[Client]:
    """A browser at a shop that asks for the waiver."""
    with serving(replace(shop_settings, withdrawal_waiver=True), database) as client:
        yield client


def test_the_form_has_the_tick_and_the_order_keeps_it(asking: Client, database: Database) -> None:
    slug = a_product(database)
    page = words(asking, f"/p/{slug}")
    assert page.count('type="checkbox"') == page.count("<form") > 0
    assert "I accept that I lose my right of withdrawal" in page
    form = {"rail": "manual", "currency": "EUR", "key": KEY.findall(page)[0], "waiver": version_of("en")}
    answer = asking.post(f"/p/{slug}", data=form)
    assert answer.status_code == 303
    with database.transaction() as session:
        order = by_page(session, token_of(answer.headers["location"]))
        assert order.waiver == version_of("en")
        assert order.waived_at is not None


def test_a_form_without_the_tick_orders_nothing(asking: Client, database: Database) -> None:
    slug = a_product(database)
    key = KEY.findall(words(asking, f"/p/{slug}"))[0]
    for ticked in ({}, {"waiver": "on"}):
        answer = asking.post(
            f"/p/{slug}",
            data={"rail": "manual", "currency": "EUR", "key": key} | ticked,
            headers={"accept-language": "en"},
        )
        assert answer.status_code == 409
        assert "Tick it on the page" in answer.text
    with database.transaction() as session:
        assert session.exec(select(Order)).all() == []


def test_a_transfer_over_the_api_needs_the_words_that_the_api_gives(
    asking: Client, database: Database
) -> None:
    a_product(database)
    with database.transaction() as session:
        offer = session.exec(select(Product.id)).one()
    said = asking.get(WORDS, headers={"accept-language": "en"}).json()
    assert said == {"version": version_of("en"), "words": plain("en", "waiver-words")}
    transfer = {"offer_id": offer, "currency": "EUR", "transaction_id": "TX-77"}
    transfer["idempotency_key"] = random_token()
    for version in ("", "en-000000000000"):
        refused = asking.post(TRANSFERS, json=transfer | {"waiver": version})
        assert (refused.status_code, refused.json()["code"]) == (409, "waiver-missing")
    assert asking.post(TRANSFERS, json=transfer | {"waiver": said["version"]}).status_code == 201
    with database.transaction() as session:
        order = session.exec(select(Order)).one()
        assert (order.waiver, order.waived_at is not None) == (said["version"], True)


def test_a_shop_that_does_not_ask_has_no_words(web: Client) -> None:
    assert web.get(WORDS).json() == {"version": "", "words": ""}


def test_a_shop_that_does_not_ask_shows_no_tick(web: Client, database: Database) -> None:
    assert "checkbox" not in words(web, f"/p/{a_product(database)}")
