"""What the buyer of an order is told, whoever that is: a person we know, or somebody on the web.

An order of the web that nobody has claimed has no person. Its page always says how it stands; where its
address is confirmed, a mail says it as well.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Literal

from sqlmodel import Session, select

from core.jobs.ledger import enqueue
from core.kit.rows import id_of
from core.notifications.addresses import usable
from core.notifications.notify import notify
from core.orders.orders import need_support, order_number, shortfall
from schemas.catalogue import Product
from schemas.notification_jobs import MailOrderNews
from schemas.notifications import MailAddress
from schemas.sales import Order

Reach = Literal["telegram", "mail", "page"]
"""How news of an order find its buyer; `page`: nobody can be told, they have to look."""


def reach_of(session: Session, order: Order) -> Reach:
    """By which way the buyer of an order hears of it now."""
    if order.buyer_id is not None:
        return "telegram"
    address = session.exec(select(MailAddress).where(MailAddress.order_id == order.id)).one_or_none()
    return "mail" if usable(address) else "page"


def tell_buyer(
    session: Session, order: Order, text: str, params: Mapping[str, str | int], *, once: str
) -> Reach:
    """Send text `text` to the buyer, once for ever; by which way."""
    reach = reach_of(session, order)
    if order.buyer_id is not None:
        notify(session, order.buyer_id, text, params, once=once)
    elif reach == "mail":
        mail = MailOrderNews(order_id=id_of(order), text=text, params=dict(params))
        enqueue(session, mail.once(once))
    return reach


def keep_money(
    session: Session, order: Order, *, reason: str, now: datetime, came: int | None = None
) -> None:
    """Money came that does not simply pay this order: staff decide, and the buyer knows that it arrived.

    Once for each reason; a refund of the order's own price leaves it to be decided. `came`: all that came
    for a closed order, in minor units of its currency, where that is known and less than its price: then
    both are told how much came and how much was missing.
    """
    if order.odd_money_at is None:
        order.odd_money_at = now
        session.add(order)
        session.flush()
    if came is None or came >= order.amount:
        need_support(session, order, reason=reason, now=now)
        number = {"number": order_number(order)}
        tell_buyer(session, order, "payment-odd", number, once=f"{order.id}:{reason}")
        return
    need_support(session, order, reason=reason, now=now, came=came)
    params = _about(session, order) | shortfall(order, came)
    tell_buyer(session, order, "payment-short", params, once=f"{order.id}:{reason}:{came}")


def ask_for_rest(session: Session, order: Order, came: int) -> None:
    """Tell the buyer of an open order what is missing and until when; the order page shows the same.

    `came` in minor units of the order's currency.
    """
    params = _about(session, order) | {"missing": shortfall(order, came)["missing"]}
    params |= {"until": int(order.expires_at.timestamp())}
    tell_buyer(session, order, "payment-partial", params, once=f"{order.id}:{came}")


def hold_goods(session: Session, order: Order, *, reason: str, now: datetime) -> None:
    """An order is paid and its goods cannot be given: staff decide, and the buyer knows why nothing comes.

    Once for each reason.
    """
    need_support(session, order, reason=reason, now=now)
    params = _about(session, order) | {"reason": reason}
    tell_buyer(session, order, "payment-held", params, once=f"{order.id}:{reason}")


def _about(session: Session, order: Order) -> dict[str, str | int]:
    title = session.exec(select(Product.title).where(Product.id == order.product_id)).one()
    return {"number": order_number(order), "title": title}
