"""The schedules as an operator sees them."""

from datetime import timedelta

import pytest
from sqlmodel import Session

from core.jobs.admin.listing import show_job
from core.jobs.admin.schedules_view import run_now, schedule_lines, set_paused
from core.jobs.ledger import enqueue
from core.jobs.schedules import KNOWN, seed
from core.kit.errors import NotFound
from schemas.jobs import ExpireOrders
from tests.core.jobs.admin.rows import MINUTE
from tests.support.make import NOW

HOUR = timedelta(hours=1)


def test_a_schedule_tells_its_last_run_its_next_and_those_nobody_ran(session: Session) -> None:
    seed(session, KNOWN, NOW - 35 * MINUTE)
    for back in (30, 10):
        slot = NOW - back * MINUTE
        enqueue(session, ExpireOrders().in_slot("expire_orders", slot))
    session.connection().exec_driver_sql("UPDATE schedule SET last_slot = %s", (NOW - 10 * MINUTE,))
    line = {item.name: item for item in schedule_lines(session, now=NOW)}["expire_orders"]
    assert (line.last_slot, line.last_state, line.next_slot) == (
        NOW - 10 * MINUTE,
        "queued",
        NOW + 10 * MINUTE,
    )
    assert line.missed == [NOW - 20 * MINUTE]  # the slot of this very minute may still come


def test_a_schedule_runs_now_and_pauses(session: Session) -> None:
    seed(session, KNOWN, NOW)
    job_id = run_now(session, "expire_orders", actor="cli")
    assert show_job(session, job_id).job.actor == "expire_orders"
    set_paused(session, "expire_orders", actor="cli", paused=True)
    assert [line.name for line in schedule_lines(session, now=NOW) if line.paused] == ["expire_orders"]
    with pytest.raises(NotFound, match="schedule-unknown"):
        run_now(session, "nothing", actor="cli")
