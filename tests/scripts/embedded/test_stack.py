"""The stack as a whole, with its servers; tests/e2e runs it with API, bot and workers."""

import json
import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import ClassVar

import psycopg
import pytest
import redis

from scripts.bench.stored_file import store_file
from scripts.embedded.ports import LOOPBACK
from scripts.embedded.postgres import Postgres
from scripts.embedded.process import PROJECT, Process, Server, StackError
from scripts.embedded.redis_server import RedisServer
from scripts.embedded.stack import Stack
from scripts.embedded.store import Store
from scripts.embedded.telegram import TelegramSandbox
from tests.support.waiting import wait_until


class Tardy(Server):
    """A server that dies once it has started, and that nobody ever sees ready again."""

    name = "tardy"
    environment: ClassVar[dict[str, str]] = {}

    def start(self) -> None:
        first = self._process is None
        self._run(Process(self.name, ["/bin/sleep", "600"], self.log), lambda: first)


START_AND_WAIT = """
import json, sys, time
from pathlib import Path
from scripts.embedded.redis_server import RedisServer
from scripts.embedded.stack import Stack
stack = Stack(Path(sys.argv[1]), roles=(), fsync=False)
stack.start()
print(json.dumps([pid for name in stack.parts for pid in stack.pids(name)]), flush=True)
time.sleep(600)
"""


def ended(pid: int) -> bool:
    return not Path(f"/proc/{pid}").exists()


@pytest.fixture(scope="module")
def servers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """A stack with nothing of ours in it, for tests that leave it as it was."""
    with Stack(tmp_path_factory.mktemp("servers"), roles=(), fsync=False) as servers:
        yield servers


def test_a_dead_server_is_started_again_with_what_it_held(servers: Stack) -> None:
    def pid_in_run_file() -> int:
        return int(json.loads((servers.var / "run.json").read_text())["pids"]["postgres"])

    def answers() -> bool:
        try:
            psycopg.connect(servers.settings.database_url).close()
        except psycopg.OperationalError:
            return False
        return True

    before = pid_in_run_file()
    servers.kill("postgres")
    wait_until(lambda: pid_in_run_file() != before and answers(), 60, "not started again")
    with psycopg.connect(servers.settings.database_url) as connection:
        assert connection.execute("SELECT count(*) FROM alembic_version").fetchone() == (1,)


def test_servers_go_and_come_back_on_demand(servers: Stack) -> None:
    address = servers.settings.s3_endpoint
    servers.stop_store()
    assert not servers.parts["store"].running()
    servers.start_store()
    assert servers.parts["store"].environment["S3_ENDPOINT"] == address
    servers.restart_postgres()
    psycopg.connect(servers.settings.database_url).close()
    with redis.Redis.from_url(servers.settings.redis_url) as client:
        client.set("key", 1)
        servers.flush_redis()
        assert client.dbsize() == 0
    assert "database system is ready" in servers.log_text("postgres")


def test_a_server_given_by_its_address_is_not_started(
    tmp_path: Path, redis_url: str, database_url: str
) -> None:
    environment = {"REDIS_URL": redis_url, "DATABASE_URL": database_url}
    with Stack(tmp_path, environment, roles=()) as stack:
        assert list(stack.parts) == ["store"]
        assert stack.settings.redis_url == redis_url

    assert not (tmp_path / "postgres").exists()


def test_a_stop_waits_for_no_server_that_is_being_started_again(
    tmp_path: Path, redis_url: str, database_url: str, store: Store
) -> None:
    lines: list[str] = []
    environment = {"REDIS_URL": redis_url, "DATABASE_URL": database_url, **store.environment}
    tardy = Tardy(tmp_path, tmp_path / "tardy.log")
    stack = Stack(tmp_path, environment, roles=(), extras=[tardy], report=lines.append)
    stack.start()
    before = tardy.pid
    stack.kill("tardy")
    wait_until(lambda: tardy.pid != before, 60, "not started again")
    stack.stop()
    assert not tardy.running()
    assert [line for line in lines if line.startswith("tardy did not get ready before everything was to end")]


def test_a_folder_of_the_store_that_is_not_there_is_told(
    tmp_path: Path, redis_url: str, database_url: str
) -> None:
    lines: list[str] = []
    environment = {"REDIS_URL": redis_url, "DATABASE_URL": database_url, "STORE_FOLDER": "/nowhere/store"}
    with Stack(tmp_path, environment, roles=(), report=lines.append):
        assert [line for line in lines if "STORE_FOLDER names /nowhere/store, which is not there" in line]

    lines.clear()
    with Stack(tmp_path, environment | {"STORE_FOLDER": ""}, roles=(), report=lines.append):
        assert not [line for line in lines if "STORE_FOLDER" in line]


def test_a_second_stack_in_the_same_folder_is_refused_and_harms_nothing(servers: Stack) -> None:
    with pytest.raises(StackError, match="already runs"):
        Stack(servers.var, roles=()).start()
    assert (servers.var / "run.json").exists()
    assert servers.parts["postgres"].running()


def test_a_port_that_another_program_has_is_said_before_anything_starts(tmp_path: Path) -> None:
    with socket.socket() as other:
        other.bind((LOOPBACK, 0))
        other.listen()
        port = other.getsockname()[1]
        with pytest.raises(StackError, match=f"Port {port} is taken.*API_PORT"):
            Stack(tmp_path, {"API_PORT": str(port)}, fsync=False).start()
    assert not (tmp_path / "postgres").exists()


def test_files_with_secrets_are_closed_to_others(servers: Stack) -> None:
    modes = {path.name: path.stat().st_mode & 0o077 for path in servers.var.glob("*.json")}
    assert modes == {"run.json": 0, "environment.json": 0, "secrets.json": 0}


def test_nothing_survives_the_kill_of_the_starter_and_the_next_leaves_no_address(tmp_path: Path) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", START_AND_WAIT, str(tmp_path)], cwd=PROJECT, stdout=subprocess.PIPE, text=True
    ) as starter:
        assert starter.stdout is not None
        pids = json.loads(starter.stdout.readline())
        starter.kill()

    assert len(pids) > 5
    wait_until(lambda: all(map(ended, pids)), 60, "a server survived")
    with Stack(tmp_path, roles=(), fsync=False) as again:
        assert again.parts["postgres"].running()

    assert not (tmp_path / "run.json").exists()
    assert not (tmp_path / "environment.json").exists()


def test_the_sandbox_stands_in_for_telegram_even_where_a_real_token_is_set(tmp_path: Path) -> None:
    telegram = TelegramSandbox(tmp_path / "telegram", tmp_path / "telegram.log")
    environment = {"ENV": "production", "BOT_TOKEN": "the real one", "SHOP_NAME": "Chez nous"}
    with Stack(tmp_path, environment, roles=(), extras=[telegram], fsync=False) as stack:
        address = stack.settings.telegram_sandbox
        assert (stack.settings.env, stack.settings.shop_name) == ("sandbox", "Chez nous")
        assert stack.settings.bot_token != "the real one"
        before = telegram.pid
        stack.kill("telegram")
        wait_until(
            lambda: telegram.pid != before and telegram.environment["TELEGRAM_SANDBOX"] == address, 60, "gone"
        )


def test_what_a_stack_writes_is_its_owners_alone_also_what_was_open_before(tmp_path: Path) -> None:
    (tmp_path / "log").mkdir(mode=0o755)
    (tmp_path / "log" / "redis.log").touch(mode=0o644)
    before = os.umask(0o022)
    try:
        with Stack(tmp_path, roles=(), fsync=True, extras=[_telegram(tmp_path)]) as stack:
            with redis.Redis.from_url(stack.settings.redis_url) as client:
                client.set("key", "value")
            with psycopg.connect(stack.settings.database_url) as connection:
                connection.execute("SELECT 1")
            store_file(stack.settings, "x", 1)
            parts = stack.parts.values()
            sockets = [part.sockets for part in parts if isinstance(part, Postgres | RedisServer)]
            assert len(sockets) == 2
            open_to_others = [
                path
                for folder in (tmp_path, *sockets)
                for path in folder.rglob("*")
                if not _closed_above(path, folder)
            ]
    finally:
        os.umask(before)
    assert open_to_others == []


def _closed_above(path: Path, top: Path) -> bool:
    """Whether nobody else can reach it: it, or a folder over it below `top`, is its owner's alone."""
    chain = [path, *path.parents]
    below = chain[: chain.index(top)] if top.stat().st_mode & 0o077 else chain[: chain.index(top) + 1]
    return any(not each.lstat().st_mode & 0o077 for each in below)


def _telegram(var: Path) -> TelegramSandbox:
    return TelegramSandbox(var / "telegram", var / "log" / "telegram.log")
