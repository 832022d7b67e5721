"""Money of card payments that goes back: asked for here, or in Stripe's Dashboard; whole, or in parts.

A refund is one row by Stripe's id of it (https://docs.stripe.com/refunds). It may be pending for days, and
may fail after it succeeded: then the money is the seller's again. Whoever tells of it may tell late and
twice: a refund only moves forward.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session, col, select

from core.audit.record import record
from core.jobs.ledger import enqueue
from core.kit.errors import Refused
from core.kit.money import Money
from core.kit.rows import id_of, must_get
from core.orders.buyer_news import tell_buyer
from core.orders.fulfilment import OrderLine
from core.orders.orders import need_support, order_number
from core.payments.payment_rows import drop_part, paying_payment, set_status, worth
from core.payments.rails.stripe import objects
from core.payments.rails.stripe.platform import mark_of, request_key
from core.payments.rails.stripe.protocol import Fields
from core.payments.refunds import refundable, return_part
from core.payments.standing_again import stand_again
from schemas import card_jobs
from schemas.catalogue import Product
from schemas.sales import Order, Payment, Refund, RefundStatus

REFUNDS = "/v1/refunds"
STATUSES: dict[str, RefundStatus] = {
    "pending": "pending",
    "requires_action": "pending",
    "succeeded": "succeeded",
    "failed": "failed",
    "canceled": "failed",
}
"""By Stripe's word for how a refund stands (https://docs.stripe.com/api/refunds/object#refund_object-status)."""
PROGRESS: tuple[RefundStatus, ...] = ("wanted", "pending", "succeeded", "failed")
UNDER_WAY: tuple[RefundStatus, ...] = ("wanted", "pending")
ALREADY = "charge_already_refunded"


@dataclass(frozen=True)
class WantedRefund:
    """What is to be asked of Stripe, on whose account. `id` is that of our row."""

    id: int
    order_number: str
    account: str
    intent: str
    amount: int
    has_fee: bool
    attempt: int
    shop: str

    @property
    def key(self) -> str:
        """The same for the same decision; another once Stripe has failed at this one and looked at it."""
        return request_key(self.shop, "refund", self.id, self.attempt)

    @property
    def fields(self) -> Fields:
        """The refund as the API takes it. The operator's fee goes back in proportion, where there was one."""
        return {
            "payment_intent": self.intent,
            "amount": self.amount,
            "reason": "requested_by_customer",
            "refund_application_fee": self.has_fee or None,
            "metadata": {"order": self.order_number, "refund": str(self.id), "shop": self.shop},
        }


def request(session: Session, line: OrderLine, amount: int | None, *, reason: str, now: datetime) -> None:
    """Have a job give back a part in minor units, or all that is left (None); the order is locked and paid.

    What is on its way already is not asked for again. Raises `Refused` where less is left.
    """
    order = line.order
    payment = paying_payment(session, order)
    left = refundable(session, order) - (_sum_of(session, payment, UNDER_WAY) if payment else 0)
    if payment is not None and amount is None and left == 0:
        return
    wanted = left if amount is None else amount
    if payment is None or not 0 < wanted <= left:
        raise Refused("not-refundable", {"number": order_number(order), "status": order.status})
    _ask(session, payment, wanted, reason, now)


def return_all(session: Session, payment: Payment, *, reason: str, once: str, now: datetime) -> None:
    """Have a job give back all that is left of a payment which pays nothing, once for each `once`.

    Where Stripe refuses or fails, support is called, and nobody asks again by themselves.
    """
    asked = select(Refund.id).where(Refund.idempotency_key == once)
    left = worth(payment) - _sum_of(session, payment, (*UNDER_WAY, "succeeded"))
    if left > 0 and session.exec(asked).first() is None:
        _ask(session, payment, left, reason, now, once=once)


def _ask(
    session: Session, payment: Payment, amount: int, reason: str, now: datetime, *, once: str | None = None
) -> None:
    row = Refund(
        payment_id=payment.id,
        currency=payment.currency,
        amount=amount,
        reason=reason,
        idempotency_key=once,
        created_at=now,
    )
    session.add(row)
    session.flush()
    enqueue(session, card_jobs.RefundCard(refund_id=id_of(row)).once())


def wanted_refund(session: Session, refund_id: int) -> WantedRefund | None:
    """What a refund still asks of Stripe; None where it has answered."""
    row = must_get(session, Refund, refund_id, "refund-unknown")
    if row.status != "wanted":
        return None
    payment = session.get_one(Payment, row.payment_id)
    order = must_get(session, Order, payment.order_id, "order-unknown")
    return WantedRefund(
        id=refund_id,
        order_number=order_number(order),
        account=payment.details["account"],
        intent=payment.provider_id,
        amount=row.amount,
        has_fee=bool(payment.details.get("fee")),
        attempt=row.attempt,
        shop=mark_of(session, order),
    )


def is_of(wanted: WantedRefund, refund: objects.Refund) -> bool:
    """Whether Stripe's refund is what was asked for by our row."""
    return (refund.metadata or {}).get("refund") == str(wanted.id)


def ask_anew(session: Session, refund_id: int) -> None:
    """Stripe failed, and would say so again for the same key: the next try has another."""
    row = must_get(session, Refund, refund_id, "refund-unknown", lock=True)
    row.attempt += 1
    session.add(row)


def refuse(session: Session, refund_id: int, code: str, *, now: datetime) -> None:
    """Stripe does not do it: the money stays, and support is called, unless it went back by itself."""
    row = must_get(session, Refund, refund_id, "refund-unknown", lock=True)
    order = _order_of(session, row)
    if row.status != "wanted":
        return
    _set(session, row, "failed", now)
    payment = session.get_one(Payment, row.payment_id, populate_existing=True)
    if code != ALREADY or payment.status != "refunded":
        need_support(session, order, reason="refund-failed", now=now)


def apply_answers(
    session: Session, refund_id: int, found: Iterable[objects.Refund], *, now: datetime
) -> None:
    """Do what Stripe says of the refunds of the payment that one of ours is of."""
    row = must_get(session, Refund, refund_id, "refund-unknown")
    order = _order_of(session, row)
    payment = session.get_one(Payment, row.payment_id, populate_existing=True)
    apply_refunds(session, order, payment, found, now=now)


def apply_refunds(
    session: Session, order: Order, payment: Payment, found: Iterable[objects.Refund], *, now: datetime
) -> int:
    """Do what Stripe says of refunds of a payment, whose order is locked; how many were news."""
    return sum(_apply(session, order, payment, refund, now) for refund in found)


def _apply(session: Session, order: Order, payment: Payment, refund: objects.Refund, now: datetime) -> bool:
    row = _row_of(session, payment, refund, now)
    status, before = STATUSES.get(refund.status or "", "pending"), row.status
    if PROGRESS.index(status) <= PROGRESS.index(before):
        return False
    _set(session, row, status, now)
    if status == "succeeded":
        _went_back(session, order, payment, row, now)
    elif status == "failed":
        _came_back(session, order, payment, row, before, now)
    return True


def _row_of(session: Session, payment: Payment, refund: objects.Refund, now: datetime) -> Refund:
    """The row of Stripe's refund: by its id, or by ours that it bears; else a new one."""
    ours = (refund.metadata or {}).get("refund", "")
    own_id = int(ours) if ours.isascii() and ours.isdigit() and len(ours) <= 18 else 0
    named = (col(Refund.provider_id) == refund.id) | (
        (col(Refund.id) == own_id) & col(Refund.provider_id).is_(None)
    )
    rows = select(Refund).where(Refund.payment_id == payment.id, named)
    row = session.exec(rows.order_by(col(Refund.provider_id).nulls_last()).limit(1)).first()
    if row is None:
        row = Refund(payment_id=payment.id, currency=payment.currency, amount=refund.amount, created_at=now)
    row.provider_id = refund.id
    session.add(row)
    session.flush()
    return row


def _went_back(session: Session, order: Order, payment: Payment, row: Refund, now: datetime) -> None:
    """The money is the buyer's again. Only the payment that alone pays the order takes the order with it."""
    assert row.provider_id is not None
    reason = row.reason or "Stripe"
    if return_part(session, order, payment, row.amount, part=row.provider_id, reason=reason, now=now):
        record(session, "system", "payment.refunded", f"order:{order.id}", charge=payment.provider_id)
        _tell(session, order, "payment-returned", row)


def _came_back(
    session: Session, order: Order, payment: Payment, row: Refund, before: RefundStatus, now: datetime
) -> None:
    """The money is the seller's again, or has never left: the order stands as if nothing had gone. Where the
    buyer was told that it is back, they hear that it is not. Where another refund has returned all of it by
    now, as events in the wrong order may say, it is back all the same."""
    assert row.provider_id is not None
    if payment.status == "refunded" and _sum_of(session, payment, ("succeeded",)) >= payment.amount:
        return
    if before == "succeeded":
        amount = str(Money(row.amount, row.currency))
        _tell(session, order, "payment-refund-failed", row, amount=amount)
    drop_part(session, payment, row.provider_id)
    if payment.status == "refunded":
        set_status(session, payment, "confirmed")
        stand_again(session, order, part=row.provider_id, amount=row.amount, now=now)
    need_support(session, order, reason="refund-failed", now=now)


def _tell(session: Session, order: Order, text: str, row: Refund, **more: str) -> None:
    title = must_get(session, Product, order.product_id, "product-unknown").title
    about: dict[str, str | int] = {"number": order_number(order), "title": title}
    tell_buyer(session, order, text, about | more, once=f"{order.id}:{row.provider_id}")


def _sum_of(session: Session, payment: Payment, statuses: Iterable[RefundStatus]) -> int:
    """Minor units of a payment whose refunds stand so."""
    rows = select(Refund.amount).where(Refund.payment_id == payment.id, col(Refund.status).in_(statuses))
    return sum(session.exec(rows))


def _order_of(session: Session, row: Refund) -> Order:
    payment = session.get_one(Payment, row.payment_id)
    return must_get(session, Order, payment.order_id, "order-unknown", lock=True)


def _set(session: Session, row: Refund, status: RefundStatus, now: datetime) -> None:
    row.status = status
    row.done_at = now if status not in UNDER_WAY else None
    session.add(row)
    session.flush()
