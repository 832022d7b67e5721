"""Backups in the store, sealing and pruning, as the workers do them."""

import os
import secrets
from collections.abc import Callable, Iterator

import psycopg
import pytest
from pyrage import x25519
from sqlalchemy import text
from sqlmodel import col, select

from core.audit.chain import verify
from core.audit.head import FOLDER as HEADS
from core.audit.keys import Key
from core.audit.record import record
from core.backup.copy import FOLDER, read_header
from core.ports import ObjectStore
from schemas import upkeep_jobs as jobs
from schemas.audit import AuditEntry
from schemas.operations import Alert, Backup
from scripts.commands.backup import follow
from scripts.embedded.streams import Chunks
from tests.support import make
from tests.support.worker import Worker
from workers.actors import upkeep
from workers.backup import PART, PartWriter, note

REGISTERED = upkeep


@pytest.fixture
def clean_store(make_worker: Callable[..., Worker]) -> Iterator[None]:
    """No copy and no head of an earlier test, and none for a later one."""
    store = make_worker().services.store
    _empty(store)
    yield
    _empty(store)


def _empty(store: ObjectStore) -> None:
    for folder in (FOLDER, HEADS):
        for left in list(store.names(folder)):
            store.delete(left.key)


def copies(store: ObjectStore) -> list[str]:
    return [copy.key for copy in store.names(FOLDER)]


def backups(worker: Worker) -> list[Backup]:
    with worker.database.transaction() as session:
        return list(session.exec(select(Backup).order_by(col(Backup.started_at))))


@pytest.mark.usefixtures("clean_store")
def test_a_backup_is_stored_encrypted_and_older_ones_go(make_worker: Callable[..., Worker]) -> None:
    key = x25519.Identity.generate()
    worker = make_worker(backup_key=str(key.to_public()), backup_keep=1)
    store = worker.services.store
    upload_id = store.multipart.begin(f"{FOLDER}20200101T000000Z-0001.dump", "text/plain")
    etag = store.multipart.put_bytes(f"{FOLDER}20200101T000000Z-0001.dump", upload_id, 1, b"old")
    store.multipart.complete(f"{FOLDER}20200101T000000Z-0001.dump", upload_id, [etag])
    job = worker.do(jobs.MakeBackup())
    (backup,) = backups(worker)
    assert follow(worker.database, job.id, quiet=True) == ("done", backup.model_dump())
    assert (backup.state, backup.encrypted, backup.error) == ("stored", True, "")
    assert copies(store) == [backup.name]
    stored = store.head(backup.name)
    assert stored is not None
    assert stored.size == backup.size
    assert backup.size < backup.database_size
    stream = Chunks(store.chunks(backup.name))
    assert read_header(stream).revision == backup.revision
    assert stream.read(22) == b"age-encryption.org/v1\n"


@pytest.mark.usefixtures("clean_store")
def test_a_copy_is_on_the_disk_before_it_counts_and_older_ones_go(
    make_worker: Callable[..., Worker], monkeypatch: pytest.MonkeyPatch
) -> None:
    worker = make_worker(backup_keep=1)
    worker.do(jobs.MakeBackup())
    (older,) = backups(worker)
    waits: list[tuple[list[str], int]] = []
    store = worker.services.store

    def look() -> None:
        waits.append(([row.state for row in backups(worker)], len(copies(store))))

    monkeypatch.setattr(os, "sync", look)
    worker.do(jobs.MakeBackup())
    assert waits == [(["stored", "running"], 2)]
    assert older.name not in copies(store)


@pytest.mark.usefixtures("clean_store")
def test_a_backup_that_fails_leaves_nothing_and_says_why(make_worker: Callable[..., Worker]) -> None:
    worker = make_worker(s3_bucket="nowhere")
    job = worker.do(jobs.MakeBackup())
    assert job.state == "queued", "it is tried again"
    (failed,) = backups(worker)
    assert failed.state == "failed"
    assert "AccessDenied" in failed.error
    note(worker.database, failed.name, state="running")  # as a worker that was killed leaves it
    again = make_worker()
    assert again.do(jobs.MakeBackup()).state == "done"
    assert "stored" in {row.state for row in backups(again)}
    assert not [row for row in backups(again) if row.state == "running"]


@pytest.mark.usefixtures("clean_store")
def test_what_is_written_goes_off_in_parts(worker: Worker) -> None:
    store, name = worker.services.store, f"{FOLDER}parts"
    whole = secrets.token_bytes(PART + 12_345)
    writer = PartWriter(store.multipart, name)
    for start in range(0, len(whole), 3_000_000):
        writer.write(whole[start : start + 3_000_000])
    assert writer.sent == PART
    writer.done()
    stream = Chunks(store.chunks(name))
    assert b"".join(iter(lambda: stream.read(1 << 20), b"")) == whole
    dropped = PartWriter(store.multipart, f"{FOLDER}dropped")
    dropped.write(b"x")
    dropped.drop()
    assert copies(store) == [name]


@pytest.mark.usefixtures("clean_store")
def test_the_log_is_sealed_and_records_are_pruned(worker: Worker) -> None:
    with worker.database.transaction() as session:
        record(session, "cli", "person.banned", "user:7")
    assert worker.do(jobs.SealAudit()).state == "done"
    assert worker.do(jobs.PruneRecords()).state == "done"
    assert verify(worker.database, Key(make.SECRET)).entries == 1
    with worker.database.transaction() as session:
        assert session.exec(select(AuditEntry.place)).all() == [1]


@pytest.mark.usefixtures("clean_store")
@pytest.mark.parametrize("which", ["> 1", "<= 1", "> 0"], ids=["a tail", "the first batch", "everything"])
def test_admins_are_told_once_that_the_log_was_rewritten_and_once_that_it_holds_again(
    worker: Worker, owner_url: str, which: str
) -> None:
    with worker.database.transaction() as session:
        admin = make.user(session, roles=("buyer", "admin"))
    for act in ("person.banned", "person.unbanned"):
        with worker.database.transaction() as session:
            record(session, "cli", act, "user:7")
        assert worker.do(jobs.SealAudit()).state == "done"
    with psycopg.connect(owner_url) as intruder:
        intruder.execute(f"DELETE FROM audit_seal WHERE last_place {which}".encode())
        altered = f"UPDATE audit_entry SET actor = 'user:9', place = NULL, digest = NULL WHERE place {which}"
        intruder.execute(altered.encode())
    for _ in range(2):
        assert worker.do(jobs.SealAudit()).state == "done"
    with worker.database.transaction() as session:
        assert make.sent_texts(session, admin) == ["alert-audit"]


@pytest.mark.usefixtures("clean_store")
@pytest.mark.parametrize("moment", ["infinity", "-infinity", "20000-01-01"])
def test_admins_are_told_at_once_of_an_entry_that_cannot_be_read(worker: Worker, moment: str) -> None:
    with worker.database.transaction() as session:
        admin = make.user(session, roles=("buyer", "admin"))
        added = (
            "INSERT INTO audit_entry (actor, action, subject, correlation_id, details, created_at)"
            f" VALUES ('cli', 'order.refunded', 'order\\:1', '', '{{}}', '{moment}')"
        )
        entry = session.connection().execute(text(f"{added} RETURNING id")).scalar_one()
        record(session, "cli", "person.banned", "user:7")
    for _ in range(2):
        assert worker.do(jobs.SealAudit()).state == "done"
    with worker.database.transaction() as session:
        assert make.sent_texts(session, admin) == ["alert-audit"]
        (alert,) = session.exec(select(Alert))
        assert alert.subject in ("unreadable", "backdated")
        assert alert.number == entry
