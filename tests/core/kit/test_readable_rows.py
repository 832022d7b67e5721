"""What a list shows when one of its rows cannot be read, in a transaction and without one."""

import pytest
from sqlalchemy import text
from sqlalchemy.exc import OperationalError
from sqlmodel import Session, col, select

from core.kit.db import Database
from core.kit.readable_rows import build_readable, readable
from schemas.operations import BadRow
from schemas.people import User
from tests.support import make

PEOPLE = select(User).order_by(col(User.id))


def names(session: Session, skip: int = 0, limit: int | None = None) -> list[str]:
    return build_readable(session, PEOPLE, lambda rows: [row[0].name for row in rows], skip=skip, limit=limit)


def three_people(session: Session) -> None:
    for name in "ABC":
        make.user(session, name=name)
    session.flush()
    session.execute(text("UPDATE person SET created_at = 'infinity' WHERE name = 'B'"))
    session.expunge_all()


def test_the_others_are_shown_in_their_order_and_their_page(session: Session) -> None:
    three_people(session)
    assert (names(session), names(session, 1, 2), names(session, limit=1)) == (["A", "C"], ["C"], ["A"])
    row = session.exec(select(BadRow)).one()
    assert row.loop == "list of person"
    assert row.name == str(session.execute(text("SELECT id FROM person WHERE name = 'B'")).scalar_one())


def test_nothing_is_written_while_all_are_well(session: Session) -> None:
    make.user(session, name="A")
    assert [person.name for person in readable(session, PEOPLE)] == ["A"]
    assert session.exec(select(BadRow)).all() == []


def test_a_list_outside_of_a_transaction_shows_them_too(database: Database) -> None:
    with database.transaction() as session:
        three_people(session)
    with database.statements() as session:
        assert names(session) == ["A", "C"]


def test_a_database_that_goes_away_is_no_bad_row(session: Session) -> None:
    make.user(session)

    def away(rows: object) -> list[str]:
        raise OperationalError("SELECT", {}, Exception("gone"))

    with pytest.raises(OperationalError):
        build_readable(session, PEOPLE, away)
