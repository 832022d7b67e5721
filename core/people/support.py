"""Words between people and staff: relayed to every staff member, answered by whoever replies first."""

from typing import Literal
from uuid import UUID

from sqlalchemy.dialects.postgresql import insert
from sqlmodel import Session, select

from core.audit.record import record
from core.jobs.ledger import enqueue
from core.kit.errors import NotFound
from core.kit.names import bounded, clean_text, number_of
from core.kit.permissions import require
from core.kit.rows import id_of
from schemas import jobs
from schemas.access import SupportRelay
from schemas.people import User
from schemas.sales import Order

WORDS_LIMIT = 3000  # characters; leaves room for the heading in one message of 4,096


def ask(
    session: Session,
    user: User,
    words: str,
    *,
    about: Literal["support", "payment"],
    order_id: int | None,
    message_id: int,
) -> UUID:
    """Pass a person's words to staff, once for each Telegram message; the id of the job.

    Even banned people may ask. Raises `Refused`: no words, too many; `NotFound`: not the person's order.
    """
    clean = bounded(clean_text(words, lines=True), "words", WORDS_LIMIT)
    if order_id is not None:
        order = session.get(Order, order_id)
        if order is None or order.buyer_id != user.id:
            raise NotFound("order-unknown")
    job = jobs.RelaySupport(user_id=id_of(user), words=clean, about=about, order_id=order_id)
    return enqueue(session, job.once(message_id))


def record_relay(
    session: Session, *, user_id: int, order_id: int | None, staff_telegram_id: int, staff_message_id: int
) -> None:
    """Remember whose words a message to a staff member carries."""
    relay = insert(SupportRelay).values(
        user_id=user_id,
        order_id=order_id,
        staff_telegram_id=staff_telegram_id,
        staff_message_id=staff_message_id,
    )
    session.execute(relay.on_conflict_do_nothing(index_elements=["staff_telegram_id", "staff_message_id"]))


def relay_of(session: Session, staff_telegram_id: int, message_id: int) -> SupportRelay | None:
    """What a staff member's message relays, if it relays anything."""
    return session.exec(
        select(SupportRelay).where(
            SupportRelay.staff_telegram_id == staff_telegram_id,
            SupportRelay.staff_message_id == message_id,
        )
    ).one_or_none()


def answer(session: Session, relay: SupportRelay, staff: User, words: str, *, message_id: int) -> UUID:
    """Send a staff member's reply to the person, once for each Telegram message; the id of the job.

    Raises `NotAllowed` for others than staff, `Refused`: no words, too many.
    """
    require(staff.roles, "answer_support")
    clean = bounded(clean_text(words, lines=True), "words", WORDS_LIMIT)
    number = number_of(relay.order_id) if relay.order_id else ""
    record(session, f"user:{staff.id}", "support.answered", f"user:{relay.user_id}", order=relay.order_id)
    notice = jobs.Notify(
        user_id=relay.user_id, text="support-answer", params={"words": clean, "number": number}
    )
    return enqueue(session, notice.as_answer(staff.telegram_id, message_id))
