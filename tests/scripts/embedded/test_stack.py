"""The stack as a whole, with its servers; tests/e2e runs it with API, bot and workers."""

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import psycopg
import pytest
import redis

from core.process.setting_fields import Role
from core.process.settings import Settings
from scripts.embedded.process import PROJECT, StackError
from scripts.embedded.stack import Stack, role_process
from scripts.embedded.telegram import TelegramSandbox
from tests.support.waiting import wait_until

START_AND_WAIT = """
import json, sys, time
from pathlib import Path
from scripts.embedded.stack import Stack
stack = Stack(Path(sys.argv[1]), roles=(), fsync=False)
stack.start()
print(json.dumps([pid for name in stack.parts for pid in stack.pids(name)]), flush=True)
time.sleep(600)
"""


def ended(pid: int) -> bool:
    return not Path(f"/proc/{pid}").exists()


def test_a_dead_server_is_started_again_with_what_it_held(tmp_path: Path) -> None:
    with Stack(tmp_path, roles=(), fsync=False) as stack:

        def pid_in_run_file() -> int:
            return int(json.loads((tmp_path / "run.json").read_text())["pids"]["postgres"])

        def answers() -> bool:
            try:
                psycopg.connect(stack.settings.database_url).close()
            except psycopg.OperationalError:
                return False
            return True

        before = pid_in_run_file()
        stack.kill("postgres")
        wait_until(lambda: pid_in_run_file() != before and answers(), 20, "not started again")
        with psycopg.connect(stack.settings.database_url) as connection:
            assert connection.execute("SELECT count(*) FROM alembic_version").fetchone() == (1,)


def test_servers_go_and_come_back_on_demand(tmp_path: Path) -> None:
    with Stack(tmp_path, roles=(), fsync=False) as stack:
        address = stack.settings.s3_endpoint
        stack.stop_store()
        assert not stack.parts["store"].running()
        stack.start_store()
        assert stack.parts["store"].environment["S3_ENDPOINT"] == address
        stack.restart_postgres()
        psycopg.connect(stack.settings.database_url).close()
        with redis.Redis.from_url(stack.settings.redis_url) as client:
            client.set("key", 1)
            stack.flush_redis()
            assert client.dbsize() == 0
        assert "database system is ready" in stack.log_text("postgres")


def test_a_server_given_by_its_address_is_not_started(
    tmp_path: Path, redis_url: str, database_url: str
) -> None:
    environment = {"REDIS_URL": redis_url, "DATABASE_URL": database_url}
    with Stack(tmp_path, environment, roles=()) as stack:
        assert list(stack.parts) == ["store"]
        assert stack.settings.redis_url == redis_url

    assert not (tmp_path / "postgres").exists()


def test_a_second_stack_in_the_same_folder_is_refused_and_harms_nothing(tmp_path: Path) -> None:
    with Stack(tmp_path, roles=(), fsync=False) as stack:
        with pytest.raises(StackError, match="already runs"):
            Stack(tmp_path, roles=()).start()
        assert (tmp_path / "run.json").exists()
        assert stack.parts["postgres"].running()

    assert not (tmp_path / "run.json").exists()
    assert not (tmp_path / "environment.json").exists()


def test_files_with_secrets_are_closed_to_others(tmp_path: Path) -> None:
    with Stack(tmp_path, roles=(), fsync=False):
        modes = {path.name: path.stat().st_mode & 0o077 for path in tmp_path.glob("*.json")}

    assert modes == {"run.json": 0, "environment.json": 0, "secrets.json": 0}


def test_nothing_survives_the_kill_of_the_starter(tmp_path: Path) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", START_AND_WAIT, str(tmp_path)], cwd=PROJECT, stdout=subprocess.PIPE, text=True
    ) as starter:
        assert starter.stdout is not None
        pids = json.loads(starter.stdout.readline())
        starter.kill()

    assert len(pids) > 5
    wait_until(lambda: all(map(ended, pids)), 15, "a server survived")
    with Stack(tmp_path, roles=(), fsync=False) as again:
        assert again.parts["postgres"].running()


@pytest.mark.parametrize(
    ("role", "seen", "hidden"),
    [
        ("api", {"DATABASE_URL", "NOWPAYMENTS_IPN_SECRET"}, {"S3_SECRET_KEY", "BOT_TOKEN", "LINK_SECRET"}),
        ("bot", {"DATABASE_URL", "BOT_TOKEN"}, {"S3_SECRET_KEY", "S3_ACCESS_KEY", "NOWPAYMENTS_IPN_SECRET"}),
        ("workers", {"S3_SECRET_KEY", "BOT_TOKEN", "LINK_SECRET"}, {"NOWPAYMENTS_IPN_SECRET"}),
    ],
)
def test_a_process_receives_the_variables_of_its_role_alone(
    settings: Callable[..., Settings],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    role: Role,
    seen: set[str],
    hidden: set[str],
) -> None:
    secrets = {"s3_access_key", "s3_secret_key", "bot_token", "link_secret", "nowpayments_ipn_secret"}
    whole = settings(**{name: f"the {name}" for name in secrets})
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "of the person who starts the shop")
    process = role_process(role, whole, tmp_path / "log", "@notify")
    process.command = ["/usr/bin/env"]
    process.start()
    process.join(5)
    received = {line.partition("=")[0] for line in (tmp_path / "log").read_text().splitlines()}

    assert seen <= received
    assert not received & (hidden | {"AWS_SECRET_ACCESS_KEY"})


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
            lambda: telegram.pid != before and telegram.environment["TELEGRAM_SANDBOX"] == address, 20, "gone"
        )
