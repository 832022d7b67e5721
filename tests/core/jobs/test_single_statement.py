"""A rule that is one statement, run in a session."""

import pytest
from sqlmodel import Session

from core.jobs.push import PENDING
from core.jobs.redis_queue import Pending
from core.jobs.single_statement import Rows, Statement, run
from core.kit.errors import NotFound
from schemas.people import User
from schemas.queue import Job
from tests.support import make

NAME = "SELECT name FROM person WHERE telegram_id = %(telegram_id)s"


def read(rows: Rows) -> str:
    if not rows:
        raise NotFound("person-unknown")
    return str(rows[0][0])


def test_its_rows_become_an_answer_or_a_refusal(session: Session) -> None:
    make.user(session, name="Awa")
    with pytest.raises(NotFound, match="person-unknown"):
        run(session, Statement(NAME, {"telegram_id": -1}, read))


def test_it_sees_what_the_session_has_yet_to_write(session: Session) -> None:
    session.add(User(telegram_id=77, name="Binta"))
    assert run(session, Statement(NAME, {"telegram_id": 77}, read)) == "Binta"


def test_its_job_is_remembered_for_the_push_only_if_a_row_came(session: Session) -> None:
    job = Pending(Job(actor="deliver", queue="delivery").id, "deliver", "delivery")
    nobody = Statement(NAME, {"telegram_id": -1}, len, job)
    assert run(session, nobody) == 0
    assert PENDING not in session.info
    session.add(User(telegram_id=78))
    assert run(session, Statement(NAME, {"telegram_id": 78}, len, job)) == 1
    assert session.info[PENDING] == [job]
