"""Acts on everything that matches: counted, confirmed, done in chunks, written down, undone."""

from datetime import timedelta
from itertools import pairwise
from typing import Any

import pytest
from sqlmodel import col, select

from core.jobs.admin import bulk_actions
from core.jobs.admin.bulk_actions import perform, recent_acts
from core.jobs.claims import claim, finish
from core.jobs.pauses import set_paused
from core.kit.db import Database
from core.kit.errors import Refused
from schemas.audit import AuditEntry
from schemas.contracts import TOGETHER
from schemas.queue import Job, Verb
from tests.core.jobs.admin.acts import act, add, count, jobs
from tests.core.jobs.admin.rows import job
from tests.support.make import NOW
from workers.runtime.groups import GROUPS

HOUR = timedelta(hours=1)
ALL = ("queued", "running", "done", "dead", "cancelled")


def audited(database: Database) -> list[tuple[str, str, dict[str, Any]]]:
    with database.transaction() as session:
        rows = session.exec(select(AuditEntry).order_by(col(AuditEntry.id))).all()
        return [(row.actor, row.action, row.details) for row in rows]


@pytest.mark.parametrize(
    ("verb", "typed", "changed"),
    [
        ("retry", "", {"dead": "queued", "cancelled": "queued"}),
        ("retry", "state:dead", {"dead": "queued"}),
        ("cancel", "", {"queued": "cancelled", "running": "running"}),
        ("edit", "actor:deliver", {"dead": "queued", "cancelled": "queued", "queued": "queued"}),
    ],
)
def test_an_act_changes_what_it_can_and_nothing_else(
    database: Database, verb: Verb, typed: str, changed: dict[str, str]
) -> None:
    before = {row.id: row for row in add(database, *ALL)}
    assert count(database, verb, typed).count == len(changed)
    assert act(database, verb, typed) == len(changed)
    for key, row in jobs(database).items():
        was = before[key].state
        assert row.state == changed.get(was, was)
        assert (row.model_dump() == before[key].model_dump()) is (was not in changed)


def test_a_retried_job_begins_as_new_but_for_its_fence(database: Database) -> None:
    (dead,) = add(database, "dead", lost=2, attempt=60)
    act(database, "retry", "state:dead")
    row = jobs(database)[dead.id]
    assert (row.failures, row.lost, row.attempt, row.finished_at) == (0, 0, 60, None)
    with database.transaction() as session:
        held = claim(session.connection(), dead.id, "shop:1")
        assert held is not None
        assert held.attempt == 61
        finish(session.connection(), held)


def test_a_retry_at_a_rate_spreads_the_starts_oldest_first(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bulk_actions, "CHUNK", 2)
    ids = [row.id for row in reversed(add(database, *["dead"] * 5))]
    assert act(database, "retry", "state:dead", rate=2) == 5
    rows = jobs(database)
    starts = [rows[key].due_at for key in ids]
    gaps = [(later - earlier).total_seconds() for earlier, later in pairwise(starts)]
    assert all(0.45 < gap < 5 for gap in gaps)
    assert starts == sorted(starts)


def test_a_cancelled_job_frees_its_key_where_it_says_so(database: Database) -> None:
    (freed,) = add(database, "queued", unique_key="a", release_key=True)
    (kept,) = add(database, "queued", unique_key="b")
    (asked,) = add(database, "running")
    act(database, "cancel", "")
    rows = jobs(database)
    assert (rows[freed.id].unique_key, rows[kept.id].unique_key) == (None, "b")
    assert (rows[asked.id].state, rows[asked.id].cancel_requested) == ("running", True)
    assert act(database, "cancel", "") == 0  # asked once


def test_run_now_takes_what_is_due_later(database: Database) -> None:
    with database.transaction() as session:
        later = job(session, ago=-HOUR)
        job(session, ago=HOUR)
    assert act(database, "run", "state:queued") == 1
    with database.transaction() as session:
        assert claim(session.connection(), later.id, "shop:1") is not None


def test_a_move_stays_among_queues_whose_workers_know_the_job(database: Database) -> None:
    (near,) = add(database, "queued", queue="media", actor="make_preview")
    (far,) = add(database, "queued")
    assert act(database, "move", "", to="bulk") == 1
    rows = jobs(database)
    assert (rows[near.id].queue, rows[far.id].queue) == ("bulk", "delivery")
    with pytest.raises(Refused, match="move-impossible"):
        count(database, "move", "", to="interactive")


def test_queues_that_jobs_move_between_are_served_by_one_group() -> None:
    served = {frozenset(group.queues) for group in GROUPS if len(group.queues) > 1}
    assert served == {frozenset(group) for group in TOGETHER}


def test_an_edit_sets_arguments_and_tries_again(database: Database) -> None:
    (dead,) = add(database, "dead")
    assert act(database, "edit", "actor:deliver state:dead", changes={"order_id": 43}) == 1
    row = jobs(database)[dead.id]
    assert (row.args, row.state) == ({"order_id": 43}, "queued")


def test_an_edit_that_a_contract_refuses_changes_nothing(database: Database) -> None:
    (dead,) = add(database, "dead")
    for changes in ({"order_id": "x"}, {"unknown": 1}):
        with pytest.raises(Refused, match="edit-breaks-contract"):
            act(database, "edit", "actor:deliver", changes=changes)
    with pytest.raises(Refused, match="edit-needs-actor"):
        count(database, "edit", "state:dead", changes={"order_id": 43})
    assert jobs(database)[dead.id].state == "dead"


def test_more_than_was_confirmed_is_refused(database: Database) -> None:
    add(database, "dead")
    planned = count(database, "retry", "state:dead")
    assert planned.confirmation == "retry 1"
    add(database, "dead")
    with pytest.raises(Refused, match="act-grew"):
        list(perform(database, planned, actor="cli", now=NOW))
    assert {row.state for row in jobs(database).values()} == {"dead"}


def test_what_another_holds_is_left_alone(database: Database) -> None:
    first, _ = add(database, "dead", "dead")
    with database.transaction() as session:
        session.exec(select(Job).where(Job.id == first.id).with_for_update()).one()
        assert act(database, "retry", "state:dead") == 1


def test_every_act_is_written_down_with_who_what_filter_and_count(database: Database) -> None:
    add(database, "dead", "dead")
    act(database, "retry", "state:dead", rate=5)
    with database.transaction() as session:
        row = recent_acts(session)[0]
        set_paused(session, "bulk", actor="cli", paused=True)
    assert (row.verb, row.filter, row.actor, row.matched, row.changed) == ("retry", "state:dead", "cli", 2, 2)
    assert row.ended_at is not None
    assert audited(database) == [
        ("cli", "queue.retry", {"matched": 2}),
        ("cli", "queue.retry.ended", {"count": 2}),
        ("cli", "queue.paused", {}),
    ]


def test_an_act_in_many_chunks_tells_how_far_it_has_come(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bulk_actions, "CHUNK", 2)
    add(database, *["dead"] * 5)
    steps = perform(database, count(database, "retry", "state:dead"), actor="cli", now=NOW)
    assert [changed for _, changed in steps] == [2, 4, 5, 5]
