"""The head of the audit log (place and digest of the last seal), kept outside the database, in the store.

A chain cannot show by itself that its newest entries are gone together with their seals, or that all of it
was written anew. The head can: it is signed, it only grows, and it must stand in the database whenever
something is sealed or verified. Whoever has the database alone cannot reach it.
"""

import hmac
import io
from dataclasses import dataclass
from typing import Literal

import msgspec
from sqlmodel import Session

from core.audit.keys import Key
from core.kit.errors import ComptoirError, Permanent
from core.ports import ObjectStore
from schemas.audit import AuditSeal

FOLDER = "audit/"
NAME = f"{FOLDER}head.json"
LIMIT = 10_000  # bytes that a head may have

Why = Literal[
    "changed",
    "missing",
    "backdated",
    "unreadable",
    "seal-forged",
    "seal-missing",
    "head-missing",
    "head-forged",
    "head-smaller",
]


@dataclass(frozen=True)
class Break:
    """The first place where the log is not what was sealed; `entry` is the id of the row, if there is one."""

    why: Why
    place: int | None
    entry: int | None = None


class Broken(ComptoirError):
    """The audit log is not what was sealed."""

    def __init__(self, why: Why, place: int | None, entry: int | None = None) -> None:
        super().__init__(f"The audit log is broken ({why}, place {place}). Run: comptoir audit verify")
        self.gap = Break(why, place, entry)


@dataclass(frozen=True)
class Head:
    """A place in the chain and the digest (hexadecimal) that it has for ever."""

    place: int
    digest: str


class Heads:
    """The kept head, in the store. Only one process at a time writes it: whoever holds sealing's lock."""

    def __init__(self, store: ObjectStore, key: Key) -> None:
        self.store = store
        self._key = key

    def read(self) -> Head | None:
        """The head that is kept; None in a shop that has not sealed yet. Raises `Broken`: head-forged.

        One that an earlier key signed is believed: it can only make the check stricter.
        """
        if self.store.head(NAME) is None:
            return None
        try:
            stored = msgspec.json.decode(self.store.read(NAME, limit=LIMIT), type=_Kept)
        except (msgspec.DecodeError, Permanent):
            raise Broken("head-forged", None) from None
        head = Head(stored.place, stored.digest)
        if stored.signed_by == self._key.name and not hmac.compare_digest(stored.signature, self._mark(head)):
            raise Broken("head-forged", stored.place)
        return head

    def keep(self, head: Head) -> None:
        """Keep a later head than the kept one. Raises `Broken`: head-smaller."""
        stored = self.read()
        if stored is not None and head.place <= stored.place:
            raise Broken("head-smaller", head.place)
        self._write(NAME, head)

    def replace(self, stored: Head | None, head: Head | None) -> None:
        """Begin anew with this head, or with none; the one that was kept is put beside it."""
        if stored is not None:
            self._write(f"{FOLDER}accepted/{stored.place}-{stored.digest[:16]}.json", stored)
        if head is None:
            self.store.delete(NAME)
        else:
            self._write(NAME, head)

    def _write(self, name: str, head: Head) -> None:
        text = msgspec.json.encode(_Kept(head.place, head.digest, self._key.name, self._mark(head)))
        self.store.upload(name, io.BytesIO(text), len(text), "application/json")

    def _mark(self, head: Head) -> str:
        return self._key.mark(f"{head.place}:{head.digest}".encode())


class _Kept(msgspec.Struct, frozen=True):
    place: int
    digest: str
    signed_by: str
    signature: str


def head_of(seal: AuditSeal) -> Head:
    """The head that a seal is."""
    return Head(seal.last_place, seal.digest.hex())


def check_head(session: Session, stored: Head | None) -> None:
    """Raise `Broken` (head-missing) unless the kept head stands in the database: a seal is never removed but
    by pruning, which leaves the newest."""
    if stored is None:
        return
    seal = session.get(AuditSeal, stored.place)
    if seal is None or seal.digest.hex() != stored.digest:
        raise Broken("head-missing", stored.place)
