"""What is written when a membership changes: the row, its turn, its periods, and what follows."""

from dataclasses import replace

import pytest
from sqlmodel import Session, select

from core.kit.errors import NotFound, Refused
from core.kit.rows import id_of
from core.memberships import machine
from core.memberships.transitions import (
    ForbiddenMove,
    change,
    locked_membership,
    membership_for,
    memberships_in,
    outline,
    right_to,
    standing_of,
)
from schemas import member_jobs
from schemas.audit import AuditEntry
from tests.support import make, make_members
from tests.support.make_members import DAY

NOW = make.NOW


def test_there_is_one_membership_for_a_person_and_a_plan(session: Session) -> None:
    item, person = make_members.plan(session), make.user(session)
    first, again = (membership_for(session, id_of(person), id_of(item), now=NOW) for _ in range(2))
    assert (first.id, first.state, first.turn) == (again.id, "expired", 0)
    with pytest.raises(NotFound, match="membership-unknown"):
        locked_membership(session, id_of(first) + 1)


def test_a_change_gives_a_new_turn_and_one_that_changes_nothing_does_not(session: Session) -> None:
    membership = make_members.member(session)
    turn = membership.turn
    same = change(session, membership, lambda standing: standing, now=NOW, act="lapsed")
    assert (same.moved, membership.turn) == (False, turn)
    done = change(session, membership, machine.cancel, now=NOW, act="cancelled", actor="user:1")
    assert (done.before.state, done.after.state, membership.turn) == ("active", "cancelled", turn + 1)
    entry = session.exec(select(AuditEntry).where(AuditEntry.action == "membership.cancelled")).one()
    assert (entry.actor, entry.subject) == ("user:1", f"membership:{membership.id}")


def test_time_alone_is_told_apart_from_what_happens(session: Session) -> None:
    membership = make_members.member(session)
    done = change(session, membership, lambda standing: standing, now=NOW + 30 * DAY, act="lapsed")
    assert (done.lapsed, done.moved, membership.state) == (True, False, "expired")


def test_what_the_machine_refuses_changes_nothing(session: Session) -> None:
    membership = make_members.member(session)
    turn = membership.turn
    with pytest.raises(Refused, match="not-resumable"):
        change(session, membership, lambda standing: machine.resume(standing, NOW), now=NOW, act="resumed")
    assert (membership.state, membership.turn) == ("active", turn)


def test_a_move_outside_the_table_is_a_mistake_of_ours(session: Session) -> None:
    membership = make_members.member(session)
    with pytest.raises(ForbiddenMove, match="from active to pending"):
        change(
            session, membership, lambda standing: replace(standing, state="pending"), now=NOW, act="bought"
        )


def test_a_row_that_moved_on_under_our_hands_is_not_written(session: Session) -> None:
    membership = make_members.member(session)
    membership.turn -= 1
    session.flush()
    session.expunge(membership)
    stale = locked_membership(session, id_of(membership))
    session.expunge(stale)
    stale.turn -= 1
    with pytest.raises(ForbiddenMove, match="has moved on"):
        change(session, stale, machine.cancel, now=NOW, act="cancelled")


def test_whoever_loses_the_right_is_put_out_of_every_channel(session: Session) -> None:
    shop = make.seller(session)
    rooms = [make_members.channel(session, shop) for _ in range(2)]
    membership = make_members.member(session, make_members.plan(session, *rooms))
    change(session, membership, lambda standing: machine.revoke(standing, NOW), now=NOW, act="put_out")
    removals = make.queued(session, member_jobs.RemoveMember)
    assert sorted(job.channel_id for job in removals) == [room.id for room in rooms]


def test_the_right_is_that_of_the_membership_which_lasts_longest(session: Session) -> None:
    shop, person = make.seller(session), make.user(session)
    room = make_members.channel(session, shop)
    plans = [make_members.plan(session, room, count=days) for days in (10, 60, 30)]
    memberships = [make_members.member(session, plan, person) for plan in plans]
    right = right_to(session, id_of(room), person.telegram_id, now=NOW)
    assert right is not None
    assert right.id == memberships[1].id
    in_order = memberships_in(session, id_of(room), person.telegram_id)
    assert [row.id for row in in_order] == [memberships[index].id for index in (1, 2, 0)]
    assert right_to(session, id_of(room), person.telegram_id, now=NOW + 60 * DAY) is None


def test_what_is_written_reads_back_as_it_was(session: Session) -> None:
    membership = make_members.member(session, make_members.plan(session, grace_days=2))
    person = make_members.person_of(session, membership)
    change(
        session, membership, lambda standing: machine.pause(standing, NOW + DAY), now=NOW + DAY, act="paused"
    )
    stored = standing_of(session, membership)
    assert (stored.state, stored.paused_at, stored.grace) == ("paused", NOW + DAY, 2 * DAY)
    assert [period.duration for period in stored.periods] == [30 * DAY]
    assert outline(membership) == replace(stored, periods=())
    assert person.id == membership.user_id
