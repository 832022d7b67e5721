"""Deleted jobs wait in a trash, whole, until the time of an undo is over."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import text
from sqlmodel import Session

from core.audit.record import record
from core.kit.db import Database
from core.kit.errors import NotFound, Refused
from schemas.queue import QueueAct

UNDO_DAYS = 7
CHUNK = 1000

# Attempts go with their job by cascade, so they are read first, in the same snapshot.
THROW_AWAY = text(
    """
    WITH chosen AS (
        SELECT id AS chosen_id FROM job WHERE id = ANY (CAST(:ids AS uuid[])) AND state <> 'running'
        FOR UPDATE SKIP LOCKED
    ), kept AS (
        SELECT id, coalesce((SELECT jsonb_agg(to_jsonb(job_attempt) ORDER BY attempt) FROM job_attempt
                             WHERE job_id = id), '[]') AS attempts
        FROM job JOIN chosen ON id = chosen_id
    ), gone AS (
        DELETE FROM job USING chosen WHERE id = chosen_id RETURNING job.*
    )
    INSERT INTO job_trash (job_id, act_id, deleted_at, job, attempts)
    SELECT gone.id, :act, clock_timestamp(), to_jsonb(gone), kept.attempts
    FROM gone JOIN kept USING (id)
    """
)
IN_TRASH = text(
    "SELECT job_id FROM job_trash WHERE act_id = :act AND job_id > :after ORDER BY job_id LIMIT :chunk"
)
# A job whose unique key somebody else has taken meanwhile stays in the trash.
RESTORE = text(
    """
    WITH back AS (
        SELECT * FROM job_trash WHERE job_id = ANY (CAST(:ids AS uuid[])) FOR UPDATE SKIP LOCKED
    ), restored AS (
        INSERT INTO job SELECT (jsonb_populate_record(NULL::job, back.job)).* FROM back
        ON CONFLICT DO NOTHING RETURNING id
    ), attempted AS (
        INSERT INTO job_attempt
        SELECT (jsonb_populate_recordset(NULL::job_attempt, back.attempts)).*
        FROM back JOIN restored ON restored.id = back.job_id
    )
    DELETE FROM job_trash USING restored WHERE job_id = restored.id
    """
)


def throw_away(session: Session, act_id: int, ids: Sequence[UUID]) -> int:
    """Move those of the jobs that do not run to the trash; how many."""
    return session.connection().execute(THROW_AWAY, {"ids": list(ids), "act": act_id}).rowcount


def undo(database: Database, act_id: int, *, actor: str, now: datetime) -> Iterator[int]:
    """Bring back what an act deleted, in chunks; after each, how many are back.

    Raises `NotFound` when there is no such act, `Refused` when it deleted nothing or its week is over.
    """
    with database.transaction() as session:
        act = session.get(QueueAct, act_id)
        if act is None:
            raise NotFound("act-unknown", {"act": act_id})
        if act.verb != "delete":
            raise Refused("act-not-undoable", {"act": act_id, "verb": act.verb})
        if act.begun_at < now - timedelta(days=UNDO_DAYS):
            raise Refused("undo-too-late", {"act": act_id, "days": UNDO_DAYS})
    back, after = 0, UUID(int=0)
    while True:
        with database.transaction() as session:
            params = {"act": act_id, "after": after, "chunk": CHUNK}
            ids = list(session.execute(IN_TRASH, params).scalars())
            if not ids:
                record(session, actor, "queue.undo", f"act:{act_id}", count=back)
                return
            back += session.connection().execute(RESTORE, {"ids": ids}).rowcount
            after = ids[-1]
        yield back
