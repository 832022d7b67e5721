"""Admins are told once when something begins to be wrong, and once when it is over."""

from datetime import timedelta
from itertools import pairwise
from typing import Any

import pytest
from sqlmodel import Session, col, select

from core.jobs.admin.invariants import QUESTIONS
from core.kit.rows import id_of
from core.kit.texts import unmarked
from core.monitoring.alerts import CALM, Trouble, compare, troubles, watch
from core.notifications.kinds import KINDS
from core.notifications.telegram_messages import filled
from core.process.memory import HostMemory
from schemas.notifications import Notification
from schemas.operations import Alert, AlertKind
from schemas.queue import Job, QueuePause, WorkerBeat
from tests.support import make
from tests.support.make import NOW

ROOM = HostMemory(total=1000, available=500)
TIGHT = HostMemory(total=1000, available=150)
MINUTE = timedelta(minutes=1)


def alert(kind: AlertKind, subject: str, *, seen: timedelta = timedelta(0)) -> Alert:
    return Alert(kind=kind, subject=subject, number=1, began_at=NOW, seen_at=NOW + seen)


def test_what_is_new_begins_and_what_is_known_lasts() -> None:
    known = alert("dead", "bulk")
    new, again = Trouble("late", "bulk", 6), Trouble("dead", "bulk", 9)
    change = compare({("dead", "bulk"): known}, [new, again], now=NOW)
    assert (change.new, change.lasting, change.over) == ([new], [(known, again)], [])


@pytest.mark.parametrize(("since", "over"), [(CALM - MINUTE, False), (CALM, True)])
def test_what_comes_back_soon_was_never_over(since: timedelta, over: bool) -> None:
    known = alert("dead", "bulk")
    change = compare({("dead", "bulk"): known}, [], now=NOW + since)
    assert change.over == ([known] if over else [])


def told(session: Session) -> list[str]:
    """The texts of all notifications, oldest first."""
    return list(session.exec(select(Notification.text).order_by(col(Notification.id))))


def test_an_occasion_is_told_to_admins_once_and_its_end_once(session: Session) -> None:
    admin, helper = make.user(session, roles=("admin",)), make.user(session, roles=("support",))
    moments = [NOW + step * MINUTE for step in range(14)]
    for at in moments[:3]:
        watch(session, TIGHT, now=at)
    assert told(session) == ["alert-memory"]
    watch(session, ROOM, now=moments[3])
    watch(session, TIGHT, now=moments[4])
    assert told(session) == ["alert-memory"]
    for at in moments[5:]:
        watch(session, ROOM, now=at)
    assert told(session) == ["alert-memory", "alert-over"]
    watch(session, TIGHT, now=moments[-1])
    assert told(session) == ["alert-memory", "alert-over", "alert-memory"]
    readers = set(session.exec(select(Notification.user_id)))
    assert readers == {id_of(admin)} - {id_of(helper)}
    assert make.sent_texts(session, admin) == ["alert-memory", "alert-over", "alert-memory"]
    occasions = session.exec(select(Alert).order_by(col(Alert.id))).all()
    assert [item.ended_at is None for item in occasions] == [False, True]
    assert all(earlier.began_at < later.began_at for earlier, later in pairwise(occasions))


def test_a_healthy_shop_troubles_nobody(session: Session) -> None:
    make.paid_order(session, now=NOW)
    assert troubles(session, ROOM, now=NOW + MINUTE) == []


def names(session: Session, *, later: timedelta = MINUTE) -> set[tuple[str, str]]:
    return {trouble.name for trouble in troubles(session, ROOM, now=NOW + later)}


def test_a_promise_that_is_broken_is_a_trouble(session: Session) -> None:
    make.paid_order(session, now=NOW)
    assert ("promise", "paid_undelivered") in names(session, later=6 * MINUTE)


def test_dead_and_late_jobs_are_troubles_but_not_those_that_an_operator_holds(session: Session) -> None:
    session.add(Job(actor="work", queue="bulk", state="dead", finished_at=NOW))
    session.add(Job(actor="work", queue="media", due_at=NOW))
    session.flush()
    assert names(session) == {("dead", "bulk")}
    assert names(session, later=6 * MINUTE) == {("dead", "bulk"), ("late", "media")}
    session.add(QueuePause(queue="media", paused_by="cli"))
    session.flush()
    assert names(session, later=6 * MINUTE) == {("dead", "bulk")}


def test_a_group_whose_last_worker_stopped_beating_is_a_trouble(session: Session) -> None:
    common: dict[str, Any] = {"queues": [], "threads": 1, "memory": 1, "started_at": NOW}
    for name, group, since in (
        ("a:1:x", "delivery", 0),
        ("a:2:x", "delivery", 60),
        ("a:3:x", "background", 0),
    ):
        beat_at = NOW + timedelta(seconds=since)
        session.add(WorkerBeat(name=name, queue_group=group, beat_at=beat_at, **common))
    session.flush()
    assert names(session) == {("workers", "background")}


def test_who_starts_first_after_a_crash_of_everything_does_not_miss_the_others(session: Session) -> None:
    """Nothing has beaten since NOW; ten minutes later background is back, and delivery is not."""
    common: dict[str, Any] = {"queues": [], "threads": 1, "memory": 1}
    session.add(WorkerBeat(name="a:1:x", queue_group="delivery", started_at=NOW, beat_at=NOW, **common))
    back = NOW + 10 * MINUTE
    fresh = WorkerBeat(name="a:2:x", queue_group="background", started_at=back, beat_at=back, **common)
    session.add(fresh)
    session.flush()
    assert names(session, later=10 * MINUTE + timedelta(seconds=5)) == set()
    fresh.beat_at = back + MINUTE
    session.flush()
    assert names(session, later=11 * MINUTE) == {("workers", "delivery")}


def test_every_alert_reads_well_in_both_languages() -> None:
    subjects = [("promise", question.name) for question in QUESTIONS]
    subjects += [("dead", "bulk"), ("late", "media"), ("workers", "delivery"), ("memory", "host")]
    for language in ("fr", "en"):
        begun = {
            unmarked(filled(language, f"alert-{kind}", blanks(kind, subject))) for kind, subject in subjects
        }
        over = {unmarked(filled(language, "alert-over", blanks(kind, subject))) for kind, subject in subjects}
        assert len(begun) == len(over) == len(subjects)
    assert {f"alert-{kind}" for kind, _ in subjects} | {"alert-over"} == set(KINDS["shop_alarm"].texts)


def blanks(kind: str, subject: str) -> dict[str, str | int]:
    return {"kind": kind, "subject": subject, "count": 2}
