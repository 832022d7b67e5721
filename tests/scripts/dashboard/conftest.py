"""A dashboard over a ledger as a busy week leaves it."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlmodel import Session

from core.jobs.ledger import pause
from core.jobs.schedules import KNOWN, seed
from core.kit.db import Database
from schemas.contracts import slot_key
from scripts.dashboard.screen_base import LedgerAccess
from tests.core.jobs.admin.rows import MINUTE, attempt, beat, job, minute
from tests.support import make
from tests.support.make import NOW

HOUR = timedelta(hours=1)
POLLS = [item for item in KNOWN if item.name in ("poll_invoices", "expire_orders")]

LOST: dict[str, Any] = {
    "error_class": "LostLease",
    "error_message": "The worker was killed",
    "fingerprint": "lost-lease",
}


def number(place: int) -> UUID:
    """The id of a job of the story, the same in every run."""
    return UUID(int=0xC0FFEE << 96 | place)


@pytest.fixture
def ledger(database: Database) -> LedgerAccess:
    """The dashboard's ledger, at noon."""
    with database.transaction() as session:
        tell(session)
    return LedgerAccess(database, "cli", lambda: NOW)


def tell(session: Session) -> None:
    """A store that was away for an hour, a poisonous file, a paused queue, an order that waits."""
    order = make.paid_order(session, now=NOW - HOUR)
    session.connection().exec_driver_sql("DELETE FROM job")
    assert order.id is not None
    beat(session)
    beat(session, "shop:4243:a1b2c3", queue_group="background", queues=["media", "fetch", "bulk"], threads=4)
    beat(session, "other:77:a1b2c3", ago=HOUR, queue_group="interactive", queues=["interactive"], threads=4)
    pause(session, "bulk", "cli")
    for back in range(60):
        minute(session, back, done=(back * 7) % 50 + 20, ready=back // 4)
        minute(session, back, queue="media", done=back % 4)
    ten = 10 * MINUTE
    parent = job(session, "done", id=number(1), actor="retry_undelivered", queue="bulk", args={}, ago=ten)
    for place in range(3):
        tried: dict[str, Any] = {"attempt": 3, "failures": 2, "lost": 1, "args": {"order_id": 40 + place}}
        died = job(
            session, "dead", id=number(10 + place), ago=(place + 1) * ten, parent_id=parent.id, **tried
        )
        attempt(session, died.id, 1, ago=2 * HOUR)
        attempt(session, died.id, 2, ago=HOUR, outcome="lost", traceback=None, **LOST)
        attempt(session, died.id, 3, ago=10 * MINUTE)
    file: dict[str, Any] = {"actor": "make_preview", "queue": "media", "args": {"asset_id": str(number(99))}}
    job(session, "dead", id=number(20), attempt=3, failures=0, lost=3, **file, **LOST)
    job(session, "running", id=number(30), args={"order_id": 50}, ago=timedelta(seconds=4))
    job(session, "running", id=number(31), worker="shop:4243:a1b2c3", **file)
    for place in range(4):
        waits: dict[str, Any] = {"args": {"order_id": 60 + place}, "correlation_id": ""}
        job(session, id=number(40 + place), ago=(place - 1) * MINUTE, **waits)
    others: dict[str, Any] = {"correlation_id": "c0ffee000002"}
    job(session, "done", id=number(50), args={"order_id": 30}, ago=2 * MINUTE, **others)
    notice: dict[str, Any] = {"actor": "notify", "args": {"user_id": 7, "text": "sale"}}
    job(session, "cancelled", id=number(51), ago=3 * MINUTE, **notice, **others)
    seed(session, POLLS, NOW - 35 * MINUTE)
    session.connection().exec_driver_sql("UPDATE schedule SET last_slot = %s", (NOW - 10 * MINUTE,))
    session.connection().exec_driver_sql("UPDATE schedule SET paused = true WHERE name = 'poll_invoices'")
    for back in (10, 30):
        key = slot_key("expire_orders", NOW - back * MINUTE)
        slot: dict[str, Any] = {"unique_key": key, "actor": "expire_orders", "queue": "bulk", "args": {}}
        job(session, "done", id=number(60 + back), ago=back * MINUTE, **slot)
