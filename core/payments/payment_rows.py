"""Payment rows: what a rail, or the buyer, said about paying an order. Only this module writes them.

A row is unique by its rail and the provider's id of it: said twice, it is one payment.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import uuid4

from sqlalchemy import case, func
from sqlalchemy.dialects.postgresql import Insert, insert
from sqlmodel import Session, col, select

from core.kit.errors import Refused
from core.kit.names import canonical
from core.kit.rows import id_of
from schemas.sales import Order, Payment, PaymentStatus

SETTLED: tuple[PaymentStatus, ...] = ("confirmed", "refunded")
KEY = ("rail", "provider_id")
PARTS = "refunds"  # in the details of a payment


def write_payment(
    session: Session,
    order: Order,
    *,
    rail: str,
    provider_id: str,
    received: int | None = None,
    pay_url: str | None = None,
    reference: str | None = None,
    now: datetime,
) -> Payment | None:
    """Write down a pending payment; None where its provider id, or what a person typed as one, is taken.

    `received` in minor units of the order's currency, None where nothing came or nobody can tell.
    """
    row = _insert(order, rail, provider_id, now).values(
        received=received, pay_url=pay_url, reference=reference
    )
    return session.scalars(row.on_conflict_do_nothing().returning(Payment)).one_or_none()


def payment_of(
    session: Session, order: Order, *, rail: str, provider_id: str, received: int | None, now: datetime
) -> Payment:
    """The payment of a provider's id, written down if new. Raises `Refused` if it is another order's."""
    payment = write_payment(session, order, rail=rail, provider_id=provider_id, received=received, now=now)
    payment = payment or find_payment(session, rail, provider_id)
    assert payment is not None, "what stands in the way of a new row is there"
    if payment.order_id != order.id:
        raise Refused("payment-of-another-order")
    return payment


def find_payment(session: Session, rail: str, provider_id: str) -> Payment | None:
    """The payment of a provider's id, as it is now."""
    statement = select(Payment).where(Payment.rail == rail, Payment.provider_id == provider_id)
    return session.exec(statement.execution_options(populate_existing=True)).one_or_none()


def payment_named(session: Session, rail: str, typed: str) -> Payment | None:
    """The payment whose id a person types, in whatever spelling."""
    named = select(Payment).where(Payment.rail == rail, Payment.reference == canonical(typed))
    return session.exec(named.execution_options(populate_existing=True)).one_or_none()


def paying_payment(session: Session, order: Order) -> Payment | None:
    """The payment that paid an order: the first that was confirmed and has not gone back since."""
    confirmed = select(Payment).where(Payment.order_id == order.id, Payment.status == "confirmed")
    return session.exec(confirmed.order_by(col(Payment.confirmed_at)).limit(1)).first()


def keeps_money(session: Session, order: Order) -> bool:
    """Whether the shop still has money that came for an order: of another payment, beyond its price, or of
    unknown worth."""
    if order.odd_money_at is not None:
        return True
    came = func.coalesce(col(Payment.received), 0)
    stays = (col(Payment.status) != "refunded") & ((came > 0) | (col(Payment.status) == "confirmed"))
    query = select(Payment.id).where(Payment.order_id == order.id, stays | (came > col(Payment.amount)))
    return session.exec(query.limit(1)).first() is not None


def refunded_parts(payment: Payment) -> dict[str, int]:
    """The parts of a payment that went back while the rest stayed: minor units by the rail's name of each."""
    return dict(payment.details.get(PARTS, {}))


def worth(payment: Payment) -> int:
    """Minor units that came by a payment, as far as its provider says."""
    return payment.received or payment.amount


def note_details(session: Session, payment: Payment, details: Mapping[str, Any]) -> None:
    """Write down more of what is known of a payment."""
    payment.details = payment.details | dict(details)
    session.add(payment)
    session.flush()


def note_part(session: Session, payment: Payment, part: str, amount: int) -> None:
    """A part of a payment went back; its order is locked by the caller."""
    note_details(session, payment, {PARTS: refunded_parts(payment) | {part: amount}})


def drop_part(session: Session, payment: Payment, part: str) -> None:
    """A part of a payment did not go back after all; its order is locked by the caller."""
    parts = {name: amount for name, amount in refunded_parts(payment).items() if name != part}
    note_details(session, payment, {PARTS: parts})


def report_payment(
    session: Session,
    order: Order,
    *,
    rail: str,
    provider_id: str,
    status: PaymentStatus,
    received: int | None,
    details: dict[str, Any],
    now: datetime,
) -> None:
    """Write down what a provider says of a payment, new or not, as of `now`.

    One that is confirmed stays so until it is refunded, whatever is said of it, and parts of it that went
    back stay written down.
    """
    report = {"status": status, "received": received, "details": details, "checked_at": now}
    row = _insert(order, rail, provider_id, now).values(report)
    refunded: PaymentStatus = "refunded"
    stays = col(Payment.status).in_(SETTLED) & (row.excluded.status != refunded)
    status_now = case((stays, col(Payment.status)), else_=row.excluded.status)
    parts = func.jsonb_strip_nulls(func.jsonb_build_object(PARTS, col(Payment.details)[PARTS]))
    changes = report | {"status": status_now, "details": row.excluded.details.op("||")(parts)}
    session.execute(row.on_conflict_do_update(index_elements=KEY, set_=changes))


def confirm_payment(session: Session, payment: Payment, *, received: int | None, now: datetime) -> None:
    """The money of a payment is there; `received` None: as much as was known to have come."""
    payment.confirmed_at = now
    payment.received = payment.received if received is None else received
    set_status(session, payment, "confirmed")


def set_status(session: Session, payment: Payment, status: PaymentStatus) -> None:
    """Say how a payment stands; its order is locked by the caller."""
    payment.status = status
    session.add(payment)
    session.flush()


def _insert(order: Order, rail: str, provider_id: str, now: datetime) -> Insert:
    return insert(Payment).values(
        id=uuid4(),
        order_id=id_of(order),
        rail=rail,
        provider_id=provider_id,
        status="pending",
        currency=order.currency,
        amount=order.amount,
        details={},
        created_at=now,
    )
