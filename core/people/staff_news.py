"""What changes for whoever becomes one of the staff, or is so no longer: their menu, and a word about it."""

from sqlmodel import Session

from core.jobs.ledger import enqueue
from core.kit.rows import id_of
from core.notifications.notify import notify
from core.notifications.recipients import staff_ids
from core.people.commands import command_lines, staff_commands
from schemas.jobs import SetMenu
from schemas.people import Role, User


def announce(session: Session, user: User, role: Role, *, present: bool) -> None:
    """Set the menu of somebody whose role of staff has changed, and tell them what they can do now.

    Whoever never wrote to the bot cannot be told; `/start` shows them their menu and the same words.
    """
    enqueue(session, SetMenu(user_id=id_of(user)).once())
    if not user.name:
        return
    lines = command_lines(user.language, staff_commands(user.roles))
    text = "role-given" if present else "role-taken"
    notify(session, id_of(user), text, {"role": role, "commands": lines})


def refresh_menus(session: Session) -> None:
    """Set the menus of all staff, who may have been told of other commands by an earlier version."""
    for user_id in staff_ids(session):
        enqueue(session, SetMenu(user_id=user_id).once())
