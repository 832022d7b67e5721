"""Entries of the audit log, written and sealed day by day."""

from collections.abc import Callable
from datetime import timedelta
from typing import BinaryIO, cast

from core.audit.chain import verify
from core.audit.head import Heads
from core.audit.keys import Key
from core.audit.sealing import seal
from core.kit.db import Database
from core.ports import ObjectInfo, ObjectStore
from schemas.audit import AuditEntry
from tests.support.make import NOW

KEY = Key("5e" * 32)
DAY = timedelta(days=1)
Execute = Callable[[str], None]


class Shelf:
    """A store that holds small objects in memory."""

    def __init__(self) -> None:
        self.objects: dict[str, bytes] = {}

    def head(self, key: str) -> ObjectInfo | None:
        """Whether it is there."""
        if key not in self.objects:
            return None
        return ObjectInfo(key, len(self.objects[key]), "", "application/json", NOW)

    def read(self, key: str, *, limit: int) -> bytes:
        """All of it."""
        return self.objects[key][:limit]

    def upload(self, key: str, stream: BinaryIO, size: int, content_type: str) -> None:
        """Put it there."""
        self.objects[key] = stream.read(size)

    def delete(self, key: str) -> None:
        """Take it away."""
        self.objects.pop(key, None)


def heads_on(shelf: Shelf, key: Key = KEY) -> Heads:
    """The kept head on such a shelf."""
    return Heads(cast(ObjectStore, shelf), key)


def write(database: Database, count: int, *, day: int = 0, actor: str = "cli") -> None:
    """So many entries of one day."""
    with database.transaction() as session:
        for number in range(count):
            details = {"number": number, "why": "été", "sure": True}
            session.add(
                AuditEntry(
                    actor=actor,
                    action="order.refunded",
                    subject=f"order:{number}",
                    details=details,
                    created_at=NOW + day * DAY,
                )
            )


def sealed(database: Database, *counts: int, heads: Heads | None = None) -> None:
    """So many entries a day, sealed at the end of each."""
    heads = heads or heads_on(Shelf())
    for day, count in enumerate(counts):
        write(database, count, day=day)
        assert seal(database, KEY, heads, now=NOW + day * DAY) == count


def broken(database: Database) -> tuple[str, int | None]:
    """Why the chain does not hold, and at which place."""
    gap = verify(database, KEY).broken
    assert gap is not None
    return gap.why, gap.place
