"""Channels, requests to join, joins and leaves, strangers, removals: what Telegram's updates do."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlmodel import Session, select

from core.kit.errors import NotAllowed, Refused
from core.kit.rows import id_of
from core.memberships import member_actions
from core.memberships.admission import answered, ask_in, keep_link, prepare, waiting_request
from core.memberships.channels import check_rights, events_of, rights_changed, set_enforcement
from core.memberships.checks import begin_rounds, checked, differences, to_check
from core.memberships.events import RightsChanged, Visitor
from core.memberships.expiry import expire_tokens, strike
from core.memberships.roster import begin_removal, end_removal
from core.ports import NEEDED_RIGHTS, ChannelMember
from schemas import member_jobs
from schemas.membership import Channel, ChannelEvent, Invite, Membership, PlanChannel, RosterEntry
from schemas.people import User
from tests.support import make, make_members
from tests.support.make_members import DAY, asks

NOW = make.NOW


def entry(session: Session, room: Channel, person: User | int) -> RosterEntry:
    number = person if isinstance(person, int) else person.telegram_id
    return session.get_one(RosterEntry, (room.id, number), populate_existing=True)


def events(session: Session) -> list[str]:
    return [row.kind for row in session.exec(select(ChannelEvent)) if row.kind != "connected"]


def invited(session: Session, held: Membership, url: str = "https://t.me/+abc") -> Invite:
    """The member's link into their first channel, as Telegram made it."""
    admission = prepare(session, id_of(held), now=NOW)
    assert admission is not None
    invite = admission.places[0].invite
    assert invite is not None
    keep_link(session, invite.id, url)
    return invite


def rights(room: Channel, *held: str, inside: bool = True) -> RightsChanged:
    return RightsChanged(room.telegram_id, room.title, "channel", inside, frozenset(held), Visitor(0), NOW)


# Channels


def test_whoever_makes_the_bot_an_admin_connects_a_channel_to_their_shop(session: Session) -> None:
    shop = make.seller(session)
    room = make_members.channel(session, shop)
    assert (room.seller_id, room.state) == (shop.id, "connected")
    assert make.sent_texts(session) == ["channel-connected"]


def test_a_channel_of_somebody_without_a_shop_is_not_connected(session: Session) -> None:
    visitor = Visitor(make.user(session).telegram_id)
    event = RightsChanged(-100123, "x", "channel", True, frozenset(NEEDED_RIGHTS), visitor, NOW)
    assert rights_changed(session, event, now=NOW) is None


def test_missing_rights_are_named_and_alarm_once_until_they_are_back(session: Session) -> None:
    room = make_members.channel(session)
    for _ in range(2):
        rights_changed(session, rights(room, "invite_users"), now=NOW)
    assert (room.state, room.missing, room.lost_at) == ("rights_missing", ["ban_users"], NOW)
    rights_changed(session, rights(room, *NEEDED_RIGHTS), now=NOW + DAY)
    assert (room.state, room.lost_at) == ("connected", None)
    assert make.sent_texts(session) == ["channel-connected", "channel-rights-lost", "channel-rights-back"]
    assert events(session) == ["rights_lost", "rights_back"]


def test_a_channel_that_is_gone_stops_nothing_else(session: Session) -> None:
    gone, other = make_members.channel(session), make_members.channel(session)
    held = make_members.member(session, make_members.plan(session, other))
    rights_changed(session, rights(gone, inside=False), now=NOW)
    assert (gone.state, other.state, held.state) == ("gone", "connected", "active")
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


# Requests to join


def test_a_member_is_let_in_and_the_net_has_nothing_left_to_do(session: Session) -> None:
    held = make_members.member(session)
    room, person = make_members.channel_of(session, held), make_members.person_of(session, held)
    decision = ask_in(session, asks(room, person), now=NOW)
    assert (decision.approve, decision.membership_id) == (True, held.id)
    assert make_members.due_of(session, "answer_join_request") == [NOW + timedelta(seconds=5)]
    assert waiting_request(session, id_of(room), person.telegram_id, now=NOW) is not None
    answered(session, id_of(room), person.telegram_id, approved=True, now=NOW)
    assert waiting_request(session, id_of(room), person.telegram_id, now=NOW) is None


def test_the_reason_of_a_refusal_fits_the_person(session: Session) -> None:
    item = make_members.plan(session)
    held = make_members.member(session, item)
    room, person = make_members.channel_of(session, held), make_members.person_of(session, held)
    stranger = ask_in(session, asks(room, make.user(session)), now=NOW)
    assert (stranger.reason, stranger.plans) == ("no-grant", [(item.id, item.title)])
    assert ask_in(session, asks(room, person), now=NOW + 30 * DAY).reason == "ended"
    member_actions.pause(session, person, id_of(held), now=NOW)
    assert ask_in(session, asks(room, person), now=NOW).reason == "paused"
    member_actions.resume(session, person, id_of(held), now=NOW)
    member_actions.revoke(session, id_of(held), reason="", actor="cli", now=NOW)
    assert ask_in(session, asks(room, person), now=NOW).reason == "revoked"
    nowhere = ask_in(session, replace(asks(room, person), channel=-1), now=NOW)
    assert (nowhere.reason, nowhere.approve) == ("unknown-channel", False)


def test_a_request_by_somebody_elses_link_replaces_the_link_and_is_shown(session: Session) -> None:
    held = make_members.member(session)
    room, invite = make_members.channel_of(session, held), invited(session, held)
    for _ in range(2):
        ask_in(session, asks(room, make.user(session, telegram_id=5), "https://t.me/+abc"), now=NOW)
    assert events(session) == ["stranger"]
    assert invite.revoked_at == NOW
    assert make.queued(session, member_jobs.RevokeInvite) == [member_jobs.RevokeInvite(invite_id=invite.id)]
    assert [job.occasion for job in make.queued(session, member_jobs.Admit)] == ["paid", "reissued"]


# Links


def test_a_member_keeps_one_link_until_it_is_revoked(session: Session) -> None:
    held = make_members.member(session)
    first = invited(session, held)
    assert invited(session, held, "https://t.me/+other").id == first.id
    assert first.url == "https://t.me/+abc"


def test_a_one_use_link_lives_five_minutes_and_is_made_anew(session: Session) -> None:
    held = make_members.member(session, make_members.plan(session, joining="one_use"))
    first = invited(session, held)
    assert first.expires_at == NOW + timedelta(minutes=5)
    later = prepare(session, id_of(held), now=NOW + timedelta(minutes=4, seconds=30))
    assert later is not None
    assert later.places[0].invite is not first
    assert expire_tokens(session, now=NOW + timedelta(minutes=5)) == 1
    assert first.revoked_at is not None


def test_who_may_not_be_in_gets_no_link(session: Session) -> None:
    held = make_members.member(session)
    assert prepare(session, id_of(held), now=NOW + 30 * DAY) is None


def test_a_channel_that_is_gone_gets_no_link(session: Session) -> None:
    held = make_members.member(session)
    check_rights(session, id_of(make_members.channel_of(session, held)), None, now=NOW)
    admission = prepare(session, id_of(held), now=NOW)
    assert admission is not None
    assert admission.places == []


# Coming and going


def test_the_first_entry_starts_the_time_and_tells_until_when(session: Session) -> None:
    held = make_members.member(session, make_members.plan(session, starts="entry"))
    room, person = make_members.channel_of(session, held), make_members.person_of(session, held)
    assert (held.state, held.ends_at) == ("pending", None)
    for _ in range(2):
        make_members.joins(session, room, person, at=NOW + 3 * DAY)
    assert (held.state, held.ends_at) == ("active", NOW + 33 * DAY)
    assert make.sent_texts(session, person) == ["member-joined"]
    assert entry(session, room, person).membership_id == held.id


def test_leaving_keeps_the_grant_and_coming_back_needs_nothing(session: Session) -> None:
    held = make_members.member(session)
    room, person = make_members.channel_of(session, held), make_members.person_of(session, held)
    make_members.joins(session, room, person)
    make_members.leaves(session, room, person, at=NOW + DAY)
    assert (held.state, entry(session, room, person).status) == ("active", "left")
    assert ask_in(session, asks(room, person), now=NOW + DAY).approve


def test_a_stranger_on_a_members_link_goes_and_the_member_gets_another(session: Session) -> None:
    held = make_members.member(session, make_members.plan(session, joining="one_use"))
    room, invite = make_members.channel_of(session, held), invited(session, held)
    make_members.joins(session, room, 5, link="https://t.me/+abc")
    assert make.queued(session, member_jobs.RemoveStranger) == [
        member_jobs.RemoveStranger(channel_id=id_of(room), telegram_id=5, invite_id=invite.id)
    ]
    assert (events(session), invite.used_by) == (["stranger"], 5)


def test_who_comes_by_the_sellers_own_way_is_shown_and_goes_only_if_wanted(session: Session) -> None:
    room = make_members.channel(session)
    make_members.joins(session, room, 5)
    assert make.queued(session, member_jobs.RemoveStranger) == []
    assert differences(session, id_of(room), now=NOW).without_grant == [5]
    room.enforcement = "act"
    make_members.joins(session, room, 6)
    assert [job.telegram_id for job in make.queued(session, member_jobs.RemoveStranger)] == [6]


def test_the_seller_and_the_admins_belong_without_a_grant(session: Session) -> None:
    shop = make.seller(session)
    room = make_members.channel(session, shop, enforcement="act")
    make_members.joins(session, room, make.owner_of(session, shop))
    make_members.moved(session, room, 7, "left", "administrator")
    assert make.queued(session, member_jobs.RemoveStranger) == []


def test_put_out_by_somebody_else_while_the_grant_runs_is_shown(session: Session) -> None:
    held = make_members.member(session)
    room, person = make_members.channel_of(session, held), make_members.person_of(session, held)
    make_members.joins(session, room, person)
    make_members.moved(session, room, person, "member", "banned", at=NOW + DAY)
    assert events(session) == ["missing"]
    assert differences(session, id_of(room), now=NOW + DAY).missing == [held.id]


def test_a_subscription_to_the_channel_itself_is_taken_over_with_telegrams_end(session: Session) -> None:
    room = make_members.channel(session)
    item = make_members.plan(session, room)
    session.get_one(PlanChannel, (item.id, room.id)).subscription_link = "https://t.me/+paid"
    session.flush()
    make_members.joins(session, room, 5, until=NOW + 30 * DAY)
    (held,) = session.exec(select(Membership)).all()
    assert (held.state, held.ends_at) == ("active", NOW + 30 * DAY)
    assert make_members.periods(session, held)[0].source == "channel"


# Putting out


def test_who_bought_again_in_the_meantime_is_not_put_out(session: Session) -> None:
    item, person = make_members.plan(session), make.user(session)
    held = make_members.member(session, item, person)
    room = make_members.channel_of(session, held)
    strike(session, id_of(held), held.turn, now=NOW + 30 * DAY)
    make_members.member(session, item, person, now=NOW + 30 * DAY)
    assert begin_removal(session, id_of(room), person.telegram_id, now=NOW + 30 * DAY) is None


def test_a_removal_cut_off_in_the_middle_is_finished_or_undone(session: Session) -> None:
    item, person = make_members.plan(session), make.user(session)
    held = make_members.member(session, item, person)
    room, after = make_members.channel_of(session, held), NOW + 31 * DAY
    make_members.joins(session, room, person)
    strike(session, id_of(held), held.turn, now=NOW + 30 * DAY)
    begun = begin_removal(session, id_of(room), person.telegram_id, now=after)
    assert begun is not None
    # The worker dies after its ban; Telegram's update comes, and then the person buys again.
    make_members.moved(session, room, person, "member", "banned", at=after, by_bot=True)
    assert begin_removal(session, id_of(room), person.telegram_id, now=after) == begun
    make_members.member(session, item, person, now=after)
    undone = begin_removal(session, id_of(room), person.telegram_id, now=after)
    assert undone is not None
    assert undone.lift_only
    end_removal(session, id_of(room), person.telegram_id, undone, now=after)
    assert make.queued(session, member_jobs.Admit)[-1].occasion == "restored"
    assert begin_removal(session, id_of(room), person.telegram_id, now=after) is None


def test_another_plan_for_the_same_channel_keeps_its_member_in(session: Session) -> None:
    shop = make.seller(session)
    room = make_members.channel(session, shop)
    short, long = (make_members.plan(session, room, count=days) for days in (10, 60))
    person = make.user(session)
    held = make_members.member(session, short, person)
    make_members.member(session, long, person)
    strike(session, id_of(held), held.turn, now=NOW + 10 * DAY)
    assert len(make.queued(session, member_jobs.RemoveMember)) == 1
    assert begin_removal(session, id_of(room), person.telegram_id, now=NOW + 10 * DAY) is None


# Going through the roster


def test_a_round_asks_about_everybody_once(session: Session) -> None:
    held = make_members.member(session)
    room, person = make_members.channel_of(session, held), make_members.person_of(session, held)
    make_members.joins(session, room, 5)
    assert begin_rounds(session, now=NOW) == 1
    begun = int(NOW.timestamp())
    asked = to_check(session, id_of(room), begun)
    assert sorted(asked) == sorted([5, person.telegram_id])
    for number in asked:
        checked(session, id_of(room), number, ChannelMember("member"), now=NOW + DAY)
    assert to_check(session, id_of(room), begun) == []


def test_a_check_finds_what_no_update_told(session: Session) -> None:
    held = make_members.member(session)
    room, person = make_members.channel_of(session, held), make_members.person_of(session, held)
    for _ in range(2):
        checked(session, id_of(room), person.telegram_id, ChannelMember("left"), now=NOW)
        checked(session, id_of(room), 5, ChannelMember("member"), now=NOW)
    assert sorted(events(session)) == ["missing", "without_grant"]
    assert make.queued(session, member_jobs.RemoveStranger) == []
    found = differences(session, id_of(room), now=NOW)
    assert (found.without_grant, found.missing) == ([5], [held.id])
    checked(session, id_of(room), person.telegram_id, ChannelMember("member"), now=NOW)
    seen = events_of(session, room.seller_id, page=1).items
    assert [line.resolved_at is None for line in seen if line.kind == "missing"] == [False]


def test_a_check_acts_where_the_seller_wants_it(session: Session) -> None:
    room = make_members.channel(session, enforcement="act")
    held = make_members.member(session, make_members.plan(session, room))
    person = make_members.person_of(session, held)
    for _ in range(2):
        checked(session, id_of(room), person.telegram_id, ChannelMember("left"), now=NOW)
        checked(session, id_of(room), 5, ChannelMember("member"), now=NOW)
    assert [job.occasion for job in make.queued(session, member_jobs.Admit)] == ["paid", "reissued"]
    assert [job.telegram_id for job in make.queued(session, member_jobs.RemoveStranger)] == [5]
