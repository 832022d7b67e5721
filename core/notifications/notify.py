"""Messages that rules want sent: one job per person and way, in the transaction of what happened."""

from collections.abc import Mapping

from sqlmodel import Session, col, select

from core.jobs.ledger import enqueue
from core.kit.permissions import STAFF, Act, staff_with
from core.notifications.kinds import KIND_OF
from core.notifications.recipients import staff_ids
from core.notifications.store import keep
from schemas import jobs, notification_jobs
from schemas.people import Seller

Params = Mapping[str, str | int]
Buttons = list[list[str]]


def notify(
    session: Session,
    user_id: int,
    text: str,
    params: Params,
    *,
    once: str | None = None,
    buttons: Buttons | None = None,
) -> None:
    """Send text `text` to a person. With `once`, once for ever per person, whatever is repeated.

    A text that has a kind (core.notifications.kinds) is kept for the app as well, and goes out by the ways
    that the person wants.
    """
    if text in KIND_OF:
        notification = keep(session, user_id, text, params, once=once)
        if notification is None:
            return
        if "email" in notification.ways:
            mail = notification_jobs.MailNotification(notification_id=notification.id)
            enqueue(session, mail.once())
        if "telegram" not in notification.ways:
            return
    job = jobs.Notify(user_id=user_id, text=text, params=dict(params), buttons=buttons or [])
    enqueue(session, job.once(once) if once else job)


def notify_seller(
    session: Session,
    seller_id: int,
    text: str,
    params: Params,
    *,
    once: str | None = None,
    buttons: Buttons | None = None,
) -> None:
    """The same to the person behind a shop."""
    user_id = session.exec(select(Seller.user_id).where(col(Seller.id) == seller_id)).one()
    notify(session, user_id, text, params, once=once, buttons=buttons)


def notify_staff(
    session: Session,
    text: str,
    params: Params,
    *,
    once: str | None = None,
    buttons: Buttons | None = None,
    act: Act | None = None,
) -> None:
    """The same to everyone of support and administration; with `act`, to those of them who may do that."""
    for user_id in staff_ids(session, staff_with(act) if act else STAFF):
        notify(session, user_id, text, params, once=once, buttons=buttons)
