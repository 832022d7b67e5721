"""Closing the shop to a person and opening it again.

A ban ends what lets them act: sessions of the Mini App and their access tokens. What a banned person may
still do stands in `core.kit.permissions`. What they bought stays theirs: links that were sent go on working,
memberships run to their end. Whoever must lose those as well gets a refund or is taken out of the channel.

A banned seller's shop is suspended (`core.people.people.change_role`): nothing of it is shown or sold, and
Telegram stops charging its subscriptions. What people bought there stays theirs too. The end of the ban opens
the shop as it was.
"""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, update
from sqlmodel import Session, col

from core.audit.record import record
from core.kit.errors import Refused
from core.kit.names import clean_text
from core.kit.permissions import STAFF
from core.kit.rows import must_get
from core.people.people import change_role
from schemas.people import AccessToken, User
from schemas.uploads import MiniAppSession


@dataclass(frozen=True)
class Ban:
    """What became of a ban. `changed` False: it stood before. How many sessions and tokens it ended."""

    changed: bool
    sessions: int = 0
    tokens: int = 0


def ban(session: Session, user_id: int, *, actor: str, reason: str, now: datetime) -> Ban:
    """Close the shop to a person; again, nothing more happens.

    Raises `NotFound`, and `Refused`: without a reason, or staff, whose role is to be taken away before.
    """
    person = must_get(session, User, user_id, "person-unknown", lock=True)
    why = clean_text(reason)
    if not why:
        raise Refused("ban-reason-missing")
    if set(person.roles) & set(STAFF):
        raise Refused("ban-of-staff")
    if "banned" in person.roles:
        return Ban(changed=False)
    change_role(session, person, "banned", actor=actor)
    ended = _end_access(session, user_id, now)
    record(
        session,
        actor,
        "person.banned",
        f"user:{user_id}",
        why,
        sessions=ended.sessions,
        tokens=ended.tokens,
    )
    return ended


def unban(session: Session, user_id: int, *, actor: str) -> bool:
    """Open the shop to a person again; False where it was open. What the ban ended stays ended.

    Raises `NotFound`.
    """
    person = must_get(session, User, user_id, "person-unknown", lock=True)
    if "banned" not in person.roles:
        return False
    change_role(session, person, "banned", actor=actor, present=False)
    record(session, actor, "person.unbanned", f"user:{user_id}")
    return True


def _end_access(session: Session, user_id: int, now: datetime) -> Ban:
    sessions = session.execute(
        delete(MiniAppSession).where(col(MiniAppSession.user_id) == user_id).returning(col(MiniAppSession.id))
    ).all()
    tokens = session.execute(
        update(AccessToken)
        .where(col(AccessToken.user_id) == user_id, col(AccessToken.revoked_at).is_(None))
        .values(revoked_at=now)
        .returning(col(AccessToken.id)),
        execution_options={"synchronize_session": "fetch"},
    ).all()
    return Ban(True, len(sessions), len(tokens))
