"""Re-reading the audit log, as every sealing does: time and memory with a million entries.

The entries are those of 400 days of a busy shop, sealed every five minutes, so that seals are many and small.
"""

import json
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import BinaryIO, cast
from uuid import UUID

from sqlalchemy import text

from core.audit.head import Heads, head_of
from core.audit.keys import START, Key, digest_of
from core.audit.reading import content_of
from core.audit.sealing import seal_and_check
from core.kit.db import Database, driver
from core.ports import ObjectStore
from schemas.audit import AuditSeal
from schemas.base import utc_now
from scripts.bench.report import Report
from scripts.bench.statements import scratch_database

COUNT = 1_000_000
A_SEAL = 9  # entries under one seal: a million in 400 days, sealed every five minutes
STEP = timedelta(minutes=5)
BEGIN = datetime(2025, 1, 1, tzinfo=UTC)
KEY = Key("5e" * 32)
RUNS = 3
SECONDS, PROCESSOR, GROWTH = 30.0, 3.0, 32.0  # of a run every 300 s; MiB that it may need
STATUS, REFERENCES = Path("/proc/self/status"), Path("/proc/self/clear_refs")  # proc_pid_status(5)
ENTRIES = (
    "COPY audit_entry (id, actor, action, subject, correlation_id, details, created_at, place, digest)"
    " FROM STDIN"
)
SEALS = "COPY audit_seal (last_place, digest, sealed_at, signed_by, signature) FROM STDIN"


def measure(count: int = COUNT) -> Report:
    """Fill a log of `count` entries, then seal and check it as the job does."""
    report = Report("audit")
    heads = Heads(cast(ObjectStore, _Shelf()), KEY)
    with scratch_database() as database:
        _fill(database, heads, count)
        report.facts["entries"] = count
        _check(report, database, heads, "the first run, which reads every entry")
        runs = [_check(report, database, heads, f"run {number}") for number in range(1, RUNS + 1)]
        seconds, busy, grown = (max(figures) for figures in zip(*runs, strict=True))
        report.at_most("sealing and re-reading such a log", SECONDS, seconds, "s")
        report.at_most("processor time of it", PROCESSOR, busy, "s")
        report.at_most("memory that it takes more", GROWTH, grown, "MiB")
    return report


def _check(report: Report, database: Database, heads: Heads, name: str) -> tuple[float, float, float]:
    REFERENCES.write_text("5", encoding="ascii")  # the peak begins anew
    memory, began, worked = _mebibytes("VmRSS"), time.perf_counter(), time.process_time()
    broken = seal_and_check(database, KEY, heads, now=utc_now())
    seconds, busy = time.perf_counter() - began, time.process_time() - worked
    grown = _mebibytes("VmHWM") - memory
    report.equal(f"{name}: where the log is broken", None, broken)
    report.facts[name] = {"seconds": round(seconds, 2), "processor": round(busy, 2), "mib": round(grown, 1)}
    return seconds, busy, grown


def _fill(database: Database, heads: Heads, count: int) -> None:
    """Entries and seals as sealing would have left them, and the head that it would have kept."""
    seals: list[AuditSeal] = []
    digest = START
    with database.transaction() as session, driver(session.connection()).cursor() as cursor:
        with cursor.copy(ENTRIES) as copy:
            for place in range(1, count + 1):
                moment = BEGIN + place // A_SEAL * STEP
                entry = ("system", "link.presigned", f"asset:{UUID(int=place)}", f"{place:032x}")
                details = {"link": str(UUID(int=place)), "order": place}
                digest = digest_of(digest, content_of(place, *entry, details, moment))
                copy.write_row((place, *entry, json.dumps(details), moment, place, digest))
                if place % A_SEAL == 0 or place == count:
                    seal = AuditSeal(
                        last_place=place, digest=digest, sealed_at=moment + STEP, signed_by="", signature=b""
                    )
                    KEY.sign(seal)
                    seals.append(seal)
        with cursor.copy(SEALS) as copy:
            for seal in seals:
                copy.write_row((seal.last_place, seal.digest, seal.sealed_at, seal.signed_by, seal.signature))
        cursor.execute("SELECT setval('audit_entry_id_seq', %s)", (count,))
    with database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("VACUUM ANALYZE audit_entry, audit_seal"))
    heads.keep(head_of(seals[-1]))


class _Shelf:
    """A store that holds the few objects of the audit log in memory."""

    def __init__(self) -> None:
        self._objects: dict[str, bytes] = {}

    def head(self, key: str) -> bool | None:
        return key in self._objects or None

    def read(self, key: str, *, limit: int) -> bytes:
        return self._objects[key][:limit]

    def upload(self, key: str, stream: BinaryIO, size: int, content_type: str) -> None:
        self._objects[key] = stream.read(size)


def _mebibytes(name: str) -> float:
    (line,) = (
        line for line in STATUS.read_text(encoding="ascii").splitlines() if line.startswith(f"{name}:")
    )
    return int(line.split()[1]) / 1024
