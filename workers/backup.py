"""Backups of the database: copies streamed into the store, and the oldest ones dropped."""

import os

import structlog
from sqlalchemy import text, update
from sqlmodel import Session, col, delete

from core.backup.copy import FOLDER, Header, copy_database, plan_copy, too_many
from core.backup.programs import Program
from core.kit.db import Database
from core.kit.errors import ComptoirError
from core.ports import MultipartUploads, ObjectStore
from core.process.database_roles import direct_of
from schemas.operations import Backup
from workers.run import Run

PART = 16 << 20
"""Bytes of a part: S3 takes 10,000 of them, so a copy of up to 156 GiB."""
CONTENT_TYPE = "application/octet-stream"

log = structlog.get_logger(__name__)


class PartWriter:
    """A file to write to that uploads parts; `done` assembles them, `drop` leaves nothing behind."""

    def __init__(self, uploads: MultipartUploads, key: str) -> None:
        self._uploads = uploads
        self._key = key
        self._upload_id = uploads.begin(key, CONTENT_TYPE)
        self._buffer = bytearray()
        self._etags: list[str] = []
        self.sent = 0

    def write(self, block: bytes) -> int:
        """Take all of it, and send what fills a part."""
        self._buffer += block
        while len(self._buffer) >= PART:
            self._send(bytes(self._buffer[:PART]))
            del self._buffer[:PART]
        return len(block)

    def flush(self) -> None:
        """Do nothing: a part is sent when it is full."""

    def done(self) -> None:
        """Send the rest and assemble the object."""
        if self._buffer:
            self._send(bytes(self._buffer))
        self._uploads.complete(self._key, self._upload_id, self._etags)

    def drop(self) -> None:
        """Let the store forget what was sent."""
        self._uploads.abort(self._key, self._upload_id)

    def _send(self, part: bytes) -> None:
        number = len(self._etags) + 1
        self._etags.append(self._uploads.put_bytes(self._key, self._upload_id, number, part))
        self.sent += len(part)


class _ReportingWriter(PartWriter):
    """Writes down after each part how far it is, and stops where somebody cancelled the job."""

    def __init__(self, run: Run, name: str) -> None:
        super().__init__(run.services.store.multipart, name)
        self._run = run
        self._name = name

    def _send(self, part: bytes) -> None:
        self._run.stop_if_cancelled()
        super()._send(part)
        note(self._run.services.database, self._name, size=self.sent)


def back_up(run: Run) -> Header:
    """Copy the database into the store and return the copy's header.

    Raises `BackupError`, and what the store raises.
    """
    settings, database = run.services.settings, run.services.database
    header, program = plan_copy(direct_of(settings), key=settings.backup_key, now=run.now())
    with database.transaction() as session:
        _begin(session, header)
    try:
        size = _send(run, header, program)
        # A store on this machine acknowledges before the disk has it; older copies go once this one stands.
        os.sync()
    except BaseException as error:
        why = str(error) if isinstance(error, ComptoirError) else type(error).__name__
        note(database, header.name, state="failed", error=why[:1000], ended_at=run.now())
        raise
    note(database, header.name, state="stored", size=size, ended_at=run.now())
    log.info("backup_stored", name=header.name, size=size, encrypted=header.encrypted)
    return header


def _send(run: Run, header: Header, program: Program) -> int:
    """Stream the copy into the store; its bytes. What fails leaves no parts behind."""
    settings = run.services.settings
    writer = _ReportingWriter(run, header.name)
    try:
        copy_database(direct_of(settings), header, program, writer, key=settings.backup_key)
        writer.done()
    except BaseException:
        writer.drop()
        raise
    return writer.sent


def drop_old(store: ObjectStore, session: Session, keep: int) -> list[str]:
    """Remove all but the `keep` newest copies; returns the names of those removed. One that the store does
    not remove stays until the next time, and keeps none of the others."""
    gone: list[str] = []
    for name in too_many([stored.key for stored in store.names(FOLDER)], keep):
        try:
            store.delete(name)
        except (ComptoirError, OSError) as error:
            log.warning("the copy %s could not be removed: %s", name, error)
        else:
            gone.append(name)
    session.execute(delete(Backup).where(col(Backup.name).in_(gone)))
    return gone


def note(database: Database, name: str, **values: object) -> None:
    """Write down in the database how far a copy is."""
    with database.transaction() as session:
        session.execute(update(Backup).where(col(Backup.name) == name).values(**values))


def _begin(session: Session, header: Header) -> None:
    """A copy that a dying worker left running has failed."""
    session.execute(
        update(Backup)
        .where(col(Backup.state) == "running")
        .values(state="failed", error="cut off", ended_at=header.made_at)
    )
    size = session.execute(text("SELECT pg_database_size(current_database())")).scalar_one()
    row = Backup(
        name=header.name,
        database_size=size,
        revision=header.revision,
        encrypted=header.encrypted,
        started_at=header.made_at,
    )
    session.merge(row)
