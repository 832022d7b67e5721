"""What was verified once need not be understood again while it is the same, byte for byte.

Every sealing re-reads the whole log, so that what is rewritten is known within minutes. To understand each
entry takes far longer than to hash its row as PostgreSQL copies it out (`comptoir bench audit`). So a reading
that found everything as it was sealed leaves marks: SHA-256 over rows of entries and seals, a span at a time,
signed and kept in the store beside the head. While the marks stand, only what came since is read entry by
entry. Where one does not stand, all is: that names the entry, or makes new marks, as after pruning.
"""

import hashlib
import hmac
import io

import msgspec
from sqlmodel import Session, col, select

from core.audit.chain import BATCH, Verdict, read_chain, snapshot
from core.audit.head import FOLDER, Break, Head, Heads, check_head
from core.audit.keys import Key
from core.kit.db import Database, driver
from core.kit.errors import Permanent
from schemas.audit import AuditSeal

NAME = f"{FOLDER}marks.json"
LIMIT = 10_000_000  # bytes that the marks may have: some 100,000 spans
SPAN = 20_000  # entries at least
COPIES = (
    "COPY (SELECT * FROM audit_entry WHERE place > %s AND place <= %s ORDER BY place) TO STDOUT",
    "COPY (SELECT * FROM audit_seal WHERE last_place > %s AND last_place <= %s ORDER BY last_place)"
    " TO STDOUT",
)


class Span(msgspec.Struct, frozen=True):
    """The entries and seals up to a place, from the span before; and the mark over them."""

    place: int
    mark: str


class Marks(msgspec.Struct, frozen=True):
    """The spans of a log that begins after a place."""

    begins_after: int
    spans: list[Span]

    @property
    def end(self) -> int:
        """The last place that is marked."""
        return self.spans[-1].place if self.spans else self.begins_after


class _Kept(msgspec.Struct, frozen=True):
    marks: msgspec.Raw
    signature: str


def check(database: Database, key: Key, heads: Heads, stored: Head | None) -> Break | None:
    """The first place where the log is broken, if any; new marks are kept when it is not."""
    marks = _read(heads, key)
    with snapshot(database) as session:
        after = _standing(session, key, marks) if marks else None
        if after is None:
            verdict = read_chain(session, key, [stored] if stored else [])
            marks = Marks(verdict.begins_after, [])
        else:
            check_head(session, stored)
            newer = [stored] if stored and stored.place > after.last_place else []
            verdict = read_chain(session, key, newer, after=after)
        assert marks is not None, "read or begun above"
        longer = _longer(session, key, marks, verdict)
    if longer is not None:
        _keep(heads, key, longer)
    return verdict.broken


def _standing(session: Session, key: Key, marks: Marks) -> AuditSeal | None:
    """The seal at the end of the marks, if all of them stand."""
    first = session.exec(select(AuditSeal).order_by(col(AuditSeal.last_place)).limit(1)).first()
    pruned = first is not None and first.pruned_at is not None and key.signed(first)
    if (first.last_place if first and pruned else 0) != marks.begins_after:
        return None
    place = marks.begins_after
    for span in marks.spans:
        if not hmac.compare_digest(_mark(session, place, span.place), span.mark):
            return None
        place = span.place
    seal = session.get(AuditSeal, marks.end)
    return seal if marks.spans and seal is not None and key.signed(seal) else None


def _longer(session: Session, key: Key, marks: Marks, verdict: Verdict) -> Marks | None:
    """The marks with a span more, where enough was verified beyond them.

    A span ends with a seal of today's key that left nothing unsealed: reading can go on behind it.
    """
    if verdict.broken is not None or verdict.last_place - marks.end < SPAN:
        return None
    newest = select(AuditSeal).where(col(AuditSeal.last_place) <= verdict.last_place)
    seals = session.exec(newest.order_by(col(AuditSeal.last_place).desc()).limit(2)).all()
    last, before = seals[0], seals[1].last_place if len(seals) > 1 else 0
    if last.last_place - before >= BATCH or not key.signed(last):
        return None
    spans = list(marks.spans)
    while (place := spans[-1].place if spans else marks.begins_after) < last.last_place:
        end = last.last_place if last.last_place - place < 2 * SPAN else place + SPAN
        spans.append(Span(end, _mark(session, place, end)))
    return Marks(marks.begins_after, spans)


def _mark(session: Session, after: int, place: int) -> str:
    digest = hashlib.sha256()
    with driver(session.connection()).cursor() as cursor:
        for statement in COPIES:
            with cursor.copy(statement, (after, place)) as copy:
                for row in copy:
                    digest.update(row)
    return digest.hexdigest()


def _read(heads: Heads, key: Key) -> Marks | None:
    """The marks that are kept; None where there are none of ours, which costs one whole reading."""
    if heads.store.head(NAME) is None:
        return None
    try:
        stored = msgspec.json.decode(heads.store.read(NAME, limit=LIMIT), type=_Kept)
        marks = msgspec.json.decode(stored.marks, type=Marks)
    except (msgspec.DecodeError, Permanent):
        return None
    return marks if hmac.compare_digest(stored.signature, _signature(key, bytes(stored.marks))) else None


def _keep(heads: Heads, key: Key, marks: Marks) -> None:
    written = msgspec.json.encode(marks)
    text = msgspec.json.encode(_Kept(msgspec.Raw(written), _signature(key, written)))
    heads.store.upload(NAME, io.BytesIO(text), len(text), "application/json")


def _signature(key: Key, written: bytes) -> str:
    return key.mark(b"marks:" + written)
