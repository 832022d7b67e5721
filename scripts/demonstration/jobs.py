"""Which jobs ran during the demo, where, and how long they took."""

import time
from typing import Any

import psycopg
from psycopg.rows import dict_row

PATIENCE = 30.0  # seconds; a paper takes one, and nobody waits for it
QUERY = """
    select actor, queue, state, coalesce(worker, '') as worker,
           coalesce(extract(epoch from finished_at - started_at) * 1000, 0)::float8 as milliseconds
    from job where actor not in ('poll_invoices', 'retry_undelivered', 'expire_orders') order by created_at
"""
UNDONE = """
    select exists(select from job where state = 'running' or state = 'queued' and due_at <= clock_timestamp())
"""


def finished_jobs(database_url: str) -> list[dict[str, Any]]:
    """All jobs but the periodic ones, oldest first, as rows with milliseconds of work.

    The buyer has the file before its job is written down as done, and a job may have asked for another: so it
    waits, half a minute at most, until none is left that could run now.
    """
    deadline = time.monotonic() + PATIENCE
    with psycopg.connect(database_url, row_factory=dict_row, autocommit=True) as connection:
        while time.monotonic() < deadline and connection.execute(UNDONE).fetchone() == {"exists": True}:
            time.sleep(0.05)
        return connection.execute(QUERY).fetchall()
