"""Memberships in every state, a shop's members, and channels that differ from what was paid."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlmodel import Session, col, select

from core.kit.money import Money
from core.kit.rows import id_of
from core.memberships import member_actions
from core.memberships.admission import keep_link, prepare
from core.memberships.channels import check_rights, note
from core.memberships.charges import StarRenewals
from core.memberships.checks import end_round
from core.memberships.expiry import due, strike
from core.notifications.inbox import mark_read
from core.orders.publication import publish, unpublish
from schemas.catalogue import Product
from schemas.membership import Channel, Membership, RosterEntry
from schemas.notifications import Notification
from schemas.people import Seller, User
from tests.support import make, make_members

DAY = timedelta(days=1)
STARS = {"stars": [Money(500, "XTR")]}
EUROS = {rail: [Money(999, "EUR")] for rail in ("card", "crypto")}
STRANGERS = 52
CIRCLE = "Le cercle"
STRICT = "Le salon de jeu"  # who is put out there is out of all of its channels
PLANS: Mapping[str, tuple[tuple[str, ...], dict[str, Any]]] = {
    "Couture privée": (("Patrons de la semaine", "Questions à l’atelier"), {}),
    "Nuits étoilées, le cercle des photographes": (("Nuits étoilées",), {"recurring": True, "prices": STARS}),
    "Cuisine du marché": (("Cuisine",), {}),
    "Essai": (("Atelier ouvert",), {"trial_days": 14}),
    "Jardin": (("Jardin",), {}),
    "Lecture": (("Lecture",), {"grace_days": 3}),
    "Chorale": (("Le salon",), {"starts": "entry"}),
    "Échecs": (("Échecs",), {"grace_days": 0}),
    "Poker": (("Poker",), {}),
    "Poterie": (("Poterie",), {"unit": "lifetime", "count": 0}),
    "Photographie": (("Photographie",), {"unit": "months", "count": 1, "prices": EUROS}),
    "Labo photo": (("Labo photo",), {"unit": "months", "count": 1, "prices": EUROS}),
}
"""What the circle sells: each plan's channels, and its terms where they are not thirty days at a time."""


def new_member(session: Session, now: datetime) -> User:
    """Somebody new who is, or was, a member by every plan of the circle: one of each state, and one for ever.

    They have read all of their news but the latest.
    """
    person = make.user(session, name="Awa & Ko")
    plans = {title: _plan(session, title) for title in PLANS}
    _active(session, plans["Couture privée"], person, now)
    _subscribed(session, plans["Nuits étoilées, le cercle des photographes"], person, now - 9 * DAY)
    paused = make_members.member(session, plans["Cuisine du marché"], person, now=now - 21 * DAY)
    member_actions.pause(session, person, id_of(paused), now=now)
    trial_at = now - 13 * DAY
    member_actions.start_trial(session, person, id_of(plans["Essai"]), now=trial_at)
    make_members.joins(session, _room(session, "Atelier ouvert"), person, at=trial_at)
    cancelled = make_members.member(session, plans["Jardin"], person, now=now - 9 * DAY)
    member_actions.cancel(session, person, id_of(cancelled), now=now)
    for title, ago in (("Lecture", 31), ("Chorale", 0), ("Échecs", 40), ("Poterie", 9)):
        make_members.member(session, plans[title], person, now=now - ago * DAY)
    _revoked(session, plans["Poker"], person, now)
    by_card = make_members.member(session, plans["Photographie"], person, rail="crypto", now=now - 9 * DAY)
    make_members.charge_card(session, by_card, seen_at=now)
    _let_time_pass(session, now)
    _read_news(session, person, now)
    return person


def memberships_of(session: Session, person: User) -> dict[str, int]:
    """Ids of a person's memberships, by the title of the plan."""
    rows = session.exec(
        select(Product.title, Membership.id)
        .join(Membership, col(Membership.plan_id) == Product.id)
        .where(Membership.user_id == person.id)
    )
    return {title: number for title, number in rows if number is not None}


def enrol(session: Session, shop: Seller, now: datetime) -> dict[str, int]:
    """Four members of a shop with two plans, and three channels of which one differs; ids of the plans."""
    patterns, questions, former = (
        make_members.channel(session, shop, title=title, now=now)
        for title in ("Patrons de la semaine", "Questions à l’atelier", "Ancien canal")
    )
    sewing = make_members.plan(session, patterns, title="Couture privée")
    nights = make_members.plan(
        session, questions, title="Nuits étoilées, le cercle des photographes", trial_days=14, grace_days=3
    )
    _members(session, sewing, nights, now)
    check_rights(session, id_of(questions), frozenset({"invite_users"}), now=now)
    check_rights(session, id_of(former), None, now=now)
    patterns.enforcement = "act"
    end_round(session, id_of(patterns), now=now)
    _strangers(session, patterns, now)
    return {"sewing": id_of(sewing), "nights": id_of(nights)}


def _members(session: Session, sewing: Product, nights: Product, now: datetime) -> None:
    """The last comes first in the Mini App's list."""
    for name, username, plan, ago in (
        ("Chloé", None, nights, None),
        ("", "membre_2", sewing, 40),
        ("Bertrand de La Rochefoucauld-Montmorency", None, nights, 31),
        ("Awa Diop", "membre_0", sewing, 9),
    ):
        person = make.user(session, name=name, username=username)
        if ago is None:
            member_actions.start_trial(session, person, id_of(plan), now=now)
        else:
            make_members.member(session, plan, person, now=now - ago * DAY)
    _let_time_pass(session, now)


def _strangers(session: Session, room: Channel, now: datetime) -> None:
    """People inside without a grant, one of whom we know, and one who came by a member's link."""
    zoe = make.user(session, name="Zoé")
    for number in range(STRANGERS):
        telegram_id = zoe.telegram_id if number == 0 else 700_009_000 + number
        entry = RosterEntry(
            channel_id=id_of(room), telegram_id=telegram_id, status="member", joined_at=now, checked_at=now
        )
        session.add(entry)
    note(session, id_of(room), "stranger", occasion="stranger", now=now, telegram_id=700_009_001)


def open_circle(session: Session) -> None:
    """The shop whose plans `new_member` buys."""
    circle = make.seller(session, make.user(session, name="Cercle"), name=CIRCLE)
    strict = make.seller(session, make.user(session, name="Salon"), name=STRICT)
    for title, (rooms, terms) in PLANS.items():
        shop = strict if title == "Poker" else circle
        channels = [make_members.channel(session, shop, title=room) for room in rooms]
        make_members.plan(session, *channels, title=title, **terms)


def _plan(session: Session, title: str) -> Product:
    rows = select(Product).join(Seller, col(Seller.id) == Product.seller_id)
    return session.exec(rows.where(col(Seller.name).in_((CIRCLE, STRICT)), Product.title == title)).one()


def _room(session: Session, title: str) -> Channel:
    rows = select(Channel).join(Seller, col(Seller.id) == Channel.seller_id)
    return session.exec(rows.where(Seller.name == CIRCLE, Channel.title == title)).one()


def _active(session: Session, plan: Product, person: User, now: datetime) -> None:
    """In one of two channels; the way into the other is made."""
    membership = make_members.member(session, plan, person, now=now - 9 * DAY)
    make_members.joins(session, _room(session, "Patrons de la semaine"), person, at=now - 9 * DAY)
    admission = prepare(session, id_of(membership), now=now)
    for place in admission.places if admission else ():
        if place.invite is not None:
            keep_link(session, place.invite.id, f"https://t.me/+questions-{membership.id}")


def _subscribed(session: Session, plan: Product, person: User, at: datetime) -> None:
    """Telegram charges it every thirty days."""
    order = make.order(session, plan, person, now=at)
    charge = make.charge(order, f"subscription-{order.id}")
    StarRenewals().confirm(session, charge, person, until=at + 30 * DAY, now=at)


def _revoked(session: Session, plan: Product, person: User, now: datetime) -> None:
    """Out, and the plan is sold no more: nothing is left to be done."""
    owner = make.owner_of(session, make_members.shop_of(session, plan))
    publish(session, id_of(plan), actor_user=owner, now=now)
    membership = make_members.member(session, plan, person, now=now - 9 * DAY)
    make_members.put_out(session, membership, words="Message hostile", now=now)
    unpublish(session, id_of(plan), actor_user=owner, now=now)


def _let_time_pass(session: Session, now: datetime) -> None:
    """What the clocks do, for all whose time was over."""
    for number, turn in due(session, now=now):
        strike(session, number, turn, now=now)


def _read_news(session: Session, person: User, now: datetime) -> None:
    rows = select(Notification.id).where(Notification.user_id == person.id).order_by(col(Notification.id))
    *earlier, _ = session.exec(rows).all()
    mark_read(session, id_of(person), [number for number in earlier if number is not None], now=now)
