"""Channels as their sellers connect them, and what the bot may do there."""

from dataclasses import replace

import pytest
from sqlmodel import Session, select

from core.kit.errors import NotAllowed, Refused
from core.kit.rows import id_of
from core.memberships.channels import events_of, rights_changed, set_enforcement
from core.memberships.events import RightsChanged, Visitor
from core.memberships.queries import plan_view
from core.orders.text_review import TextRules
from core.ports import NEEDED_RIGHTS
from schemas.membership import Channel
from tests.support import make, make_members
from tests.support.make_members import DAY

NOW = make.NOW
WATCHED = TextRules("flagged", "poison")


def rights_event(room: Channel, *rights: str, inside: bool = True) -> RightsChanged:
    return RightsChanged(room.telegram_id, room.title, "channel", inside, frozenset(rights), Visitor(0), NOW)


def test_whoever_makes_the_bot_an_admin_connects_a_channel_to_their_shop(session: Session) -> None:
    shop = make.seller(session)
    room = make_members.channel(session, shop)
    assert (room.seller_id, room.state) == (shop.id, "connected")
    assert make.sent_texts(session) == ["channel-connected"]


def test_a_channel_of_somebody_without_a_shop_is_not_connected(session: Session) -> None:
    visitor = Visitor(make.user(session).telegram_id)
    event = RightsChanged(-100123, "x", "channel", True, frozenset(NEEDED_RIGHTS), visitor, NOW)
    assert rights_changed(session, event, review=make.NO_REVIEW, now=NOW) is None


def test_missing_rights_are_named_and_alarm_once_until_they_are_back(session: Session) -> None:
    room = make_members.channel(session)
    for _ in range(2):
        rights_changed(session, rights_event(room, "invite_users"), review=make.NO_REVIEW, now=NOW)
    assert (room.state, room.missing, room.lost_at) == ("rights_missing", ["ban_users"], NOW)
    rights_changed(session, rights_event(room, *NEEDED_RIGHTS), review=make.NO_REVIEW, now=NOW + DAY)
    assert (room.state, room.lost_at) == ("connected", None)
    assert make.sent_texts(session) == ["channel-connected", "channel-rights-lost", "channel-rights-back"]
    assert make_members.event_kinds(session) == ["rights_lost", "rights_back"]


def test_a_channel_that_is_gone_stops_nothing_else(session: Session) -> None:
    gone, other = make_members.channel(session), make_members.channel(session)
    membership = make_members.member(session, make_members.plan(session, other))
    rights_changed(session, rights_event(gone, inside=False), review=make.NO_REVIEW, now=NOW)
    assert (gone.state, other.state, membership.state) == ("gone", "connected", "active")
    assert make.sent_texts(session).count("channel-gone") == 1


def test_only_its_seller_says_what_becomes_of_differences(session: Session) -> None:
    shop = make.seller(session)
    room = make_members.channel(session, shop)
    set_enforcement(session, id_of(room), "act", actor_user=make.owner_of(session, shop))
    assert room.enforcement == "act"
    with pytest.raises(NotAllowed):
        set_enforcement(session, id_of(room), "list", actor_user=make.user(session))
    with pytest.raises(Refused, match="plan-terms"):
        set_enforcement(session, id_of(room), "?", actor_user=make.owner_of(session, shop))


def test_members_read_a_channels_new_name_once_staff_have_seen_it(session: Session) -> None:
    room = make_members.channel(session, title="Couture")
    renamed = replace(rights_event(room, *NEEDED_RIGHTS), title="Poison")
    rights_changed(session, renamed, review=WATCHED, now=NOW)
    assert (room.title, room.title_waiting) == ("Couture", "Poison")
    plan = make_members.plan(session, room)
    assert [channel.title for channel in plan_view(session, id_of(plan)).channels] == ["Couture"]


def test_a_channel_whose_first_name_waits_is_called_by_its_number(session: Session) -> None:
    shop = make.seller(session)
    owner = Visitor(make.owner_of(session, shop).telegram_id)
    event = RightsChanged(-100124, "Poison", "channel", True, frozenset(NEEDED_RIGHTS), owner, NOW)
    room = rights_changed(session, event, review=WATCHED, now=NOW)
    assert room is not None
    assert (room.title, room.state) == (f"#{room.id}", "connected")
    assert [event.channel for event in events_of(session, id_of(shop), page=1).items] == ["Poison"]


def test_a_channel_without_a_title_keeps_the_one_it_had(session: Session) -> None:
    room = make_members.channel(session, title="Couture")
    unnamed = replace(rights_event(room, *NEEDED_RIGHTS), title=" ")
    rights_changed(session, unnamed, review=make.NO_REVIEW, now=NOW)
    assert room.title == "Couture"


def test_leaving_a_channel_that_nobody_connected_is_nothing(session: Session) -> None:
    gone = rights_event(Channel(telegram_id=-100_404, seller_id=1, title="x", kind="channel"), inside=False)
    assert rights_changed(session, gone, review=make.NO_REVIEW, now=NOW) is None
    assert session.exec(select(Channel)).all() == []


def test_what_happened_is_read_of_one_channel_or_of_all(session: Session) -> None:
    shop = make.seller(session)
    first, second = make_members.channel(session, shop), make_members.channel(session, shop)
    for room in (first, second):
        rights_changed(session, rights_event(room, inside=False), review=make.NO_REVIEW, now=NOW)

    def lines(channel_id: int | None) -> int:
        return len(events_of(session, id_of(shop), page=1, channel_id=channel_id).items)

    assert lines(None) == lines(id_of(first)) + lines(id_of(second))
    assert lines(id_of(first)) == lines(id_of(second)) >= 1


def test_somebody_unknown_who_adds_the_bot_is_written_nothing(session: Session) -> None:
    unknown = RightsChanged(-100_123, "x", "channel", True, frozenset(NEEDED_RIGHTS), Visitor(404), NOW)
    assert rights_changed(session, unknown, review=make.NO_REVIEW, now=NOW) is None
    assert make.sent_texts(session) == []
