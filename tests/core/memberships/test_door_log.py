"""Each act on a membership and at a channel's door is in the audit log, by numbers and never by a name."""

from dataclasses import replace
from typing import Any

from sqlmodel import Session, col, select

from core.kit.rows import id_of
from core.memberships import member_actions
from core.memberships.admission import answered, ask_in, revoke_invite
from core.memberships.door_log import visitor_name
from core.memberships.expiry import expire_tokens, strike
from core.memberships.imports import add_next, begin_import, reading_of
from core.memberships.roster import begin_removal, end_removal
from core.payments.refunds import finish_refund
from schemas.audit import AuditEntry
from schemas.member_imports import MemberImport
from schemas.membership import Channel, Membership
from schemas.people import User
from schemas.sales import Order
from tests.support import make, make_members
from tests.support.make_members import DAY, asks

NOW = make.NOW
NAMES = ("Awa", "Bea", "Couture")


def acts(session: Session, *prefixes: str) -> list[AuditEntry]:
    """The entries of some acts, oldest first; none of all entries holds a name."""
    entries = session.exec(select(AuditEntry).order_by(col(AuditEntry.id))).all()
    ours = [entry for entry in entries if entry.action.startswith(("member", "join.", "invite."))]
    assert not [entry for entry in ours if any(name in str(entry.details) for name in NAMES)]
    return [entry for entry in ours if entry.action.startswith(prefixes)]


def details(entry: AuditEntry, *names: str) -> tuple[Any, ...]:
    return tuple(entry.details[name] for name in names)


def both(session: Session, membership: Membership) -> tuple[Channel, User]:
    return make_members.channel_of(session, membership), make_members.person_of(session, membership)


def test_a_request_is_written_down_with_its_answer_once(session: Session) -> None:
    membership = make_members.member(session)
    room, person = both(session, membership)
    for who in (person, make.user(session, name="Bea")):
        decision = ask_in(session, asks(room, who), now=NOW)
        for _ in range(2):  # the bot, and its net
            answered(session, who.telegram_id, decision)
    accepted, declined = acts(session, "join.")
    assert (accepted.action, accepted.subject) == ("join.accepted", f"membership:{membership.id}")
    assert details(accepted, "channel", "user") == (room.id, person.id)
    assert (declined.action, declined.subject) == ("join.declined", f"channel:{room.id}")
    assert details(declined, "reason") == ("no-grant",)


def test_links_are_written_down_from_their_making_to_their_end(session: Session) -> None:
    one_use = make_members.plan(session, joining="one_use")
    first = make_members.own_link(session, make_members.member(session, one_use))
    second = make_members.own_link(session, make_members.member(session), url="https://t.me/+def")
    revoke_invite(session, second, reason="passed_on", now=NOW)
    expire_tokens(session, now=NOW + DAY)
    entries = acts(session, "invite.")
    assert [(entry.action, entry.details["invite"]) for entry in entries] == [
        ("invite.made", str(first.id)),
        ("invite.made", str(second.id)),
        ("invite.revoked", str(second.id)),
        ("invite.expired", str(first.id)),
    ]
    assert "t.me" not in str([entry.details for entry in entries])


def test_coming_and_going_is_written_down_for_members_and_for_strangers(session: Session) -> None:
    membership = make_members.member(session)
    room, person = both(session, membership)
    for _ in range(2):  # Telegram may tell twice
        make_members.joins(session, room, person)
    make_members.leaves(session, room, person, at=NOW + DAY)
    make_members.joins(session, room, 5)
    make_members.moved(session, room, 5, "member", "banned", at=NOW + DAY)
    joined, left, stranger, banned = acts(session, "member.")
    assert (joined.action, left.action) == ("member.joined", "member.left")
    assert joined.actor == left.actor == f"user:{person.id}"
    assert details(left, "channel", "how") == (room.id, "left")
    assert (stranger.subject, stranger.actor, stranger.details["user"]) == (
        f"channel:{room.id}",
        "telegram",
        None,
    )
    assert details(banned, "how") == ("banned",)


def removed(session: Session, room: Channel, person: User) -> tuple[Any, ...]:
    """Put somebody out as the job does; what the log says of it."""
    removal = begin_removal(session, id_of(room), person.telegram_id, now=NOW + 31 * DAY)
    assert removal is not None
    # Telegram's own update of it may come first, and tells nothing new.
    make_members.moved(session, room, person, "member", "left", at=NOW + 31 * DAY, by_bot=True)
    before = len(acts(session, "member.removed"))
    end_removal(session, id_of(room), person.telegram_id, replace(removal, was_in=True), now=NOW + 31 * DAY)
    entries = acts(session, "member.removed")
    assert len(entries) == before + 1
    return entries[-1].subject, *details(entries[-1], "reason", "ended_for")


def test_a_removal_says_what_it_was_for(session: Session) -> None:
    expired, refunded, put_out, paused = (make_members.member(session) for _ in range(4))
    for membership in (expired, refunded, put_out, paused):
        make_members.joins(session, *both(session, membership))
    strike(session, id_of(expired), expired.turn, now=NOW + 30 * DAY)
    (period,) = make_members.periods(session, refunded)
    order = session.get_one(Order, period.order_id)
    finish_refund(session, order, reason="Awa wanted it", now=NOW + DAY)
    make_members.put_out(session, put_out, words="Awa")
    member_actions.pause(session, make_members.person_of(session, paused), id_of(paused), now=NOW + DAY)
    for membership, expected in (
        (expired, ("time", "")),
        (refunded, ("refund", "")),
        (put_out, ("staff", "other")),
        (paused, ("paused", "")),
    ):
        subject = f"membership:{membership.id}"
        assert removed(session, *both(session, membership)) == (subject, *expected)
    room = make_members.channel_of(session, paused)
    stranger = make.user(session)
    make_members.joins(session, room, stranger)
    assert removed(session, room, stranger) == (f"channel:{room.id}", "no_grant", "")


def test_who_was_not_in_was_not_removed(session: Session) -> None:
    membership = make_members.member(session)
    room, person = both(session, membership)
    strike(session, id_of(membership), membership.turn, now=NOW + 30 * DAY)
    removal = begin_removal(session, id_of(room), person.telegram_id, now=NOW + 30 * DAY)
    assert removal is not None
    end_removal(session, id_of(room), person.telegram_id, removal, now=NOW + 30 * DAY)
    assert acts(session, "member.removed") == []


def test_every_change_of_a_membership_says_what_happened_and_until_when(session: Session) -> None:
    item = make_members.plan(session, trial_days=7)
    person = make.user(session)
    membership = member_actions.start_trial(session, person, id_of(item), now=NOW)
    make_members.member(session, item, person, now=NOW)
    make_members.member(session, item, person, now=NOW + DAY)
    number = id_of(membership)
    ways = (member_actions.pause, member_actions.resume, member_actions.cancel, member_actions.undo_cancel)
    for act in ways:
        act(session, person, number, now=NOW + 2 * DAY)
    strike_at = membership.ends_at
    assert strike_at is not None
    strike(session, number, membership.turn, now=strike_at)
    written = [entry.details["act"] for entry in acts(session, "membership.")]
    assert written == [
        "trial",
        "extended",
        "extended",
        "paused",
        "resumed",
        "cancelled",
        "uncancelled",
        "lapsed",
    ]
    assert acts(session, "membership.")[2].details["ends"] == int(strike_at.timestamp())


def test_an_import_is_the_sellers_act(session: Session) -> None:
    shop = make.seller(session)
    item, owner = make_members.plan(session, shop=shop), make.owner_of(session, shop)
    lines = "telegram_id,days,name\n900000001,30,Awa"
    begin_import(session, id_of(item), lines, actor_user=owner, now=NOW, idempotency_key="file")
    sent = id_of(session.exec(select(MemberImport)).one())
    add_next(session, sent, reading_of(session, sent).lines)
    (entry,) = acts(session, "membership.")
    assert (entry.actor, entry.details["act"]) == (f"user:{owner.id}", "imported")


def test_whoever_acts_has_a_number_or_is_telegrams_word() -> None:
    assert (visitor_name(7), visitor_name(None)) == ("user:7", "telegram")
