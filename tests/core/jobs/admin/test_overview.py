"""Queues, rates and workers as the dashboard shows them."""

from datetime import timedelta

import pytest
from sqlmodel import Session

from core.jobs.admin.overview import CHART, chart, drain_seconds, queue_lines, rates, worker_lines
from core.jobs.ledger import pause
from schemas.contracts import QUEUES
from tests.core.jobs.admin.rows import MINUTE, beat, job, minute
from tests.support.make import NOW

HOUR = timedelta(hours=1)


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
