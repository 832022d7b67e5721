"""The way from a verified payment on the web into Telegram (C31, C37)."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import or_
from sqlmodel import Session, col, select

from core.audit.record import record
from core.kit.errors import NotFound, Refused
from core.kit.names import canonical
from core.kit.rows import id_of
from core.orders.orders import by_number
from core.payments.order_claims import issue_claim
from core.telegram.deep_links import claim_link
from schemas.notifications import Notification
from schemas.sales import Order, Payment


@dataclass(frozen=True)
class BotLink:
    """`token` opens the order at the bot until `expires_at`; `notification_id` told its person of it."""

    url: str
    token: str
    expires_at: datetime
    notification_id: int | None


def bot_link(
    session: Session,
    number: str,
    transaction_id: str,
    *,
    bot_username: str,
    actor: str,
    user_id: int | None,
    life: timedelta,
    now: datetime,
) -> BotLink:
    """A link that opens a paid order in Telegram for `life`; with `user_id`, only an order of that person.

    Raises `NotFound` "order-unknown": no such order, not theirs, or another transaction paid it; `Refused`:
    not paid (any more), the bot has no name.
    """
    if not bot_username:
        raise Refused("bot-unnamed")
    order = by_number(session, number)
    if user_id is not None and order.buyer_id != user_id:
        raise NotFound("order-unknown")
    if not _was_named(session, order, transaction_id):
        raise NotFound("order-unknown")
    token = issue_claim(session, order, life=life, now=now)
    record(session, actor, "bot-link.issued", f"order:{order.id}")
    return BotLink(
        claim_link(bot_username, token),
        token,
        now + life,
        _notification_of(session, order),
    )


def _was_named(session: Session, order: Order, transaction_id: str) -> bool:
    spellings = or_(
        col(Payment.provider_id) == transaction_id, col(Payment.reference) == canonical(transaction_id)
    )
    named = select(Payment.id).where(Payment.order_id == id_of(order), spellings)
    return session.exec(named.limit(1)).first() is not None


def _notification_of(session: Session, order: Order) -> int | None:
    statement = select(Notification.id).where(
        Notification.user_id == order.buyer_id,
        Notification.kind == "payment_verified",
        col(Notification.occasion) == f"payment-verified:{order.id}",
    )
    return session.exec(statement).one_or_none()
