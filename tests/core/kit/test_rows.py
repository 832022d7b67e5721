"""The identity of a row, and rows that must be there."""

import pytest
from sqlalchemy import update
from sqlalchemy.exc import OperationalError
from sqlmodel import Session, col

from core.kit.db import Database
from core.kit.errors import NotFound
from core.kit.rows import id_of, must_get
from schemas.people import User
from tests.support import make


def test_a_row_has_an_identity_once_it_is_written(session: Session) -> None:
    with pytest.raises(AssertionError, match="User has not been flushed"):
        id_of(User(telegram_id=7))
    user = make.user(session)
    assert id_of(user) == user.id


def test_what_is_not_there_is_refused_with_the_callers_code(session: Session) -> None:
    with pytest.raises(NotFound, match="person-unknown"):
        must_get(session, User, 999_999, "person-unknown")


def test_a_locked_row_is_read_anew(session: Session) -> None:
    user = make.user(session, name="Awa")
    session.execute(
        update(User)
        .where(col(User.id) == user.id)
        .values(name="Binta")
        .execution_options(synchronize_session=False)
    )
    assert must_get(session, User, user.id, "person-unknown").name == "Awa"
    assert must_get(session, User, user.id, "person-unknown", lock=True).name == "Binta"


def test_a_locked_row_is_nobody_elses_until_the_end(database: Database) -> None:
    with database.transaction() as session:
        user_id = id_of(make.user(session))
    with database.transaction() as first, Session(database.engine) as second:
        must_get(first, User, user_id, "person-unknown", lock=True)
        second.connection().exec_driver_sql("SET LOCAL lock_timeout = '50ms'")
        with pytest.raises(OperationalError):
            must_get(second, User, user_id, "person-unknown", lock=True)
