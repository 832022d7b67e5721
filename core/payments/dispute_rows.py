"""The disputes of an order's payments, for whoever gives money or access."""

from sqlmodel import Session, col, select

from core.kit.errors import Refused
from core.notifications.notify import Buttons, Params, notify_seller
from core.orders.fulfilment import goods_of, line_of
from core.orders.orders import order_number
from core.payments.dispute_rules import blocks_refund
from schemas.disputes import Dispute, DisputeLine
from schemas.sales import Order, Payment


def disputes_of(session: Session, order: Order) -> list[Dispute]:
    """All disputes of an order's payments as they are now, oldest first."""
    rows = select(Dispute).join(Payment).where(Payment.order_id == order.id).order_by(col(Dispute.id))
    return list(session.exec(rows.execution_options(populate_existing=True)))


def is_put_aside(session: Session, order: Order) -> bool:
    """Whether nobody may use what an order gave, or would give to who claims it, since a bank disputes it."""
    return any(row.held_at is not None for row in disputes_of(session, order))


def is_disputed(session: Session, order: Order) -> bool:
    """Whether a refund would send the money out twice: a bank has it, or has given it to the buyer."""
    return any(blocks_refund(row.status, refundable=row.refundable) for row in disputes_of(session, order))


def fee_taken(session: Session, payment: Payment) -> int | None:
    """What Stripe took for the last dispute on the account of a payment, in minor units of its currency;
    None: there was none, or in other currencies."""
    same_account = col(Payment.details)["account"].astext == payment.details.get("account", "")
    lines = (
        select(DisputeLine.fee)
        .join(Dispute, col(Dispute.id) == DisputeLine.dispute_id)
        .join(Payment, col(Payment.id) == Dispute.payment_id)
        .where(same_account, DisputeLine.currency == payment.currency, DisputeLine.fee > 0)
    )
    newest = lines.order_by(col(DisputeLine.created_at).desc(), col(DisputeLine.id).desc()).limit(1)
    return session.exec(newest).first()


def notify_payee(
    session: Session, order: Order, text: str, params: Params, *, once: str, buttons: Buttons | None = None
) -> None:
    """Tell the seller of a bank's doings; not of what the operator is paid, of which staff hear."""
    if goods_of(line_of(session, order).product.kind).payee == "seller":
        notify_seller(session, order.seller_id, text, params, once=once, buttons=buttons)


def check_undisputed(session: Session, order: Order) -> None:
    """Raise `Refused` "order-disputed" where a refund would send the money out twice."""
    if is_disputed(session, order):
        raise Refused("order-disputed", {"number": order_number(order)})


def check_not_put_aside(session: Session, order: Order) -> None:
    """Raise `Refused` "access-put-aside" where nothing may be given for an order."""
    if is_put_aside(session, order):
        raise Refused("access-put-aside", {"number": order_number(order)})
