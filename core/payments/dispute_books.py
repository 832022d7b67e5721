"""Our lines of disputes, for the comparison with a provider's books."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ColumnElement
from sqlmodel import Session, col, or_, select

from core.kit.money import EXPONENTS, Money
from core.orders.orders import order_number
from core.payments.rails.port import MoneyLine
from schemas.disputes import Dispute, DisputeLine
from schemas.sales import Order, Payment


def dispute_lines(
    session: Session,
    ours: Sequence[ColumnElement[bool]],
    named: Sequence[str],
    since: datetime,
    until: datetime,
) -> list[MoneyLine]:
    """What disputes of these payments took and gave back: the lines that are named, and those from `since` to
    `until`. In currencies that we do not sell in nothing is compared."""
    rows = (
        select(DisputeLine, Order)
        .join(Dispute, col(Dispute.id) == DisputeLine.dispute_id)
        .join(Payment, col(Payment.id) == Dispute.payment_id)
        .join(Order, col(Order.id) == Payment.order_id)
        .where(
            *ours,
            col(DisputeLine.currency).in_(EXPONENTS),
            or_(col(DisputeLine.provider_id).in_(named), col(DisputeLine.created_at).between(since, until)),
        )
    )
    return [line for row, order in session.exec(rows) for line in lines_of(row, order)]


def lines_of(row: DisputeLine, order: Order) -> list[MoneyLine]:
    """A line that moved money, and Stripe's fee of it where there is one."""
    moved = MoneyLine(
        kind="dispute",
        id=row.provider_id,
        order_number=order_number(order),
        seller_id=order.seller_id,
        money=Money(row.amount, row.currency),
        at=row.created_at,
    )
    return with_fee(moved, row.fee)


def with_fee(moved: MoneyLine, fee: int) -> list[MoneyLine]:
    """The same line with that of its fee, in minor units, where there is one."""
    if not fee:
        return [moved]
    taken = MoneyLine(
        "dispute_fee",
        moved.id,
        moved.order_number,
        moved.seller_id,
        Money(-fee, moved.money.currency),
        moved.at,
    )
    return [moved, taken]
