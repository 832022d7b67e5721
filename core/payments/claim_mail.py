"""The mail that brings whoever paid on the web into Telegram."""

from datetime import datetime, timedelta

from sqlmodel import Session, select

from core.kit.rows import must_get
from core.notifications import letters
from core.notifications.addresses import usable
from core.notifications.outgoing import Outgoing, outgoing_to, recipient_of, sender_of
from core.orders.orders import PAID, order_number
from core.payments.order_claims import issue_claim
from core.payments.rails.stripe import trials
from core.process.settings import Settings
from core.telegram.deep_links import claim_link
from schemas.catalogue import Product
from schemas.notifications import MailAddress
from schemas.sales import Order


def claim_mail(session: Session, order_id: int, settings: Settings, *, now: datetime) -> Outgoing | None:
    """The way into an order that was paid on the web; None where nobody waits for it any more.

    Raises `NotFound` for an unknown order, `SettingError` without what a mail needs.
    """
    order = must_get(session, Order, order_id, "order-unknown")
    address = session.exec(select(MailAddress).where(MailAddress.order_id == order_id)).one_or_none()
    claimed = order.buyer_id is not None or order.status not in PAID
    if claimed or address is None or not usable(address):
        return None
    settings.require("bot_username")
    product = must_get(session, Product, order.product_id, "product-unknown")
    trial = trials.terms_of(session, order)
    life = timedelta(seconds=settings.start_link_ttl)
    letter = letters.claim(
        sender_of(settings),
        recipient_of(address, "", order.language, settings),
        issue=str(order_id),
        order_number=order_number(order),
        title=product.title,
        url=claim_link(settings.bot_username, issue_claim(session, order, life=life, now=now)),
        seconds=settings.start_link_ttl,
        trial=(trial.price, trial.ends_at) if trial and trial.ends_at else None,
    )
    return outgoing_to(address, letter)
