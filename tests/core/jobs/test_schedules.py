"""Periodic jobs: slots, time zones, catching up, many schedulers."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from sqlmodel import Session, select

from core.jobs.schedules import KNOWN, BadSchedule, Periodic, check, due, seed, slots, tick
from core.kit.db import Database
from schemas.base import utc_now
from schemas.queue import Job, Schedule

NOON = datetime(2026, 11, 20, 12, 0, 30, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


def at(text: str) -> datetime:
    return datetime.strptime(text, "%Y-%m-%d %H:%M").replace(tzinfo=UTC)


def utc_slots(cron: str, zone: str, after: str, until: str) -> list[str]:
    return [f"{slot:%d %H:%M}" for slot in slots(cron, zone, at(after), at(until))]


def test_slots_begin_after_the_last_and_include_the_present() -> None:
    assert utc_slots("*/5 * * * *", "UTC", "2026-11-20 12:00", "2026-11-20 12:10") == ["20 12:05", "20 12:10"]


def test_a_slot_is_the_zones_wall_clock() -> None:
    found = utc_slots("0 9 * * *", "Europe/Paris", "2026-10-24 00:00", "2026-10-26 12:00")
    assert found == ["24 07:00", "25 08:00", "26 08:00"]


def test_a_slot_in_the_hour_that_spring_leaves_out_comes_at_its_end() -> None:
    found = utc_slots("30 2 * * *", "Europe/Paris", "2026-03-28 00:00", "2026-03-30 12:00")
    assert found == ["28 01:30", "29 01:00", "30 00:30"]


def test_a_fixed_slot_in_the_hour_that_autumn_repeats_comes_once() -> None:
    found = utc_slots("30 2 * * *", "Europe/Paris", "2026-10-24 12:00", "2026-10-26 12:00")
    assert found == ["25 00:30", "26 01:30"]


def test_a_slot_of_every_hour_goes_on_in_the_hour_that_autumn_repeats() -> None:
    found = utc_slots("0 * * * *", "Europe/Paris", "2026-10-24 23:30", "2026-10-25 03:00")
    assert found == ["25 00:00", "25 01:00", "25 02:00", "25 03:00"]


@pytest.mark.parametrize(
    ("policy", "late", "expected"), [("all", 5, 3), ("latest", 5, 1), ("none", 5, 0), ("none", 0, 1)]
)
def test_the_catch_up_policy_says_which_missed_slots_run(policy: str, late: int, expected: int) -> None:
    came = [NOON - MINUTE * (late + number) for number in (2, 1, 0)]
    chosen = due(came, policy, NOON)
    assert len(chosen) == expected
    assert chosen == came[3 - expected :]


@pytest.mark.parametrize(
    ("cron", "zone", "policy"),
    [
        ("* * * *", "UTC", "all"),
        ("61 * * * *", "UTC", "all"),
        ("* * * * * *", "UTC", "all"),
        ("* * * * *", "Mars/Base", "all"),
        ("* * * * *", "../etc/passwd", "all"),
        ("* * * * *", "UTC", "some"),
    ],
)
def test_a_schedule_that_makes_no_sense_is_refused(cron: str, zone: str, policy: str) -> None:
    with pytest.raises(BadSchedule):
        check(cron, zone, policy)


def keys(session: Session) -> list[str]:
    return sorted(job.unique_key or "" for job in session.exec(select(Job)))


def test_seeding_keeps_what_an_operator_changed(session: Session) -> None:
    seed(session, KNOWN, NOON)
    row = session.exec(select(Schedule).where(Schedule.name == "poll_invoices")).one()
    row.cron = "*/2 * * * *"
    session.add(row)
    session.flush()
    seed(session, KNOWN, NOON + MINUTE)
    session.expire_all()
    rows = {row.name: row for row in session.exec(select(Schedule))}
    assert rows.keys() == {item.name for item in KNOWN}
    assert rows["poll_invoices"].cron == "*/2 * * * *"
    assert rows["expire_orders"].last_slot == NOON


def test_a_slot_is_enqueued_once(session: Session) -> None:
    seed(session, [Periodic("expire_orders", "* * * * *")], NOON)
    assert tick(session, NOON + timedelta(seconds=20)) == 0
    assert tick(session, NOON + MINUTE) == 1
    assert tick(session, NOON + MINUTE) == 0
    assert keys(session) == ["cron:expire_orders:2026-11-20T12:01Z"]


@pytest.mark.parametrize(("policy", "expected"), [("all", 10), ("latest", 1), ("none", 1)])
def test_missed_slots_follow_the_policy_and_are_not_looked_at_again(
    session: Session, policy: str, expected: int
) -> None:
    seed(session, [Periodic("expire_orders", "* * * * *", catch_up=policy)], NOON)
    assert tick(session, NOON + 10 * MINUTE) == expected
    assert tick(session, NOON + 10 * MINUTE) == 0
    assert keys(session)[-1] == "cron:expire_orders:2026-11-20T12:10Z"


@pytest.mark.parametrize(("policy", "expected"), [("all", 3), ("latest", 1), ("none", 1)])
def test_while_a_slot_that_failed_waits_the_next_ones_add_nothing(
    session: Session, policy: str, expected: int
) -> None:
    seed(session, [Periodic("seal_audit", "* * * * *", catch_up=policy)], NOON)
    tick(session, NOON + MINUTE)
    waiting = session.exec(select(Job)).one()
    waiting.failures, waiting.due_at = 3, utc_now() + MINUTE
    session.add(waiting)
    tick(session, NOON + 2 * MINUTE)
    tick(session, NOON + 3 * MINUTE)
    assert len(keys(session)) == expected
    waiting.state = "done"
    session.add(waiting)
    assert tick(session, NOON + 4 * MINUTE) == 1


@pytest.mark.parametrize(
    "changes",
    [{"failures": 0}, {"unique_key": "cron:seal_audit_twice:2026-11-20T12:01Z"}, {"queue": "media"}],
)
def test_what_only_waits_its_turn_or_is_another_schedules_holds_no_slot_back(
    session: Session, changes: dict[str, object]
) -> None:
    seed(session, [Periodic("seal_audit", "* * * * *")], NOON)
    tick(session, NOON + MINUTE)
    waiting = session.exec(select(Job)).one()
    for name, value in ({"failures": 3, "due_at": utc_now() + MINUTE} | changes).items():
        setattr(waiting, name, value)
    session.add(waiting)
    assert tick(session, NOON + 2 * MINUTE) == 1


def test_a_paused_schedule_enqueues_nothing(session: Session) -> None:
    seed(session, [Periodic("expire_orders", "* * * * *")], NOON)
    row = session.exec(select(Schedule)).one()
    row.paused = True
    session.add(row)
    session.flush()
    assert tick(session, NOON + MINUTE) == 0


def test_many_schedulers_enqueue_each_slot_once(database: Database) -> None:
    with database.transaction() as session:
        seed(session, [Periodic("expire_orders", "* * * * *", catch_up="all")], NOON)

    def schedule(number: int) -> int:
        with database.transaction() as session:
            return tick(session, NOON + MINUTE * (number // 4))

    with ThreadPoolExecutor(8) as pool:
        together = sum(pool.map(schedule, range(44)))
    # One that found the schedule held passed on; the next look catches up, as it does in a worker.
    assert together + schedule(40) == 10
    with database.transaction() as session:
        assert len(keys(session)) == len(set(keys(session))) == 10


def test_of_two_schedulers_a_stopped_one_costs_no_slot_and_repeats_none(database: Database) -> None:
    with database.transaction() as session:
        seed(session, [Periodic("expire_orders", "* * * * *", catch_up="all")], NOON)

    def look(minute: int) -> int:
        with database.transaction() as session:
            return tick(session, NOON + MINUTE * minute)

    both = [look(minute) + look(minute) for minute in (1, 2, 3)]
    one_alone = [look(minute) for minute in (4, 5, 6)]
    nobody_then_both = look(10) + look(10)
    whoever_was_stopped_in_the_middle_of_a_look = look(5)

    assert both == one_alone == [1, 1, 1]
    assert (nobody_then_both, whoever_was_stopped_in_the_middle_of_a_look) == (4, 0)
    with database.transaction() as session:
        assert keys(session) == [f"cron:expire_orders:2026-11-20T12:{minute:02}Z" for minute in range(1, 11)]


def test_old_notifications_go_each_monday_at_three() -> None:
    (item,) = (item for item in KNOWN if item.name == "prune_notifications")
    begin = datetime(2026, 11, 18, tzinfo=UTC)  # a Wednesday
    moments = list(slots(item.cron, item.time_zone, begin, begin + timedelta(days=21)))
    assert [moment.strftime("%a %d %H:%M") for moment in moments] == [
        "Mon 23 03:00",
        "Mon 30 03:00",
        "Mon 07 03:00",
    ]


def test_the_nets_run_when_they_were_promised() -> None:
    lines = {item.name: (item.cron, item.time_zone) for item in KNOWN}
    promised = {
        "expire_tokens": "0 * * * *",
        "expire_members": "0 0 * * *",
        "warn_members": "0 9 * * *",
        "prune_notifications": "0 3 * * 1",
    }
    assert {name: lines[name][0] for name in promised} == promised
    assert {lines[name][1] for name in promised} == {"UTC"}
