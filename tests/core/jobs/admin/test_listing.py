"""The list of jobs and one job with all that is known of it."""

from datetime import timedelta
from uuid import uuid4

import pytest
from sqlmodel import Session

from core.jobs.admin import listing
from core.jobs.admin.filter_language import parse
from core.jobs.admin.listing import list_jobs, show_job
from core.kit.errors import NotFound
from tests.core.jobs.admin.rows import MINUTE, Found, attempt, job
from tests.support.make import NOW

HOUR = timedelta(hours=1)


def test_the_list_begins_with_what_runs_then_what_waits_then_what_ended_last(
    session: Session, found: Found
) -> None:
    done, dead = job(session, "done", ago=HOUR), job(session, "dead", ago=2 * HOUR)
    later, due = job(session, ago=-HOUR), job(session, ago=HOUR)
    running = job(session, "running")
    assert found("") == [running.id, due.id, later.id, done.id, dead.id]


def test_contradictions_find_nothing(session: Session, found: Found) -> None:
    job(session, "dead")
    assert found("state:dead state:done") == found("queue:bulk queue:media") == []
    assert found("state:dead actor:deliver actor:notify") == []
    assert found("state:dead fingerprint:f00d00000001 fingerprint:other") == []


def test_the_list_is_cut_at_its_limit(session: Session) -> None:
    newest = [job(session, "done", ago=number * MINUTE).id for number in range(1, 6)]
    assert [line.id for line in list_jobs(session, parse("state:done"), now=NOW, limit=3)] == newest[:3]


@pytest.mark.parametrize("typed", ["state:dead error:timed", "state:dead fingerprint:f00d00000001"])
def test_of_many_dead_jobs_the_newest_are_found(
    session: Session, typed: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(listing, "MOST", 3)
    ages = [job(session, "dead", ago=number * MINUTE).id for number in range(9, 0, -1)]
    assert [line.id for line in list_jobs(session, parse(typed), now=NOW, limit=2)] == ages[:-3:-1]


def test_what_runs_and_waits_leaves_less_room_for_what_ended(session: Session) -> None:
    ended = [job(session, "done", ago=number * MINUTE).id for number in (1, 2)]
    waiting = [job(session, ago=number * MINUTE).id for number in (5, 4)]
    running = job(session, "running").id
    expected = [running, *waiting, *ended]
    for limit in range(1, 6):
        found = list_jobs(session, parse(""), now=NOW, limit=limit)
        assert [line.id for line in found] == expected[:limit]


def test_a_detail_tells_attempts_parent_and_siblings(session: Session) -> None:
    parent = job(session, "done", actor="retry_undelivered", queue="bulk")
    wanted = job(session, "dead", parent_id=parent.id)
    sibling = job(session, "queued", actor="notify")
    job(session, correlation_id="another")
    attempt(session, wanted.id, 1)
    attempt(session, wanted.id, 2, outcome="lost", error_class="LostLease", traceback=None)
    detail = show_job(session, wanted.id)
    assert [item.outcome for item in detail.attempts] == ["failed", "lost"]
    assert "deliver" in (detail.attempts[0].traceback or "")
    assert detail.parent is not None
    assert detail.parent.id == parent.id
    assert {line.id for line in detail.siblings} == {parent.id, sibling.id}


def test_a_job_without_correlation_has_no_siblings(session: Session) -> None:
    first = job(session, correlation_id="")
    job(session, correlation_id="")
    assert show_job(session, first.id).siblings == []


def test_an_unknown_job_is_said_to_be_unknown(session: Session) -> None:
    with pytest.raises(NotFound, match="job-unknown"):
        show_job(session, uuid4())
