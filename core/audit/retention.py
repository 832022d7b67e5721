"""How long records are kept (D20): the audit log, payment events with their raw bodies, the networks of
downloads. In small batches."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import structlog
from sqlalchemy import TextClause, delete, text
from sqlmodel import col, select

from core.audit.keys import Key
from core.audit.notes import drop_notes
from core.kit.db import Database
from schemas.audit import AuditSeal

BATCH = 1000  # rows in one transaction
# What was not handled is a matter for people, however old it is.
DROP_BODIES = text(
    """
    UPDATE payment_event SET body = NULL WHERE id IN (
        SELECT id FROM payment_event WHERE received_at < :before AND body IS NOT NULL AND state <> 'received'
        ORDER BY received_at LIMIT :batch FOR UPDATE SKIP LOCKED
    )
    """
)
DROP_EVENTS = text(
    """
    DELETE FROM payment_event WHERE id IN (
        SELECT id FROM payment_event WHERE received_at < :before AND state <> 'received'
        ORDER BY received_at LIMIT :batch FOR UPDATE SKIP LOCKED
    )
    """
)
DROP_NETWORKS = text(
    """
    UPDATE download SET network = NULL WHERE id IN (
        SELECT id FROM download WHERE minute < :before AND network IS NOT NULL
        ORDER BY minute LIMIT :batch FOR UPDATE SKIP LOCKED
    )
    """
)
NETWORKS_KEPT = timedelta(days=540)
"""So long after a payment a bank may dispute it at the latest (https://docs.stripe.com/disputes/how-disputes-work,
and the schemes' own rules); then nobody has to know any more from where a file was downloaded."""
DROP_ENTRIES = text(
    """
    DELETE FROM audit_entry WHERE id IN (
        SELECT id FROM audit_entry WHERE place <= :place ORDER BY place LIMIT :batch FOR UPDATE SKIP LOCKED
    )
    """
)

log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class DaysKept:
    """For how many days: entries of the audit log, payment events, raw bodies of these."""

    audit: int
    events: int
    bodies: int


@dataclass(frozen=True)
class Pruned:
    """How many were deleted, or lost their raw body or the network that they came from."""

    entries: int
    events: int
    bodies: int
    networks: int


def prune_records(database: Database, audit: Database, key: Key, days: DaysKept, *, now: datetime) -> Pruned:
    """Delete what is older than it is kept. Stopped halfway, the next run does the rest.

    `audit` is the same database by the role that may remove entries of the audit log.

    Entries of the audit log that no seal covers stay. The chain can be verified after it as before.
    """
    bodies = _in_batches(database, DROP_BODIES, {"before": now - timedelta(days=days.bodies)})
    events = _in_batches(database, DROP_EVENTS, {"before": now - timedelta(days=days.events)})
    networks = _in_batches(database, DROP_NETWORKS, {"before": now - NETWORKS_KEPT})
    place = _move_beginning(audit, key, before=now - timedelta(days=days.audit), now=now)
    entries = _in_batches(audit, DROP_ENTRIES, {"place": place}) if place else 0
    while True:
        with database.transaction() as session:
            if drop_notes(session, before=now - timedelta(days=days.audit)) < BATCH:
                break
    pruned = Pruned(entries, events, bodies, networks)
    log.info("records_pruned", entries=entries, events=events, bodies=bodies, networks=networks)
    return pruned


def _move_beginning(database: Database, key: Key, *, before: datetime, now: datetime) -> int:
    """Have the chain begin after the newest seal that is old enough; its place, 0 where none is.

    This comes before any entry is deleted: a run that dies in between leaves rows in front of the beginning,
    which nobody reads.
    """
    with database.transaction() as session:
        newest = (
            select(AuditSeal)
            .where(col(AuditSeal.sealed_at) < before)
            .order_by(col(AuditSeal.last_place).desc())
            .limit(1)
            .with_for_update()
        )
        seal = session.exec(newest).first()
        if seal is None:
            return 0
        if seal.pruned_at is None:
            seal.pruned_at = now
            key.sign(seal)
            session.add(seal)
            session.execute(delete(AuditSeal).where(col(AuditSeal.last_place) < seal.last_place))
        return seal.last_place


def _in_batches(database: Database, statement: TextClause, params: Mapping[str, Any]) -> int:
    changed = 0
    while True:
        with database.transaction() as session:
            count = session.connection().execute(statement, {**params, "batch": BATCH}).rowcount
        changed += count
        if count < BATCH:
            return changed
