"""The whole shop's tokens, invites and members, counted when they are asked for (C35)."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import text
from sqlmodel import Session

from core.memberships.machine import ENTITLED, HOLDING

RECENT = timedelta(days=7)
COUNT = text(
    """
    SELECT * FROM
        (SELECT count(*) AS tokens,
                count(*) FILTER (WHERE claimed_at IS NULL AND expires_at > :now) AS pending,
                count(claimed_at) AS used, count(*) FILTER (WHERE created_at > :since) AS recent_tokens
         FROM claim) AS claims,
        (SELECT count(*) AS invites, count(used_at) AS accepted FROM invite WHERE url IS NOT NULL) AS links,
        (SELECT count(*) FILTER (WHERE started_at IS NOT NULL OR state = ANY (:holding)) AS members,
                count(*) FILTER (WHERE state = ANY (:running)) AS active
         FROM membership) AS held,
        (SELECT count(*) AS joins FROM roster
         WHERE joined_at > :since AND membership_id IS NOT NULL) AS entries
    """
)


@dataclass(frozen=True)
class AccessNumbers:
    """`tokens` lead from the web to the bot; `pending` are valid still. `recent` and `joins`: of 7 days."""

    tokens: int
    pending: int
    used: int
    recent_tokens: int
    invites: int
    accepted: int
    members: int
    active: int
    joins: int

    @property
    def acceptance_rate(self) -> float:
        """The share of invite links that were used, in percent of two decimals; 0 without any."""
        return round(100 * self.accepted / self.invites, 2) if self.invites else 0.0


def access_numbers(session: Session, *, now: datetime) -> AccessNumbers:
    """How tokens, invites and memberships stand."""
    parameters = {"now": now, "since": now - RECENT, "holding": list(HOLDING), "running": list(ENTITLED)}
    return AccessNumbers(**session.connection().execute(COUNT, parameters).mappings().one())
