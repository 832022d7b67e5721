"""Commands of those who run the shop: events, bans, figures, the audit log, copies."""

import os
import stat
from pathlib import Path

import psycopg
import pytest
from sqlmodel import select
from structlog.testing import capture_logs

from core.audit.head import FOLDER, Heads
from core.audit.keys import Key
from core.audit.record import record
from core.audit.sealing import seal
from core.kit.db import Database
from core.payments.payment_events import handle_event
from core.process.migrate import head_revision
from core.process.settings import Settings
from schemas.access import Download, Grant
from schemas.base import utc_now
from schemas.people import User
from scripts.embedded.store import Store
from tests.core.payments.test_event_replay import keep_charge
from tests.scripts.conftest import Comptoir, Failed
from tests.support import make
from tests.support.make import NOW
from workers.store import S3Store


def test_events_are_listed_shown_counted_and_replayed(comptoir: Comptoir, database: Database) -> None:
    with database.transaction() as session:
        event = keep_charge(session, "order:0", "ch-1", make.user(session).telegram_id)
        handle_event(session, event, now=NOW)
    listed = comptoir("events", "list", "--state", "unmatched", "--json")
    assert listed["counts"] == {"unmatched": 1}
    assert [item["id"] for item in listed["events"]] == [str(event)]
    assert "unmatched 1" in comptoir("events", "list")
    stored = comptoir("events", "show", str(event), "--json")
    assert '"charge_id":"ch-1"' in stored["body"]
    assert list(stored)[:3] == ["id", "provider", "event_id"]
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("COLUMNS", "60")
        assert stored["body"] in "".join(comptoir("events", "show", str(event)).split())
    since = ("--since", "2026-11-19")
    counted = {"matched": 1, "without_body": 0, "replayed": 0}
    assert comptoir("events", "replay", *since, "--dry-run", "--json") == counted
    with pytest.raises(Failed, match="1 events match, more than the 0"):
        comptoir("events", "replay", *since, "--confirm", "0")
    assert comptoir("events", "replay", *since, "--confirm", "1", "--json") == counted | {"replayed": 1}
    assert "received 1" in comptoir("events", "list")
    with pytest.raises(Failed, match="--since"):
        comptoir("events", "replay")
    with pytest.raises(Failed, match=r"^3"):
        comptoir("events", "list", "--since", "2031-01-01T10:00")
    with pytest.raises(Failed, match="no moment"):
        comptoir("events", "list", "--since", "yesterday")


def test_a_person_is_banned_and_let_in_again(comptoir: Comptoir, database: Database) -> None:
    with database.transaction() as session:
        person = str(make.user(session).telegram_id)
    assert comptoir("ban", person, "--reason", "fraud", "--json")["changed"]
    assert "banned before" in comptoir("ban", person, "--reason", "fraud")
    assert comptoir("unban", person, "--json")["changed"]
    assert "was not banned" in comptoir("unban", person)
    with pytest.raises(Failed, match="do not know this person"):
        comptoir("ban", "4711", "--reason", "fraud")


def test_figures_show_what_was_sold_and_downloaded(comptoir: Comptoir, database: Database) -> None:
    assert "Nothing happened" in comptoir("stats")
    with database.transaction() as session:
        paid = make.paid_order(session, make.product(session, title="[b]Cours"), now=utc_now())
        grant = session.exec(select(Grant).where(Grant.order_id == paid.id)).one()
        link, _ = make.link(session, grant)
        session.add(Download(link_id=link.id, client="c", minute=utc_now()))
    figures = comptoir("stats", "--since", "2d", "--json")
    assert (len(figures["series"]), figures["totals"][0]["orders"]) == (3, 1)
    assert sum(slot["downloads"] for slot in figures["series"]) == 1
    assert figures["products"][0]["name"] == "[b]Cours"
    table = comptoir("stats", "--step", "hour", "--since", "2h")
    assert "[b]Cours" in table
    assert "500 ⭐" in table
    with pytest.raises(Failed, match="5000 steps"):
        comptoir("stats", "--step", "minute")
    with pytest.raises(Failed, match="before --until"):
        comptoir("stats", "--since", "1d", "--until", "2d")


def test_the_audit_log_is_listed_and_verified(
    comptoir: Comptoir,
    database: Database,
    owner_url: str,
    audit_url: str,
    store: Store,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for name, value in ({"LINK_SECRET": "5e" * 32} | store.environment).items():
        monkeypatch.setenv(name, value)
    key, by_audit = Key("5e" * 32), Database(audit_url)
    s3 = S3Store(Settings.from_environment(os.environ))
    for left in list(s3.names(FOLDER)):
        s3.delete(left.key)
    with database.transaction() as session:
        record(session, "cli", "person.banned", "user:7", "fraud", sessions=2)
    unsealed = comptoir("audit", "verify")
    assert "not sealed yet: 1" in unsealed
    assert "Head" not in unsealed
    assert "fraud" in comptoir("audit", "list")
    with capture_logs() as logs:
        seal(by_audit, key, Heads(s3, key), now=utc_now())
    (entry,) = comptoir("audit", "list", "--action", "person", "--json")
    assert (entry["actor"], entry["place"], entry["details"]["sessions"]) == ("cli", 1, 2)
    assert entry["words"] == "fraud"
    verdict = comptoir("audit", "verify", "--json")
    assert [(entry["place"], entry["digest"]) for entry in logs] == [(1, verdict["head"])]
    assert (verdict["holds"], verdict["entries"]) == (True, 1)
    assert f"Head, to be kept elsewhere: 1:{verdict['head']}" in comptoir("audit", "verify")
    assert comptoir("audit", "verify", "--head", f"1:{verdict['head']}", "--json")["holds"]
    by_audit.dispose()
    with psycopg.connect(owner_url) as intruder:
        intruder.execute("UPDATE audit_entry SET actor = 'user:9'")
    with pytest.raises(Failed, match=r"^1"):
        comptoir("audit", "verify")
    with psycopg.connect(owner_url) as intruder:
        intruder.execute("DELETE FROM audit_entry")
        intruder.execute("DELETE FROM audit_seal")
    with pytest.raises(Failed, match=r"^1"):
        comptoir("audit", "verify")
    assert comptoir("audit", "accept", "--reason", "restored", "--json") == {"place": 0}
    assert comptoir("audit", "verify", "--json")["holds"]
    with pytest.raises(Failed, match="PLACE:DIGEST"):
        comptoir("audit", "verify", "--head", "7")
    with pytest.raises(Failed, match=r"^3"):
        comptoir("audit", "list", "--subject", "user:8")


def test_a_copy_in_a_file_is_made_and_brought_back(
    comptoir: Comptoir, database: Database, tmp_path: Path
) -> None:
    with database.transaction() as session:
        make.user(session)
    database.dispose()
    key = tmp_path / "key"
    public = comptoir("backup", "key", "--to", str(key), "--json")["public"]
    assert stat.S_IMODE(key.stat().st_mode) == 0o600
    with pytest.raises(Failed, match="Name a new file"):
        comptoir("backup", "key", "--to", str(key))
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("BACKUP_KEY", public)
        backup = comptoir("backup", "--to", str(tmp_path), "--json")
    assert (backup["encrypted"], stat.S_IMODE(Path(backup["path"]).stat().st_mode)) == (True, 0o600)
    with database.transaction() as session:
        make.user(session, name="Later")
    database.dispose()
    with pytest.raises(Failed, match="--identity"):
        comptoir("restore", backup["path"])
    secret = ("--identity", str(key))
    with pytest.raises(Failed, match="not empty"):
        comptoir("restore", backup["path"], *secret)
    assert comptoir("restore", backup["path"], *secret, "--force", "--json")["revision"] == head_revision()
    with database.transaction() as session:
        assert len(session.exec(select(User)).all()) == 1
    assert "not encrypted" in comptoir("backup", "--to", str(tmp_path / "plain"))
    assert comptoir("backup", "--no-wait", "--json") == comptoir("backup", "--no-wait", "--json")


@pytest.mark.parametrize(
    ("typed", "message"),
    [
        (("orders", "show", "abc"), "no order 'abc'.*comptoir orders find"),
        (("ban", "9" * 20, "--reason", "fraud"), "refuses what was typed"),
        (("queue", "undo", "9" * 20), "refuses what was typed"),
        (("events", "list", "--provider", "paypal"), "paypal"),
    ],
)
def test_what_was_typed_wrongly_is_said_plainly(
    comptoir: Comptoir, typed: tuple[str, ...], message: str
) -> None:
    with pytest.raises(Failed, match=message) as failed:
        comptoir(*typed)
    assert "Traceback" not in str(failed.value)


def test_a_database_that_is_away_is_said_plainly(
    comptoir: Comptoir, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    copy = comptoir("backup", "--to", str(tmp_path), "--json")["path"]
    for role in ("", "OWNER_", "AUDIT_"):
        monkeypatch.setenv(f"{role}DATABASE_URL", "postgresql://nobody@127.0.0.1:1/none")
    monkeypatch.setenv("LINK_SECRET", "5e" * 32)
    for typed in (("migrate",), ("restore", copy), ("audit", "verify"), ("backup", "--to", str(tmp_path))):
        with pytest.raises(Failed, match="The database did not answer"):
            comptoir(*typed)
