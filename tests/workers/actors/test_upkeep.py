"""Backups in the store, sealing and pruning, as the workers do them."""

import secrets
from collections.abc import Callable, Iterator

import pytest
from pyrage import x25519
from sqlmodel import col, select

from core.audit.chain import Key, verify
from core.audit.record import record
from core.backup.copy import FOLDER, read_header
from core.ports import ObjectStore
from schemas import upkeep_jobs as jobs
from schemas.audit import AuditEntry
from schemas.operations import Backup
from scripts.commands.backup import follow
from scripts.embedded.streams import Chunks
from tests.support import make
from tests.support.worker import Worker
from workers.actors import upkeep
from workers.backup import PART, PartWriter, note

REGISTERED = upkeep


@pytest.fixture
def clean_store(make_worker: Callable[..., Worker]) -> Iterator[None]:
    """No copy of an earlier test, and none for a later one."""
    yield
    store = make_worker().services.store
    for copy in list(store.names(FOLDER)):
        store.delete(copy.key)


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
def test_a_backup_that_fails_leaves_nothing_and_says_why(make_worker: Callable[..., Worker]) -> None:
    worker = make_worker(s3_bucket="nowhere")
    job = worker.do(jobs.MakeBackup())
    assert job.state == "queued", "it is tried again"
    (failed,) = backups(worker)
    assert failed.state == "failed"
    assert "NoSuchBucket" in failed.error
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


def test_the_log_is_sealed_and_records_are_pruned(worker: Worker) -> None:
    with worker.database.transaction() as session:
        record(session, "cli", "person.banned", "user:7")
    assert worker.do(jobs.SealAudit()).state == "done"
    assert worker.do(jobs.PruneRecords()).state == "done"
    assert verify(worker.database, Key(make.SECRET)).entries == 1
    with worker.database.transaction() as session:
        assert session.exec(select(AuditEntry.place)).all() == [1]
