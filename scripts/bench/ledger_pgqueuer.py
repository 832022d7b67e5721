"""PgQueuer in the ledger's benchmark, which keeps its jobs in PostgreSQL as ours does.

`python -m scripts.bench.ledger_pgqueuer` is one of its workers.
"""

import asyncio
import os
import signal
import time
from collections.abc import AsyncIterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager

import psycopg
from pgqueuer import PgQueuer
from pgqueuer.db import PsycopgDriver
from pgqueuer.models import Job
from pgqueuer.queries import Queries

from scripts.bench.ledger_work import Resources, touch

THREADS = 8  # as each of our children has
BATCH = 128  # jobs that it claims at once, as ours do; its own default of ten is slower here
CHUNK = 500  # jobs in one statement


@asynccontextmanager
async def connect(url: str) -> AsyncIterator[PsycopgDriver]:
    """Its driver on a connection of its own."""
    async with await psycopg.AsyncConnection.connect(url, autocommit=True) as connection:
        yield PsycopgDriver(connection)


async def install(url: str) -> None:
    """Create its tables in the database at this `postgresql://` address."""
    async with connect(url) as driver:
        await Queries(driver).install()


async def fill(url: str, jobs: int) -> None:
    """Put so many jobs into its queue."""
    async with connect(url) as driver:
        for start in range(1, jobs + 1, CHUNK):
            rows = range(start, min(start + CHUNK, jobs + 1))
            payloads: list[bytes | None] = [str(row).encode() for row in rows]
            await Queries(driver).enqueue(["perform"] * len(rows), payloads, [0] * len(rows))


def perform(resources: Resources, row: int) -> None:
    """Do one job: sign one URL, update one row."""
    started = time.time()
    size = resources.sign(row)
    with resources.database.transaction() as session:
        touch(session, row, size, started)


async def serve(resources: Resources) -> None:
    """Work until SIGTERM."""
    loop = asyncio.get_running_loop()
    loop.set_default_executor(ThreadPoolExecutor(THREADS))
    async with connect(os.environ["DATABASE_URL"]) as driver:
        queue = PgQueuer(driver)
        loop.add_signal_handler(signal.SIGTERM, queue.shutdown.set)

        @queue.entrypoint("perform")
        async def take(job: Job) -> None:
            await asyncio.to_thread(perform, resources, int(job.payload or b"0"))

        await queue.run(batch_size=BATCH, max_concurrent_tasks=2 * BATCH)


if __name__ == "__main__":
    asyncio.run(serve(Resources.open()))
