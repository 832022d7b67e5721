"""A copy of the database: made, brought back whole or not at all, and the shop goes on selling from it."""

import io
from collections.abc import Iterator
from contextlib import closing

import psycopg
import pytest
from psycopg import sql
from pyrage import x25519
from sqlmodel import select

from core.backup.copy import copy_database, plan_copy, read_header
from core.backup.programs import BackupError, find_program
from core.backup.restoring import restore
from core.kit.db import Database
from core.orders.delivery import mark_delivered
from core.orders.orders import order_number
from core.process.migrate import head_revision
from schemas import jobs
from schemas.sales import Order
from scripts.embedded.postgres import APPLICATION, USER, Postgres
from tests.support import make
from tests.support.make import NOW


@pytest.fixture
def empty_url(postgres: Postgres) -> Iterator[str]:
    """The address of a database with nothing in it."""

    def execute(statement: str) -> None:
        with psycopg.connect(postgres.url_of("postgres"), autocommit=True) as connection:
            connection.execute(sql.SQL(statement).format(sql.Identifier("restored")))

    execute("CREATE DATABASE {}")
    yield postgres.url_of("restored")
    execute("DROP DATABASE {} WITH (FORCE)")


@pytest.fixture
def shop_url(database_url: str, owner_url: str) -> str:
    """A database with a paid order, whose delivery waits; by its owner, who alone can restore."""
    database = Database(database_url)
    with database.transaction() as session:
        make.paid_order(session, now=NOW)
    database.dispose()
    return owner_url


def copied(url: str, key: str = "") -> bytes:
    """A copy as workers make it, by the application's role."""
    url = url.replace(f"//{USER}@", f"//{APPLICATION}@")
    header, program = plan_copy(url, key=key, now=NOW)
    target = io.BytesIO()
    copy_database(url, header, program, target, key=key)
    return target.getvalue()


def counts(url: str) -> dict[str, int]:
    """The rows of every table."""
    with closing(psycopg.connect(url)) as connection:
        names = connection.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'").fetchall()
        question = sql.SQL("SELECT count(*) FROM {}")
        found = {}
        for (name,) in names:
            row = connection.execute(question.format(sql.Identifier(name))).fetchone()
            assert row is not None
            found[name] = row[0]
    return found


def test_a_copy_brings_everything_back_and_a_sale_is_delivered_from_it(shop_url: str, empty_url: str) -> None:
    whole = copied(shop_url)
    header = restore(empty_url, io.BytesIO(whole))
    assert (header.revision, header.encrypted, header.made_at) == (head_revision(), False, NOW)
    assert counts(empty_url) == counts(shop_url)
    assert counts(empty_url)["purchase"] == 1
    database = Database(empty_url)
    with database.transaction() as session:
        order = session.exec(select(Order)).one()
        assert make.queued(session, jobs.Deliver) == [jobs.Deliver(order_id=order.id or 0)]
        mark_delivered(session, order.id or 0, now=NOW)
        session.refresh(order)
        assert order.status == "delivered"
        later = make.order(session, now=NOW)  # the counters went on where they stood
        assert order_number(later) == "CMT-000002"
    database.dispose()


def test_an_encrypted_copy_is_for_its_key_alone(shop_url: str, empty_url: str) -> None:
    ours, other = x25519.Identity.generate(), x25519.Identity.generate()
    whole = copied(shop_url, str(ours.to_public()))
    assert b"age-encryption.org/v1" in whole
    assert b"payment_event" not in whole
    assert read_header(io.BytesIO(whole)).encrypted
    with pytest.raises(BackupError, match="Give the file of its secret key"):
        restore(empty_url, io.BytesIO(whole))
    with pytest.raises(BackupError, match="another key"):
        restore(empty_url, io.BytesIO(whole), identity=str(other))
    assert counts(empty_url) == {}
    restore(empty_url, io.BytesIO(whole), identity=str(ours))
    assert counts(empty_url) == counts(shop_url)


def test_a_copy_that_is_damaged_or_cut_off_changes_nothing(shop_url: str, owner_url: str) -> None:
    key = x25519.Identity.generate()
    plain, secret = copied(shop_url), copied(shop_url, str(key.to_public()))
    before = counts(owner_url)
    for whole in (plain[: len(plain) // 2], secret[: len(secret) // 2], secret[:-9] + b"123456789"):
        with pytest.raises(BackupError):
            restore(owner_url, io.BytesIO(whole), identity=str(key), force=True)
        assert counts(owner_url) == before
    with pytest.raises(BackupError, match="no backup of Comptoir"):
        restore(owner_url, io.BytesIO(b"PGDMP\x01"), force=True)


def test_a_database_that_holds_something_is_replaced_only_when_told_so(shop_url: str) -> None:
    whole = copied(shop_url)
    with pytest.raises(BackupError, match="not empty"):
        restore(shop_url, io.BytesIO(whole))
    database = Database(shop_url)
    with database.transaction() as session:
        make.user(session, name="Later")
    with database.engine.connect(), pytest.raises(BackupError, match="Stop the shop"):
        restore(shop_url, io.BytesIO(whole), force=True)
    database.dispose()
    people = counts(shop_url)["person"]
    restore(shop_url, io.BytesIO(whole), force=True)
    assert counts(shop_url)["person"] == people - 1


def test_a_copy_of_another_schema_or_server_is_refused(shop_url: str, empty_url: str) -> None:
    whole = copied(shop_url)
    line, _, rest = whole.partition(b"\n")
    newer = line.replace(f'"{head_revision()}"'.encode(), b'"9999"')
    with pytest.raises(BackupError, match="9999, which this code does not know"):
        restore(empty_url, io.BytesIO(newer + b"\n" + rest))
    later = line.replace(b'"server":18', b'"server":99')
    with pytest.raises(BackupError, match="Restore into 99 or newer"):
        restore(empty_url, io.BytesIO(later + b"\n" + rest))
    with pytest.raises(BackupError, match="of PostgreSQL 99 or newer is not here"):
        find_program("pg_dump", 99)
    with psycopg.connect(shop_url) as connection:
        connection.execute("DROP TABLE alembic_version")
    with pytest.raises(BackupError, match="comptoir migrate"):
        copied(shop_url)
