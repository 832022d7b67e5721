"""Requests to join are answered from the grants; each member has links of their own."""

from dataclasses import replace
from datetime import timedelta

from sqlmodel import Session

from core.kit.rows import id_of
from core.memberships import member_actions
from core.memberships.admission import answered, ask_in, prepare, waiting_request
from core.memberships.channels import check_rights
from core.memberships.expiry import expire_tokens
from core.memberships.putting_out import lift_bar
from schemas import member_jobs
from tests.support import make, make_members
from tests.support.make_members import DAY, asks

NOW = make.NOW


def test_a_member_is_let_in_and_the_net_has_nothing_left_to_do(session: Session) -> None:
    membership = make_members.member(session)
    room, person = make_members.channel_of(session, membership), make_members.person_of(session, membership)
    decision = ask_in(session, asks(room, person), now=NOW)
    assert (decision.approve, decision.membership_id) == (True, membership.id)
    assert make_members.due_of(session, "answer_join_request") == [NOW + timedelta(seconds=5)]
    assert waiting_request(session, id_of(room), person.telegram_id, now=NOW) is not None
    answered(session, person.telegram_id, decision)
    assert waiting_request(session, id_of(room), person.telegram_id, now=NOW) is None


def test_the_reason_of_a_refusal_fits_the_person(session: Session) -> None:
    item = make_members.plan(session)
    membership = make_members.member(session, item)
    room, person = make_members.channel_of(session, membership), make_members.person_of(session, membership)
    stranger = ask_in(session, asks(room, make.user(session)), now=NOW)
    assert (stranger.reason, stranger.plans) == ("no-grant", [(item.id, item.title)])
    assert ask_in(session, asks(room, person), now=NOW + 30 * DAY).reason == "ended"
    member_actions.pause(session, person, id_of(membership), now=NOW)
    assert ask_in(session, asks(room, person), now=NOW).reason == "paused"
    member_actions.resume(session, person, id_of(membership), now=NOW)
    make_members.put_out(session, membership)
    barred = ask_in(session, asks(room, person), now=NOW)
    assert (barred.reason, barred.plans) == ("barred", [])
    assert lift_bar(session, id_of(membership), actor="cli", now=NOW)
    assert ask_in(session, asks(room, person), now=NOW).reason == "revoked"
    nowhere = ask_in(session, replace(asks(room, person), channel=-1), now=NOW)
    assert (nowhere.reason, nowhere.approve) == ("unknown-channel", False)


def test_a_request_by_somebody_elses_link_replaces_the_link_and_is_shown(session: Session) -> None:
    membership = make_members.member(session)
    room, invite = make_members.channel_of(session, membership), make_members.own_link(session, membership)
    for _ in range(2):
        ask_in(session, asks(room, make.user(session, telegram_id=5), "https://t.me/+abc"), now=NOW)
    assert make_members.event_kinds(session) == ["stranger"]
    assert invite.revoked_at == NOW
    assert make.queued(session, member_jobs.RevokeInvite) == [member_jobs.RevokeInvite(invite_id=invite.id)]
    assert [job.occasion for job in make.queued(session, member_jobs.Admit)] == ["paid", "reissued"]


def test_a_member_keeps_one_link_until_it_is_revoked(session: Session) -> None:
    membership = make_members.member(session)
    first = make_members.own_link(session, membership)
    assert make_members.own_link(session, membership, "https://t.me/+other").id == first.id
    assert first.url == "https://t.me/+abc"


def test_a_one_use_link_lives_five_minutes_and_is_made_anew(session: Session) -> None:
    membership = make_members.member(session, make_members.plan(session, joining="one_use"))
    first = make_members.own_link(session, membership)
    assert first.expires_at == NOW + timedelta(minutes=5)
    later = prepare(session, id_of(membership), now=NOW + timedelta(minutes=4, seconds=30))
    assert later is not None
    assert later.places[0].invite is not first
    assert expire_tokens(session, now=NOW + timedelta(minutes=5)) == 1
    assert first.revoked_at is not None


def test_who_may_not_be_in_gets_no_link(session: Session) -> None:
    membership = make_members.member(session)
    assert prepare(session, id_of(membership), now=NOW + 30 * DAY) is None


def test_a_channel_that_is_gone_gets_no_link(session: Session) -> None:
    membership = make_members.member(session)
    check_rights(session, id_of(make_members.channel_of(session, membership)), None, now=NOW)
    admission = prepare(session, id_of(membership), now=NOW)
    assert admission is not None
    assert admission.places == []
