"""The real servers as parts: they keep what they hold and leave nothing behind."""

import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest
import redis

from scripts.embedded.memory import descendants, memory_of
from scripts.embedded.postgres import DATABASE, Postgres
from scripts.embedded.process import Process, StackError, tail
from scripts.embedded.redis_server import RedisServer
from scripts.embedded.store import Store
from tests.support.clusters import FirstPostgres
from tests.support.waiting import wait_until


@contextmanager
def running(server: Postgres | RedisServer) -> Iterator[None]:
    server.start()
    try:
        yield
    finally:
        server.stop()


def ended(pid: int) -> bool:
    return not Path(f"/proc/{pid}").exists()


def test_postgres_in_a_closed_folder_keeps_its_rows_over_a_restart(tmp_path: Path) -> None:
    tmp_path.chmod(0o700)
    server = FirstPostgres(tmp_path / "data", tmp_path / "log")
    with running(server), psycopg.connect(server.url) as connection:
        connection.execute("CREATE TABLE kept AS SELECT 1 AS n")
    with running(server), psycopg.connect(server.url) as connection:
        assert connection.execute("SELECT n FROM kept").fetchone() == (1,)

    assert not server.sockets.exists()


def test_postgres_writes_commits_to_the_disk_and_listens_on_no_port(tmp_path: Path) -> None:
    server = Postgres(tmp_path / "data", tmp_path / "log")
    with running(server), psycopg.connect(server.url) as connection:
        settings = {
            name: connection.execute(f"SHOW {name}").fetchone()
            for name in ("fsync", "synchronous_commit", "listen_addresses", "shared_buffers")
        }

    assert settings == {
        "fsync": ("on",),
        "synchronous_commit": ("on",),
        "listen_addresses": ("",),
        "shared_buffers": ("32MB",),
    }


def test_postgres_never_runs_as_root(postgres: Postgres) -> None:
    assert os.stat(f"/proc/{postgres.pid}").st_uid != 0


def test_a_postgres_left_over_from_a_crash_gives_its_folder_back(tmp_path: Path) -> None:
    crashed = Postgres(tmp_path / "data", tmp_path / "log", fsync=False)
    crashed.start()
    server = Postgres(tmp_path / "data", tmp_path / "log", fsync=False)
    with running(server), psycopg.connect(server.url) as connection:
        assert connection.execute("SELECT current_database()").fetchone() == (DATABASE,)
        assert not crashed.running()
    crashed.stop()


def test_a_pid_file_of_a_foreign_process_does_not_end_that_process(tmp_path: Path) -> None:
    server = Postgres(tmp_path / "data", tmp_path / "log", fsync=False)
    with running(server):
        pass
    (tmp_path / "data" / "postmaster.pid").write_text(f"{os.getpid()}\n{tmp_path / 'data'}\n0\n5432\n\n\n")
    with running(server):
        assert server.running()


def test_redis_never_evicts_and_leaves_nothing_on_the_disk(tmp_path: Path) -> None:
    server = RedisServer(tmp_path / "data", tmp_path / "log")
    server.data.mkdir(mode=0o700)
    for left in ("appendonly.aof", "dump.rdb", "temp-rewriteaof-7.aof"):
        (server.data / left).write_text("X-Amz-Signature=0123 of an earlier version")
    for _ in range(2):
        with running(server), redis.Redis.from_url(server.url) as client:
            assert client.dbsize() == 0, "it starts empty"
            settings = client.config_get("maxmemory-policy") | client.config_get("save")
            assert settings == {"maxmemory-policy": "noeviction", "save": ""}
            for number in range(1000):
                client.rpush("answer:1", f"https://store/key?X-Amz-Signature={number}")
    assert list(server.data.rglob("*")) == []


def test_the_store_s_secret_is_shown_to_nobody(store: Store) -> None:
    arguments = Path(f"/proc/{store.pid}/cmdline").read_bytes().decode()

    assert store.keys.secret not in arguments + tail(store.log)


def test_a_program_that_fails_at_its_start_is_reported_with_its_log(tmp_path: Path) -> None:
    process = Process("broken", ["/bin/sh", "-c", "echo no such luck; exit 3"], tmp_path / "log")
    process.start()

    with pytest.raises(StackError, match=r"ended with code 3(?s:.*)no such luck"):
        process.wait_ready(lambda: False)


def test_stopping_a_process_ends_its_whole_group(tmp_path: Path) -> None:
    process = Process("parent", ["/bin/sh", "-c", "trap '' TERM; sleep 60 & wait"], tmp_path / "log")
    process.start()
    wait_until(lambda: len(descendants(process.pid)) == 2, 60, "no child")
    pids = descendants(process.pid)

    assert process.stop(0.1) == -signal.SIGKILL
    wait_until(lambda: all(map(ended, pids)), 60, "a child survived")


def test_memory_is_counted_over_all_children(postgres: Postgres) -> None:
    pids = descendants(postgres.pid)
    whole = memory_of(pids)

    assert len(pids) > 3
    assert memory_of(pids[:1]).pss < whole.pss < whole.rss
