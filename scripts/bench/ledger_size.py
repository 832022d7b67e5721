"""How fast the dashboard, its commands and the ledger are when it holds a million finished jobs."""

import asyncio
import json
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import Connection, text
from textual.pilot import Pilot

from core.jobs.claims import claim, finish
from core.jobs.ledger import enqueue
from schemas.base import utc_now
from scripts.bench.ledger import RATE, Bench, enqueue_to_start, servers
from scripts.bench.ledger_work import Touch
from scripts.bench.report import Report, fdatasync_milliseconds, percentile
from scripts.dashboard.app import QueueApp, calm_garbage_collector
from scripts.dashboard.detail import DetailScreen
from scripts.dashboard.jobs import JobsScreen
from scripts.dashboard.record import settled
from scripts.dashboard.screen_base import Grid, LedgerAccess, LedgerScreen

FINISHED = 1_000_000
WAITING = 0.1  # of the finished
DEAD = 0.05
LATENCY_JOBS = 500
CYCLES, ROUNDS = 500, 5  # of the write cost
LOOKS = 5  # at each screen
BATCH = 100_000

# Two weeks of all queues: what ran, what died of twenty kinds of error, each with its arguments.
FILL = text(
    """
    INSERT INTO job (id, actor, queue, args, state, attempt, failures, lost, release_key, rerun, due_at,
                     created_at, started_at, finished_at, worker, cancel_requested, correlation_id,
                     error_class, error_message, fingerprint)
    SELECT gen_random_uuid(),
        (ARRAY['deliver', 'notify', 'make_preview', 'open_invoice', 'touch'])[1 + n % 5],
        (ARRAY['delivery', 'delivery', 'media', 'interactive', 'bulk'])[1 + n % 5],
        jsonb_build_object('order_id', n), CASE WHEN n <= :dead THEN 'dead' ELSE 'done' END, 1, 0, 0, false,
        false, ended, ended - interval '2 s', ended - interval '1 s', ended, 'shop:' || n % 3, false,
        md5(CAST(n / 3 AS text)),
        CASE WHEN n <= :dead THEN 'TimeoutError' END, CASE WHEN n <= :dead THEN 'the store timed out' END,
        CASE WHEN n <= :dead THEN md5(CAST(n % 20 AS text)) END
    FROM (SELECT n, clock_timestamp() - make_interval(secs => (:all - n) * 1.2 + 60) AS ended
          FROM generate_series(CAST(:first AS int), CAST(:last AS int)) AS n) AS numbered
    """
)
# Half is due and half due later, on a queue that nobody serves here.
WAIT = text(
    """
    INSERT INTO job (id, actor, queue, args, state, attempt, failures, lost, release_key, rerun, due_at,
                     created_at, cancel_requested, correlation_id)
    SELECT gen_random_uuid(), 'make_preview', 'media', jsonb_build_object('order_id', -n), 'queued', 0, 0, 0,
        false, false, clock_timestamp() + make_interval(secs => (n % 2 * 2 - 1) * (n % 5000 + 60)),
        clock_timestamp(), false, md5(CAST(-n AS text))
    FROM generate_series(1, CAST(:waiting AS int)) AS n
    """
)
MINUTES = text(
    """
    INSERT INTO queue_minute (queue, minute, ready, later, running, done, dead, cancelled)
    SELECT queue, minute, 10, 0, 1, 50, 1, 0
    FROM unnest(ARRAY['interactive', 'delivery', 'media', 'fetch', 'bulk']) AS queue,
    generate_series(date_trunc('minute', now()) - interval '14 days', now(), interval '1 minute') AS minute
    """
)
FILTERS = (
    "state:dead error:timed",  # all of them
    "state:dead error:refused",  # none
    "state:done actor:deliver",
    "arg.order_id=424242",
    "state:done queue:media ended>3d",
    "state:queued due>1h",
    "state:cancelled",
)


@dataclass(frozen=True)
class Cost:
    """What one job costs from enqueueing to its end: milliseconds, and bytes of write-ahead log."""

    milliseconds: float
    log_bytes: float


def measure(count: int = FINISHED) -> Report:
    """Run the benchmark on servers of its own, with `count` finished jobs."""
    report = Report("ledger-size")
    with tempfile.TemporaryDirectory(prefix="comptoir-bench-") as name, servers(Path(name)) as bench:
        report.facts["fdatasync_ms"] = round(fdatasync_milliseconds(bench.folder), 3)
        bench.fresh(LATENCY_JOBS + RATE)
        empty = _write_cost(bench)
        start = time.monotonic()
        _fill(bench, count)
        report.facts["filling_s"] = round(time.monotonic() - start, 1)
        full = _write_cost(bench)
        report.facts["write_cost"] = {"empty": vars(empty), "full": vars(full)}
        times = full.milliseconds / empty.milliseconds
        report.at_most("write cost of a job, full against empty", 1.25, times, "times")
        report.facts["screens_ms"] = screens = {}
        waits = enqueue_to_start(bench, LATENCY_JOBS)
        report.at_most(f"enqueue to start at {RATE}/s, p99", 25, percentile(waits, 0.99), "ms")
        for screen, spent in asyncio.run(_screens(bench)).items():
            report.at_most(f"screen {screen}, slowest of {LOOKS}", 200, max(spent), "ms")
            screens[screen] = [round(value) for value in spent]
        _retry(bench, report, int(count * DEAD))
    return report


def _fill(bench: Bench, count: int) -> None:
    for first in range(1, count + 1, BATCH):
        last = min(first + BATCH - 1, count)
        params = {"first": first, "last": last, "all": count, "dead": int(count * DEAD)}
        with bench.database.engine.begin() as connection:
            connection.execute(FILL, params)
    with bench.database.engine.begin() as connection:
        connection.execute(WAIT, {"waiting": int(count * WAITING)})
        connection.execute(MINUTES)
    with bench.database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("VACUUM (ANALYZE) job, queue_minute"))
        connection.execute(text("CHECKPOINT"))


def _write_cost(bench: Bench) -> Cost:
    """The median round. Each begins behind a checkpoint and warm, as a ledger at work is."""
    rounds = [_round(bench) for _ in range(ROUNDS)][1:]
    return Cost(
        round(statistics.median(one.milliseconds for one in rounds), 3),
        round(statistics.median(one.log_bytes for one in rounds)),
    )


def _round(bench: Bench) -> Cost:
    with bench.database.engine.connect() as connection:
        position, start = _position(connection), time.perf_counter()
        for row in range(CYCLES):
            with bench.database.transaction() as session:
                job_id = enqueue(session, Touch(row=row))
                session.info.clear()  # nothing is pushed: this measures the database alone
            with bench.database.transaction() as session:
                job = claim(session.connection(), job_id, "bench:1")
            assert job is not None, "nobody else is here"
            with bench.database.transaction() as session:
                finish(session.connection(), job)
        spent = time.perf_counter() - start
        return Cost(spent * 1000 / CYCLES, (_position(connection) - position) / CYCLES)


def _position(connection: Connection) -> int:
    return int(connection.execute(text("SELECT pg_current_wal_insert_lsn() - '0/0'")).scalar_one())


async def _screens(bench: Bench) -> dict[str, list[float]]:
    """Milliseconds from asking the ledger until the answer is drawn and the screen is at rest."""
    calm_garbage_collector()
    app = QueueApp(LedgerAccess(bench.database, "bench", utc_now, read_only=True))
    spent: dict[str, list[float]] = {}
    async with app.run_test(size=(160, 48)) as pilot:
        for mode in ("overview", "dead", "schedules", "jobs"):
            await app.switch_mode(mode)
            spent[mode] = await _looks(pilot)
        assert isinstance(app.screen, JobsScreen)
        for filter_text in FILTERS:
            app.screen.open(filter_text)
            spent[f"jobs {filter_text}".rstrip()] = await _looks(pilot)
        await app.push_screen(DetailScreen(_any_dead(bench)))
        spent["detail"] = await _looks(pilot)
    return spent


async def _looks(pilot: Pilot[None]) -> list[float]:
    screen = pilot.app.screen
    assert isinstance(screen, LedgerScreen)
    milliseconds = []
    for _ in range(LOOKS):
        await settled(pilot.app)
        for grid in screen.query(Grid):
            grid.clear()  # as at the first look: rows that are there already cost less
        await pilot.pause()
        start = time.perf_counter()
        screen.action_reload()
        await settled(pilot.app)
        await pilot.pause()  # until nothing is left to draw; it looks every 20 ms
        milliseconds.append((time.perf_counter() - start) * 1000)
    return milliseconds


def _any_dead(bench: Bench) -> UUID:
    with bench.database.engine.connect() as connection:
        job_id: UUID = connection.execute(
            text("SELECT id FROM job WHERE state = 'dead' LIMIT 1")
        ).scalar_one()
        return job_id


def _retry(bench: Bench, report: Report, dead: int) -> None:
    """The command itself, as an operator gives it."""
    start = time.monotonic()
    arguments = ("retry", "state:dead", "--confirm", str(dead), "--json")
    done = _comptoir(bench, "queue", *arguments)
    report.equal("jobs that one retry began anew", dead, done["changed"])
    report.facts["retry_s"] = round(time.monotonic() - start, 1)


def _comptoir(bench: Bench, *arguments: str) -> dict[str, Any]:
    command = (sys.executable, "-m", "scripts.cli", *arguments)
    environment = bench.environment() | {"COMPTOIR_VAR": str(bench.folder / uuid4().hex)}
    done = subprocess.run(command, env=environment, capture_output=True, check=True, timeout=600)
    answer: dict[str, Any] = json.loads(done.stdout)
    return answer
