"""A copy made by a live worker, brought back into a second database while the shop goes on."""

from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from psycopg import sql

from scripts.bench.running_stack import RunningStack
from scripts.embedded.postgres import Postgres
from tests.e2e.conftest import Comptoir, Course

SECOND = "second"


@pytest.fixture
def unsealed(comptoir: Comptoir) -> Iterator[None]:
    """Nothing is sealed meanwhile: a copy older than the kept head is rightly said to miss entries."""
    comptoir("schedule", "pause", "seal_audit")
    yield
    comptoir("schedule", "resume", "seal_audit")


@pytest.mark.usefixtures("unsealed")
def test_a_copy_of_the_store_is_tried_in_an_empty_database_while_the_shop_runs(
    shop: RunningStack, course: Course, comptoir: Comptoir, backup_key: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    copy = comptoir("backup")
    assert (copy["state"], copy["encrypted"]) == ("stored", True)
    assert copy["name"] in [row["name"] for row in comptoir("backup", "list")]

    server = shop.stack.parts["postgres"]
    assert isinstance(server, Postgres)
    with psycopg.connect(server.url, autocommit=True) as connection:
        connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(SECOND)))
    sold = comptoir("product", "list")
    monkeypatch.setenv("DATABASE_URL", server.url_of(SECOND))
    restored = comptoir("restore", "latest", "--identity", str(backup_key))
    assert restored["revision"] == copy["revision"]
    assert comptoir("product", "list") == sold
    assert comptoir("audit", "verify")["holds"]
