"""The audit log as a chain: whoever changes, removes or slips in an entry afterwards is found out.

A job gives the entries that have come since its last run their place (1, 2, 3, …) and a digest over their
content and the digest before: SHA-256, in batches, because a chain written with each row would make every
transaction of the shop wait for the one before. The end of each batch is sealed: signed by HMAC-SHA256
(RFC 2104) with a key derived from LINK_SECRET, which no database holds. Entries are chained in the order in
which the job finds them, so one that was written in a long transaction is chained late and not lost.

Pruning removes whole batches from the front. The seal of the last of them stays, signed anew as the place
where the chain begins; nobody without the key can shorten it so. What a chain cannot show by itself is that
its newest entries are gone together with their seals: each sealing is in the workers' log, and
`comptoir audit verify --head PLACE:DIGEST` checks one that was kept elsewhere.
"""

import hashlib
import hmac
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec
import structlog
from sqlalchemy import Row, func, text
from sqlmodel import Session, col, select

from core.kit.db import Database
from schemas.audit import AuditEntry, AuditSeal

BATCH = 2000
SEALS = 500  # read at once
START = bytes(32)
"""What stands before the first entry."""
LOCK = 0x41554449  # any constant that names sealing among advisory locks
LATE = timedelta(hours=1)
"""How long a transaction may take from its act to its commit. An entry that claims to be older by more than
a seal that left nothing unsealed was not there when it says."""

UNSEALED = text(
    """
    SELECT id, actor, action, subject, correlation_id, details, created_at, place, digest
    FROM audit_entry WHERE place IS NULL ORDER BY id LIMIT :batch
    """
)
CHAINED = text(
    """
    SELECT id, actor, action, subject, correlation_id, details, created_at, place, digest
    FROM audit_entry WHERE place > :after ORDER BY place
    """
)
PLACE = text(
    """
    UPDATE audit_entry SET place = given.place, digest = given.digest
    FROM unnest(CAST(:ids AS bigint[]), CAST(:places AS bigint[]), CAST(:digests AS bytea[]))
        AS given (id, place, digest)
    WHERE audit_entry.id = given.id
    """
)

log = structlog.get_logger(__name__)


class Key:
    """The key of the seals, derived from LINK_SECRET (hexadecimal); `name` tells keys apart."""

    def __init__(self, secret: str) -> None:
        self._key = hmac.digest(bytes.fromhex(secret), b"comptoir audit seal", "sha256")
        self.name = hashlib.sha256(self._key).hexdigest()[:16]

    def sign(self, seal: AuditSeal) -> None:
        """Sign a seal as it is now."""
        seal.signed_by, seal.signature = self.name, self._signature(seal)

    def signed(self, seal: AuditSeal) -> bool:
        """Whether this key signed the seal as it is."""
        return hmac.compare_digest(seal.signature, self._signature(seal))

    def _signature(self, seal: AuditSeal) -> bytes:
        pruned = _written(seal.pruned_at) if seal.pruned_at else None
        text = msgspec.json.encode([seal.last_place, seal.digest.hex(), _written(seal.sealed_at), pruned])
        return hmac.digest(self._key, text, "sha256")


@dataclass(frozen=True)
class Break:
    """The first place where the log is not what was sealed. `entry` is the id of the row, where there is one.

    `why`: changed, missing, backdated, seal-forged, seal-missing or head-missing.
    """

    why: str
    place: int | None
    entry: int | None = None


@dataclass(frozen=True)
class Verdict:
    """What verifying found. The chain holds when `broken` is None.

    `entries` were verified after place `begins_after` (0, or where it was pruned), up to `head`, the digest
    of place `last_place`. `unsealed` entries are newer than the last seal. `old_keys`: seals by a LINK_SECRET
    that was changed since; a later seal of today's covers them.
    """

    broken: Break | None
    entries: int
    begins_after: int
    last_place: int
    head: str
    sealed_at: datetime | None
    unsealed: int
    old_keys: int = 0


def digest_of(before: bytes, row: "Row[Any]") -> bytes:
    """The digest of an entry after that of the entry before: SHA-256 over both."""
    head = [row.id, row.actor, row.action, row.subject, row.correlation_id]
    whole = [*head, sorted(row.details.items()), _written(row.created_at)]
    return hashlib.sha256(before + msgspec.json.encode(whole)).digest()


def seal(database: Database, key: Key, *, now: datetime) -> int:
    """Chain and seal what has come since the last seal; how many entries. Any number of jobs may run."""
    sealed = 0
    while True:
        with database.transaction() as session:
            count = _seal_batch(session, key, now)
        sealed += count
        if count < BATCH:
            return sealed


def verify(database: Database, key: Key, *, known_head: tuple[int, str] | None = None) -> Verdict:
    """Read the whole chain in bounded memory, as it was at one moment; `known_head` is a place and the
    hexadecimal digest that it had."""
    with database.transaction() as session:
        session.connection(execution_options={"isolation_level": "REPEATABLE READ"})
        return _Reading(session, key, known_head).verdict()


def last_seal(session: Session) -> AuditSeal | None:
    """The newest seal."""
    return session.exec(select(AuditSeal).order_by(col(AuditSeal.last_place).desc()).limit(1)).first()


def _seal_batch(session: Session, key: Key, now: datetime) -> int:
    session.connection().execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": LOCK})
    rows = session.connection().execute(UNSEALED, {"batch": BATCH}).all()
    if not rows:
        return 0
    before = last_seal(session)
    place, digest = (before.last_place, before.digest) if before else (0, START)
    places, digests = [], []
    for row in rows:
        place, digest = place + 1, digest_of(digest, row)
        places.append(place)
        digests.append(digest)
    params = {"ids": [row.id for row in rows], "places": places, "digests": digests}
    session.connection().execute(PLACE, params)
    seal = AuditSeal(last_place=place, digest=digest, sealed_at=now, signed_by="", signature=b"")
    key.sign(seal)
    session.add(seal)
    log.info("audit_sealed", place=place, digest=digest.hex(), entries=len(rows))
    return len(rows)


class _Broken(Exception):
    def __init__(self, why: str, place: int | None, entry: int | None = None) -> None:
        self.gap = Break(why, place, entry)


class _Reading:
    """One pass over the chain."""

    def __init__(self, session: Session, key: Key, known_head: tuple[int, str] | None) -> None:
        self._session = session
        self._key = key
        self._known_place, self._known_digest = known_head or (0, "")
        self._entries = self._begins_after = self._old_keys = 0
        self._place, self._digest = 0, START
        self._trusted = True  # today's key has signed the newest seal seen so far
        self._seal: AuditSeal | None = None
        self._complete_at: datetime | None = None  # when the last seal was made that left nothing unsealed

    def verdict(self) -> Verdict:
        """Read everything up to the first break."""
        broken = None
        try:
            self._read()
        except _Broken as error:
            broken = error.gap
        seal = self._seal
        unsealed = select(func.count()).select_from(AuditEntry).where(col(AuditEntry.place).is_(None))
        return Verdict(
            broken,
            self._entries,
            self._begins_after,
            seal.last_place if seal else 0,
            seal.digest.hex() if seal else "",
            seal.sealed_at if seal else None,
            self._session.exec(unsealed).one(),
            self._old_keys,
        )

    def _read(self) -> None:
        self._begin()
        streamed = self._session.connection().execution_options(stream_results=True, max_row_buffer=BATCH)
        with streamed.execute(CHAINED, {"after": self._place}) as rows:
            self._follow(iter(rows))
        if not self._trusted:
            raise _Broken("seal-forged", self._place)
        if self._known_place > self._place:
            raise _Broken("head-missing", self._known_place)
        self._check_unsealed()

    def _follow(self, rows: "Iterator[Row[Any]]") -> None:
        for seal in self._seals():
            before = self._place
            while self._place < seal.last_place:
                self._take(next(rows, None))
            self._close(seal, self._place - before)
        beyond = next(rows, None)
        if beyond is not None:
            raise _Broken("seal-missing", beyond.place, beyond.id)

    def _begin(self) -> None:
        """The chain begins at nothing, or where its front was pruned: that seal is the first there is."""
        first = self._session.exec(select(AuditSeal).order_by(col(AuditSeal.last_place)).limit(1)).first()
        if first is None or first.pruned_at is None:
            return
        if not self._key.signed(first):
            raise _Broken("seal-forged", first.last_place)
        self._seal, self._begins_after, self._complete_at = first, first.last_place, first.sealed_at
        self._place, self._digest = first.last_place, first.digest

    def _take(self, row: "Row[Any] | None") -> None:
        """The next entry must have the next place, and the digest that was sealed."""
        if row is None or row.place != self._place + 1:
            raise _Broken("missing", self._place + 1)
        self._place, self._digest = row.place, digest_of(self._digest, row)
        if self._digest != row.digest:
            raise _Broken("changed", row.place, row.id)
        if self._complete_at is not None and row.created_at < self._complete_at - LATE:
            raise _Broken("backdated", row.place, row.id)
        if row.place == self._known_place and self._digest.hex() != self._known_digest:
            raise _Broken("head-missing", row.place, row.id)
        self._entries += 1

    def _close(self, seal: AuditSeal, entries: int) -> None:
        """A seal by today's key covers everything before it, also what an earlier key sealed."""
        if seal.pruned_at is not None or self._digest != seal.digest:
            raise _Broken("seal-forged", seal.last_place)
        if seal.signed_by != self._key.name:
            self._trusted = False
            self._old_keys += 1
        elif self._key.signed(seal):
            self._trusted = True
        else:
            raise _Broken("seal-forged", seal.last_place)
        self._seal = seal
        if entries < BATCH:
            self._complete_at = seal.sealed_at

    def _seals(self) -> Iterator[AuditSeal]:
        after = self._place
        while True:
            page = select(AuditSeal).where(col(AuditSeal.last_place) > after)
            seals = self._session.exec(page.order_by(col(AuditSeal.last_place)).limit(SEALS)).all()
            yield from seals
            if len(seals) < SEALS:
                return
            after = seals[-1].last_place
            self._session.expunge_all()

    def _check_unsealed(self) -> None:
        """What waits for its seal cannot be older than the last seal that left nothing."""
        if self._complete_at is None:
            return
        old = select(AuditEntry.id).where(
            col(AuditEntry.place).is_(None), col(AuditEntry.created_at) < self._complete_at - LATE
        )
        slipped = self._session.exec(old.order_by(col(AuditEntry.id)).limit(1)).first()
        if slipped is not None:
            raise _Broken("backdated", None, slipped)


def _written(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat()
