"""`comptoir doctor` on servers that are really wrong: each fault made, found, and said how to mend."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Event, Thread
from typing import Any

import psycopg
import pytest
import redis

from core.kit.db import Database
from core.process.logs import Redactor
from core.process.settings import Settings
from schemas.base import utc_now
from schemas.operations import Backup
from schemas.queue import WorkerBeat
from scripts import cli
from scripts.doctor import data, machine, outside
from scripts.doctor.finding import Finding, examine, worst
from scripts.embedded.store import Store, free_port, make_keys
from scripts.sandbox.telegram.sandbox import Sandbox
from tests.support import make

TOKEN = "4242:test-token-that-is-long-enough"
NOBODY = Redactor([])


def states(findings: Any) -> dict[str, str]:
    """Each finding's state by its name; whoever says that something is wrong says how to mend it."""
    listed: list[Finding] = list(findings)
    assert all(item.mend for item in listed if item.state != "ok"), listed
    return {item.name: item.state for item in listed}


def test_a_migrated_database_with_its_workers_admins_and_copies_is_well(
    settings: Callable[..., Settings], database: Database, database_url: str
) -> None:
    now = utc_now()
    with database.transaction() as session:
        make.user(session, roles=("admin",))
        session.add(Backup(name="backups/1", state="stored", revision="1", encrypted=True, ended_at=now))
        for group in ("interactive", "delivery", "background"):
            common: dict[str, Any] = {
                "queues": [],
                "threads": 1,
                "memory": 1,
                "started_at": now,
                "beat_at": now,
            }
            session.add(WorkerBeat(name=f"here:1:{group}", queue_group=group, **common))
    config = settings(database_url=database_url, backup_key="age1example")
    names = ("database", "migrations", "clock", "workers", "admins", "backup")
    assert states(data.database(config)) == dict.fromkeys(names, "ok")
    assert states(data.database(replace(config, backup_key="")))["backup"] == "warn"
    with psycopg.connect(database_url) as connection:
        connection.execute("UPDATE backup SET ended_at = ended_at - interval '3 days'")
        connection.execute("UPDATE person SET blocked_at = now()")
    findings = {item.name: item for item in data.database(config)}
    assert (findings["backup"].state, findings["backup"].found) == ("warn", "the last copy is 72 hours old")
    assert findings["admins"].state == "warn"


def test_a_database_that_lacks_migrations_or_workers_is_told(
    settings: Callable[..., Settings], database_url: str
) -> None:
    config = settings(database_url=database_url)
    new = states(data.database(config))
    assert [new[name] for name in ("workers", "admins", "backup")] == ["warn"] * 3
    with psycopg.connect(database_url) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '0003'")
    behind = {item.name: item for item in data.database(config)}
    assert (behind["migrations"].state, behind["migrations"].mend) == ("fail", "comptoir migrate")
    assert "workers" not in behind
    with psycopg.connect(database_url) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
    assert "ahead of this code" in {item.name: item.found for item in data.database(config)}["migrations"]
    with psycopg.connect(database_url) as connection:
        connection.execute("DROP TABLE alembic_version")
    assert "at none" in {item.name: item.found for item in data.database(config)}["migrations"]


def test_servers_that_are_away_are_told(settings: Callable[..., Settings]) -> None:
    away = settings(s3_endpoint=f"http://127.0.0.1:{free_port()}", s3_access_key="a", s3_secret_key="b")
    assert states(data.database(away)) == {"database": "fail"}
    assert states(data.redis_server(away)) == {"redis": "fail"}
    assert states(outside.store(away)) == {"store": "fail"}
    assert data.channels(away) == []


def test_a_redis_that_forgets_or_is_shared_is_told(settings: Callable[..., Settings], redis_url: str) -> None:
    config = settings(redis_url=redis_url)
    with redis.Redis.from_url(redis_url) as client:
        assert states(data.redis_server(config))["redis disk"] == "warn"  # the tests' server keeps nothing
        client.config_set("save", "3600 1")
        client.set("limit:guesses:a", 1)
        try:
            assert set(states(data.redis_server(config)).values()) == {"ok"}
            client.config_set("maxmemory-policy", "allkeys-lru")
            client.set("somebody:else", 1)
            findings = states(data.redis_server(config))
        finally:
            client.config_set("maxmemory-policy", "noeviction")
            client.config_set("save", "")
    assert (findings["redis memory"], findings["redis keys"]) == ("fail", "warn")


@pytest.mark.parametrize(("seconds", "state"), [(0.4, "ok"), (-4.9, "ok"), (-60, "fail"), (3600, "fail")])
def test_a_clock_that_goes_wrong_is_told(seconds: float, state: str) -> None:
    assert states([data.clock("clock", "the database's", seconds)]) == {"clock": state}


def test_a_store_with_its_bucket_and_door_is_well(settings: Callable[..., Settings], store: Store) -> None:
    config = replace(of(settings, store), public_url="https://shop.example")
    names = ("store", "store ranges", "store clock", "store browsers")
    assert states(outside.store(config)) == dict.fromkeys(names, "ok")
    assert not list((store.data / store.bucket).rglob("probe"))


def test_a_store_that_shuts_browsers_out_or_has_no_bucket_is_told(
    settings: Callable[..., Settings], tmp_path: Path
) -> None:
    shut = Store(tmp_path / "data", tmp_path / "log", make_keys(), origin="https://somebody.example")
    shut.start()
    try:
        config = of(settings, shut)
        assert states(outside.store(config))["store browsers"] == "fail"
        assert states(outside.store(replace(config, s3_bucket="absent"))) == {"store": "fail"}
        assert states(outside.store(replace(config, s3_secret_key="another"))) == {"store": "fail"}
    finally:
        shut.stop()
    assert states(outside.store(settings())) == {"store": "fail"}


def of(settings: Callable[..., Settings], store: Store) -> Settings:
    return settings(
        s3_endpoint=store.url,
        s3_bucket=store.bucket,
        s3_region=store.region,
        s3_access_key=store.keys.access,
        s3_secret_key=store.keys.secret,
    )


@pytest.fixture
def bot_settings(settings: Callable[..., Settings]) -> Iterator[tuple[Settings, Sandbox]]:
    with Sandbox() as sandbox:
        sandbox.add_bot(TOKEN, "shop_bot")
        keys: dict[str, Any] = {"telegram_api_id": 1, "telegram_api_hash": "test", "bot_username": "Shop_Bot"}
        yield settings(bot_token=TOKEN, telegram_sandbox=sandbox.address, **keys), sandbox


def test_the_bot_and_its_rights_are_looked_at(bot_settings: tuple[Settings, Sandbox]) -> None:
    config, sandbox = bot_settings
    bot = sandbox.add_bot(TOKEN, "shop_bot")
    owner = sandbox.person("Olga")
    good, poor = (sandbox.add_channel(title, owner, bot) for title in ("Good", "Poor"))
    poor.promote(bot, "invite_users")
    rooms = [(good.chat_id, "Good"), (poor.chat_id, "Poor"), (-1009999999999, "Gone")]
    findings = states(outside.telegram(config, rooms))
    assert findings == {"bot": "ok", "channel Good": "ok", "channel Poor": "fail", "channel Gone": "fail"}


def test_a_wrong_token_and_a_wrong_name_are_told(bot_settings: tuple[Settings, Sandbox]) -> None:
    config, _ = bot_settings
    assert states(outside.telegram(replace(config, bot_username="other_bot"), [])) == {"bot": "fail"}
    assert states(outside.telegram(replace(config, bot_token="1:wrong"), [])) == {"bot": "fail"}
    assert states(outside.telegram(replace(config, bot_token=""), [])) == {}


@contextmanager
def answering(healthz: tuple[int, bytes], webhook: int) -> Iterator[str]:
    """A web server in the place of the shop's."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self._say(*healthz)

        def do_POST(self) -> None:
            self._say(webhook, b"")

        def _say(self, status: int, body: bytes) -> None:
            self.send_response(status)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: Any) -> None:
            """Nothing."""

    server = HTTPServer(("127.0.0.1", 0), Handler)
    thread = Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


LIVES = (200, b'{"status":"ok"}')


@pytest.mark.parametrize(
    ("healthz", "webhook", "expected"),
    [
        (LIVES, 401, {"web": "ok", "webhooks": "ok"}),
        (LIVES, 403, {"web": "ok", "webhooks": "fail"}),
        ((200, b"<html>parked"), 401, {"web": "fail"}),
        ((502, b""), 502, {"web": "fail"}),
    ],
)
def test_the_shop_is_looked_at_from_outside(
    settings: Callable[..., Settings], healthz: tuple[int, bytes], webhook: int, expected: dict[str, str]
) -> None:
    with answering(healthz, webhook) as url:
        assert states(outside.web(settings(public_url=url))) == expected


def test_an_address_that_nobody_answers_at_is_told(settings: Callable[..., Settings]) -> None:
    assert states(outside.web(settings(public_url=f"http://127.0.0.1:{free_port()}"))) == {"web": "fail"}
    assert states(outside.web(settings())) == {}


GOOD = {
    "bot_token": TOKEN,
    "telegram_api_id": 1,
    "telegram_api_hash": "hash",
    "public_url": "https://shop.example",
    "env": "production",
}


@pytest.mark.parametrize(
    ("odd", "state"),
    [
        ({}, "ok"),
        ({"bot_token": ""}, "fail"),
        ({"telegram_api_id": 0}, "fail"),
        ({"link_secret": "short"}, "fail"),
        ({"public_url": ""}, "warn"),
        ({"public_url": "http://shop.example"}, "fail"),
        ({"telegram_sandbox": "127.0.0.1:1:1:1"}, "fail"),
        ({"smtp_host": "mail.example"}, "fail"),
    ],
)
def test_settings_that_do_not_go_together_are_told(
    settings: Callable[..., Settings], odd: dict[str, Any], state: str
) -> None:
    assert states(machine.settings_agree(settings(**(GOOD | odd)))) == {"settings": state}


def test_each_rail_says_how_it_is_set_up(settings: Callable[..., Settings]) -> None:
    names = ("rail stars", "rail crypto", "rail manual")
    assert states(machine.payments(settings(**GOOD))) == dict.fromkeys(names, "ok")
    odd = states(machine.payments(settings(**(GOOD | {"bot_token": "", "nowpayments_api_key": "key"}))))
    assert odd == {"rail stars": "fail", "rail crypto": "warn", "rail manual": "ok"}


GIB = 2**30


@pytest.mark.parametrize(
    ("total", "free", "state"),
    [
        (100 * GIB, 50 * GIB, "ok"),
        (100 * GIB, 14 * GIB, "warn"),
        (100 * GIB, 4 * GIB, "fail"),
        (4 * GIB, GIB - 1, "fail"),
    ],
)
def test_a_disk_that_is_nearly_full_is_told(total: int, free: int, state: str) -> None:
    assert states([machine.room(total, free)]) == {"disk": state}


def test_a_missing_ffmpeg_is_told(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    broken = tmp_path / "ffmpeg"
    broken.write_text("#!/bin/sh\nexit 1\n")
    broken.chmod(0o755)
    assert states(machine.ffmpeg()) == {"ffmpeg": "ok"}
    monkeypatch.setenv("PATH", str(tmp_path))
    assert states(machine.ffmpeg()) == {"ffmpeg": "warn"}


def test_a_check_that_breaks_or_hangs_does_not_keep_the_others() -> None:
    never = Event()

    def hangs() -> list[Finding]:
        never.wait()
        return []

    def breaks() -> list[Finding]:
        raise RuntimeError("token hush-hush was refused\nmore")

    findings = examine(
        {"first": hangs, "second": breaks, "third": lambda: [Finding("third", "ok", "well")]},
        patience=0.2,
        redactor=Redactor(["hush-hush"]),
    )
    never.set()
    assert [(item.name, item.state) for item in findings] == [
        ("first", "fail"),
        ("second", "fail"),
        ("third", "ok"),
    ]
    assert findings[1].found == "RuntimeError: token [hidden] was refused"
    assert worst(findings) == "fail"
    assert worst([]) == "ok"


def test_the_page_shows_everything_and_no_secret(
    database_url: str,
    redis_url: str,
    store: Store,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    secrets = {"S3_SECRET_KEY": store.keys.secret, "LINK_SECRET": "5e" * 32, "BOT_TOKEN": TOKEN}
    environment = {"DATABASE_URL": database_url, "REDIS_URL": redis_url, "ENV": "sandbox"}
    environment |= {name: value for name, value in store.environment.items() if name not in secrets} | secrets
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("COMPTOIR_VAR", str(tmp_path))
    monkeypatch.setenv("COLUMNS", "220")
    with pytest.raises(SystemExit) as ended:
        cli.run("doctor", ["--json"])
    as_json = capsys.readouterr().out
    names = {item["name"] for item in json.loads(as_json)}
    assert {
        "settings",
        "database",
        "migrations",
        "clock",
        "redis",
        "store",
        "ffmpeg",
        "disk",
        "memory",
    } <= names
    assert ended.value.code == 1  # Telegram's API id is empty
    with pytest.raises(SystemExit):
        cli.run("doctor", [])
    page = as_json + capsys.readouterr().out
    assert "TELEGRAM_API_HASH" in page
    assert not [value for value in secrets.values() if value in page]


def test_a_setting_that_cannot_be_read_is_said_at_once(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("COMPTOIR_VAR", str(tmp_path))
    monkeypatch.setenv("DATABASE_URL", "postgresql://nobody@127.0.0.1:1/none")
    monkeypatch.setenv("REDIS_URL", "redis://127.0.0.1:1/0")
    monkeypatch.setenv("LINK_TTL", "soon")
    with pytest.raises(SystemExit) as ended:
        cli.run("doctor", [])
    assert ended.value.code == 1
    assert "LINK_TTL is wrong" in capsys.readouterr().err
