"""The fixtures that every other test stands on."""

import socket

import psycopg
import pytest
import redis
from minio import Minio
from sqlalchemy import text
from sqlmodel import Session

from scripts.embedded.store import Store
from tests.support import make


def test_a_database_of_its_own_is_migrated(database_url: str) -> None:
    with psycopg.connect(database_url) as connection:
        versions = connection.execute("SELECT version_num FROM alembic_version").fetchall()

    assert len(versions) == 1


@pytest.mark.parametrize("attempt", [1, 2])
def test_what_a_session_commits_is_gone_in_the_next_test(session: Session, attempt: int) -> None:
    people = session.execute(text("SELECT count(*) FROM person")).scalar()

    make.user(session)
    session.commit()

    assert people == 0, attempt


@pytest.mark.parametrize("attempt", [1, 2])
def test_redis_is_empty_at_the_start_of_a_test(redis_url: str, attempt: int) -> None:
    with redis.Redis.from_url(redis_url) as client:
        assert client.set("seen", attempt, nx=True)


def test_the_bucket_is_there(store: Store) -> None:
    client = Minio(
        store.url.removeprefix("http://"),
        access_key=store.keys.access,
        secret_key=store.keys.secret,
        region=store.region,
        secure=False,
    )

    assert client.bucket_exists(store.bucket)


def test_a_test_cannot_leave_the_machine() -> None:
    with socket.socket() as outside, pytest.raises(AssertionError, match="loopback"):
        outside.connect(("192.0.2.1", 80))
