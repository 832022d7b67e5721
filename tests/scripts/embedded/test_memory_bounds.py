"""How much memory the servers in the box may take."""

import io
import os
from collections.abc import Callable
from pathlib import Path

import psycopg
import redis
from minio import Minio

from core.monitoring.memory import memory_limit
from scripts.bench.memory_group import anonymous
from scripts.bench.sampler import Lookout
from scripts.embedded.postgres import MEMORY, SMALL_BUFFERS, Postgres
from scripts.embedded.process import Server
from scripts.embedded.redis_server import LARGEST, SMALLEST, RedisServer, share_of
from scripts.embedded.store import SMALLEST_READS, Store, collection, mebibytes_for_reads
from scripts.embedded.store_access import make_keys

FILE = 128 << 20


class Looking(Lookout):
    """Looks a hundred times a second."""

    def __init__(self, look: Callable[[], None]) -> None:
        super().__init__(0.01)
        self._see = look

    def _look(self) -> None:
        self._see()


def test_redis_refuses_writes_beyond_its_share_and_forgets_nothing(own_redis: RedisServer) -> None:
    with redis.Redis.from_url(own_redis.url) as client:
        held = client.config_get("maxmemory*")
    assert held["maxmemory"] == str(share_of(memory_limit()))
    assert held["maxmemory-policy"] == "noeviction"


def test_the_share_of_redis_follows_the_host() -> None:
    assert share_of(512 << 20) == SMALLEST
    assert share_of(4 << 30) == 256 << 20
    assert share_of(64 << 30) == LARGEST


def test_postgres_runs_as_it_is_bound(tmp_path: Path) -> None:
    server = Postgres(tmp_path / "postgres", tmp_path / "postgres.log", fsync=False)
    server.start()
    try:
        with psycopg.connect(server.url) as connection:
            for name, value in MEMORY.items():
                assert connection.execute(f"SHOW {name}").fetchone() == (value,)
    finally:
        server.stop()


def small(folder: Path) -> Path:
    """A control group that allows 512 MiB, as it looks from outside."""
    folder.mkdir()
    (folder / "memory.max").write_text(str(512 << 20))
    (folder / "cgroup.procs").touch()
    return folder


def test_a_server_keeps_to_the_control_group_that_it_joins(tmp_path: Path) -> None:
    server = Server(tmp_path, tmp_path / "log")
    assert server.most_memory == memory_limit()
    server.control_group = small(tmp_path / "group")
    assert server.most_memory == min(512 << 20, memory_limit())


def test_postgres_takes_less_on_a_small_host(tmp_path: Path) -> None:
    server = Postgres(tmp_path / "postgres", tmp_path / "postgres.log", fsync=False)
    server.control_group = small(tmp_path / "group")
    server.start()
    try:
        with psycopg.connect(server.url) as connection:
            assert connection.execute("SHOW shared_buffers").fetchone() == (SMALL_BUFFERS,)
    finally:
        server.stop()


def test_what_downloads_hold_in_the_store_follows_the_host() -> None:
    assert mebibytes_for_reads(512 << 20) == SMALLEST_READS
    assert mebibytes_for_reads(8 << 30) == 128


def test_the_store_collects_garbage_by_its_share_and_sooner_on_a_small_host() -> None:
    assert collection(512 << 20) == {"GOGC": "3", "GOMEMLIMIT": "300MiB"}
    assert collection(8 << 30) == {"GOGC": "20"}


def test_a_download_from_the_store_of_a_small_host_stays_small(tmp_path: Path) -> None:
    server = Store(tmp_path / "store", tmp_path / "store.log", make_keys())
    server.control_group = small(tmp_path / "group")
    server.start()
    try:
        client = Minio(
            server.url.removeprefix("http://"),
            server.keys.access,
            server.keys.secret,
            region=server.region,
            secure=False,
        )
        client.put_object(server.bucket, "film", io.BytesIO(os.urandom(FILE)), FILE)
        before = anonymous(server.pid)
        highest = [before]
        with Looking(lambda: highest.append(anonymous(server.pid))):
            answer = client.get_object(server.bucket, "film")
            assert sum(map(len, answer.stream(1 << 20))) == FILE
            answer.release_conn()
    finally:
        server.stop()
    assert max(highest) - before < 48 << 20
