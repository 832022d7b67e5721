"""What the Mini App and the web pages show of prices, under every policy and for every kind of goods."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from sqlmodel import Session, col, select

from core.catalogue.listing_fee import fee_of
from core.kit.db import Database
from core.kit.money import Money
from core.kit.rail_policy import parse_policy
from core.process.settings import Settings
from schemas.audit import AuditEntry
from schemas.base import utc_now
from tests.api.seller import Seller
from tests.support import make, make_members
from tests.support.questions import Answering
from tests.support.web import Client, serving

PRICES = {"stars": [Money(511, "XTR")], "crypto": [Money(622, "EUR")], "manual": [Money(733, "USD")]}
POLICIES = (
    "bot:stars;web:crypto,manual",
    "bot:stars,crypto;web:crypto,manual",
    "bot:stars,manual;web:crypto",
    "web:crypto,manual",
)
PERSON = 9
SITE = "https://shop.example/p/"


@pytest.fixture(params=POLICIES)
def policy(request: pytest.FixtureRequest) -> str:
    """A rail policy."""
    return str(request.param)


@pytest.fixture
def client(
    upload_settings: Settings, database: Database, answers: Answering, policy: str
) -> Iterator[Client]:
    """The API of a shop with this policy and a listing fee on every rail."""
    fee = "stars=511;crypto=6.22 EUR;manual=7.33 USD"
    settings = replace(upload_settings, rail_policy=policy, listing_fee=fee, upload_policy="after_payment")
    with serving(settings, database) as client:
        yield client


def goods(session: Session) -> dict[str, str]:
    """The slug of one product of each kind, on sale; the person has a membership of the plan's shop."""
    shop = make.seller(session)
    file = make.product(session, shop, title="Cours", prices=PRICES)
    plan = make_members.plan(session, shop=shop, title="Cercle", prices=PRICES)
    fee = fee_of(session, file, PRICES, now=make.NOW)
    own = make_members.plan(session, shop=shop, title="Salon", prices=PRICES, now=utc_now())
    make_members.member(session, own, make.user(session, telegram_id=PERSON), now=utc_now())
    return {"file": file.slug, "membership": plan.slug, "listing": fee.slug}


def in_telegram(policy: str) -> set[str]:
    """The rails that may be shown inside Telegram: those that lead to the site must be taken there too."""
    rails = parse_policy(policy)
    return {rail for rail in rails.get("bot", ()) if rail == "stars" or rail in rails.get("web", ())}


def test_a_product_in_the_mini_app_has_the_prices_and_ways_of_telegram_alone(
    client: Client, database: Database, policy: str
) -> None:
    person = Seller(client, database, PERSON)
    with database.transaction() as session:
        slugs = goods(session)
    allowed = in_telegram(policy)
    for kind, slug in slugs.items():
        shown = person.call("GET", f"/api/products/{slug}/view").json()
        assert set(shown["prices"]) == allowed, kind
        assert shown["buy"].get("web_link") == (f"{SITE}{slug}" if allowed - {"stars"} else None), kind
        assert ("bot_link" in shown["buy"]) == ("stars" in allowed), kind
    offered = select(AuditEntry).where(
        AuditEntry.action == "rail.offered", col(AuditEntry.subject).startswith("product:")
    )
    with database.transaction() as session:
        logged = [entry.details for entry in session.exec(offered).all()]
    assert len(logged) == (3 if allowed else 0)
    assert {details["place"] for details in logged} <= {"miniapp"}
    assert {frozenset(details["offered"].split(",")) for details in logged} <= {frozenset(allowed)}


def test_a_renewal_in_the_mini_app_follows_the_policy_and_is_logged(
    client: Client, database: Database, policy: str
) -> None:
    person = Seller(client, database, PERSON)
    with database.transaction() as session:
        goods(session)
    allowed = in_telegram(policy)
    (item,) = person.call("GET", "/api/memberships").json()["items"]
    one = person.call("GET", f"/api/memberships/{item['id']}").json()
    for renew in (item["renew"], one["renew"]):
        stars: dict[str, Any] | None = {"amount": 511, "currency": "XTR"} if "stars" in allowed else None
        assert renew == {"stars": stars, "web_link": f"{SITE}salon" if allowed - {"stars"} else None}
    offered = select(AuditEntry).where(
        AuditEntry.action == "rail.offered", col(AuditEntry.subject).startswith("product:")
    )
    with database.transaction() as session:
        assert len(session.exec(offered).all()) == (2 if allowed else 0)


def test_a_listing_fee_in_the_mini_app_follows_the_policy(
    client: Client, database: Database, policy: str
) -> None:
    seller = Seller(client, database)
    allowed = in_telegram(policy)
    places = seller.open()["pay"]
    assert ("bot_link" in places) == ("stars" in allowed)
    assert ("web_link" in places) == bool(allowed - {"stars"})
    assert ("price" in places) == bool(allowed)


def test_the_web_page_has_the_ways_of_the_web_and_names_stars_only_where_the_bot_takes_them(
    client: Client, database: Database, policy: str
) -> None:
    with database.transaction() as session:
        slugs = goods(session)
    rails = parse_policy(policy)
    for kind, slug in slugs.items():
        page = client.get(f"/p/{slug}", headers={"accept-language": "en"}).text
        named = {rail for rail, mark in {"crypto": "6.22", "manual": "7.33"}.items() if mark in page}
        assert named == set(rails["web"]), kind
        assert ("511" in page) == ("stars" in rails.get("bot", ())), kind
