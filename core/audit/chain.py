"""The audit log as a chain: whoever changes, removes or slips in an entry afterwards is found out.

A job gives the entries that have come since its last run their place (1, 2, 3, …) and a digest over their
content and the digest before: SHA-256, in batches, because a chain written with each row would make every
transaction of the shop wait for the one before. The end of each batch is sealed: signed by HMAC-SHA256
(RFC 2104) with a key derived from LINK_SECRET, which no database holds. Entries are chained in the order in
which the job finds them, so one that was written in a long transaction is chained late and not lost.

Pruning removes whole batches from the front. The seal of the last of them stays, signed anew as the place
where the chain begins; nobody without the key can shorten it so. What a chain cannot show by itself is that
its newest entries are gone together with their seals: `core.audit.head` keeps the head elsewhere.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row, func, text
from sqlmodel import Session, col, select

from core.audit.head import Break, Broken, Head
from core.audit.keys import START, Key, digest_of
from core.audit.reading import COLUMNS, check_rows, entry_at, large_entry, read_entry
from core.kit.db import Database
from schemas.audit import AuditEntry, AuditSeal

BATCH = 2000
SEALS = 500  # read at once
LATE = timedelta(hours=1)
"""How long a transaction may take from its act to its commit. An entry that claims to be older by more than
a seal that left nothing unsealed was not there when it says."""

CHAINED = text(f"SELECT {COLUMNS} AND place > :after ORDER BY place")
WAITING = text(f"SELECT {COLUMNS} AND place IS NULL ORDER BY id")


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


def verify(database: Database, key: Key, *, known_heads: Sequence[Head] = ()) -> Verdict:
    """Read the whole chain in bounded memory, as it was at one moment; each of the `known_heads`
    must stand in it."""
    with snapshot(database) as session:
        return read_chain(session, key, known_heads)


@contextmanager
def snapshot(database: Database) -> Iterator[Session]:
    """A session that sees the database as it was at one moment."""
    with database.transaction() as session:
        session.connection(execution_options={"isolation_level": "REPEATABLE READ"})
        yield session


def read_chain(
    session: Session, key: Key, known_heads: Sequence[Head], *, after: AuditSeal | None = None
) -> Verdict:
    """Read the chain, all of it or what comes after a seal of today's key that left nothing unsealed."""
    return _Reading(session, key, known_heads, after).verdict()


def last_seal(session: Session) -> AuditSeal | None:
    """The newest seal."""
    return session.exec(select(AuditSeal).order_by(col(AuditSeal.last_place).desc()).limit(1)).first()


class _Reading:
    """One pass over the chain."""

    def __init__(
        self, session: Session, key: Key, known_heads: Sequence[Head], after: AuditSeal | None
    ) -> None:
        self._after = after
        self._session = session
        self._key = key
        self._known = {head.place: head.digest for head in known_heads}
        self._contradicted = len(self._known) < len({(head.place, head.digest) for head in known_heads})
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
        except Broken as error:
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
        if self._contradicted:
            raise Broken("head-missing", max(self._known))
        check_rows(self._session)
        self._begin()
        with self._streamed().execute(CHAINED, {"after": self._place}) as rows:
            self._follow(iter(rows))
        if not self._trusted:
            raise Broken("seal-forged", self._place)
        beyond = max(self._known, default=0)
        if beyond > self._place:
            raise Broken("head-missing", beyond)
        self._check_unsealed()

    def _streamed(self) -> Connection:
        return self._session.connection().execution_options(stream_results=True, max_row_buffer=BATCH)

    def _follow(self, rows: "Iterator[Row[Any]]") -> None:
        for seal in self._seals():
            before = self._place
            while self._place < seal.last_place:
                self._take(next(rows, None))
            self._close(seal, self._place - before)
        beyond = next(rows, None)
        if beyond is not None:
            raise Broken("seal-missing", beyond.place, beyond.id)

    def _begin(self) -> None:
        """The chain begins at nothing, or where its front was pruned: that seal is the first there is."""
        first = self._after
        if first is None:
            first = self._session.exec(select(AuditSeal).order_by(col(AuditSeal.last_place)).limit(1)).first()
        if first is None or (first.pruned_at is None and first is not self._after):
            return
        if not self._key.signed(first):
            raise Broken("seal-forged", first.last_place)
        self._seal, self._begins_after, self._complete_at = first, first.last_place, first.sealed_at
        self._place, self._digest = first.last_place, first.digest
        if self._digest.hex() != self._known.get(self._place, self._digest.hex()):
            raise Broken("head-missing", self._place)

    def _take(self, row: "Row[Any] | None") -> None:
        """The next entry must have the next place, and the digest that was sealed."""
        if row is None or row.place != self._place + 1:
            large = entry_at(self._session, self._place + 1)
            raise Broken("unreadable" if large else "missing", self._place + 1, large)
        reading = read_entry(row)
        self._place, self._digest = row.place, digest_of(self._digest, reading.content)
        if self._digest != row.digest:
            raise Broken("changed", row.place, row.id)
        if self._complete_at is not None and reading.created_at < self._complete_at - LATE:
            raise Broken("backdated", row.place, row.id)
        if self._digest.hex() != self._known.get(row.place, self._digest.hex()):
            raise Broken("head-missing", row.place, row.id)
        self._entries += 1

    def _close(self, seal: AuditSeal, entries: int) -> None:
        """A seal by today's key covers everything before it, also what an earlier key sealed."""
        if seal.pruned_at is not None or self._digest != seal.digest:
            raise Broken("seal-forged", seal.last_place)
        if seal.signed_by != self._key.name:
            self._trusted = False
            self._old_keys += 1
        elif self._key.signed(seal):
            self._trusted = True
        else:
            raise Broken("seal-forged", seal.last_place)
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
        """What waits for its seal can be read, and is not older than the last seal that left nothing."""
        if self._complete_at is not None:
            old = select(AuditEntry.id).where(
                col(AuditEntry.place).is_(None), col(AuditEntry.created_at) < self._complete_at - LATE
            )
            slipped = self._session.exec(old.order_by(col(AuditEntry.id)).limit(1)).first()
            if slipped is not None:
                raise Broken("backdated", None, slipped)
        with self._streamed().execute(WAITING) as rows:
            for row in rows:
                read_entry(row)
        large = large_entry(self._session)
        if large is not None:
            raise Broken("unreadable", None, large)
