"""`comptoir queue` and `comptoir schedule` as a person and a script type them."""

import io
from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlmodel import Session, select

from core.jobs.schedules import KNOWN, seed
from core.kit.db import Database
from schemas.base import utc_now
from schemas.queue import Job
from scripts.dashboard.words import ago, arguments, failure, rate, span, spark
from tests.core.jobs.admin.rows import beat, job
from tests.scripts.conftest import Comptoir, Failed
from tests.scripts.dashboard.conftest import number, tell
from tests.support.make import NOW


@pytest.fixture
def add(database: Database) -> Callable[..., None]:
    def rows(*states: str) -> None:
        with database.transaction() as session:
            for place, state in enumerate(states):
                job(session, state, args={"order_id": place})

    return rows


def states(database: Database) -> list[str]:
    with database.transaction() as session:
        return sorted(session.exec(select(Job.state)).all())


def write(database: Database, build: Callable[[Session], None]) -> None:
    with database.transaction() as session:
        build(session)


def test_jobs_are_listed_shown_and_grouped(comptoir: Comptoir, add: Callable[..., None]) -> None:
    add("dead", "dead", "queued")
    assert "order_id=1" in comptoir("queue", "jobs", "state:dead arg.order_id=1")
    (job,) = comptoir("queue", "jobs", "state:dead arg.order_id=1", "--json")
    assert (job["state"], job["args"]) == ("dead", {"order_id": 1})
    detail = comptoir("queue", "show", job["id"], "--json")
    assert (detail["error_class"], len(detail["siblings"])) == ("TimeoutError", 2)
    (group,) = comptoir("queue", "dead", "--json")
    assert (group["number"], group["fingerprint"]) == (2, "f00d00000001")
    with pytest.raises(Failed, match=r"^3:"):
        comptoir("queue", "jobs", "state:cancelled")


def test_a_filter_that_makes_no_sense_is_pointed_at(comptoir: Comptoir) -> None:
    with pytest.raises(Failed, match=r"state:deaf\n +\^\^\^\^"):
        comptoir("queue", "jobs", "state:deaf")
    with pytest.raises(Failed, match="no job's id"):
        comptoir("queue", "show", "42")


def test_an_act_counts_first_and_is_done_when_confirmed(
    comptoir: Comptoir, add: Callable[..., None], database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    add("dead", "dead")
    assert "2 jobs match" in comptoir("queue", "retry", "state:dead", "--dry-run")
    monkeypatch.setattr("sys.stdin", io.StringIO("retry 3\n"))
    with pytest.raises(Failed, match="Not confirmed"):
        comptoir("queue", "retry", "state:dead")
    with pytest.raises(Failed, match="more than the 1"):
        comptoir("queue", "retry", "state:dead", "--confirm", "1")
    assert states(database) == ["dead", "dead"]
    monkeypatch.setattr("sys.stdin", io.StringIO("retry 2\n"))
    assert "retry: 2 of 2 jobs changed; this is act 1." in comptoir("queue", "retry", "state:dead")
    assert states(database) == ["queued", "queued"]
    with pytest.raises(Failed, match=r"^3:"):
        comptoir("queue", "retry", "state:dead", "--confirm", "2")


def test_each_act_has_its_command_and_a_delete_its_undo(
    comptoir: Comptoir, add: Callable[..., None], database: Database
) -> None:
    add("dead", "queued")
    comptoir("queue", "edit", "actor:deliver state:dead", "--set", "order_id=9", "--confirm", "1")
    assert comptoir("queue", "cancel", "state:queued", "--confirm", "2", "--json")["changed"] == 2
    deleted = comptoir("queue", "delete", "", "--confirm", "2")
    assert "comptoir queue undo 3" in deleted
    assert states(database) == []
    assert comptoir("queue", "undo", "3", "--json") == {"act": 3, "restored": 2}
    assert [item["verb"] for item in comptoir("queue", "acts", "--json")] == ["delete", "cancel", "edit"]
    with pytest.raises(Failed, match=r"^3:"):
        comptoir("queue", "run", "state:queued", "--dry-run")
    with pytest.raises(Failed, match="Moves are possible among"):
        comptoir("queue", "move", "state:dead", "--to", "interactive", "--confirm", "1")
    with pytest.raises(Failed, match="Write NAME=VALUE"):
        comptoir("queue", "edit", "actor:deliver", "--set", "order_id", "--confirm", "1")


def test_queues_are_paused_and_workers_drained(comptoir: Comptoir, database: Database) -> None:
    write(database, lambda session: beat(session, beat_at=utc_now()))
    comptoir("queue", "pause", "bulk")
    comptoir("queue", "drain", "shop:4242:a1b2c3")
    seen = comptoir("queue", "overview", "--json")
    assert {line["queue"]: line["paused_by"] for line in seen["queues"]}["bulk"] == "cli"
    assert all(item["holds"] for item in seen["invariants"])
    assert comptoir("queue", "workers", "--json")[0]["draining"] is True
    assert "drained" in comptoir("queue", "workers")
    assert "cli" in comptoir("queue", "overview")
    comptoir("queue", "resume", "bulk")
    comptoir("queue", "drain", "shop:4242:a1b2c3", "--undo")
    assert comptoir("queue", "workers", "--json")[0]["draining"] is False
    with pytest.raises(Failed, match="No worker is called"):
        comptoir("queue", "drain", "nobody:1")


def test_the_read_only_mode_looks_and_never_acts(
    comptoir: Comptoir, add: Callable[..., None], database: Database
) -> None:
    add("dead")
    assert len(comptoir("queue", "--read-only", "jobs", "--json")) == 1
    for command in (
        ("retry", "", "--confirm", "1"),
        ("pause", "bulk"),
        ("drain", "shop:4242:a1b2c3"),
        ("undo", "1"),
    ):
        with pytest.raises(Failed, match="read-only"):
            comptoir("queue", "--read-only", *command)
    assert states(database) == ["dead"]


def test_schedules_are_listed_run_and_paused(comptoir: Comptoir, database: Database) -> None:
    assert "workers write them" in comptoir("schedule", "list")
    write(database, lambda session: seed(session, KNOWN, utc_now()))
    comptoir("schedule", "pause", "expire_orders")
    listed = {line["name"]: line for line in comptoir("schedule", "list", "--json")}
    assert listed["expire_orders"]["paused"] is True
    comptoir("schedule", "resume", "expire_orders")
    run = comptoir("schedule", "run", "expire_orders", "--json")
    assert comptoir("queue", "show", run["job"], "--json")["actor"] == "expire_orders"
    assert "expire_orders" in comptoir("schedule", "list")


def test_the_read_only_mode_of_schedules_looks_and_never_acts(comptoir: Comptoir, database: Database) -> None:
    write(database, lambda session: seed(session, KNOWN, utc_now()))
    assert "expire_orders" in comptoir("schedule", "--read-only", "list")
    for command in ("run", "pause", "resume"):
        with pytest.raises(Failed, match="read-only"):
            comptoir("schedule", "--read-only", command, "expire_orders")
    assert not any(line["paused"] for line in comptoir("schedule", "list", "--json"))
    assert states(database) == []


def test_lists_keep_to_a_narrow_terminal_with_ids_whole_and_leave_nothing_out_of_a_pipe(
    comptoir: Comptoir, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(database, tell)
    comptoir("queue", "delete", f"id:{number(50)}", "--confirm", "1")
    lists = [("queue", name) for name in ("overview", "workers", "jobs", "dead", "acts")]
    monkeypatch.setenv("COLUMNS", "80")
    for command in (*lists, ("schedule", "list")):
        table, _, _ = comptoir(*command).partition("\nBroken: ")
        assert max(map(len, table.splitlines())) <= 80
    assert str(number(10)) in comptoir("queue", "jobs", "state:dead")
    monkeypatch.delenv("COLUMNS")
    assert "TimeoutError: the store timed out" in comptoir("queue", "jobs", "state:dead")


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (None, ""),
        (0, "0s"),
        (4.04, "4.0s"),
        (59, "59s"),
        (64, "1m4s"),
        (3600, "1h"),
        (90_061, "1d1h"),
        (-5, "-5.0s"),
    ],
)
def test_spans(seconds: float | None, words: str) -> None:
    assert span(seconds) == words


def test_figures_are_short() -> None:
    assert (rate(0), rate(0.5), rate(12.34)) == ("0", "30.0/min", "12.3/s")
    assert failure("core.kit.errors.Permanent", "gone") == "Permanent: gone"
    assert (failure("TimeoutError"), failure(None)) == ("TimeoutError", "")
    assert spark([0, 1, 4, 8], 4) == " ▁▄█"
    assert spark([0] * 4, 2) == "  "
    assert arguments({"a": "x y", "b": 1, "c": None}) == "a=x y b=1 c=null"
    assert (ago(NOW, NOW + timedelta(minutes=2)), ago(NOW, NOW - timedelta(minutes=2))) == ("2m", "in 2m")
