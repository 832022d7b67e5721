"""Memberships in the Mini App: the member's own, and a seller's members, channels and figures."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from sqlmodel import Session

from core.kit.errors import NotFound
from core.kit.money import Money
from core.kit.rows import id_of
from core.memberships import miniapp_views
from core.memberships.expiry import strike
from core.process.settings import Settings
from schemas.people import Seller
from tests.support import make, make_members
from tests.support.make_members import DAY

NOW = make.NOW


def test_a_member_sees_what_is_left_the_way_in_and_how_to_go_on(
    session: Session, settings: Callable[..., Settings]
) -> None:
    shop = settings(public_url="https://shop.example")
    membership = make_members.member(session)
    make_members.own_link(session, membership)
    room, person = make_members.channel_of(session, membership), make_members.person_of(session, membership)
    (own,) = miniapp_views.own_memberships(
        session, person, policy=make.POLICY, settings=shop, now=NOW + 15 * DAY
    )
    assert (own.card.membership_id, own.share_left) == (membership.id, 0.5)
    assert own.links == {room.id: "https://t.me/+abc"}
    assert own.renewal is not None
    assert (own.renewal.here, own.renewal.on_site) == (("stars",), ("manual",))
    assert own.renewal.prices == {"stars": [Money(500, "XTR")], "manual": [Money(999, "EUR")]}
    make_members.joins(session, room, person)
    inside = miniapp_views.own_membership(
        session, person, id_of(membership), policy=make.POLICY, settings=shop, now=NOW
    )
    assert (inside.links, inside.share_left) == ({}, 1.0)


def test_what_waits_for_the_entry_is_whole_and_what_is_over_has_no_way_in(
    session: Session, settings: Callable[..., Settings]
) -> None:
    person = make.user(session)
    waiting = make_members.member(session, make_members.plan(session, starts="entry"), person)
    over = make_members.member(session, make_members.plan(session), person)
    strike(session, id_of(over), over.turn, now=NOW + 30 * DAY)
    later = NOW + 30 * DAY
    shares = {
        own.card.membership_id: (own.share_left, own.links)
        for own in miniapp_views.own_memberships(
            session, person, policy=make.POLICY, settings=settings(), now=later
        )
    }
    assert shares == {waiting.id: (1.0, {}), over.id: (0.0, {})}


def test_a_membership_is_shown_to_its_holder_alone(
    session: Session, settings: Callable[..., Settings]
) -> None:
    membership = make_members.member(session)
    with pytest.raises(NotFound, match="membership-unknown"):
        miniapp_views.own_membership(
            session, make.user(session), id_of(membership), policy=make.POLICY, settings=settings(), now=NOW
        )


def test_a_sellers_figures_have_every_month_asked_for(session: Session) -> None:
    item = make_members.plan(session)
    make_members.member(session, item)
    owner = make.owner_of(session, make_members.shop_of(session, item))
    figures = miniapp_views.figures(session, owner, months=3, now=NOW)
    assert figures.plans == [(item.id, item.title)]
    assert figures.states["active"] == 1
    assert [line.month for line in figures.churn] == [
        datetime(2026, month, 1, tzinfo=UTC) for month in (9, 10, 11)
    ]
    assert [(line.month.month, line.money) for line in figures.revenue] == [(11, Money(500, "XTR"))]


def test_who_differs_between_channel_and_grants_is_named_where_we_met(session: Session) -> None:
    membership = make_members.member(session)
    room, person = make_members.channel_of(session, membership), make_members.person_of(session, membership)
    stranger = make.user(session, name="Zoé")
    make_members.joins(session, room, stranger)
    make_members.joins(session, room, 5)
    shop = session.get_one(Seller, room.seller_id)
    owner = make.owner_of(session, shop)
    compared = miniapp_views.compared(session, owner, id_of(room), now=NOW)
    assert (compared.without_grant, compared.missing) == (2, 1)
    assert {(who.telegram_id, who.name) for who in compared.strangers} == {
        (stranger.telegram_id, "Zoé"),
        (5, ""),
    }
    assert [who.telegram_id for who in compared.absent] == [person.telegram_id]
    with pytest.raises(NotFound):
        miniapp_views.compared(session, make.owner_of(session, make.seller(session)), id_of(room), now=NOW)


def test_events_come_with_the_people_they_are_about(session: Session) -> None:
    shop = make.seller(session)
    room, stranger = make_members.channel(session, shop), make.user(session, name="Zoé")
    make_members.joins(session, room, stranger, at=NOW + timedelta(minutes=1))
    lines, people = miniapp_views.events(session, make.owner_of(session, shop), page=1)
    assert [line.kind for line in lines.items] == ["without_grant", "connected"]
    assert [who.name for who in people.values()] == ["Zoé"]


def test_who_has_no_shop_has_no_members_and_no_channels(session: Session) -> None:
    person = make.user(session)
    assert miniapp_views.members(session, person, page=1).total == 0
    with pytest.raises(NotFound, match="shop-unknown"):
        miniapp_views.channels(session, person)
