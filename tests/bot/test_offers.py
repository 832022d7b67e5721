"""Every screen of the bot that has prices, under every policy and for every kind of goods."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pytest
from sqlmodel import Session, col, select

from core.catalogue.listing_fee import SLUG, fee_of
from core.kit.money import Money
from core.kit.rail_policy import parse_policy
from core.kit.rows import id_of
from schemas.audit import AuditEntry
from schemas.base import utc_now
from schemas.people import User
from scripts.sandbox.telegram.driver import Person
from scripts.sandbox.telegram.views import Message
from tests.support import make, make_members
from tests.support.shop_bot import ShopBot, ask

PRICES = {"stars": [Money(511, "XTR")], "crypto": [Money(622, "EUR")], "manual": [Money(733, "USD")]}
MARKS = {"stars": "511", "crypto": "6.22", "manual": "7.33"}
"""How each rail's price is recognised, whatever else a screen says."""
POLICIES = (
    "bot:stars;web:crypto,manual",
    "bot:stars,crypto;web:crypto,manual",
    "bot:stars,manual;web:crypto",
    "web:crypto,manual",
)


@dataclass
class Walk:
    """What stands for sale: goods of each kind, and a membership of the walker's own."""

    file: int
    plan: int
    fee: int
    membership: int


def set_up(session: Session, walker: Person) -> Walk:
    shop = make.seller(session, make.user(session, telegram_id=900_001, name="Vendeuse"))
    file = make.product(session, shop, title="Cours", prices=PRICES)
    plan = make_members.plan(session, shop=shop, title="Cercle", prices=PRICES)
    fee = fee_of(session, file, PRICES, now=make.NOW)
    member = session.exec(select(User).where(User.telegram_id == walker.id)).one()
    own = make_members.plan(session, shop=shop, title="Salon", prices=PRICES, now=utc_now())
    membership = make_members.member(session, own, member, now=utc_now())
    return Walk(id_of(file), id_of(plan), id_of(fee), id_of(membership))


def screens(ann: Person, walk: Walk) -> Iterator[tuple[str, Message]]:
    """Each screen of a buyer's that has, or might have, a price."""
    listing = ask(ann, "/catalogue", "Catalogue")
    yield "catalogue", listing
    yield "search", ask(ann, "Cours", "Cours")
    for name, number, title in (("file", walk.file, "Cours"), ("fee", walk.fee, "mise en vente")):
        ann.press_data(listing, f"product:{number}")
        yield name, ann.wait_for(title, after=listing)
    ann.press_data(listing, f"plan:{walk.plan}")
    yield "plan", ann.wait_for("Cercle", after=listing)
    yield "deep link of a plan", ask(ann, "/start p_cercle", "Cercle")
    yield "deep link of a fee", ask(ann, f"/start p_{SLUG}{walk.file}", "mise en vente")
    yield "status", ask(ann, "/status", "Salon")


def words(message: Message) -> str:
    return message.text + "".join(button.text for button in message.buttons)


def shown_in(text: str) -> set[str]:
    return {rail for rail, mark in MARKS.items() if mark in text}


@pytest.mark.parametrize("policy", POLICIES)
def test_no_screen_shows_a_price_or_a_way_that_the_policy_keeps_out_of_telegram(
    start_bot: Callable[..., ShopBot], policy: str
) -> None:
    shop = start_bot(rail_policy=policy)
    ann = shop.person()
    ask(ann, "/start", "Welcome")
    walk = shop.do(lambda session: set_up(session, ann))
    rails = parse_policy(policy)
    web = set(rails["web"])
    allowed = {rail for rail in rails.get("bot", ()) if rail == "stars" or rail in web}
    to_site = bool(allowed - {"stars"})
    for name, message in screens(ann, walk):
        shown = shown_in(words(message))
        assert shown <= allowed, name
        if name in ("file", "fee", "plan", "deep link of a plan", "deep link of a fee"):
            assert shown == allowed, name
            led = [button.value for button in message.buttons if "/p/" in (button.value or "")]
            assert bool(led) == to_site, name
    for result in ann.inline_query(""):
        assert shown_in(result.text + (result.description or "")) == allowed, result.title
    entries = select(AuditEntry).where(
        AuditEntry.action == "rail.offered", col(AuditEntry.subject).startswith("product:")
    )
    logged = shop.do(lambda session: [(e.subject, e.details) for e in session.exec(entries).all()])
    assert {details["offered"] for _, details in logged} == (
        {",".join(rail for rail in rails["bot"] if rail in allowed)} if allowed else set()
    )
    if allowed:
        assert {subject for subject, _ in logged} >= {
            f"product:{n}" for n in (walk.file, walk.plan, walk.fee)
        }


@pytest.mark.parametrize("policy", POLICIES)
def test_the_ways_to_renew_follow_the_policy_too(start_bot: Callable[..., ShopBot], policy: str) -> None:
    shop = start_bot(rail_policy=policy)
    ann = shop.person()
    hello = ask(ann, "/start", "Welcome")
    walk = shop.do(lambda session: set_up(session, ann))
    rails = parse_policy(policy)
    allowed = {rail for rail in rails.get("bot", ()) if rail == "stars" or rail in rails["web"]}
    ann.press_data(hello, f"renew:{walk.membership}")
    answer = ann.wait_for(lambda message: "Salon" in message.text or message.invoice is not None, after=hello)
    if allowed == {"stars"}:
        assert answer.invoice is not None
        assert answer.invoice["total"] == 511
    else:
        assert shown_in(words(answer)) == allowed
