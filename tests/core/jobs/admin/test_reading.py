"""What the dashboard reads: lists, details, groups, rates, workers, schedules."""

from collections.abc import Callable
from datetime import timedelta
from uuid import uuid4

import pytest
from sqlmodel import Session

from core.jobs.admin import listing
from core.jobs.admin.dead_groups import dead_groups
from core.jobs.admin.filter_language import parse
from core.jobs.admin.listing import list_jobs, show_job, workers_and_errors
from core.jobs.admin.overview import CHART, chart, drain_seconds, queue_lines, rates, worker_lines
from core.jobs.admin.schedules_view import run_now, schedule_lines, set_paused
from core.jobs.ledger import enqueue, pause
from core.jobs.schedules import KNOWN, seed
from core.kit.errors import NotFound
from schemas.contracts import QUEUES
from schemas.jobs import ExpireOrders
from schemas.queue import Job
from tests.core.jobs.admin.rows import MINUTE, attempt, beat, job, minute
from tests.support.make import NOW

HOUR = timedelta(hours=1)
Found = Callable[[str], list[Job]]


@pytest.fixture
def found(session: Session) -> Callable[[str], list[object]]:
    """The ids that a filter finds, in the order of the list."""

    def find(typed: str) -> list[object]:
        return [line.id for line in list_jobs(session, parse(typed), now=NOW)]

    return find


def test_the_list_begins_with_what_runs_then_what_waits_then_what_ended_last(
    session: Session, found: Found
) -> None:
    done, dead = job(session, "done", ago=HOUR), job(session, "dead", ago=2 * HOUR)
    later, due = job(session, ago=-HOUR), job(session, ago=HOUR)
    running = job(session, "running")
    assert found("") == [running.id, due.id, later.id, done.id, dead.id]


@pytest.mark.parametrize(
    "typed",
    [
        "state:dead",
        "state:dead actor:deliver",
        "actor:deliver state:dead,cancelled",
        "arg.order_id=7",
        'arg.name="Awa 7"',
        "arg.paid=true",
        "error:Timeout",
        "error:TIMED",
        "fingerprint:f00d7",
        "correlation:c7",
        "key:k:7",
        "worker:other:1",
        "attempt>4",
        "attempt=5",
        "failures>59 lost<1",
        "age>2d",
        "ended>2d",
        "queue:delivery ended>2d state:dead",
    ],
)
def test_each_field_finds_its_job_among_others(session: Session, found: Found, typed: str) -> None:
    for state in ("queued", "running", "done"):
        job(session, state, args={"order_id": 70, "name": "Awa", "paid": False})
    wanted = job(
        session,
        "dead",
        ago=timedelta(days=3),
        args={"order_id": 7, "name": "Awa 7", "paid": True},
        fingerprint="f00d7",
        correlation_id="c7",
        unique_key="k:7",
        worker="other:1",
        attempt=5,
    )
    assert found(typed) == [wanted.id]
    assert found(f"{typed} actor:notify") == []


def test_an_argument_is_found_as_number_and_as_text(session: Session, found: Found) -> None:
    number, words = job(session, args={"order_id": 42}), job(session, args={"order_id": "42"})
    assert set(found("arg.order_id=42")) == {number.id, words.id}


def test_what_is_typed_is_never_read_as_sql_or_as_a_pattern(session: Session, found: Found) -> None:
    job(session, "dead")
    for typed in (
        "error:%",
        "error:_imeout",
        'error:"\' OR 1=1 --"',
        "arg.x';drop='1",
        'actor:"\' OR true --"',
    ):
        assert found(typed) == []


def test_due_looks_at_waiting_jobs_only(session: Session, found: Found) -> None:
    job(session, "dead", ago=HOUR)
    due, later = job(session, ago=MINUTE), job(session, ago=-2 * HOUR)
    assert found("due<0s") == [due.id]
    assert found("due>1h") == [later.id]


def test_contradictions_find_nothing(session: Session, found: Found) -> None:
    job(session, "dead")
    assert found("state:dead state:done") == found("queue:bulk queue:media") == []
    assert found("state:dead actor:deliver actor:notify") == []
    assert found("state:dead fingerprint:f00d00000001 fingerprint:other") == []


def test_the_list_is_cut_at_its_limit(session: Session) -> None:
    newest = [job(session, "done", ago=number * MINUTE).id for number in range(1, 6)]
    assert [line.id for line in list_jobs(session, parse("state:done"), now=NOW, limit=3)] == newest[:3]


@pytest.mark.parametrize("typed", ["state:dead error:timed", "state:dead fingerprint:f00d00000001"])
def test_of_many_dead_jobs_the_newest_are_found(
    session: Session, typed: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(listing, "MOST", 3)
    ages = [job(session, "dead", ago=number * MINUTE).id for number in range(9, 0, -1)]
    assert [line.id for line in list_jobs(session, parse(typed), now=NOW, limit=2)] == ages[:-3:-1]


def test_what_runs_and_waits_leaves_less_room_for_what_ended(session: Session) -> None:
    ended = [job(session, "done", ago=number * MINUTE).id for number in (1, 2)]
    waiting = [job(session, ago=number * MINUTE).id for number in (5, 4)]
    running = job(session, "running").id
    expected = [running, *waiting, *ended]
    for limit in range(1, 6):
        found = list_jobs(session, parse(""), now=NOW, limit=limit)
        assert [line.id for line in found] == expected[:limit]


def test_a_detail_tells_attempts_parent_and_siblings(session: Session) -> None:
    parent = job(session, "done", actor="retry_undelivered", queue="bulk")
    wanted = job(session, "dead", parent_id=parent.id)
    sibling = job(session, "queued", actor="notify")
    job(session, correlation_id="another")
    attempt(session, wanted.id, 1)
    attempt(session, wanted.id, 2, outcome="lost", error_class="LostLease", traceback=None)
    detail = show_job(session, wanted.id)
    assert [item.outcome for item in detail.attempts] == ["failed", "lost"]
    assert "deliver" in (detail.attempts[0].traceback or "")
    assert detail.parent is not None
    assert detail.parent.id == parent.id
    assert {line.id for line in detail.siblings} == {parent.id, sibling.id}


def test_a_job_without_correlation_has_no_siblings(session: Session) -> None:
    first = job(session, correlation_id="")
    job(session, correlation_id="")
    assert show_job(session, first.id).siblings == []


def test_an_unknown_job_is_said_to_be_unknown(session: Session) -> None:
    with pytest.raises(NotFound, match="job-unknown"):
        show_job(session, uuid4())


def test_dead_jobs_are_grouped_by_fingerprint_largest_first(session: Session) -> None:
    for number in (1, 5, 3):
        job(session, "dead", ago=number * HOUR)
    job(session, "dead", fingerprint="lost-lease", error_class="LostLease", actor="notify")
    job(session, "done", fingerprint="f00d00000001", error_class="TimeoutError")
    first, second = dead_groups(session)
    assert (first.number, first.first_seen, first.last_seen) == (3, NOW - 5 * HOUR, NOW - HOUR)
    assert (first.error_class, first.actor, second.number, second.actor) == (
        "TimeoutError",
        "deliver",
        1,
        "notify",
    )
    assert len(list_jobs(session, parse(first.filter), now=NOW)) == 3
    assert workers_and_errors(session) == {"worker": [], "error": ["LostLease", "TimeoutError"]}


def test_a_queue_is_told_with_what_it_holds(session: Session) -> None:
    for ago in (HOUR, MINUTE, -MINUTE):
        job(session, ago=ago)
    job(session, "running")
    job(session, "dead")
    pause(session, "bulk", "cli")
    for back in range(3):
        minute(session, back, ready=10 - back, done=60, dead=1)
    lines = {line.queue: line for line in queue_lines(session, QUEUES, now=NOW)}
    line = lines["delivery"]
    assert (line.ready, line.later, line.running, line.dead, line.oldest) == (2, 1, 1, 1, 3600.0)
    assert line.going == pytest.approx(61 / 60)
    assert line.coming == pytest.approx((2 * 61 + 2) / 120)
    assert line.chart[-3:] == [61, 61, 61]
    assert (lines["bulk"].paused_by, line.paused_by) == ("cli", None)
    assert (lines["media"].ready, lines["media"].oldest, lines["media"].drain) == (0, None, 0.0)


def test_a_rate_counts_what_came_by_what_ended_and_what_grew() -> None:
    minutes = [
        (NOW + number * MINUTE, held, ended)
        for number, (held, ended) in enumerate([(0, 0), (60, 60), (0, 120)])
    ]
    assert rates(minutes) == (180 / 120, 180 / 120)
    assert rates(minutes[:1]) == (0.0, 0.0)
    assert rates([minutes[0], minutes[2]]) == (1.0, 1.0)  # a missing minute


def test_a_queue_drains_only_while_more_goes_than_comes() -> None:
    assert drain_seconds(100, 1.0, 3.0) == 50
    assert drain_seconds(100, 3.0, 3.0) is None
    assert drain_seconds(0, 3.0, 1.0) == 0


def test_a_chart_has_a_bar_for_every_minute_and_nothing_for_those_not_sampled() -> None:
    bars = chart([(NOW - 2 * MINUTE, 5, 7), (NOW, 5, 9), (NOW - 90 * MINUTE, 1, 1)], NOW)
    assert len(bars) == CHART
    assert bars[-3:] == [7, 0, 9]
    assert sum(bars) == 16


def test_workers_are_told_with_what_they_do(session: Session) -> None:
    beat(session)
    beat(session, "host.b:7:a1b2c3", ago=HOUR, queue_group="background", draining=True)
    running = job(session, "running", ago=timedelta(seconds=9))
    gone, alive = worker_lines(session, now=NOW)
    assert (alive.host, alive.pid, alive.group, alive.lost, alive.beat) == (
        "shop",
        4242,
        "delivery",
        False,
        2.0,
    )
    assert [(item.id, item.actor, item.seconds) for item in alive.doing] == [(running.id, "deliver", 9.0)]
    assert (gone.lost, gone.draining, gone.doing) == (True, True, [])


def test_a_schedule_tells_its_last_run_its_next_and_those_nobody_ran(session: Session) -> None:
    seed(session, KNOWN, NOW - 35 * MINUTE)
    for back in (30, 10):
        slot = NOW - back * MINUTE
        enqueue(session, ExpireOrders().in_slot("expire_orders", slot))
    session.connection().exec_driver_sql("UPDATE schedule SET last_slot = %s", (NOW - 10 * MINUTE,))
    line = {item.name: item for item in schedule_lines(session, now=NOW)}["expire_orders"]
    assert (line.last_slot, line.last_state, line.next_slot) == (
        NOW - 10 * MINUTE,
        "queued",
        NOW + 10 * MINUTE,
    )
    assert line.missed == [NOW - 20 * MINUTE]  # the slot of this very minute may still come


def test_a_schedule_runs_now_and_pauses(session: Session) -> None:
    seed(session, KNOWN, NOW)
    job_id = run_now(session, "expire_orders", actor="cli")
    assert show_job(session, job_id).job.actor == "expire_orders"
    set_paused(session, "expire_orders", actor="cli", paused=True)
    assert [line.name for line in schedule_lines(session, now=NOW) if line.paused] == ["expire_orders"]
    with pytest.raises(NotFound, match="schedule-unknown"):
        run_now(session, "nothing", actor="cli")
