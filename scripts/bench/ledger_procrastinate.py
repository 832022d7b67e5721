"""procrastinate in the ledger's benchmark, which keeps its jobs in PostgreSQL as ours does.

`python -m scripts.bench.ledger_procrastinate` is one of its workers.
"""

import asyncio
import os
import time
from concurrent.futures import ThreadPoolExecutor

import procrastinate
from procrastinate.types import JSONDict

from scripts.bench.ledger_work import Resources, touch

THREADS = 8  # as each of our children has
CHUNK = 500  # jobs in one statement
app = procrastinate.App(connector=procrastinate.PsycopgConnector())
_resources: list[Resources] = []


@app.task(name="perform")
def perform(row: int) -> None:
    """Do one job: sign one URL, update one row."""
    started = time.time()
    size = _resources[0].sign(row)
    with _resources[0].database.transaction() as session:
        touch(session, row, size, started)


def install(url: str) -> None:
    """Create its tables in the database at this `postgresql://` address."""
    with app.replace_connector(procrastinate.SyncPsycopgConnector(conninfo=url)) as ours, ours.open():
        ours.schema_manager.apply_schema()


def fill(url: str, jobs: int) -> None:
    """Put so many jobs into its queue."""
    with app.replace_connector(procrastinate.SyncPsycopgConnector(conninfo=url)) as ours, ours.open():
        for start in range(1, jobs + 1, CHUNK):
            rows = range(start, min(start + CHUNK, jobs + 1))
            arguments: list[JSONDict] = [{"row": row} for row in rows]
            ours.configure_task("perform").batch_defer(*arguments)


async def serve() -> None:
    """Work until SIGTERM. Its sync tasks run in the loop's threads, which are six by default here."""
    asyncio.get_running_loop().set_default_executor(ThreadPoolExecutor(THREADS))
    connector = procrastinate.PsycopgConnector(conninfo=os.environ["DATABASE_URL"])
    with app.replace_connector(connector) as ours:
        async with ours.open_async():
            await ours.run_worker_async(concurrency=THREADS)


if __name__ == "__main__":
    _resources.append(Resources.open())
    asyncio.run(serve())
