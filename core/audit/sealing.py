"""Sealing: the entries that have come get their place in the chain, and the end of the batch is signed.

Before a batch is sealed, the head that is kept outside the database must still stand in it: whoever has the
database and rewrites what was sealed finds that nothing of ours signs it anew. What claims to be older than
a seal that left nothing unsealed, or cannot be read, is not sealed either and stops nothing;
`core.audit.chain` names it.
"""

from datetime import datetime

import structlog
from sqlalchemy import text
from sqlmodel import Session

from core.audit.chain import BATCH, LATE, last_seal
from core.audit.details import Detail
from core.audit.head import Break, Broken, Head, Heads, check_head, head_of
from core.audit.keys import START, Key, digest_of
from core.audit.marks import check
from core.audit.reading import COLUMNS, check_rows, read_entry
from core.audit.record import record
from core.kit.db import Database
from schemas.audit import AuditSeal

LOCK = 0x41554449  # any constant that names sealing among advisory locks
LOOK_BACK = 1000  # seals among which the last that left nothing unsealed is looked for

UNSEALED = text(
    f"""
    SELECT {COLUMNS} AND place IS NULL AND (CAST(:since AS timestamptz) IS NULL OR created_at >= :since)
        AND (CAST(:after AS bigint) IS NULL OR id > :after)
    ORDER BY id LIMIT :batch
    """
)
BEYOND = text("SELECT id, place FROM audit_entry WHERE place > :place ORDER BY place LIMIT 1")
PLACE = text(
    """
    UPDATE audit_entry SET place = given.place, digest = given.digest
    FROM unnest(CAST(:ids AS bigint[]), CAST(:places AS bigint[]), CAST(:digests AS bytea[]))
        AS given (id, place, digest)
    WHERE audit_entry.id = given.id
    """
)
COMPLETE = text(
    """
    SELECT sealed_at FROM (
        SELECT sealed_at, last_place, pruned_at,
               last_place - coalesce(lag(last_place) OVER (ORDER BY last_place), 0) AS entries
        FROM (SELECT * FROM audit_seal ORDER BY last_place DESC LIMIT :look_back) AS newest
    ) AS batches
    WHERE entries < :batch OR pruned_at IS NOT NULL ORDER BY last_place DESC LIMIT 1
    """
)

log = structlog.get_logger(__name__)


def seal(database: Database, key: Key, heads: Heads, *, now: datetime) -> int:
    """Chain and seal what has come since the last seal; how many entries. Any number of jobs may run.

    Raises `Broken` when the kept head does not stand in the database; nothing is sealed then.
    """
    sealed = 0
    while True:
        with database.transaction() as session:
            count = _seal_batch(session, key, heads, now)
        sealed += count
        if not count:
            return sealed


def seal_and_check(database: Database, key: Key, heads: Heads, *, now: datetime) -> Break | None:
    """Seal what has come and re-read the whole log against the kept head and marks; the first place where it
    is broken."""
    try:
        seal(database, key, heads, now=now)
        return check(database, key, heads, heads.read())
    except Broken as error:
        return error.gap


def accept(database: Database, key: Key, heads: Heads, *, note: int | None, now: datetime) -> int:
    """Go on from what the database holds now, as after a restore; the place that is accepted.

    The head that was kept until now stays beside the new one, and the act is in the audit log with the number
    of the `note` that says why.
    """
    with database.transaction() as session:
        _lock(session)
        stored, newest = _read_if_ours(heads), last_seal(session)
        place = newest.last_place if newest else 0
        details: dict[str, Detail] = {"kept_place": stored.place, "digest": stored.digest} if stored else {}
        record(session, "cli", "audit.accepted", f"place:{place}", note=note, **details)
        heads.replace(stored, head_of(newest) if newest else None)
    return place


def _read_if_ours(heads: Heads) -> Head | None:
    try:
        return heads.read()
    except Broken:
        return None  # one that is not ours says nothing


def _lock(session: Session) -> None:
    session.connection().execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": LOCK})


def _seal_batch(session: Session, key: Key, heads: Heads, now: datetime) -> int:
    _lock(session)
    check_rows(session)
    before = last_seal(session)
    stored = heads.read()
    check_head(session, stored)
    if before is not None and (stored is None or before.last_place > stored.place):
        # What an earlier transaction sealed and committed: a head is never ahead of the database.
        heads.keep(head_of(before))
    place, digest = (before.last_place, before.digest) if before else (0, START)
    beyond = session.connection().execute(BEYOND, {"place": place}).first()
    if beyond is not None:
        raise Broken("seal-missing", beyond.place, beyond.id)
    ids, places, digests = [], [], []
    for entry, content in _next_entries(session):
        place, digest = place + 1, digest_of(digest, content)
        ids.append(entry)
        places.append(place)
        digests.append(digest)
    if not ids:
        return 0
    session.connection().execute(PLACE, {"ids": ids, "places": places, "digests": digests})
    seal = AuditSeal(last_place=place, digest=digest, sealed_at=now, signed_by="", signature=b"")
    key.sign(seal)
    session.add(seal)
    log.info("audit_sealed", place=place, digest=digest.hex(), entries=len(ids))
    return len(ids)


def _next_entries(session: Session) -> list[tuple[int, bytes]]:
    """The ids and contents of the next entries to be sealed. Fewer than a batch only where no more wait:
    a seal over fewer says that it left nothing."""
    complete = session.connection().execute(COMPLETE, {"look_back": LOOK_BACK, "batch": BATCH}).scalar()
    since = complete - LATE if complete else None
    entries: list[tuple[int, bytes]] = []
    after = None
    while len(entries) < BATCH:
        page = {"batch": BATCH - len(entries), "since": since, "after": after}
        rows = session.connection().execute(UNSEALED, page).all()
        if not rows:
            break
        for row in rows:
            try:
                entries.append((row.id, read_entry(row).content))
            except Broken:
                log.error("audit_entry_unreadable", entry=row.id)
        after = rows[-1].id
    return entries
