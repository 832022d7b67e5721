"""What somebody with the database's password can do to the audit log."""

import pytest
from sqlalchemy import text

from core.kit.db import Database
from tests.core.audit.entries import Execute


@pytest.fixture
def execute(database: Database) -> Execute:
    """Runs SQL and commits it."""

    def run(statement: str) -> None:
        with database.engine.begin() as connection:
            connection.execute(text(statement))

    return run
