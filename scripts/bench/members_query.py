"""What the query for expired memberships costs as the table grows from ten thousand rows to a million."""

import json
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any

from sqlalchemy import Connection, create_engine, text

from core.memberships.expiry import due_query
from core.process.migrate import upgrade
from schemas.base import utc_now
from scripts.bench.report import Report
from scripts.embedded.postgres import Postgres

SIZES = (10_000, 100_000, 1_000_000)
DUE = 100  # memberships whose clock has struck, at every size
ROUNDS = 21
FLAT = 2  # largest against smallest

# The rows refer to one another as they should; checking each of a million would take most of the time.
UNCHECKED = "SET session_replication_role = replica"
GROW = text(
    """
    INSERT INTO membership (user_id, plan_id, state, turn, started_at, ends_at, clock_at, grace_days, reason,
                            created_at)
    SELECT number, 1, 'active', 1, now(), at, at, 0, '', now()
    FROM (SELECT number, now() + CASE WHEN number <= :due THEN interval '-1 minute'
                                      ELSE number * interval '30 seconds' END AS at
          FROM generate_series(CAST(:first AS bigint), CAST(:last AS bigint)) AS number) AS row
    """
)


@dataclass(frozen=True)
class Cost:
    """What the query cost at one size: rows and pages (8 KiB) read, milliseconds (median)."""

    rows: int
    pages: int
    milliseconds: float


def measure(report: Report, sizes: tuple[int, ...] = SIZES) -> None:
    """Run the query under EXPLAIN (ANALYZE, BUFFERS) at each size of the table."""
    costs: list[Cost] = []
    with _database() as connection:
        connection.exec_driver_sql(UNCHECKED)
        for before, size in zip((0, *sizes), sizes, strict=False):
            connection.execute(GROW, {"due": DUE, "first": before + 1, "last": size})
            connection.exec_driver_sql("VACUUM ANALYZE membership")
            costs.append(_cost(connection))
    smallest, largest = costs[0], costs[-1]
    what = f"expiry query, {sizes[0]:,} to {sizes[-1]:,} memberships"
    report.equal(f"{what}: rows read", [DUE] * len(sizes), [cost.rows for cost in costs])
    report.at_most(f"{what}: growth of pages read", FLAT, largest.pages / smallest.pages, "times")
    report.at_most(f"{what}: growth of time", FLAT, largest.milliseconds / smallest.milliseconds, "times")
    report.facts["expiry_query"] = {
        f"{size}": {"rows": cost.rows, "pages": cost.pages, "ms": round(cost.milliseconds, 3)}
        for size, cost in zip(sizes, costs, strict=True)
    }


@contextmanager
def _database() -> Iterator[Connection]:
    with tempfile.TemporaryDirectory(prefix="comptoir-bench-") as name:
        postgres = Postgres(Path(name, "postgres"), Path(name, "postgres.log"), fsync=False)
        postgres.start()
        try:
            upgrade(postgres.url)
            engine = create_engine(postgres.url, isolation_level="AUTOCOMMIT")
            with engine.connect() as connection:
                yield connection
            engine.dispose()
        finally:
            postgres.stop()


def _cost(connection: Connection) -> Cost:
    statement = due_query(now=utc_now()).compile(connection, compile_kwargs={"literal_binds": True})
    explained = f"EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) {statement}"
    plans = [_plan(connection.exec_driver_sql(explained).scalar_one()) for _ in range(ROUNDS)]
    scans = [node for node in _nodes(plans[-1]["Plan"]) if "Scan" in node["Node Type"]]
    return Cost(
        rows=sum(int(scan["Actual Rows"]) + scan.get("Rows Removed by Filter", 0) for scan in scans),
        pages=plans[-1]["Plan"]["Shared Hit Blocks"] + plans[-1]["Plan"]["Shared Read Blocks"],
        milliseconds=median(plan["Execution Time"] for plan in plans),
    )


def _plan(answer: Any) -> dict[str, Any]:
    read: list[dict[str, Any]] = json.loads(answer) if isinstance(answer, str) else answer
    return read[0]


def _nodes(node: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield node
    for child in node.get("Plans", []):
        yield from _nodes(child)
