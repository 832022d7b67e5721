"""Free trials that a card is given for, as the pages of the web checkout show them."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from core.kit.db import Database
from core.kit.money import Money
from core.orders.orders import by_page, give_up_free, move
from core.payments.payment_rows import write_payment
from core.payments.rails.stripe.trials import trial_of
from core.process.settings import Settings
from schemas.base import utc_now
from tests.api.test_checkout import KEY, token_of, words
from tests.api.test_order_returns import take_cards
from tests.support import make, make_members
from tests.support.make import DAY
from tests.support.web import Client, serving

PRICE = {"card": [Money(999, "EUR"), Money(1100, "USD")], "crypto": [Money(999, "EUR")]}


@pytest.fixture
def cards(shop_settings: Settings, database: Database) -> Iterator[Client]:
    """A browser at a shop whose webhooks of Stripe can be verified."""
    policy = "bot:stars;web:card,crypto"
    own = replace(shop_settings, rail_policy=policy, stripe_secret_key="sk_test_1")
    with serving(replace(own, stripe_webhook_secrets="whsec_1"), database) as client:
        yield client


def a_plan(database: Database, *, takes_cards: bool = True, **terms: Any) -> str:
    with database.transaction() as session:
        shop = make.seller(session)
        months: dict[str, Any] = {"unit": "months", "count": 1}
        plan = make_members.plan(session, shop=shop, prices=PRICE, **(months | terms))
        if takes_cards:
            take_cards(session, shop)
        return plan.slug


def test_what_is_charged_and_when_is_read_before_a_card_is_given(cards: Client, database: Database) -> None:
    slug = a_plan(database, trial_days=14)
    shown = words(cards, f"/p/{slug}")
    assert "Try it free for 14 days" in shown
    assert "Then your card is charged €9.99 every month, until you cancel." in shown
    assert "Pay €9.99 by card" in shown
    french = cards.get(f"/p/{slug}", headers={"accept-language": "fr"}).text
    assert "Essayer gratuitement 14 jours" in french
    dollars = words(cards, f"/p/{slug}?currency=USD")
    assert "Then your card is charged $11.00 every month, until you cancel." in dollars
    assert "€9.99 every month" not in dollars
    for other in (a_plan(database), a_plan(database, trial_days=14, takes_cards=False)):
        assert "Try it free" not in words(cards, f"/p/{other}")


def test_the_order_page_tells_of_a_trial_and_never_of_a_payment(cards: Client, database: Database) -> None:
    slug = a_plan(database, trial_days=14)
    shown = words(cards, f"/p/{slug}?currency=USD")
    key = next(found for found in KEY.findall(shown) if found.endswith("-trial"))
    form = {"rail": "card", "currency": "USD", "trial": "yes", "key": key}
    answer = cards.post(f"/p/{slug}", data=form)
    assert answer.status_code == 303, answer.text
    path = answer.headers["location"]
    with database.transaction() as session:
        order = by_page(session, token_of(path))
        assert order.amount == 0
        url = "https://pay.example/1"
        write_payment(session, order, rail="card", provider_id="cs_1", pay_url=url, now=utc_now())
        move(session, order, "awaiting_payment", now=utc_now())
    waits = words(cards, path)
    for expected in ("Waits for your card", "14 days are free", "$11.00 every month", "$0.00", url):
        assert expected in waits
    with database.transaction() as session:
        order = by_page(session, token_of(path))
        trial = trial_of(session, order)
        assert trial is not None
        trial.ends_at = utc_now() + 14 * DAY
        session.add(trial)
        move(session, order, "paid", now=utc_now())
    begun = words(cards, path)
    for expected in ("Trial begun", "Nothing is charged before", "opening your access in Telegram"):
        assert expected in begun
    assert "payment is confirmed" not in begun
    with database.transaction() as session:
        assert give_up_free(session, by_page(session, token_of(path)))
    ended = words(cards, path)
    assert "Trial ended" in ended
    assert "Nothing was charged" in ended


def test_a_trial_that_is_none_is_refused(cards: Client, database: Database) -> None:
    slug = a_plan(database)
    key = KEY.findall(words(cards, f"/p/{slug}"))[0]
    for rail in ("card", "crypto"):
        form = {"rail": rail, "currency": "EUR", "trial": "yes", "key": f"{key}{rail}"}
        answer = cards.post(f"/p/{slug}", data=form, headers={"accept-language": "en"})
        assert (answer.status_code, "no free trial" in answer.text) == (409, True)
