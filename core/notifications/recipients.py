"""Who can be told: support and admins, and who of all people cannot be written to."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import ColumnElement, any_, literal, not_, or_, update
from sqlmodel import Session, col, select

from core.kit.permissions import STAFF
from schemas.people import Role, User


def staff_ids(session: Session, roles: Iterable[Role] = STAFF) -> list[int]:
    """The ids of support and admins, or of those with one of these roles, who can be written to.

    Ids alone: one row that cannot be read keeps no news from the others.
    """
    reachable = select(User.id).where(col(User.blocked_at).is_(None), not_(_holds("banned")))
    ids = session.exec(reachable.where(or_(*map(_holds, roles))).order_by(col(User.id)))
    return [number for number in ids if number is not None]


def admin_ids(session: Session) -> list[int]:
    """The ids of admins who can be written to."""
    return staff_ids(session, ("admin",))


def mark_blocked(session: Session, user_id: int, now: datetime) -> None:
    """Remember that Telegram refuses our messages to this person, until the person writes again."""
    session.execute(
        update(User)
        .where(col(User.id) == user_id, col(User.blocked_at).is_(None))
        .values(blocked_at=now)
        .execution_options(synchronize_session="fetch")
    )


def _holds(role: str) -> ColumnElement[bool]:
    return literal(role) == any_(col(User.roles))
