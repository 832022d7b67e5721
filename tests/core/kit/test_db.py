"""Units of work: all or nothing, and what runs after a commit."""

import pytest
from sqlalchemy import update
from sqlmodel import Session, select

from core.kit.db import Database, driver
from schemas.people import User


def people(database: Database) -> list[int]:
    with Session(database.engine) as session:
        return list(session.exec(select(User.telegram_id).order_by(User.telegram_id)))  # type: ignore[arg-type]


def meet(database: Database, telegram_id: int, *, fail: bool = False) -> None:
    """Write a person down, and then perhaps raise."""
    with database.transaction() as session:
        session.add(User(telegram_id=telegram_id))
        session.flush()
        assert (telegram_id,) in driver(session.connection()).execute("SELECT telegram_id FROM person")
        if fail:
            raise RuntimeError


def test_a_block_that_raises_leaves_nothing_of_the_session_or_the_driver(database: Database) -> None:
    meet(database, 1)
    with pytest.raises(RuntimeError):
        meet(database, 2, fail=True)
    assert people(database) == [1]


def test_what_hangs_on_a_commit_runs_once_for_each_and_not_after_a_rollback(database: Database) -> None:
    committed: list[Session] = []
    database.after_commit = committed.append
    meet(database, 1)
    with pytest.raises(RuntimeError):
        meet(database, 2, fail=True)
    assert len(committed) == 1


def test_single_statements_commit_by_themselves(database: Database) -> None:
    meet(database, 1)
    with database.statements() as session:
        session.execute(update(User).values(telegram_id=5))
        assert people(database) == [5]
