"""Who can be told: support and admins, and who of all people cannot be written to."""

from datetime import datetime

from sqlalchemy import ColumnElement, any_, literal, not_, or_, update
from sqlmodel import Session, col, select

from core.kit.permissions import STAFF
from schemas.people import User


def staff(session: Session) -> list[User]:
    """Support and admins who can be written to."""
    reachable = select(User).where(col(User.blocked_at).is_(None), not_(_holds("banned")))
    return list(session.exec(reachable.where(or_(*map(_holds, STAFF))).order_by(col(User.id))))


def admins(session: Session) -> list[User]:
    """Admins who can be written to."""
    return [person for person in staff(session) if "admin" in person.roles]


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
