from collections.abc import Callable

import pytest

from api.controllers.health import expected_revision
from core.kit.db import Database
from core.process.migrate import head_revision
from core.process.settings import Settings
from tests.support.servers import as_owner
from tests.support.web import Client, serving


def test_the_process_says_that_it_lives(web: Client) -> None:
    answer = web.get("/healthz")
    assert (answer.status_code, answer.json()) == (200, {"status": "ok"})


def test_a_shop_with_all_its_parts_is_ready(web: Client) -> None:
    answer = web.get("/readyz")
    parts = {"database": "ok", "migrations": "ok", "redis": "ok"}
    assert (answer.status_code, answer.json()) == (200, {"ready": True, "parts": parts})


def test_readiness_names_the_part_that_is_away(
    database: Database, database_url: str, settings: Callable[..., Settings]
) -> None:
    with serving(settings(database_url=database_url), database) as client:
        answer = client.get("/readyz")
    assert answer.status_code == 503
    assert answer.json()["parts"]["redis"].startswith("does not answer")
    assert answer.json()["parts"]["database"] == "ok"


def test_readiness_says_when_migrations_are_missing(web: Client, database: Database) -> None:
    as_owner(database, "UPDATE alembic_version SET version_num = '0000'")
    answer = web.get("/readyz")
    assert answer.status_code == 503
    assert "0000" in answer.json()["parts"]["migrations"]


def test_the_numbered_files_tell_the_revision_that_alembic_tells() -> None:
    assert expected_revision() == head_revision()


def test_health_works_without_a_database(settings: Callable[..., Settings]) -> None:
    away = settings(database_url="postgresql://nobody@127.0.0.1:1/none")
    database = Database(away.database_url)
    with serving(away, database) as client:
        assert client.get("/healthz").status_code == 200
        assert client.get("/readyz").json()["parts"]["database"].startswith("does not answer")
    database.dispose()


@pytest.mark.parametrize("path", ["/healthz", "/p/none", "/nowhere", "/api/staff/orders"])
def test_every_answer_is_guarded_and_can_be_named(web: Client, path: str) -> None:
    headers = web.get(path).headers
    assert "default-src 'none'" in headers["content-security-policy"]
    assert headers["x-content-type-options"] == "nosniff"
    assert len(headers["x-correlation-id"]) == 12
    assert "server" not in headers
    assert headers["strict-transport-security"]
