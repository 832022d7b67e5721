"""Disputes as sellers and staff see them."""

from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session, col, select

from core.kit.errors import NotFound
from core.kit.money import Money
from core.kit.readable_rows import readable
from core.kit.rows import id_of
from core.orders.orders import order_number
from core.payments.dispute_answers import is_answerable
from core.people.shop_rights import require_in
from schemas.catalogue import Product
from schemas.disputes import Dispute, DisputeLine, DisputeStatus
from schemas.people import User
from schemas.sales import Order, Payment

UNKNOWN = "dispute-unknown"


@dataclass(frozen=True)
class DisputeMoney:
    """Money that a dispute took (negative) or gave back, and Stripe's fee, in minor units of `currency`."""

    amount: int
    fee: int
    currency: str


@dataclass(frozen=True)
class DisputeView:
    """A dispute of a sale. `is_held`: nobody may use what was bought for now. `proof`: the path of the staged
    proof of delivery on our web address, empty while there is none; `can_submit`: it can be handed in."""

    id: int
    order_id: int
    number: str
    title: str
    amount: Money
    status: DisputeStatus
    reason: str
    answer_by: datetime | None
    answered: bool
    is_held: bool
    proof: str
    can_submit: bool
    created_at: datetime
    moved: list[DisputeMoney]


def dispute_of(session: Session, person: User, dispute_id: int) -> DisputeView:
    """One dispute of a sale that the person may see. Raises `NotFound` "dispute-unknown"."""
    row = session.get(Dispute, dispute_id, populate_existing=True)
    if row is None:
        raise NotFound(UNKNOWN)
    order = session.get_one(Order, session.get_one(Payment, row.payment_id).order_id)
    require_in(session, person, order.seller_id, "see_sale", unknown=UNKNOWN)
    return _view(session, row, order)


def views_of(session: Session, order: Order) -> list[DisputeView]:
    """The disputes of an order's payments, oldest first."""
    rows = select(Dispute).join(Payment).where(Payment.order_id == order.id).order_by(col(Dispute.id))
    return [_view(session, row, order) for row in readable(session, rows)]


def _view(session: Session, row: Dispute, order: Order) -> DisputeView:
    lines = select(DisputeLine).where(DisputeLine.dispute_id == row.id).order_by(col(DisputeLine.id))
    return DisputeView(
        id=id_of(row),
        order_id=id_of(order),
        number=order_number(order),
        title=session.get_one(Product, order.product_id).title,
        amount=Money(row.amount, row.currency),
        status=row.status,
        reason=row.reason,
        answer_by=row.answer_by,
        answered=row.answered,
        is_held=row.held_at is not None,
        proof=f"/evidence/{row.evidence_id}" if row.staged_at is not None else "",
        can_submit=row.staged_at is not None and is_answerable(row),
        created_at=row.created_at,
        moved=[DisputeMoney(line.amount, line.fee, line.currency) for line in readable(session, lines)],
    )
