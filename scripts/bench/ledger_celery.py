"""Celery's workers in the ledger's benchmark: `celery -A scripts.bench.ledger_celery worker` (prefork)."""

import os
import time

from celery import Celery
from celery.signals import worker_process_init

from scripts.bench.ledger_work import Resources, touch

app = Celery("bench", broker=os.environ["CELERY_BROKER"])
app.conf.update(task_ignore_result=True, broker_connection_retry_on_startup=True)
_resources: list[Resources] = []


@worker_process_init.connect  # type: ignore[untyped-decorator]
def open_resources(**_: object) -> None:
    """Connect to the servers, in each process after Celery has forked it."""
    _resources[:] = [Resources.open()]


@app.task(name="perform")  # type: ignore[untyped-decorator]
def perform(row: int) -> None:
    """Do one job: sign one URL, update one row."""
    started = time.time()
    size = _resources[0].sign(row)
    with _resources[0].database.transaction() as session:
        touch(session, row, size, started)
