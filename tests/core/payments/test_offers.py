"""What each place may show and offer, for every policy and every kind of goods."""

import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from itertools import product as combinations
from typing import get_args

import pytest
from sqlmodel import Session, select
from structlog.testing import capture_logs

from core.catalogue.catalogue import view
from core.catalogue.listing_fee import fee_of
from core.catalogue.payees import operator_rails
from core.kit.errors import Refused
from core.kit.money import Money
from core.kit.prices import Prices
from core.kit.rail_policy import RAILS, Policy, parse_policy
from core.kit.rows import id_of
from core.memberships.queries import plan_view
from core.orders.fulfilment import goods_of
from core.payments.checkout import offer, order_page
from core.payments.offers import ENTRY_OF, Offers, Place, log_offers, note_offers, offers_of, prices_at
from core.payments.placing import place_on_web
from core.payments.rails.stripe.accounts import begin
from core.payments.rails.stripe.platform import note_key, set_operator
from core.payments.waiver import NOT_ASKED
from core.process.settings import Settings
from core.wiring import connect
from schemas.audit import AuditEntry
from schemas.catalogue import Product, ProductKind
from schemas.people import Seller
from schemas.stripe import AccountState, StripeAccount
from tests.support import make, make_members

SITE = "https://shop.example"
POLICIES = (
    "bot:stars;web:crypto,manual",
    "bot:stars,crypto;web:crypto",
    "bot:stars,crypto,manual;web:manual",
    "bot:manual",
    "web:crypto,manual",
)
PLACES: tuple[Place, ...] = get_args(Place)
KINDS: tuple[ProductKind, ...] = get_args(ProductKind)


@dataclass(frozen=True)
class Goods:
    """Something with a price on every rail, by a seller who takes all of them."""

    kind: ProductKind = "file"
    id: int = 7
    slug: str = "cours"
    prices: Prices = field(default_factory=lambda: dict(make.PRICES))
    rails: tuple[str, ...] = RAILS
    on_sale: bool = True


@pytest.fixture(scope="module", autouse=True)
def _kinds_and_rails() -> None:
    """As each process begins."""
    connect()


@pytest.fixture
def shop(settings: Callable[..., Settings]) -> Settings:
    """A shop with everything that a rail needs."""
    return settings(public_url=SITE, manual_instructions="IBAN", nowpayments_ipn_secret="s")


def test_the_operator_is_paid_by_card_only_where_the_operators_shop_takes_cards(session: Session) -> None:
    """Case: the fee's buyer is a shop that takes cards itself, on an account that is not the operator's."""
    policy, price = parse_policy("web:card,manual"), [Money(500, "EUR")]
    prices = {"card": price, "manual": price}
    assert prices_at(policy, "web", "listing", (), prices) == {"manual": price}
    assert list(prices_at(policy, "web", "listing", ("card",), prices)) == ["card", "manual"]
    assert prices_at(policy, "web", "file", ("card",), prices) == {"card": price}


def able(session: Session, *, rails: Sequence[str] = RAILS) -> Seller:
    """A shop whose account at Stripe is ready."""
    shop = make.seller(session)
    account = begin(session, id_of(shop), now=make.NOW)
    account.account_id, account.state = f"acct_{shop.id}", "active"
    shop.rails = list(rails)
    return shop


def test_a_fee_is_paid_on_the_rails_of_the_operators_own_shop(session: Session) -> None:
    """Case: the fee's buyer is a shop that takes cards itself, on an account that is not the operator's."""
    note_key(session, "sk_test_1")
    prices = {"card": [Money(500, "EUR")], "manual": [Money(500, "EUR")]}
    selling, own = able(session, rails=["card"]), able(session, rails=["stars", "card"])
    assert operator_rails(session) == ()
    set_operator(session, id_of(own), actor="cli")
    assert operator_rails(session) == ("stars", "card")
    fee = fee_of(session, make.product(session, selling), prices, now=make.NOW)
    assert view(session, slug=fee.slug, viewer=None).rails == ("stars", "card")
    set_operator(session, None, actor="cli")
    assert view(session, slug=fee.slug, viewer=None).rails == ()


@pytest.mark.parametrize("state", get_args(AccountState))
@pytest.mark.parametrize("key", ["", "sk_test_1", "sk_live_1"])
def test_a_page_offers_just_what_placing_takes(
    session: Session, shop: Settings, key: str, state: AccountState
) -> None:
    """Case: the workers' key is gone, and pages went on offering cards that were then refused."""
    note_key(session, key)
    seller = able(session)
    prices = {**make.PRICES, "card": [Money(999, "EUR")]}
    plan = make_members.plan(session, shop=seller, prices=prices, unit="months", count=1)
    set_state(session, seller, state)
    policy = parse_policy("bot:stars,crypto,manual,card;web:crypto,manual,card")
    full = replace(shop, stripe_webhook_secrets="whsec_1")
    seen = offer(session, plan.slug, policy=policy, settings=full, now=make.NOW)
    views = view(session, product_id=id_of(plan), viewer=None), plan_view(session, id_of(plan))
    offered = [offers_of(each, place, policy=policy, settings=full) for each in views for place in PLACES]
    taken = {rail for rail in RAILS if takes(session, plan, rail, policy)}
    assert ("card" in taken) == (key != "" and state == "active")
    assert set(seen.ways("EUR")) == taken
    assert {rail for each in offered for rail in each.rails} - {"stars"} == taken
    told = {fact.text for fact in seen.description.facts}
    assert ("plan-renews-card" in told) == ("card" in taken)


def test_nobody_is_led_to_pay_by_card_once_no_worker_could_see_it(session: Session) -> None:
    note_key(session, "sk_test_1")
    item = make.product(session, able(session), prices={"card": [Money(999, "EUR")]})
    placed = make.web_order(session, item, rail="card")
    assert placed.page_token is not None
    assert not order_page(session, placed.page_token, now=make.NOW).stopped
    note_key(session, "")
    assert order_page(session, placed.page_token, now=make.NOW).stopped


def set_state(session: Session, shop: Seller, state: AccountState) -> None:
    """Stripe has come to think so of the shop's account, whose rails have not followed yet."""
    (account,) = session.exec(select(StripeAccount).where(StripeAccount.seller_id == shop.id))
    account.state = state
    session.flush()


def takes(session: Session, item: Product, rail: str, policy: Policy) -> bool:
    """Whether an order of somebody unknown is placed on a rail."""
    try:
        place_on_web(
            session,
            product_id=id_of(item),
            rail=rail,
            currency="XTR" if rail == "stars" else "EUR",
            language="fr",
            policy=policy,
            order_ttl=3600,
            now=make.NOW,
            idempotency_key=secrets.token_urlsafe(32),
            waiver=NOT_ASKED,
        )
    except Refused as refused:
        if refused.code != "rail-not-offered":
            raise
        return False
    return True


@pytest.mark.parametrize(("policy", "place", "kind"), list(combinations(POLICIES, PLACES, KINDS)))
def test_no_place_shows_or_offers_what_its_policy_does_not_allow(
    shop: Settings, policy: str, place: Place, kind: ProductKind
) -> None:
    allowed = parse_policy(policy)
    offers = offers_of(Goods(kind), place, policy=allowed, settings=shop)
    entry = ENTRY_OF[place]
    assert set(offers.prices) == {*offers.here, *offers.on_site}
    assert set(offers.prices) <= set(allowed.get(entry, ()))
    assert set(offers.on_site) <= set(allowed.get("web", ()))
    assert bool(offers.site) == bool(offers.on_site)
    if place != "web":
        assert set(offers.here) <= {"stars"}
        assert ("stars" in offers.here) == ("stars" in allowed.get("bot", ()))
    else:
        assert (set(offers.here), offers.on_site) == (set(allowed.get("web", ())), ())


@pytest.mark.parametrize("place", PLACES)
def test_what_is_not_on_sale_is_offered_nowhere(shop: Settings, place: Place) -> None:
    allowed = parse_policy("bot:stars,crypto;web:crypto")
    offers = offers_of(replace(Goods(), on_sale=False), place, policy=allowed, settings=shop)
    assert (offers.prices, offers.rails, offers.site) == ({}, (), "")


def test_a_seller_decides_about_their_goods_and_the_operator_about_a_fee(shop: Settings) -> None:
    allowed = parse_policy("bot:stars,crypto;web:crypto")
    for kind in KINDS:
        offers = offers_of(replace(Goods(kind), rails=("crypto",)), "chat", policy=allowed, settings=shop)
        assert offers.rails == (("stars", "crypto") if goods_of(kind).payee == "operator" else ("crypto",))


def test_a_chat_leads_to_no_address_that_telegram_would_refuse(
    settings: Callable[..., Settings],
) -> None:
    allowed = parse_policy("bot:stars,crypto;web:crypto")

    def at(place: Place, public_url: str) -> Offers:
        return offers_of(Goods(), place, policy=allowed, settings=settings(public_url=public_url))

    assert at("chat", "http://127.0.0.1:8080").rails == ("stars",)
    assert at("miniapp", "http://127.0.0.1:8080").site == "http://127.0.0.1:8080/p/cours"
    assert at("miniapp", "").rails == ("stars",)
    assert at("chat", SITE).site == f"{SITE}/p/cours"


def test_a_place_shows_every_currency_of_a_rail_and_leads_to_the_page_in_it(shop: Settings) -> None:
    allowed = parse_policy("bot:stars,crypto,manual;web:crypto,manual")
    several = [Money(999, "EUR"), Money(6500, "XAF")]
    prices = {**make.PRICES, "crypto": several, "manual": [Money(1100, "USD")]}
    offers = offers_of(replace(Goods(), prices=prices), "chat", policy=allowed, settings=shop)
    assert (offers.prices["crypto"], offers.rails) == (several, ("stars", "crypto", "manual"))
    assert [str(price) for price in offers.amounts] == ["500 ⭐", "9.99 EUR", "6500 XAF", "11.00 USD"]
    assert offers.site_in("XAF") == f"{SITE}/p/cours?currency=XAF"
    one = offers_of(Goods(), "chat", policy=allowed, settings=shop)
    assert one.site_in("EUR") == f"{SITE}/p/cours", "there is nothing to choose"
    fewer = parse_policy("bot:stars,manual;web:crypto,manual")
    dollars = offers_of(replace(Goods(), prices=prices), "chat", policy=fewer, settings=shop)
    assert dollars.site_in("USD") == f"{SITE}/p/cours?currency=USD", "the page itself begins with euros"


def test_what_a_person_is_offered_goes_to_the_audit_log(session: Session, shop: Settings) -> None:
    person = make.user(session)
    allowed = parse_policy("bot:stars,crypto;web:crypto")
    note_offers(session, person, offers_of(Goods(), "miniapp", policy=allowed, settings=shop))
    note_offers(session, person, offers_of(Goods(), "web", policy=parse_policy("bot:stars"), settings=shop))
    session.flush()
    entry = session.exec(select(AuditEntry).where(AuditEntry.action == "rail.offered")).one()
    assert (entry.actor, entry.subject) == (f"user:{person.id}", "product:7")
    assert entry.details == {
        "entry": "bot",
        "place": "miniapp",
        "offered": "stars,crypto",
        "prices": {
            "stars": [{"amount": 500, "currency": "XTR"}],
            "crypto": [{"amount": 999, "currency": "EUR"}],
        },
    }


def test_what_many_or_strangers_see_goes_to_the_process_log(shop: Settings) -> None:
    offers = offers_of(Goods(), "web", policy=parse_policy(POLICIES[0]), settings=shop)
    nothing = offers_of(Goods(), "web", policy=parse_policy("bot:stars"), settings=shop)
    with capture_logs() as lines:
        log_offers([offers, nothing])
    assert [(line["event"], line["product"], line["offered"]) for line in lines] == [
        ("rail_offered", 7, "crypto,manual")
    ]
