"""What looks like an attack is written down and shown to staff."""

from datetime import datetime

from sqlmodel import Session

from core.audit.record import record
from core.notifications.notify import notify_staff
from schemas.people import User


def report_guesses(session: Session, person: User, *, now: datetime) -> None:
    """Somebody tries start tokens; staff are told once a day for each person (C41)."""
    record(session, f"user:{person.id}", "start.guessed", f"user:{person.id}")
    who = f"{person.name} (@{person.username})" if person.username else person.name
    params = {"who": who, "telegram_id": str(person.telegram_id)}
    notify_staff(session, "staff-start-guessed", params, once=f"{person.id}:{now:%Y-%m-%d}")
