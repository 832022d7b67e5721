"""Commands of those who run the shop: events, bans."""

import pytest

from core.db import Database
from core.payment_events import handle_event
from tests import make
from tests.core.test_events_desk import told
from tests.make import NOW
from tests.scripts.conftest import Comptoir, Failed


def test_events_are_listed_shown_counted_and_replayed(comptoir: Comptoir, database: Database) -> None:
    with database.transaction() as session:
        event = told(session, "order:0", "ch-1", make.user(session).telegram_id)
        handle_event(session, event, now=NOW)
    listed = comptoir("events", "list", "--state", "unmatched", "--json")
    assert listed["counts"] == {"unmatched": 1}
    assert [item["id"] for item in listed["events"]] == [str(event)]
    assert "unmatched 1" in comptoir("events", "list")
    shown = comptoir("events", "show", str(event), "--json")
    assert '"charge_id":"ch-1"' in shown["body"]
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
