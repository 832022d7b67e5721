"""`comptoir doctor` on servers that are really wrong: each fault made, found, and said how to mend."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from threading import Event
from typing import Any

import psycopg
import pytest
import redis
from sqlalchemy import text

from core.kit.db import Database
from core.monitoring.bot_beat import beat
from core.people.support import ask, close
from core.process import redis_keys
from core.process.logs import Redactor
from core.process.settings import Settings
from schemas.base import utc_now
from schemas.contracts import QUEUES, WORKER_GROUPS
from schemas.operations import Backup
from schemas.queue import WorkerBeat
from scripts import cli
from scripts.doctor import data, outside
from scripts.doctor.finding import Finding, examine, worst
from scripts.embedded.ports import free_port
from scripts.embedded.store import Store
from scripts.embedded.store_access import make_keys
from scripts.sandbox.telegram.sandbox import Sandbox
from tests.support import make
from tests.support.rclone_store import RcloneStore
from tests.support.web_server import Quiet, serving
from workers.store import S3Store

TOKEN = "4242:test-token-that-is-long-enough"
NOBODY = Redactor([])


def states(findings: Any) -> dict[str, str]:
    """Each finding's state by its name; whoever says that something is wrong says how to mend it."""
    listed: list[Finding] = list(findings)
    assert all(item.mend for item in listed if item.state != "ok"), listed
    return {item.name: item.state for item in listed}


def test_a_migrated_database_with_its_workers_admins_and_copies_is_well(
    settings: Callable[..., Settings], database: Database, database_url: str, owner_url: str
) -> None:
    now = utc_now()
    with database.transaction() as session:
        make.user(session, roles=("admin",))
        session.add(Backup(name="backups/1", state="stored", revision="1", encrypted=True, ended_at=now))
        for group, queues in WORKER_GROUPS.items():
            common: dict[str, Any] = {
                "queues": list(queues),
                "threads": 1,
                "memory": 1,
                "started_at": now,
                "beat_at": now,
            }
            session.add(WorkerBeat(name=f"here:1:{group}", queue_group=group, **common))
        beat(session, started_at=now, served=0, failed=0, memory=1, now=now)
    config = settings(database_url=database_url, backup_key="age1example")
    names = (
        "database",
        "database role",
        "migrations",
        "clock",
        "workers",
        "bot at work",
        "admins",
        "support",
        "backup",
    )
    assert states(data.database(config)) == dict.fromkeys(names, "ok")
    assert states(data.database(replace(config, backup_key="")))["backup"] == "warn"
    (strong,) = (row for row in data.database(replace(config, database_url=owner_url)) if "role" in row.name)
    assert strong.state == "warn"
    assert "is a superuser, may make databases, may make roles, owns or may make tables" in strong.found
    assert "OWNER_DATABASE_URL" in strong.mend
    with psycopg.connect(owner_url) as connection:
        connection.execute("UPDATE backup SET ended_at = ended_at - interval '3 days'")
        connection.execute("UPDATE person SET blocked_at = now()")
        connection.execute("UPDATE bot_beat SET beat_at = beat_at - interval '100 seconds'")
        connection.execute("DELETE FROM worker_beat WHERE queue_group = 'background'")
    findings = {item.name: item for item in data.database(config)}
    assert (findings["backup"].state, findings["backup"].found) == ("warn", "the last copy is 72 hours old")
    assert findings["admins"].state == "warn"
    assert findings["bot at work"].state == "warn"
    assert "has been silent for 1" in findings["bot at work"].found
    assert findings["workers"].found == "nobody serves media, fetch, bulk: these jobs wait"


def test_questions_that_wait_too_long_are_told(
    settings: Callable[..., Settings], database: Database, database_url: str
) -> None:
    config = settings(database_url=database_url, support_answer_within=7200)

    def look() -> Finding:
        return next(row for row in data.database(config) if row.name == "support")

    now = utc_now()
    assert (look().state, look().found) == ("ok", "no question waits for an answer")
    with database.transaction() as session:
        person = make.user(session)
        for hours in (0, 1):
            asked_at = now - timedelta(hours=hours)
            ask(session, person, "?", about="support", order_id=None, key=str(hours), now=asked_at)
    assert (look().state, look().found) == ("ok", "2 open, the oldest for 1.0 hours")
    with database.transaction() as session:
        old = now - timedelta(hours=3)
        late = ask(session, person, "?", about="support", order_id=None, key="late", now=old).question_id
    waits = "3 open, the oldest for 3.0 hours: longer than SUPPORT_ANSWER_WITHIN (2 hours)"
    assert (look().state, look().found) == ("warn", waits)
    with database.transaction() as session:
        session.execute(text("UPDATE support_question SET asked_at = '-infinity' WHERE key = '0'"))
    assert look().found == waits, "a bad row hides no other"
    with database.transaction() as session:
        close(session, late, actor="cli", now=now)
    assert look().state == "ok"


def test_one_worker_for_all_queues_is_enough(
    settings: Callable[..., Settings], database: Database, database_url: str
) -> None:
    with database.transaction() as session:
        common: dict[str, Any] = {"threads": 10, "memory": 1, "started_at": utc_now(), "beat_at": utc_now()}
        session.add(WorkerBeat(name="here:1:x", queue_group="all", queues=list(QUEUES), **common))
    assert states(data.database(settings(database_url=database_url)))["workers"] == "ok"


def test_a_database_that_lacks_migrations_or_workers_is_told(
    settings: Callable[..., Settings], database_url: str, owner_url: str
) -> None:
    config = settings(database_url=database_url)
    new = states(data.database(config))
    assert [new[name] for name in ("workers", "bot at work", "admins", "backup")] == ["warn"] * 4
    with psycopg.connect(owner_url) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '0003'")
    behind = {item.name: item for item in data.database(config)}
    assert (behind["migrations"].state, behind["migrations"].mend) == ("fail", "comptoir migrate")
    assert "workers" not in behind
    with psycopg.connect(owner_url) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
    assert "ahead of this code" in {item.name: item.found for item in data.database(config)}["migrations"]
    with psycopg.connect(owner_url) as connection:
        connection.execute("DROP TABLE alembic_version")
    assert "at none" in {item.name: item.found for item in data.database(config)}["migrations"]


def test_servers_that_are_away_are_told(settings: Callable[..., Settings]) -> None:
    away = settings(s3_endpoint=f"http://127.0.0.1:{free_port()}", s3_access_key="a", s3_secret_key="b")
    assert states(data.database(away)) == {"database": "fail"}
    assert states(data.redis_server(away)) == {"redis": "fail"}
    assert states(outside.store(away)) == {"store": "fail"}
    assert data.channels(away) == []


def test_a_redis_that_evicts_or_writes_or_is_shared_is_told(
    settings: Callable[..., Settings], redis_url: str
) -> None:
    config = settings(redis_url=redis_url)
    with redis.Redis.from_url(redis_url) as client:
        for begin in redis_keys.ALL:
            client.set(f"{begin}a", 1)
        assert set(states(data.redis_server(config)).values()) == {"ok"}
        try:
            client.config_set("save", "3600 1")
            client.config_set("maxmemory-policy", "allkeys-lru")
            client.set("somebody:else", 1)
            findings = states(data.redis_server(config))
        finally:
            client.config_set("maxmemory-policy", "noeviction")
            client.config_set("save", "")
    assert (findings["redis memory"], findings["redis keys"]) == ("fail", "warn")
    assert findings["redis disk"] == "warn"


@pytest.mark.parametrize(("seconds", "state"), [(0.4, "ok"), (-4.9, "ok"), (-60, "fail"), (3600, "fail")])
def test_a_clock_that_goes_wrong_is_told(seconds: float, state: str) -> None:
    assert states([data.clock("clock", "the database's", seconds)]) == {"clock": state}


def test_a_store_with_its_bucket_and_door_is_well(settings: Callable[..., Settings], store: Store) -> None:
    config = replace(of(settings, store), public_url="https://shop.example")
    names = ("store", "store ranges", "store clock", "store browsers")
    assert states(outside.store(config)) == dict.fromkeys(names, "ok")
    assert S3Store(config).head("probe") is None


def test_a_store_that_shuts_browsers_out_or_has_no_bucket_is_told(
    settings: Callable[..., Settings], tmp_path: Path
) -> None:
    origin = "https://somebody.example"
    with RcloneStore(tmp_path / "data", tmp_path / "log", make_keys(), origin=origin) as shut:
        config = of(settings, shut)
        assert states(outside.store(config))["store browsers"] == "fail"
        assert states(outside.store(replace(config, s3_bucket="absent"))) == {"store": "fail"}
        assert states(outside.store(replace(config, s3_secret_key="another"))) == {"store": "fail"}
    assert states(outside.store(settings())) == {"store": "fail"}


def of(settings: Callable[..., Settings], store: Store | RcloneStore) -> Settings:
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

    class Handler(Quiet):
        def do_GET(self) -> None:
            self._say(*healthz)

        def do_POST(self) -> None:
            self._say(webhook, b"")

        def _say(self, status: int, body: bytes) -> None:
            self.send_response(status)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

    with serving(Handler) as url:
        yield url


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
