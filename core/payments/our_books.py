"""What we have of the money that a provider lists: the rows of payments and refunds, as lines."""

from collections.abc import Iterator
from datetime import datetime
from typing import get_args

from sqlalchemy import ColumnElement
from sqlmodel import Session, col, or_, select

from core.kit.money import Money
from core.orders.orders import order_number
from core.payments.dispute_books import dispute_lines
from core.payments.payment_rows import SETTLED
from core.payments.rails.port import LineKind, MoneyLine, ProviderBooks
from schemas.sales import Order, Payment, Refund


def our_lines(
    session: Session, rail: str, books: ProviderBooks, since: datetime, until: datetime
) -> list[MoneyLine]:
    """What we have of a rail's payments on the accounts of these books: what their lines name, and all that
    came or went back from `since` to `until`."""
    names: dict[LineKind, list[str]] = {kind: [] for kind in get_args(LineKind)}
    for line in books.lines:
        names[line.kind].append(line.id)
    ours: list[ColumnElement[bool]] = [col(Payment.rail) == rail]
    if books.accounts is not None:
        ours.append(col(Payment.details)["account"].astext.in_(books.accounts))
    charges = [
        *_charges(session, ours, names["charge"], since, until),
        *dispute_lines(session, ours, names["dispute"], since, until),
    ]
    if books.refunds_named:
        return [*charges, *_refunds(session, ours, names["refund"], since, until)]
    known_there = until if books.all_refunds else None
    return [*charges, *_whole_refunds(session, ours, names["refund"], since, known_there)]


def _charges(
    session: Session, ours: list[ColumnElement[bool]], named: list[str], since: datetime, until: datetime
) -> Iterator[MoneyLine]:
    """With the operator's fee of each. Money that waits for people's decision counts where it is named."""
    rows = (
        select(Payment, Order)
        .join(Order)
        .where(
            *ours,
            col(Payment.received) > 0,
            or_(
                col(Payment.provider_id).in_(named) & (col(Payment.status) != "refused"),
                col(Payment.confirmed_at).between(since, until) & col(Payment.status).in_(SETTLED),
            ),
        )
    )
    for payment, order in session.exec(rows):
        yield _line("charge", payment.provider_id, order, payment.received or 0, payment)
        if fee := payment.details.get("fee"):
            yield _line("fee", payment.provider_id, order, fee, payment)


def _refunds(
    session: Session, ours: list[ColumnElement[bool]], named: list[str], since: datetime, until: datetime
) -> Iterator[MoneyLine]:
    """Each under the name that its provider gave it."""
    rows = (
        select(Refund, Payment, Order)
        .join(Payment, col(Payment.id) == Refund.payment_id)
        .join(Order)
        .where(
            *ours,
            Refund.status == "succeeded",
            or_(col(Refund.provider_id).in_(named), col(Refund.done_at).between(since, until)),
        )
    )
    for refund, payment, order in session.exec(rows):
        yield _line("refund", refund.provider_id or f"ours:{refund.id}", order, refund.amount, payment)


def _whole_refunds(
    session: Session,
    ours: list[ColumnElement[bool]],
    named: list[str],
    since: datetime,
    until: datetime | None,
) -> Iterator[MoneyLine]:
    """Payments that went back whole, under their own name; without `until` only those that are named."""
    wanted: ColumnElement[bool] = col(Payment.provider_id).in_(named)
    if until is not None:
        wanted = or_(wanted, col(Order.refunded_at).between(since, until))
    rows = (
        select(Payment, Order)
        .join(Order)
        .where(*ours, Payment.status == "refunded", col(Payment.received) > 0, wanted)
    )
    for payment, order in session.exec(rows):
        yield _line("refund", payment.provider_id, order, payment.received or 0, payment)


def _line(kind: LineKind, name: str, order: Order, amount: int, payment: Payment) -> MoneyLine:
    return MoneyLine(
        kind=kind,
        id=name,
        order_number=order_number(order),
        seller_id=order.seller_id,
        money=Money(amount, payment.currency),
        at=payment.confirmed_at or payment.created_at,
    )
