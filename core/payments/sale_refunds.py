"""A sale as its seller sees it, and the seller giving its money back.

Only where the buyer paid the seller directly: what lies with the bot or the operator goes back by staff.
"""

from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session, col, func, select
from sqlmodel.sql.expression import SelectOfScalar

from core.kit.errors import Refused
from core.kit.money import Money
from core.kit.pagination import Page
from core.kit.readable_rows import readable
from core.kit.rows import id_of
from core.orders.fulfilment import goods_of, line_of
from core.orders.orders import PAID, by_number, order_number
from core.orders.receipts import receipt
from core.payments.dispute_rows import is_disputed
from core.payments.dispute_views import DisputeView, views_of
from core.payments.rails.port import rail_of
from core.payments.rails.stripe.subscription_rows import followed_by_paid
from core.payments.refunds import refundable, request_refund
from core.people.sellers import SaleLine, sales_of, shop_of
from core.people.shop_rights import require_in
from schemas.people import User
from schemas.sales import Order, OrderStatus, Payment, Refund, RefundStatus

UNKNOWN = "order-unknown"
ON_THEIR_WAY: tuple[RefundStatus, ...] = ("wanted", "pending")


@dataclass(frozen=True)
class SaleRefund:
    """Money of a sale that went back, is on its way, or did not reach the buyer."""

    amount: Money
    status: RefundStatus
    reason: str
    created_at: datetime


@dataclass(frozen=True)
class Sale:
    """A sale. `left` can still go back; `hindrance` is the code of the refusal why nothing can, or empty.

    `in_force`: what it gave stands; a refund of all that is left ends it, and the subscription that it is the
    last period of. `goes_on`: it is a period that a later one was paid after: a refund ends nothing of that.
    """

    order_id: int
    number: str
    title: str
    buyer: str
    price: Money
    rail: str
    status: OrderStatus
    paid_at: datetime
    left: Money
    hindrance: str
    in_force: bool
    goes_on: bool
    refunds: list[SaleRefund]
    disputes: list[DisputeView]


def own_sales(session: Session, person: User, *, page: int) -> Page[SaleLine]:
    """A page of what the person's shop sold, newest first. Raises `NotFound` for who has none."""
    shop = shop_of(session, id_of(person))
    seller_id = id_of(shop) if shop is not None else 0
    require_in(session, person, seller_id, "see_sale", unknown="shop-unknown")
    return sales_of(session, seller_id, page=page)


def sale_of(session: Session, person: User, number: str | int) -> Sale:
    """One sale. Raises `NotFound`, also for a sale of a shop that is none of the person's."""
    order = by_number(session, number)
    require_in(session, person, order.seller_id, "see_sale", unknown=UNKNOWN)
    if order.paid_at is None or goods_of(line_of(session, order).product.kind).payee != "seller":
        raise Refused("sale-unpaid", {"number": order_number(order)})
    return _view(session, order, order.paid_at)


def refund_sale(
    session: Session,
    person: User,
    number: str | int,
    *,
    reason: str,
    amount: int | None = None,
    end_access: bool = False,
    key: str,
    now: datetime,
) -> Sale:
    """Give back what is left of a sale, or a part in minor units; by its key once, whatever is repeated.

    What the sale gave ends with the whole, and with a part only where `end_access`. Raises `NotFound`;
    `Refused` "refund-by-team" where the money does not lie with the seller, and as `request_refund` does.
    """
    order = by_number(session, number, lock=True)
    require_in(session, person, order.seller_id, "refund_sale", unknown=UNKNOWN)
    named = f"sale:{id_of(order)}:{key}"
    if session.exec(select(Refund.id).where(Refund.idempotency_key == named)).first() is None:
        hindrance = _hindrance(session, order)
        if hindrance:
            raise Refused(hindrance, {"number": order_number(order), "status": order.status})
        request_refund(
            session,
            id_of(order),
            actor=f"user:{id_of(person)}",
            reason=reason,
            amount=amount,
            end_access=end_access,
            now=now,
        )
        newest = _refunds_of(order).order_by(col(Refund.id).desc()).limit(1)
        row = session.exec(newest).one()
        row.idempotency_key = named
        session.add(row)
        session.flush()
    return sale_of(session, person, id_of(order))


def _view(session: Session, order: Order, paid_at: datetime) -> Sale:
    line, paper = line_of(session, order), receipt(session, order)
    buyer = session.get(User, order.buyer_id) if order.buyer_id is not None else None
    rows = readable(session, _refunds_of(order).order_by(col(Refund.id)))
    return Sale(
        order_id=id_of(order),
        number=paper.number,
        title=paper.title,
        buyer=buyer.name if buyer else "",
        price=paper.price,
        rail=order.rail,
        status=order.status,
        paid_at=paid_at,
        left=Money(_left(session, order), order.currency),
        hindrance=_hindrance(session, order),
        in_force=goods_of(line.product.kind).is_in_force(session, line),
        goes_on=followed_by_paid(session, order),
        refunds=[
            SaleRefund(Money(row.amount, row.currency), row.status, row.reason, row.created_at)
            for row in rows
        ],
        disputes=views_of(session, order),
    )


def _hindrance(session: Session, order: Order) -> str:
    payee = goods_of(line_of(session, order).product.kind).payee
    if rail_of(order.rail).holder != "seller" or payee != "seller":
        return "refund-by-team"
    if is_disputed(session, order):
        return "order-disputed"
    return "" if order.status in PAID and _left(session, order) > 0 else "not-refundable"


def _left(session: Session, order: Order) -> int:
    """Minor units that have neither gone back nor are on their way."""
    if order.status not in PAID:
        return 0
    coming = (
        select(func.coalesce(func.sum(Refund.amount), 0))
        .join(Payment)
        .where(Payment.order_id == order.id, col(Refund.status).in_(ON_THEIR_WAY))
    )
    return max(0, refundable(session, order) - int(session.exec(coming).one()))


def _refunds_of(order: Order) -> SelectOfScalar[Refund]:
    return select(Refund).join(Payment).where(Payment.order_id == order.id)
