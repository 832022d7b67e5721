"""One bad row stops none of the others, is named once, and is forgotten when it can be done."""

import logging
from datetime import timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.exc import OperationalError
from sqlmodel import Session, col, select

from core.kit.bad_rows import LASTS, bad_rows, each, note_bad_row
from schemas.operations import BadRow
from schemas.people import User
from tests.support import make

NOW = make.NOW


def numbers(session: Session, keys: list[int], *, bad: int | None, minute: int = 0) -> list[int]:
    """Double each number, but for a bad one."""

    def act(key: int) -> int:
        if key == bad:
            session.execute(text("SELECT 1 / 0"))  # an error of the database breaks its transaction
        make.user(session, telegram_id=900 + 10 * minute + key)
        return 2 * key

    return each(session, "numbers", keys, act, now=NOW + timedelta(minutes=minute))


def test_all_others_are_done_in_their_order_and_nothing_of_the_bad_one(session: Session) -> None:
    assert numbers(session, [1, 2, 3], bad=2) == [2, 6]
    assert session.exec(select(User.telegram_id).order_by(col(User.telegram_id))).all() == [901, 903]


def test_a_bad_row_is_named_once_and_forgotten_when_it_can_be_done(
    session: Session, caplog: pytest.LogCaptureFixture
) -> None:
    for minute in range(2):
        numbers(session, [1, 2], bad=2, minute=minute)
    errors = [record for record in caplog.records if record.levelno == logging.ERROR]
    assert [error.getMessage()[:30] for error in errors] == ["numbers: row 2 is left out: Da"]
    row = session.exec(select(BadRow)).one()
    assert (row.name, row.began_at, row.seen_at) == ("2", NOW, NOW + timedelta(minutes=1))
    assert bad_rows(session, now=NOW) == [("numbers", 1)]
    numbers(session, [1, 2], bad=None, minute=2)
    assert bad_rows(session, now=NOW) == []


def test_what_was_not_seen_for_long_alarms_nobody(session: Session) -> None:
    assert note_bad_row(session, "numbers", "2", ValueError("x" * 999), now=NOW)
    assert not note_bad_row(session, "numbers", "2", ValueError("y"), now=NOW + timedelta(hours=1))
    assert bad_rows(session, now=NOW + timedelta(hours=1) + LASTS) == [("numbers", 1)]
    assert bad_rows(session, now=NOW + timedelta(hours=2) + LASTS) == []


def test_a_database_that_is_away_is_no_fault_of_a_row(session: Session) -> None:
    def act(key: int) -> None:
        raise OperationalError("SELECT", {}, Exception("server closed the connection"))

    with pytest.raises(OperationalError):
        each(session, "numbers", [1, 2], act, now=NOW)


def test_what_is_done_together_is_done_alone_only_if_that_fails(session: Session) -> None:
    calls: list[str] = []

    def together(keys: list[int]) -> list[int]:
        calls.append("together")
        return [sum(keys)]

    assert each(session, "numbers", [1, 2], lambda key: key, together=together, now=NOW) == [3]
    assert calls == ["together"]
