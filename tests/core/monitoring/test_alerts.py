"""Admins are told once when something begins to be wrong, and once when it is over."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from itertools import count, pairwise
from typing import Any

import pytest
from sqlmodel import Session, col, select

from core.jobs.admin.invariants import QUESTIONS
from core.kit.rows import id_of
from core.kit.texts import unmarked
from core.monitoring.alerts import CALM, Machine, Trouble, compare, troubles, watch
from core.monitoring.bot_beat import beat
from core.monitoring.disk import Disk
from core.monitoring.memory import HostMemory
from core.notifications.kinds import KINDS
from core.notifications.telegram_messages import filled
from core.people.support import answer, ask
from schemas.contracts import QUEUES, TELEGRAM, WORKER_GROUPS
from schemas.notifications import Notification
from schemas.operations import Alert, AlertKind
from schemas.queue import Job, QueuePause, WorkerBeat
from tests.support import make
from tests.support.make import NOW

ROOM = Machine(HostMemory(total=1000, available=500))
TIGHT = Machine(HostMemory(total=1000, available=150))
MINUTE = timedelta(minutes=1)
DAY = timedelta(days=1)
PIDS = count(1)


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
        watch(session, TIGHT, answer_within=DAY, now=at)
    assert told(session) == ["alert-memory"]
    watch(session, ROOM, answer_within=DAY, now=moments[3])
    watch(session, TIGHT, answer_within=DAY, now=moments[4])
    assert told(session) == ["alert-memory"]
    for at in moments[5:]:
        watch(session, ROOM, answer_within=DAY, now=at)
    assert told(session) == ["alert-memory", "alert-over"]
    watch(session, TIGHT, answer_within=DAY, now=moments[-1])
    assert told(session) == ["alert-memory", "alert-over", "alert-memory"]
    readers = set(session.exec(select(Notification.user_id)))
    assert readers == {id_of(admin)} - {id_of(helper)}
    assert make.sent_texts(session, admin) == ["alert-memory", "alert-over", "alert-memory"]
    occasions = session.exec(select(Alert).order_by(col(Alert.id))).all()
    assert [item.ended_at is None for item in occasions] == [False, True]
    assert all(earlier.began_at < later.began_at for earlier, later in pairwise(occasions))


def test_a_healthy_shop_troubles_nobody(session: Session) -> None:
    make.paid_order(session, now=NOW)
    assert troubles(session, ROOM, answer_within=DAY, now=NOW + MINUTE) == []


def names(session: Session, *, later: timedelta = MINUTE) -> set[tuple[str, str]]:
    return {trouble.name for trouble in troubles(session, ROOM, answer_within=DAY, now=NOW + later)}


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


def worker(
    session: Session, group: str, queues: Sequence[str], *, since: datetime = NOW, beaten: datetime = NOW
) -> WorkerBeat:
    """A worker that serves these queues, started and last heard of at these moments."""
    name = f"a:{next(PIDS)}:x"
    times: dict[str, Any] = {"started_at": since, "beat_at": beaten}
    row = WorkerBeat(name=name, queue_group=group, queues=list(queues), threads=1, memory=1, **times)
    session.add(row)
    session.flush()
    return row


def test_a_group_whose_last_worker_stopped_beating_is_a_trouble(session: Session) -> None:
    worker(session, "delivery", TELEGRAM)
    worker(session, "delivery", TELEGRAM, beaten=NOW + MINUTE)
    worker(session, "background", WORKER_GROUPS["background"])
    assert names(session) == {("workers", "background")}


def test_one_worker_for_all_queues_is_missed_wherever_it_alone_worked(session: Session) -> None:
    """A small host has one process; another machine of the shop may serve some of the queues as well."""
    worker(session, "all", QUEUES)
    worker(session, "delivery", TELEGRAM, beaten=NOW + MINUTE)
    assert names(session) == {("workers", "interactive"), ("workers", "background")}


def test_a_shop_whose_three_workers_were_replaced_by_one_misses_nobody(session: Session) -> None:
    for group, queues in WORKER_GROUPS.items():
        worker(session, group, queues)
    worker(session, "all", QUEUES, beaten=NOW + MINUTE)
    assert names(session) == set()


def test_one_queue_that_nobody_serves_any_more_is_enough(session: Session) -> None:
    """The queues of a group may be shared out among processes by `--queues`."""
    worker(session, "background", ["media"])
    worker(session, "background", ["fetch", "bulk"], beaten=NOW + MINUTE)
    assert names(session) == {("workers", "background")}


def test_who_starts_first_after_a_crash_of_everything_does_not_miss_the_others(session: Session) -> None:
    """Nothing has beaten since NOW; ten minutes later background is back, and delivery is not."""
    worker(session, "delivery", TELEGRAM)
    back = NOW + 10 * MINUTE
    fresh = worker(session, "background", WORKER_GROUPS["background"], since=back, beaten=back)
    assert names(session, later=10 * MINUTE + timedelta(seconds=5)) == set()
    fresh.beat_at = back + MINUTE
    session.flush()
    assert names(session, later=11 * MINUTE) == {("workers", "delivery")}


def test_a_store_that_jobs_have_waited_for_longer_than_minutes_is_told(session: Session) -> None:
    waiting = Job(actor="work", queue="bulk", due_at=NOW + 3650 * DAY, created_at=NOW, failures=4)
    waiting.error_class = "core.kit.errors.StoreUnavailable"
    session.add(waiting)
    session.flush()
    assert names(session) == set()
    assert names(session, later=6 * MINUTE) == {("store", "store")}


@pytest.mark.parametrize(
    ("disk", "expected"),
    [
        (None, []),  # a store elsewhere tells no size
        (Disk(total=1000, free=100), []),
        (Disk(total=1000, free=99), [Trouble("disk", "store", 90)]),
        (Disk(total=1000, free=0), [Trouble("disk", "store", 100)]),
    ],
)
def test_a_disk_of_the_store_with_less_than_a_tenth_free_is_told(
    session: Session, disk: Disk | None, expected: list[Trouble]
) -> None:
    machine = Machine(HostMemory(total=1000, available=500), disk)
    assert troubles(session, machine, answer_within=DAY, now=NOW) == expected


def test_every_alert_reads_well_in_both_languages() -> None:
    subjects = [("promise", question.name) for question in QUESTIONS]
    subjects += [("dead", "bulk"), ("late", "media"), ("workers", "delivery"), ("memory", "host")]
    subjects += [("disk", "store"), ("store", "store")]
    subjects += [("questions", "support"), ("audit", "head-missing"), ("rows", "schedules"), ("bot", "bot")]
    for language in ("fr", "en"):
        begun = {
            unmarked(filled(language, f"alert-{kind}", blanks(kind, subject))) for kind, subject in subjects
        }
        over = {unmarked(filled(language, "alert-over", blanks(kind, subject))) for kind, subject in subjects}
        assert len(begun) == len(over) == len(subjects)
    assert {f"alert-{kind}" for kind, _ in subjects} | {"alert-over"} == set(KINDS["shop_alarm"].texts)


def blanks(kind: str, subject: str) -> dict[str, str | int]:
    return {"kind": kind, "subject": subject, "count": 2}


def test_a_question_that_waits_longer_than_the_setting_is_a_trouble_until_it_is_answered(
    session: Session,
) -> None:
    asked = ask(session, make.user(session), "?", about="support", order_id=None, key="1", now=NOW)
    assert names(session, later=DAY) == set()
    assert names(session, later=DAY + MINUTE) == {("questions", "support")}
    answer(session, asked.question_id, "!", actor="cli", staff_id=None, key="1", now=NOW)
    assert names(session, later=DAY + MINUTE) == set()


def test_a_bot_that_hangs_is_a_trouble_until_it_beats_again(session: Session) -> None:
    beat(session, started_at=NOW, served=1, failed=0, memory=1, now=NOW)
    assert names(session, later=timedelta(seconds=59)) == set()
    assert names(session, later=2 * MINUTE) == {("bot", "bot")}
    beat(session, started_at=NOW, served=1, failed=0, memory=1, now=NOW + 2 * MINUTE)
    assert names(session, later=2 * MINUTE) == set()
