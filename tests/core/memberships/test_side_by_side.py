"""Plans that open the same channels, chosen side by side on the web, in the bot and in the Mini App."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlmodel import Session

from bot.screens.members import plan_card
from core.kit.money import Money
from core.kit.rail_policy import parse_policy
from core.kit.rows import id_of
from core.memberships.offers import offer_of
from core.memberships.plans import set_plan_status
from core.memberships.side_by_side import side_by_side
from core.payments.checkout import offer
from core.people.seller_view import shown_product
from core.process.settings import Settings
from schemas.catalogue import Product
from schemas.membership import Channel
from schemas.people import Seller
from tests.support import make, make_members

NOW, DAY = make.NOW, timedelta(days=1)
POLICY = parse_policy("bot:stars;web:manual")


@pytest.fixture
def shop(session: Session) -> Seller:
    return make.seller(session)


@pytest.fixture
def room(session: Session, shop: Seller) -> Channel:
    return make_members.channel(session, shop)


@pytest.fixture
def plans(session: Session, room: Channel) -> list[Product]:
    """The same channel for a month, to a date and for a year, made in another order."""
    year = make_members.plan(
        session, room, title="Year", unit="months", count=12, prices={"manual": [Money(9900, "EUR")]}
    )
    month = make_members.plan(session, room, title="Month", unit="months", count=1)
    season = make_members.plan(
        session, room, title="Season", unit="until", count=0, until=(NOW + 100 * DAY).replace(microsecond=0)
    )
    return [month, season, year]


def named(session: Session, item: Product) -> list[str]:
    return [choice.product.title for choice in side_by_side(session, id_of(item), now=NOW)]


def test_the_same_channels_are_one_offer_the_shortest_first(session: Session, plans: list[Product]) -> None:
    assert [named(session, item) for item in plans] == [["Month", "Season", "Year"]] * 3


def test_for_ever_comes_last(session: Session, room: Channel, plans: list[Product]) -> None:
    make_members.plan(session, room, title="Life", unit="lifetime", count=0)
    assert named(session, plans[0]) == ["Month", "Season", "Year", "Life"]


def test_what_opens_other_channels_or_is_not_sold_now_is_no_choice(
    session: Session, shop: Seller, room: Channel, plans: list[Product]
) -> None:
    month, _, year = plans
    wide = make_members.plan(session, room, make_members.channel(session, shop), title="All")
    make_members.plan(session, room, title="Draft", published=False)
    assert named(session, wide) == []
    assert named(session, month) == ["Month", "Season", "Year"]
    owner = make.owner_of(session, shop)
    set_plan_status(session, id_of(year), "paused", actor_user=owner, now=NOW)
    assert named(session, month) == ["Month", "Season"]
    assert side_by_side(session, id_of(month), now=NOW + 101 * DAY) == []
    assert named(session, year) == []


def test_every_place_shows_the_choices_with_the_prices_that_it_may_show(
    session: Session, plans: list[Product], settings: Callable[..., Settings]
) -> None:
    month, _, year = plans
    here = settings(public_url="https://shop.example", manual_instructions="IBAN")
    seen = offer(session, month.slug, policy=POLICY, settings=here, now=NOW)
    assert [(choice.product.slug == month.slug, list(other.prices)) for choice, other in seen.choices] == [
        (True, ["manual"]),
        (False, ["manual"]),
        (False, ["manual"]),
    ]
    buyer = make.user(session)
    shown = offer_of(session, buyer, id_of(month), place="chat", policy=POLICY, settings=here, now=NOW)
    assert [list(other.prices) for _, other in shown.choices] == [["stars"], ["stars"], []]
    labels = [
        button.label for row in plan_card("en", shown, bot_username="shop_bot").buttons for button in row
    ]
    assert [label for label in labels if "Season" in label or "Year" in label] == [
        "until 28 February 2027 · Season · 500\u00a0⭐",
        "1 year · Year",
    ]
    in_app = shown_product(session, buyer, year.slug, now=NOW)
    assert [choice.term.params["count"] for choice in in_app.choices] == [1, 0, 12]


def test_a_file_and_a_plan_alone_have_no_choices(session: Session, settings: Callable[..., Settings]) -> None:
    for item in (make.product(session), make_members.plan(session)):
        seen = offer(session, item.slug, policy=POLICY, settings=settings(), now=NOW)
        assert seen.choices == []
