"""Entries of the audit log, written and sealed day by day."""

from collections.abc import Callable
from datetime import timedelta

from core.audit.chain import Key, seal, verify
from core.kit.db import Database
from schemas.audit import AuditEntry
from tests.support.make import NOW

KEY = Key("5e" * 32)
DAY = timedelta(days=1)
Execute = Callable[[str], None]


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


def sealed(database: Database, *counts: int) -> None:
    """So many entries a day, sealed at the end of each."""
    for day, count in enumerate(counts):
        write(database, count, day=day)
        assert seal(database, KEY, now=NOW + day * DAY) == count


def broken(database: Database) -> tuple[str, int | None]:
    """Why the chain does not hold, and at which place."""
    gap = verify(database, KEY).broken
    assert gap is not None
    return gap.why, gap.place
