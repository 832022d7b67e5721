"""The shop in figures for Prometheus, read from the database when it asks.

Importing this costs 3 MiB (prometheus_client), so the API does it at the first scrape only. What one process
knows of itself is added by it: `api.controllers.metrics`, `workers.metrics`.

Labels take few values: queues, groups of workers, promises, and at most `TOP` products a day.
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from pathlib import Path

from prometheus_client import CollectorRegistry, ProcessCollector, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, HistogramMetricFamily, Metric
from prometheus_client.registry import Collector
from sqlalchemy import text
from sqlmodel import Session

from core.jobs.admin.invariants import invariants
from core.jobs.admin.overview import WorkerLine, queue_lines, worker_lines
from core.kit.db import PoolUse
from core.monitoring.bot_beat import last_beat
from core.monitoring.disk import disk_of
from core.monitoring.memory import host_memory, proportional_bytes
from core.people.support_inbox import waiting
from schemas.contracts import QUEUES, WORKER_GROUPS
from schemas.operations import BotBeat
from schemas.sales import EventState

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"
"""Of the text format (https://prometheus.io/docs/instrumenting/exposition_formats/#text-based-format)."""
TOP = 10  # products that have a line of their own; the rest is `other`

# Both read the rows of one day only, by an index of block ranges over their time.
SIGNED_TODAY = text(
    """
    WITH signed AS (
        SELECT subject, count(*) AS found FROM audit_entry
        WHERE action = 'link.presigned' AND created_at >= :since GROUP BY subject
    )
    SELECT product_id, sum(found) AS found FROM signed
    LEFT JOIN asset ON asset.id = CAST(substr(signed.subject, 7) AS uuid) -- asset:ID
    GROUP BY product_id ORDER BY found DESC, product_id
    """
)
DOWNLOADED_TODAY = text(
    """
    WITH clicked AS (
        SELECT link_id, count(*) AS found FROM download WHERE minute >= :since GROUP BY link_id
    )
    SELECT product_id, sum(found) AS found FROM clicked
    JOIN download_link ON download_link.id = clicked.link_id
    LEFT JOIN asset ON asset.id = download_link.asset_id
    GROUP BY product_id ORDER BY found DESC, product_id
    """
)
EVENTS = text(
    """
    SELECT state, count(*) AS found FROM payment_event
    WHERE state = ANY (:states) AND received_at >= :since GROUP BY state
    """
)
UNSETTLED: tuple[EventState, ...] = ("received", "unmatched", "refused")
BACKUP = text("SELECT max(ended_at) FROM backup WHERE state = 'stored'")


class Given(Collector):
    """Families that were read already."""

    def __init__(self, families: Iterable[Metric]) -> None:
        self._families = families

    def collect(self) -> Iterator[Metric]:
        """Them."""
        yield from self._families


class Host(Collector):
    """The memory of this machine (A75) and of this process, read anew at each scrape."""

    def collect(self) -> Iterator[Metric]:
        """The machine's total and what is available of it, and what this process holds."""
        memory = host_memory()
        yield GaugeMetricFamily(
            "comptoir_process_memory_bytes",
            "Memory of this process; pages that several share count by its share",
            value=proportional_bytes(),
        )
        yield GaugeMetricFamily("comptoir_host_memory_bytes", "RAM of the machine", value=memory.total)
        yield GaugeMetricFamily(
            "comptoir_host_memory_available_bytes", "RAM that programs can still have", value=memory.available
        )


def exposition(families: Iterable[Metric]) -> bytes:
    """The text of these families, and of the memory, processor time and open files of this process."""
    registry = CollectorRegistry()
    registry.register(Given(families))
    registry.register(Host())
    ProcessCollector(registry=registry)
    return generate_latest(registry)


def pool_families(pools: Mapping[str, PoolUse]) -> list[Metric]:
    """The connections to the database that a process has in use just now, by what it uses them for."""
    in_use = GaugeMetricFamily(
        "comptoir_database_connections", "Connections to the database in use", labels=["pool"]
    )
    limit = GaugeMetricFamily(
        "comptoir_database_connections_limit", "As many as there may be of them", labels=["pool"]
    )
    for name, use in pools.items():
        in_use.add_metric([name], use.in_use)
        limit.add_metric([name], use.most)
    return [in_use, limit]


def disk_families(folder: Path | None) -> list[Metric]:
    """The disk that the store writes to, where this process can see it (STORE_FOLDER)."""
    size = GaugeMetricFamily("comptoir_store_disk_bytes", "Size of the store's disk")
    left = GaugeMetricFamily("comptoir_store_disk_available_bytes", "What the store can still write there")
    if disk := disk_of(folder):
        size.add_metric([], disk.total)
        left.add_metric([], disk.free)
    return [size, left]


def http_families(standing: int, most: int) -> list[Metric]:
    """The connections of clients that are open just now, and how many there may be."""
    return [
        GaugeMetricFamily("comptoir_http_connections", "Open connections of clients", value=standing),
        GaugeMetricFamily("comptoir_http_connections_limit", "API_CONNECTIONS of this process", value=most),
    ]


def event_families(unkept: Mapping[str, int]) -> list[Metric]:
    """The events of payment providers that made no row in this process: known before, or none of ours."""
    family = CounterMetricFamily(
        "comptoir_payment_events_unkept", "Signed events that were known or not ours", labels=["provider"]
    )
    for provider, count in unkept.items():
        family.add_metric([provider], count)
    return [family]


def process_families(
    *, database: bool, requests: Iterable[tuple[list[str], list[tuple[str, float]], float]]
) -> list[Metric]:
    """Whether this process reached the database just now, and the requests that it answered.

    Those of payment providers are of the routes /webhooks/…; `requests` are labels, buckets and seconds.
    """
    answered = HistogramMetricFamily(
        "comptoir_http_request_seconds", "Requests by route and kind of answer", labels=["route", "status"]
    )
    for labels, buckets, seconds in requests:
        answered.add_metric(labels, buckets, seconds)
    up = GaugeMetricFamily("comptoir_database_up", "1 where the database answers", value=int(database))
    return [up, answered]


def shop_families(session: Session, *, now: datetime) -> list[Metric]:
    """What the whole shop holds, the same from whichever process it is asked of."""
    return [
        *_queues(session, now),
        *_workers(worker_lines(session, now=now)),
        *_bot(last_beat(session), now),
        *_promises(session, now),
        *_support(session, now),
        *_money(session, now),
        *_days(session, now),
    ]


def _queues(session: Session, now: datetime) -> list[Metric]:
    jobs = GaugeMetricFamily(
        "comptoir_queue_jobs", "Jobs by queue: ready, later, running, dead", labels=["queue", "state"]
    )
    oldest = GaugeMetricFamily(
        "comptoir_queue_oldest_seconds", "How long the first ready job has been due", labels=["queue"]
    )
    paused = GaugeMetricFamily(
        "comptoir_queue_paused", "1 while an operator holds the queue", labels=["queue"]
    )
    for line in queue_lines(session, QUEUES, now=now):
        for state in ("ready", "later", "running", "dead"):
            jobs.add_metric([line.queue, state], getattr(line, state))
        oldest.add_metric([line.queue], line.oldest or 0.0)
        paused.add_metric([line.queue], 1 if line.paused_by is not None else 0)
    return [jobs, oldest, paused]


def _workers(lines: list[WorkerLine]) -> list[Metric]:
    alive = GaugeMetricFamily(
        "comptoir_workers", "Processes that beat and serve the group's least served queue", labels=["group"]
    )
    lost = GaugeMetricFamily(
        "comptoir_workers_lost", "Processes whose beat stopped within the last day", labels=["group"]
    )
    memory = GaugeMetricFamily(
        "comptoir_worker_memory_bytes",
        "Memory of the largest process; pages that several share count by its share",
        labels=["group"],
    )
    for group, queues in WORKER_GROUPS.items():
        mine = [line for line in lines if not set(queues).isdisjoint(line.queues)]
        living = [line for line in mine if not line.lost]
        alive.add_metric([group], min(sum(queue in line.queues for line in living) for queue in queues))
        lost.add_metric([group], len(mine) - len(living))
        memory.add_metric([group], max((line.memory for line in living), default=0))
    return [alive, lost, memory]


def _bot(beat: BotBeat | None, now: datetime) -> list[Metric]:
    silence = GaugeMetricFamily("comptoir_bot_silent_seconds", "How long ago the bot last said that it lives")
    served = CounterMetricFamily("comptoir_bot_updates", "Updates that the bot served since it started")
    failed = CounterMetricFamily("comptoir_bot_failures", "Updates of these whose handler failed")
    memory = GaugeMetricFamily(
        "comptoir_bot_memory_bytes", "Memory of the bot; pages that several share count by its share"
    )
    if beat is not None:
        memory.add_metric([], beat.memory)
        silence.add_metric([], (now - beat.beat_at).total_seconds())
        served.add_metric([], beat.served)
        failed.add_metric([], beat.failed)
    return [silence, served, failed, memory]


def _promises(session: Session, now: datetime) -> list[Metric]:
    broken = GaugeMetricFamily(
        "comptoir_invariant_broken", "Cases that break a promise of the shop", labels=["promise"]
    )
    oldest = GaugeMetricFamily(
        "comptoir_invariant_oldest_seconds", "For how long the first of them has", labels=["promise"]
    )
    for promise in invariants(session, now=now):
        broken.add_metric([promise.name], promise.count)
        oldest.add_metric([promise.name], (now - promise.oldest).total_seconds() if promise.oldest else 0)
    return [broken, oldest]


def _support(session: Session, now: datetime) -> list[Metric]:
    open_count, oldest = waiting(session, now=now)
    return [
        GaugeMetricFamily("comptoir_support_open", "Questions that wait for an answer", value=open_count),
        GaugeMetricFamily(
            "comptoir_support_oldest_seconds", "For how long the first of them has waited", value=oldest
        ),
    ]


def _money(session: Session, now: datetime) -> list[Metric]:
    events = GaugeMetricFamily(
        "comptoir_payment_events_unsettled", "Payment events of today that changed nothing", labels=["state"]
    )
    params = {"since": midnight(now), "states": list(UNSETTLED)}
    counts = {row.state: row.found for row in session.execute(EVENTS, params)}
    for state in UNSETTLED:
        events.add_metric([state], counts.get(state, 0))
    stored = session.execute(BACKUP).scalar_one()
    families: list[Metric] = [events]
    if stored is not None:
        age = (now - stored).total_seconds()
        families.append(
            GaugeMetricFamily("comptoir_backup_age_seconds", "Since the last backup was stored", value=age)
        )
    return families


def _days(session: Session, now: datetime) -> list[Metric]:
    since = {"since": midnight(now)}
    families: list[Metric] = []
    for name, help_text, statement in (
        ("comptoir_links_signed_today", "Store addresses signed since midnight UTC", SIGNED_TODAY),
        ("comptoir_downloads_today", "Downloads begun since midnight UTC", DOWNLOADED_TODAY),
    ):
        rows = [(row.product_id, int(row.found)) for row in session.execute(statement, since)]
        family = GaugeMetricFamily(name, f"{help_text}, by product number", labels=["product"])
        for product, count in top(rows):
            family.add_metric([product], count)
        families.append(family)
    return families


def top(rows: Iterable[tuple[int | None, int]], limit: int = TOP) -> list[tuple[str, int]]:
    """The first `limit` products, and the sum of all others (files that are gone among them) as `other`."""
    named: list[tuple[str, int]] = []
    other = 0
    for product, count in rows:
        if product is None or len(named) == limit:
            other += count
        else:
            named.append((str(product), count))
    return [*named, ("other", other)]


def midnight(now: datetime) -> datetime:
    """The beginning of the day, of an aware moment in UTC."""
    return now.replace(hour=0, minute=0, second=0, microsecond=0)
