"""Telling of what looks like an attack: somebody tries secrets until one fits (C41)."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from sqlmodel import Session

from core.audit.record import record
from core.kit.texts import shorten
from core.notifications.notify import notify_seller, notify_staff
from schemas.catalogue import Product
from schemas.people import User

GUESSED = frozenset({"claim-unknown", "code-wrong"})
"""What is answered to a wrong secret that a person typed."""
TITLE = 60  # characters


@dataclass(frozen=True)
class Secret:
    """What a person types: the start link of an order, or the access code of a plan, by the plan's id."""

    kind: Literal["start", "code"]
    plan_id: int | None = None


def report_guesses(session: Session, person: User, secret: Secret, *, now: datetime) -> None:
    """Write down that a person was stopped, and tell staff, and the seller whose codes are tried.

    Each of them is told once a day for each person.
    """
    who = f"{person.name} (@{person.username})" if person.username else person.name
    params: dict[str, str | int] = {"who": who, "telegram_id": str(person.telegram_id)}
    day = f"{person.id}:{now:%Y-%m-%d}"
    plan = session.get(Product, secret.plan_id) if secret.plan_id is not None else None
    subject = f"user:{person.id}" if plan is None else f"product:{plan.id}"
    record(session, f"user:{person.id}", f"{secret.kind}.guessed", subject)
    if plan is None:
        notify_staff(session, "staff-start-guessed", params, once=day)
        return
    params["title"] = shorten(plan.title, TITLE)
    notify_staff(session, "staff-code-guessed", params, once=f"{day}:{plan.id}")
    notify_seller(session, plan.seller_id, "seller-code-guessed", params, once=f"{day}:{plan.id}")


def report_web_guesses(session: Session, *, now: datetime) -> None:
    """The same of somebody on the web, who is only an address: that stands in the log."""
    record(session, "web", "web.guessed", "web")
    notify_staff(session, "staff-web-guessed", {}, once=f"web:{now:%Y-%m-%d}")
