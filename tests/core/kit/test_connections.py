"""Connections that leave a PostgreSQL which takes no writes, and find the one that took over."""

import asyncio
from collections.abc import Iterator

import psycopg
import pytest
from sqlalchemy import text
from sqlalchemy.exc import OperationalError

from api.statements import Statements
from core.jobs.single_statement import Statement
from core.kit.connections import TakesNoWrites, address, connect
from core.kit.db import Database, driver
from scripts.embedded.postgres import Postgres
from scripts.embedded.postgres_standby import PostgresStandby
from tests.support.servers import as_owner, postgres_pair

ADD = "INSERT INTO note VALUES (1)"
COUNT = "SELECT count(*) FROM note"


@pytest.fixture(scope="module")
def pair(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Postgres, PostgresStandby]]:
    """A primary that holds one table, and a standby of it."""
    with postgres_pair(tmp_path_factory.mktemp("pair")) as (primary, standby):
        with psycopg.connect(primary.url, autocommit=True) as connection:
            connection.execute("CREATE TABLE note (id int)")
        yield primary, standby


def add_by_session(database: Database) -> None:
    with database.transaction() as session:
        session.connection().execute(text(ADD))


def add_by_driver(database: Database) -> None:
    with database.transaction() as session:
        driver(session.connection()).execute(ADD)


def add_by_loop(url: str) -> None:
    async def live() -> None:
        statements = Statements(url, 1)
        try:
            await statements.run(Statement(f"{ADD} RETURNING id", {}, lambda rows: rows))
        finally:
            await statements.close()

    asyncio.run(live())


def notes(url: str) -> int:
    with psycopg.connect(url) as connection:
        return int((connection.execute(COUNT).fetchone() or (0,))[0])


def test_a_standby_is_no_server_for_us(pair: tuple[Postgres, PostgresStandby]) -> None:
    _, standby = pair
    database = Database(standby.url)
    with pytest.raises(OperationalError, match="standby"):
        add_by_session(database)
    database.dispose()
    with pytest.raises(psycopg.OperationalError, match="standby"):
        add_by_loop(standby.url)


def test_of_several_hosts_the_one_that_takes_writes_is_used(pair: tuple[Postgres, PostgresStandby]) -> None:
    primary, standby = pair
    url = f"postgresql://comptoir@/comptoir?host={standby.sockets},{primary.sockets}"
    before = notes(primary.url)
    database = Database(url)
    add_by_session(database)
    database.dispose()
    add_by_loop(url)
    assert notes(primary.url) == before + 2


def test_a_connection_that_may_not_write_is_left(database: Database) -> None:
    """As after a take-over in which nobody closed it: what was the primary only reads now."""
    for statement in ("CREATE TABLE note (id int)", "GRANT ALL ON note TO PUBLIC"):
        as_owner(database, statement)
    for add in (add_by_session, add_by_driver):
        with database.engine.connect() as connection:
            connection.execute(text("SET default_transaction_read_only = on"))
            connection.commit()
        with pytest.raises((OperationalError, TakesNoWrites)):
            add(database)
        add(database)
    with database.engine.connect() as connection:
        assert connection.execute(text(COUNT)).scalar_one() == 2


def test_what_writes_many_rows_at_once_is_heeded_too(database_url: str) -> None:
    connection = connect(address(database_url, "test"))
    connection.execute("SET transaction_read_only = on")
    with pytest.raises(TakesNoWrites):
        connection.cursor().executemany("DELETE FROM job WHERE attempt = %s", [(1,), (2,)])
    assert connection.closed


def test_an_address_keeps_what_it_says() -> None:
    parts = psycopg.conninfo.conninfo_to_dict(
        address("postgresql+psycopg://a:b@one:1,two:2/shop?target_session_attrs=any&connect_timeout=2", "x")
    )
    assert parts == {
        "user": "a",
        "password": "b",
        "host": "one,two",
        "port": "1,2",
        "dbname": "shop",
        "target_session_attrs": "any",
        "connect_timeout": "2",
        "application_name": "x",
    }
    assert (
        psycopg.conninfo.conninfo_to_dict(address("postgres://one,two/shop", "x"))["target_session_attrs"]
        == "read-write"
    )
    assert "target_session_attrs" not in address("postgresql://one/shop", "x")
