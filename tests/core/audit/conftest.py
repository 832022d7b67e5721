"""What somebody with the owner's password can do to the audit log; what is sealed is by the audit's role."""

from collections.abc import Iterator

import pytest
from sqlalchemy import text

from core.kit.db import Database
from tests.core.audit.entries import Execute


@pytest.fixture
def database(audit_url: str) -> Iterator[Database]:
    """The database by the role that seals and prunes."""
    database = Database(audit_url)
    yield database
    database.dispose()


@pytest.fixture
def shop(database_url: str) -> Iterator[Database]:
    """The database by the application's role."""
    database = Database(database_url)
    yield database
    database.dispose()


@pytest.fixture
def owner(owner_url: str) -> Iterator[Database]:
    """The database by its owner."""
    database = Database(owner_url)
    yield database
    database.dispose()


@pytest.fixture
def execute(owner: Database) -> Execute:
    """Runs SQL and commits it."""

    def run(statement: str) -> None:
        with owner.engine.begin() as connection:
            connection.execute(text(statement))

    return run
