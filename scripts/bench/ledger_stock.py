"""Stock Dramatiq's workers in the ledger's benchmark: `python -m dramatiq scripts.bench.ledger_stock`."""

import os
import time

import dramatiq
from dramatiq.brokers.redis import RedisBroker

from scripts.bench.ledger_work import Resources, touch

dramatiq.set_broker(RedisBroker(url=os.environ["REDIS_URL"]))  # type: ignore[no-untyped-call]
resources = Resources.open()


@dramatiq.actor(queue_name="stock")
def perform(row: int) -> None:
    """Do one job: sign one URL, update one row."""
    started = time.time()
    size = resources.sign(row)
    with resources.database.transaction() as session:
        touch(session, row, size, started)
