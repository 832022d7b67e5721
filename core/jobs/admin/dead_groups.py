"""Dead jobs by the fingerprint of their error: the same kind of failure at the same place."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import text
from sqlmodel import Session

MOST = 200  # groups

# Counting goes along the index of dead jobs; one job of each group is looked at for its words.
GROUPS = text(
    """
    WITH found AS (
        SELECT fingerprint, count(*) AS number, min(finished_at) AS first_seen, max(finished_at) AS last_seen
        FROM job WHERE state = 'dead' GROUP BY fingerprint ORDER BY count(*) DESC, fingerprint LIMIT :most
    )
    SELECT found.*, sample.* FROM found LEFT JOIN LATERAL (
        SELECT actor, queue, error_class, error_message FROM job
        WHERE state = 'dead' AND job.fingerprint IS NOT DISTINCT FROM found.fingerprint
        AND finished_at = last_seen LIMIT 1
    ) AS sample ON true ORDER BY number DESC, last_seen DESC
    """
)


@dataclass(frozen=True)
class DeadGroup:
    """Jobs that died alike. Actor, queue and message are those of the last one."""

    fingerprint: str
    number: int
    first_seen: datetime
    last_seen: datetime
    actor: str
    queue: str
    error_class: str
    error_message: str

    @property
    def filter(self) -> str:
        """The filter that finds them."""
        return f"state:dead fingerprint:{self.fingerprint}"


def dead_groups(session: Session) -> list[DeadGroup]:
    """The groups, largest first."""
    return [
        DeadGroup(
            fingerprint=row.fingerprint or "",
            number=row.number,
            first_seen=row.first_seen,
            last_seen=row.last_seen,
            actor=row.actor or "",
            queue=row.queue or "",
            error_class=row.error_class or "",
            error_message=row.error_message or "",
        )
        for row in session.execute(GROUPS, {"most": MOST})
    ]
