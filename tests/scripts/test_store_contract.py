"""The contract of stores: the embedded one holds it all, an odd one fails exactly what it fails."""

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from core.process.settings import Settings
from scripts import cli
from scripts.doctor.finding import Finding
from scripts.doctor.store_contract import contract, parts, trial
from scripts.doctor.store_contract.contract import CLAUSES, LAST, examine_store
from scripts.embedded.store import Store
from scripts.embedded.store_access import make_keys
from tests.support.rclone_store import RcloneStore
from tests.support.stored import reaching
from tests.support.twisting_store import Answer, Request, TwistingStore, refusal
from workers.bucket_cors import TELEGRAM_WEB
from workers.store import S3Store

PUBLIC = "https://shop.example"


def states(findings: list[Finding]) -> dict[str, str]:
    """Each finding's state by its name; whoever says that something is missing says what to set."""
    assert all(item.mend for item in findings if item.state != "ok"), findings
    return {item.name: item.state for item in findings}


def open_to_pages(settings: Settings) -> Settings:
    S3Store(settings).ensure_bucket((TELEGRAM_WEB, PUBLIC))
    return replace(settings, public_url=PUBLIC)


def leftovers(store: Store | RcloneStore) -> list[str]:
    """What a trial has left in the bucket."""
    s3 = S3Store(reaching(store))
    uploads = s3.multipart._client._list_multipart_uploads(store.bucket, prefix=trial.FOLDER).uploads
    return [kept.key for kept in s3.names(trial.FOLDER)] + [str(upload.object_name) for upload in uploads]


@pytest.fixture
def few_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    """The list of parts is tried with few of them, where it is not what the test is about."""
    monkeypatch.setattr(parts, "MANY", 3)


def test_the_embedded_store_holds_every_clause_and_keeps_nothing(store: Store) -> None:
    findings = list(examine_store(open_to_pages(reaching(store))))

    assert states(findings) == dict.fromkeys([*(clause.name for clause in CLAUSES), LAST], "ok")
    assert leftovers(store) == []


def test_an_odd_store_fails_exactly_what_it_fails(tmp_path: Path) -> None:
    with RcloneStore(tmp_path / "data", tmp_path / "log", make_keys()) as odd:
        found = states(list(examine_store(open_to_pages(reaching(odd)))))

        assert {name: state for name, state in found.items() if state != "ok"} == {
            "ranges": "warn",  # its bytes come with 200
            "last bytes": "warn",
            "If-Match": "warn",
            "foreign pages": "warn",
            "part 10,000": "warn",
            "part sent twice": "warn",
            "wrong ETag": "warn",
            "damaged part": "warn",
        }
        assert set(found) == {*(clause.name for clause in CLAUSES), LAST}
        assert leftovers(odd) == []


@pytest.mark.usefixtures("few_parts")
def test_the_command_tells_each_clause_and_ends_by_the_worst(
    store: Store, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    for name, text in {
        **store.environment,
        "PUBLIC_URL": "https://shut-out.example",
        "DATABASE_URL": "postgresql://nobody@127.0.0.1:1/none",
        "REDIS_URL": "redis://127.0.0.1:1/0",
    }.items():
        monkeypatch.setenv(name, text)
    S3Store(reaching(store)).ensure_bucket((TELEGRAM_WEB,))

    with pytest.raises(SystemExit) as ended:
        cli.run("doctor", ["--store", "--json", "--var", str(tmp_path)])
    rows = json.loads(capsys.readouterr().out)
    assert ended.value.code == 1
    assert [row["name"] for row in rows] == [*(clause.name for clause in CLAUSES), LAST]
    assert [row["name"] for row in rows if row["state"] == "fail"] == ["pages", "ETag for pages"]

    with pytest.raises(SystemExit):
        cli.run("doctor", ["--store", "--var", str(tmp_path)])
    shown = capsys.readouterr().out
    assert "FAIL pages: pages at https://shut-out.example may not send parts" in shown
    assert "put-bucket-cors" in shown
    assert "2 wrong" in shown


def test_a_store_that_takes_nothing_is_tried_no_further(
    store: Store, settings: Callable[..., Settings]
) -> None:
    wrong_key = replace(reaching(store), s3_secret_key="another")

    assert list(states(list(examine_store(wrong_key)))) == ["signed addresses", "others", LAST]
    assert states(list(examine_store(settings()))) == {"store": "fail"}


def test_a_trial_ends_in_time_and_cleans_up(store: Store) -> None:
    (late, last) = examine_store(reaching(store), patience=0)

    assert (late.state, last.state) == ("fail", "ok")
    assert f"{len(CLAUSES)} of {len(CLAUSES)} were not tried" in late.mend


def test_a_trial_that_breaks_in_the_middle_cleans_up(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(held: trial.Trial) -> str:
        held.put_part(held.begin("begun.bin"), 1, b"begun")
        raise KeyboardInterrupt

    clause = contract.Clause("interrupted", interrupted, "fail", "Nothing.")
    monkeypatch.setattr(contract, "CLAUSES", (CLAUSES[0], clause))

    with pytest.raises(KeyboardInterrupt):
        list(examine_store(reaching(store)))
    assert leftovers(store) == []


def test_what_a_killed_trial_left_is_removed_by_a_later_one(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    killed = trial.Trial(reaching(store), patience=60)
    killed.stored("left.txt", b"left")
    killed.begin("left.bin")
    monkeypatch.setattr(contract, "CLAUSES", CLAUSES[:1])
    list(examine_store(reaching(store)))
    assert len(leftovers(store)) == 2, "it may still be going on"

    monkeypatch.setattr(trial, "STALE", timedelta(seconds=-60))
    list(examine_store(reaching(store)))
    assert leftovers(store) == []


@pytest.mark.usefixtures("few_parts")
def test_a_key_with_the_shops_rights_alone_is_enough(store: Store) -> None:
    """Neither the bucket's settings nor those of others are asked for, and what may not be listed is told."""

    def ahead(request: Request) -> Answer | None:
        path, _, query = request.path.partition("?")
        lists = "list-type" in query or "uploads" in query
        on_bucket = path.strip("/") == store.bucket
        return refusal(403, "AccessDenied") if on_bucket and (lists or request.method != "OPTIONS") else None

    open_to_pages(reaching(store))
    with TwistingStore(store.port, ahead=ahead) as proxy:
        found = states(list(examine_store(replace(reaching(store), s3_endpoint=proxy.url))))

    assert {name: state for name, state in found.items() if state != "ok"} == {
        "listing": "warn",
        "unfinished uploads": "warn",
    }
    assert leftovers(store) == []


def test_what_cannot_be_removed_is_named(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(contract, "CLAUSES", CLAUSES[:1])
    may_not = refusal(403, "AccessDenied")
    with TwistingStore(
        store.port, ahead=lambda asked: may_not if asked.method == "DELETE" else None
    ) as proxy:
        *_, last = examine_store(replace(reaching(store), s3_endpoint=proxy.url))

    assert (last.state, last.name) == ("warn", LAST)
    assert "/signed.txt" in last.found
    S3Store(reaching(store)).delete(leftovers(store)[0])
