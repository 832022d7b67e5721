"""Units of work: all or nothing, and what runs after a commit."""

import pytest
from sqlalchemy import text, update
from sqlalchemy.exc import DBAPIError
from sqlmodel import Session, select

from core.kit import db
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


CUT = text("SELECT pg_terminate_backend(pg_backend_pid())")


def test_what_was_asked_while_the_server_went_away_is_done_once_it_is_back(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(db, "PAUSES", (0, 0))
    attempts: list[int] = []

    def rule(session: Session) -> str:
        attempts.append(1)
        session.add(User(telegram_id=7))
        session.flush()
        if len(attempts) < 3:
            session.execute(CUT)
        return "done"

    assert database.run(rule) == "done"
    assert (len(attempts), people(database)) == (3, [7])


def test_a_server_that_stays_away_and_what_is_wrong_itself_are_told(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(db, "PAUSES", (0, 0))
    attempts: list[int] = []

    def asks(statement: str) -> None:
        def rule(session: Session) -> None:
            attempts.append(1)
            session.execute(text(statement))

        with pytest.raises(DBAPIError):
            database.run(rule)

    asks(str(CUT))
    assert len(attempts) == 3
    asks("SELECT 1 / 0")
    assert len(attempts) == 4


def test_a_commit_that_nobody_answered_is_not_tried_again(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(db, "PAUSES", (0, 0))
    attempts: list[int] = []

    def rule(session: Session) -> None:
        attempts.append(1)
        driver(session.connection()).close()

    with pytest.raises(DBAPIError):
        database.run(rule)
    assert len(attempts) == 1


def test_what_hangs_on_a_commit_runs_after_statements_that_commit_by_themselves(database: Database) -> None:
    seen: list[list[int]] = []
    database.after_commit = lambda _: seen.append(people(database))
    with database.statements() as session:
        session.add(User(telegram_id=7))
        session.flush()
        assert seen == []
    assert seen == [[7]]
    with pytest.raises(RuntimeError), database.statements():
        raise RuntimeError
    assert seen == [[7]]
