"""Who becomes admin of a shop that has none: the person of FIRST_ADMIN, once the database is prepared."""

from sqlalchemy import any_, literal
from sqlmodel import Session, col, select

from core.people.people import find_user, set_role
from schemas.people import User

ACTOR = "setup"


def appoint_first_admin(session: Session, telegram_id: int) -> bool:
    """Make this person (0: nobody) admin where nobody is one, unless banned; whether it was done."""
    if not telegram_id:
        return False
    if session.exec(select(User.id).where(literal("admin") == any_(col(User.roles))).limit(1)).first():
        return False
    person = find_user(session, telegram_id)
    if person is not None and "banned" in person.roles:
        return False
    set_role(session, telegram_id, "admin", actor=ACTOR)
    return True
