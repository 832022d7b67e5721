"""Our job ledger against stock Dramatiq and Celery, and against two that keep their jobs in PostgreSQL too.

On the same machine, disk, database and work, two processes of eight threads each.
"""

import asyncio
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

import redis
from celery import Celery
from dramatiq.brokers.redis import RedisBroker
from dramatiq.message import Message
from sqlalchemy import text

from core.jobs.ledger import enqueue
from core.jobs.push import Pusher
from core.kit.db import Database
from core.process.migrate import upgrade
from scripts.bench import ledger_pgqueuer, ledger_procrastinate
from scripts.bench.ledger_work import TABLE, Touch
from scripts.bench.report import Report, fdatasync_milliseconds, percentile
from scripts.embedded.postgres import Postgres
from scripts.embedded.process import Process, base_environment
from scripts.embedded.redis_server import RedisServer

ROUNDS = 5
JOBS = 6000  # in one round
MEASURED = (0.1, 0.9)  # of a backlog: neither the start of the processes nor its end
RATE, LATENCY_JOBS = 50, 500
CHUNK = 500
PEERS = "procrastinate_jobs, procrastinate_workers, pgqueuer, pgqueuer_log"  # their tables


@dataclass(frozen=True)
class Competitor:
    """How its queue is filled, and the command of its workers."""

    fill: Callable[["Bench", int], None]
    command: tuple[str, ...]
    processes: int = 1  # of the command: one that starts two processes itself, or two


@dataclass
class Bench:
    """The servers of the benchmark, and what the workers of each competitor get."""

    folder: Path
    postgres: Postgres
    server: RedisServer
    database: Database
    client: "redis.Redis"

    def environment(self) -> dict[str, str]:
        """The environment variables of every worker process."""
        return base_environment() | {
            "DATABASE_URL": self.postgres.url,
            "REDIS_URL": self.server.url,
            "CELERY_BROKER": _celery_url(self.server),
            "S3_ENDPOINT": "http://127.0.0.1:9",  # signing needs no store
            "S3_ACCESS_KEY": "bench",
            "S3_SECRET_KEY": "benchbench",
            "LOG_LEVEL": "warning",
        }

    def fresh(self, rows: int) -> None:
        """Empty all tables and queues, and make so many rows for jobs to update."""
        self.client.flushall()
        with self.database.engine.begin() as connection:
            connection.execute(text(f"TRUNCATE bench_row, job, job_attempt, {PEERS} CASCADE"))
            connection.execute(text("INSERT INTO bench_row (id) SELECT generate_series(1, :n)"), {"n": rows})
        with self.database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(text("VACUUM (ANALYZE) bench_row, job"))
            connection.execute(text("CHECKPOINT"))

    def touched(self) -> int:
        """How many rows jobs have updated."""
        with self.database.engine.connect() as connection:
            return int(
                connection.execute(text("SELECT count(*) FROM bench_row WHERE touched > 0")).scalar_one()
            )

    @contextmanager
    def workers(self, name: str, competitor: Competitor) -> Iterator[None]:
        """Run a competitor's worker processes while the block runs."""
        with ExitStack() as running:
            for number in range(competitor.processes):
                log = self.folder / f"{name}-{number}.log"
                process = Process(name, competitor.command, log, environment=self.environment())
                process.start()
                running.callback(process.stop, 30)
            yield


def measure(rounds: int = ROUNDS, jobs: int = JOBS, latency_jobs: int = LATENCY_JOBS) -> Report:
    """Run the benchmark on servers of its own."""
    report = Report("ledger")
    with tempfile.TemporaryDirectory(prefix="comptoir-bench-") as folder, servers(Path(folder)) as bench:
        report.facts["fdatasync_ms"] = round(fdatasync_milliseconds(bench.folder), 3)
        bench.fresh(latency_jobs + RATE)
        waits = enqueue_to_start(bench, latency_jobs)
        rates: dict[str, list[float]] = {competitor: [] for competitor in COMPETITORS}
        for _ in range(rounds):
            for name, competitor in COMPETITORS.items():
                rates[name].append(_drain(bench, name, competitor, jobs))
    report.facts["jobs_per_second"] = {name: [round(value) for value in rates[name]] for name in rates}
    report.at_least("ledger against Celery prefork", 2, _times(rates, "celery"), "times")
    report.at_least("ledger against stock Dramatiq", 0.8, _times(rates, "dramatiq"), "times")
    report.at_least("ledger against procrastinate", 2, _times(rates, "procrastinate"), "times")
    report.at_least("ledger against PgQueuer", 2, _times(rates, "pgqueuer"), "times")
    report.at_most(f"enqueue to start at {RATE}/s, p50", 3, percentile(waits, 0.5), "ms")
    report.at_most(f"enqueue to start at {RATE}/s, p99", 15, percentile(waits, 0.99), "ms")
    return report


def _times(rates: dict[str, list[float]], other: str) -> float:
    """How many times as fast the ledger was: the median over the rounds, in each of which both had the
    machine in the same mood."""
    return statistics.median(
        ours / theirs for ours, theirs in zip(rates["ledger"], rates[other], strict=True)
    )


@contextmanager
def servers(folder: Path) -> Iterator[Bench]:
    """Start PostgreSQL and Redis for one benchmark, with the tables of the ledger and of the work."""
    postgres = Postgres(folder / "postgres", folder / "postgres.log")
    server = RedisServer(folder / "redis", folder / "redis.log")
    try:
        postgres.start()
        server.start()
        upgrade(postgres.url)
        database = Database(postgres.url)
        with redis.Redis.from_url(server.url) as client, database.engine.begin() as connection:
            connection.execute(text(TABLE))
            connection.commit()
            ledger_procrastinate.install(postgres.url)
            asyncio.run(ledger_pgqueuer.install(postgres.url))
            yield Bench(folder, postgres, server, database, client)
        database.dispose()
    finally:
        server.stop()
        postgres.stop()


def _drain(bench: Bench, name: str, competitor: Competitor, jobs: int) -> float:
    """Jobs a second in the middle of a backlog that waited before the workers started."""
    bench.fresh(jobs)
    competitor.fill(bench, jobs)
    low, high = (int(share * jobs) for share in MEASURED)
    with bench.workers(name, competitor):
        first, start = _reach(bench, low)
        last, end = _reach(bench, high)
    return (last - first) / (end - start)


def _reach(bench: Bench, count: int) -> tuple[int, float]:
    deadline = time.monotonic() + 120
    while (done := bench.touched()) < count:
        if time.monotonic() > deadline:
            raise TimeoutError(f"only {done} of {count} jobs were done; the logs are in {bench.folder}")
        time.sleep(0.05)
    return done, time.monotonic()


def _fill_ledger(bench: Bench, jobs: int) -> None:
    for start in range(1, jobs + 1, CHUNK):
        with bench.database.transaction() as session:
            for row in range(start, min(start + CHUNK, jobs + 1)):
                enqueue(session, Touch(row=row))


def _fill_dramatiq(bench: Bench, jobs: int) -> None:
    broker = RedisBroker(url=bench.server.url)  # type: ignore[no-untyped-call]
    for row in range(1, jobs + 1):
        broker.enqueue(Message(queue_name="stock", actor_name="perform", args=(row,), kwargs={}, options={}))
    broker.close()


def _fill_celery(bench: Bench, jobs: int) -> None:
    app = Celery("bench", broker=_celery_url(bench.server))
    with app.connection_for_write() as connection, app.amqp.producer_pool.acquire(block=True) as producer:
        del connection
        for row in range(1, jobs + 1):
            app.send_task("perform", (row,), producer=producer, ignore_result=True)
    app.close()


def _celery_url(server: RedisServer) -> str:
    path, _, _ = server.url.removeprefix("unix://").partition("?")
    return f"redis+socket://{path}?virtual_host=1"


def _fill_procrastinate(bench: Bench, jobs: int) -> None:
    ledger_procrastinate.fill(bench.postgres.url, jobs)


def _fill_pgqueuer(bench: Bench, jobs: int) -> None:
    asyncio.run(ledger_pgqueuer.fill(bench.postgres.url, jobs))


PYTHON = (sys.executable, "-m")
COMPETITORS = {
    "ledger": Competitor(_fill_ledger, (*PYTHON, "scripts.bench.ledger_ours")),
    "dramatiq": Competitor(
        _fill_dramatiq, (*PYTHON, "dramatiq", "scripts.bench.ledger_stock", "-p", "2", "-t", "8")
    ),
    "celery": Competitor(
        _fill_celery,
        (
            *(*PYTHON, "celery", "-A", "scripts.bench.ledger_celery", "worker"),
            *("--pool", "prefork", "--concurrency", "2", "--loglevel", "warning"),
        ),
    ),
    "procrastinate": Competitor(
        _fill_procrastinate, (*PYTHON, "scripts.bench.ledger_procrastinate"), processes=2
    ),
    "pgqueuer": Competitor(_fill_pgqueuer, (*PYTHON, "scripts.bench.ledger_pgqueuer"), processes=2),
}


def enqueue_to_start(bench: Bench, jobs: int) -> list[float]:
    """Milliseconds from just before `enqueue` (commit and push included) to the job's first line.

    Needs `jobs` + `RATE` rows to touch.
    """
    pusher = Pusher(bench.server.url)
    bench.database.after_commit = pusher.flush
    sent: dict[int, float] = {}
    with bench.workers("latency", COMPETITORS["ledger"]):
        for row in range(1, jobs + RATE + 1):
            start = time.time()
            with bench.database.transaction() as session:
                enqueue(session, Touch(row=row))
            sent[row] = start
            if row <= RATE:
                _reach(bench, row)  # connections, statements and caches are warm afterwards
            time.sleep(max(0.0, start + 1 / RATE - time.time()))
        _reach(bench, jobs + RATE)
        with bench.database.engine.connect() as connection:
            rows = connection.execute(text("SELECT id, started FROM bench_row")).all()
    bench.database.after_commit = None
    pusher.close()
    return [(started - sent[row]) * 1000 for row, started in rows if row > RATE]
