"""What the application could be made to run cannot do more than it needs: PostgreSQL refuses it."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import psycopg
import pytest
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict

from core.audit.chain import verify
from core.audit.record import record
from core.audit.sealing import seal
from core.backup.copy import plan_copy, refuse_pooler
from core.backup.programs import BackupError, BackupImpossible
from core.kit.db import Database
from core.process.database_roles import ENTRY, RolesError, audit_of, direct_of, grant, owner_of
from core.process.migrate import head_revision
from core.process.settings import Settings
from schemas.base import utc_now
from scripts.embedded.pgbouncer import PgBouncer
from scripts.embedded.postgres import Postgres
from tests.core.audit.entries import KEY, Shelf, heads_on

REFUSED = psycopg.errors.InsufficientPrivilege


@pytest.fixture
def sealed_log(database: Database, audit_url: str) -> None:
    """Two sealed entries."""
    with database.transaction() as session:
        record(session, "cli", "person.banned", "user:7")
        record(session, "cli", "person.unbanned", "user:7")
    by_audit = Database(audit_url)
    assert seal(by_audit, KEY, heads_on(Shelf()), now=utc_now()) == 2
    assert verify(by_audit, KEY).broken is None
    by_audit.dispose()


@pytest.mark.usefixtures("sealed_log")
@pytest.mark.parametrize(
    "statement",
    [
        "COPY person FROM PROGRAM 'id'",
        "COPY person TO PROGRAM 'cat'",
        "COPY person TO '/tmp/people'",
        "SELECT pg_read_file('/etc/passwd')",
        "CREATE TABLE mine (n int)",
        "ALTER TABLE person ADD COLUMN mine int",
        "ALTER TABLE audit_entry DISABLE TRIGGER ALL",
        "ALTER TABLE audit_entry OWNER TO comptoir_app",
        "DROP TABLE audit_entry",
        "DROP TABLE person",
        "TRUNCATE audit_entry",
        "CREATE INDEX ON audit_entry (actor)",
        "CREATE FUNCTION mine() RETURNS int LANGUAGE sql AS 'SELECT 1'",
        "CREATE SCHEMA mine",
        "CREATE DATABASE mine",
        "CREATE ROLE mine",
        "ALTER ROLE comptoir_app SUPERUSER",
        "SET ROLE comptoir",
        "SET ROLE comptoir_audit",
        "SET SESSION AUTHORIZATION comptoir",
        "SET session_replication_role = replica",
        "UPDATE audit_entry SET actor = 'user:9'",
        "UPDATE audit_entry SET details = '{}' WHERE place = 1",
        "UPDATE audit_entry SET place = NULL, digest = NULL",
        "DELETE FROM audit_entry",
        "INSERT INTO audit_entry (id, actor, action, subject, correlation_id, details, created_at)"
        " VALUES (1, 'a', 'b', 'c', '', '{}', now()) ON CONFLICT (id) DO UPDATE SET actor = 'user:9'",
        "MERGE INTO audit_entry USING (SELECT 1) AS one ON true WHEN MATCHED THEN DELETE",
        "DELETE FROM audit_seal",
        "UPDATE audit_seal SET pruned_at = now()",
        "INSERT INTO audit_seal SELECT 9, '', now(), NULL, '', ''",
        "UPDATE alembic_version SET version_num = '0001'",
    ],
)
def test_the_application_is_refused(database_url: str, statement: str) -> None:
    with (
        psycopg.connect(database_url, autocommit=True) as connection,
        pytest.raises(REFUSED),
    ):
        connection.execute(statement.encode())


@pytest.mark.usefixtures("sealed_log")
@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE audit_entry SET actor = 'user:9'",
        "UPDATE audit_entry SET created_at = now()",
        "SELECT * FROM person",
        "DELETE FROM person",
        "CREATE TABLE mine (n int)",
        "TRUNCATE audit_entry",
        "COPY audit_entry FROM PROGRAM 'id'",
        "SET ROLE comptoir",
    ],
)
def test_who_seals_changes_no_entry_and_sees_nothing_else(audit_url: str, statement: str) -> None:
    with (
        psycopg.connect(audit_url, autocommit=True) as connection,
        pytest.raises(REFUSED),
    ):
        connection.execute(statement.encode())


@pytest.fixture
def empty_url(postgres: Postgres) -> Iterator[str]:
    """A database without tables of ours but those that the roles name."""
    with psycopg.connect(postgres.url_of("postgres"), autocommit=True) as connection:
        connection.execute("CREATE DATABASE roles")
        yield postgres.url_of("roles")
        connection.execute("DROP DATABASE roles WITH (FORCE)")
        connection.execute("DROP ROLE IF EXISTS shop_one, shop_two")


def test_missing_roles_are_made_weak_and_a_second_time_changes_nothing(
    postgres: Postgres, empty_url: str
) -> None:
    with psycopg.connect(empty_url, autocommit=True) as connection:
        for table in ("audit_entry", "audit_seal", "alembic_version", "later"):
            connection.execute(
                sql.SQL("CREATE TABLE {} (id bigserial, place int, digest int)").format(sql.Identifier(table))
            )
        for column in ENTRY.split(", "):
            connection.execute(sql.SQL("ALTER TABLE audit_entry ADD {} text").format(sql.Identifier(column)))
        for _ in range(2):
            grant(empty_url, postgres.url_of("roles", "shop_one"), postgres.url_of("roles", "shop_two"))
        weak = connection.execute(
            "SELECT rolname, rolsuper OR rolcreatedb OR rolcreaterole OR rolreplication OR rolbypassrls"
            " FROM pg_roles WHERE rolname LIKE 'shop%' ORDER BY 1"
        ).fetchall()
        assert weak == [("shop_one", False), ("shop_two", False)]
        with psycopg.connect(postgres.url_of("roles", "shop_one"), autocommit=True) as one:
            one.execute("INSERT INTO later DEFAULT VALUES")
            with pytest.raises(REFUSED):
                one.execute("CREATE TEMPORARY TABLE mine (n int)")
        with psycopg.connect(postgres.url_of("roles", "shop_two")) as two, pytest.raises(REFUSED):
            two.execute("SELECT * FROM later")
        connection.execute("DROP OWNED BY shop_one, shop_two")


def test_one_role_for_everything_is_left_as_it_is(owner_url: str, database_url: str) -> None:
    grant(owner_url, owner_url, owner_url)
    grant(database_url, database_url, database_url)


def test_addresses_that_are_not_set_are_those_of_the_application() -> None:
    environment = {"DATABASE_URL": "postgresql://a@h/d", "REDIS_URL": "redis://h"}
    alone = Settings.from_environment(environment)
    assert (owner_of(alone), audit_of(alone)) == (alone.database_url, alone.database_url)
    apart = environment | {
        "OWNER_DATABASE_URL": "postgresql://o@h/d",
        "AUDIT_DATABASE_URL": "postgresql://s@h/d",
    }
    settings = Settings.from_environment(apart)
    assert owner_of(settings).startswith("postgresql://o@")
    assert audit_of(settings).startswith("postgresql://s@")
    elsewhere = Settings.from_environment(apart | {"DATABASE_URL": "postgresql://a@h/copy"})
    assert (owner_of(elsewhere), audit_of(elsewhere)) == (elsewhere.database_url, elsewhere.database_url)


def test_behind_a_pooler_owner_and_backups_use_the_database_itself(
    postgres: Postgres, database_url: str, owner_url: str, tmp_path: Path, settings: Callable[..., Settings]
) -> None:
    pooler = PgBouncer(postgres, tmp_path, "transaction")
    try:
        pooler.start()
        pooled = pooler.url_of(str(conninfo_to_dict(database_url)["dbname"]))
        addresses = {"database_url": pooled, "owner_database_url": owner_url, "audit_database_url": pooled}
        direct = settings(**addresses, direct_database_url=database_url)
        assert (owner_of(direct), direct_of(direct), audit_of(direct)) == (owner_url, database_url, pooled)
        # A shop of one role names no owner; its migrations go past the pooler all the same.
        assert owner_of(replace(direct, owner_database_url="")) == database_url
        # What a restore is tried with may not reach the shop's own.
        elsewhere = replace(direct, database_url=pooler.url_of("postgres"))
        assert owner_of(elsewhere) == elsewhere.database_url
        assert owner_of(replace(elsewhere, owner_database_url="")) == elsewhere.database_url
        with pytest.raises(RolesError, match="another database"):
            direct_of(elsewhere)
        # It waits for no other try: a setting lacks.
        with pytest.raises(BackupImpossible, match="DIRECT_DATABASE_URL"):
            plan_copy(direct_of(settings(**addresses)), key="", now=utc_now())
        with pytest.raises(BackupError, match="DIRECT_DATABASE_URL"):
            refuse_pooler(owner_of(settings(**addresses)))
        header, _ = plan_copy(direct_of(direct), key="", now=utc_now())
        assert header.revision == head_revision()
    finally:
        pooler.stop()
