"""The migrations and the tables say the same, forwards and back."""

import psycopg
from alembic import command
from sqlalchemy import inspect
from sqlmodel import SQLModel

from core.kit.db import Database
from core.process.migrate import config_for, head_revision, upgrade
from scripts.embedded.postgres import Postgres


def _fresh_database(server: Postgres, name: str) -> str:
    with psycopg.connect(server.url_of("postgres"), autocommit=True) as connection:
        connection.execute(f"DROP DATABASE IF EXISTS {name}".encode())
        connection.execute(f"CREATE DATABASE {name}".encode())
    return server.url_of(name)


def test_migrations_give_exactly_the_tables_of_the_code(postgres: Postgres) -> None:
    url = _fresh_database(postgres, "migrate_up")
    upgrade(url)
    upgrade(url)  # twice is once
    command.check(config_for(url))  # raises when the tables and the migrations differ


def test_migrations_can_be_undone(postgres: Postgres) -> None:
    url = _fresh_database(postgres, "migrate_down")
    upgrade(url)
    command.downgrade(config_for(url), "base")
    database = Database(url)
    assert inspect(database.engine).get_table_names() == ["alembic_version"]
    database.dispose()


def test_the_head_revision_is_in_the_database_after_an_upgrade(postgres: Postgres) -> None:
    url = _fresh_database(postgres, "migrate_head")
    upgrade(url)
    with psycopg.connect(url) as connection:
        assert connection.execute("select version_num from alembic_version").fetchall() == [
            (head_revision(),)
        ]
    assert SQLModel.metadata.tables
