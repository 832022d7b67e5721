"""Which jobs ran during the demo, where, and how long they took."""

from typing import Any

import psycopg
from psycopg.rows import dict_row

QUERY = """
    select actor, queue, state, coalesce(worker, '') as worker,
           coalesce(extract(epoch from finished_at - started_at) * 1000, 0)::float8 as milliseconds
    from job where actor not in ('poll_invoices', 'retry_undelivered', 'expire_orders') order by created_at
"""


def finished_jobs(database_url: str) -> list[dict[str, Any]]:
    """All jobs but the periodic ones, oldest first, as rows with milliseconds of work."""
    with psycopg.connect(database_url, row_factory=dict_row) as connection:
        return connection.execute(QUERY).fetchall()
