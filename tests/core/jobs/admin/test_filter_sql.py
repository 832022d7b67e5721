"""Each field of a filter as a condition on jobs: what it finds among others."""

from datetime import timedelta

import pytest
from sqlmodel import Session

from tests.core.jobs.admin.rows import MINUTE, Found, job

HOUR = timedelta(hours=1)


@pytest.mark.parametrize(
    "typed",
    [
        "state:dead",
        "state:dead actor:deliver",
        "actor:deliver state:dead,cancelled",
        "arg.order_id=7",
        'arg.name="Awa 7"',
        "arg.paid=true",
        "error:Timeout",
        "error:TIMED",
        "fingerprint:f00d7",
        "correlation:c7",
        "key:k:7",
        "worker:other:1",
        "attempt>4",
        "attempt=5",
        "failures>59 lost<1",
        "age>2d",
        "ended>2d",
        "queue:delivery ended>2d state:dead",
    ],
)
def test_each_field_finds_its_job_among_others(session: Session, found: Found, typed: str) -> None:
    for state in ("queued", "running", "done"):
        job(session, state, args={"order_id": 70, "name": "Awa", "paid": False})
    wanted = job(
        session,
        "dead",
        ago=timedelta(days=3),
        args={"order_id": 7, "name": "Awa 7", "paid": True},
        fingerprint="f00d7",
        correlation_id="c7",
        unique_key="k:7",
        worker="other:1",
        attempt=5,
    )
    assert found(typed) == [wanted.id]
    assert found(f"{typed} actor:notify") == []


def test_an_argument_is_found_as_number_and_as_text(session: Session, found: Found) -> None:
    number, words = job(session, args={"order_id": 42}), job(session, args={"order_id": "42"})
    assert set(found("arg.order_id=42")) == {number.id, words.id}


def test_what_is_typed_is_never_read_as_sql_or_as_a_pattern(session: Session, found: Found) -> None:
    job(session, "dead")
    for typed in (
        "error:%",
        "error:_imeout",
        'error:"\' OR 1=1 --"',
        "arg.x';drop='1",
        'actor:"\' OR true --"',
    ):
        assert found(typed) == []


def test_due_looks_at_waiting_jobs_only(session: Session, found: Found) -> None:
    job(session, "dead", ago=HOUR)
    due, later = job(session, ago=MINUTE), job(session, ago=-2 * HOUR)
    assert found("due<0s") == [due.id]
    assert found("due>1h") == [later.id]
