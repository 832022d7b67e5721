"""Disputes of card payments as Stripe shows them now, applied under the lock of their order.

Events say only that there is something to look at; whoever looked first may be late
(https://docs.stripe.com/disputes/api). An older look changes nothing that a newer one has written.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import get_args

from sqlalchemy.dialects.postgresql import insert
from sqlmodel import Session, col, func, select

from core.audit.record import record
from core.jobs.ledger import enqueue
from core.kit.money import Money, parse_sums
from core.kit.rows import id_of
from core.kit.texts import plain
from core.notifications.notify import notify_staff
from core.orders.buyer_news import tell_buyer
from core.orders.fulfilment import awaits_person, goods_of, line_of
from core.orders.orders import PAID, order_number
from core.payments.dispute_outcomes import close
from core.payments.dispute_rows import disputes_of, fee_taken, is_disputed, notify_payee
from core.payments.dispute_rules import (
    ANSWERABLE,
    CLOSED,
    DisputePolicy,
    costs_less_refunded,
    holds_access,
)
from core.payments.rails.stripe import objects
from core.payments.rails.stripe.subscription_rows import stop_charging
from core.payments.refunds import pays, refundable, request_refund
from core.process.settings import Settings
from schemas.card_jobs import StageEvidence
from schemas.disputes import Dispute, DisputeAccess, DisputeLine, DisputeStatus
from schemas.sales import Order, Payment

DISPUTES = "/v1/disputes"
WARNINGS = "/v1/radar/early_fraud_warnings"
NOT_SAID = datetime.min.replace(tzinfo=UTC)
"""Of a look that nobody dated: it tells nothing of what is known already."""
STATUSES: frozenset[str] = frozenset(get_args(DisputeStatus))


@dataclass(frozen=True)
class SeenDisputes:
    """Disputes of a payment, and a bank's warning of one, as Stripe showed them after `at`."""

    disputes: tuple[objects.Dispute, ...]
    warning: objects.FraudWarning | None = None
    at: datetime = NOT_SAID


def dispute_policy(settings: Settings) -> DisputePolicy:
    """What the operator has chosen (DISPUTE_ACCESS, DISPUTE_FEES)."""
    access: DisputeAccess = "keep" if settings.dispute_access == "keep" else "suspend"
    return DisputePolicy(access, parse_sums(settings.dispute_fees))


def apply_disputes(
    session: Session,
    order: Order,
    payment: Payment,
    seen: SeenDisputes,
    policy: DisputePolicy,
    *,
    now: datetime,
) -> int:
    """Write down how the disputes of a payment stand, and let access, order and papers follow; how many were
    news. The order is locked."""
    news = sum(_apply(session, order, payment, found, seen.at, now) for found in seen.disputes)
    if seen.warning is not None and seen.warning.actionable:
        _heed(session, order, payment, seen.warning, policy, now)
    rows = [row for row in disputes_of(session, order) if row.payment_id == payment.id]
    for row in rows:
        if not row.lost:
            close(session, order, payment, row, now=now)
    follow_access(session, order, policy.access, now=now)
    for row in rows:
        if row.lost:
            close(session, order, payment, row, now=now)
    return news


def follow_access(session: Session, order: Order, access: DisputeAccess, *, now: datetime) -> None:
    """Put aside what a paid order gave while no undisputed payment pays for it, or give it back."""
    rows = disputes_of(session, order)
    holding = [row for row in rows if holds_access(row.status, access, lost=row.lost)]
    is_held = any(row.held_at is not None for row in rows)
    if order.status not in PAID:
        # What it gave has ended, put aside as it was, and a later dispute of the same money holds it as well:
        # whether it came before the end or after it is chance.
        if is_held and holding:
            _mark(session, rows, holding, now)
        return
    if not rows:
        return
    holds = bool(holding) and not _is_paid_besides(session, order, holding)
    line = line_of(session, order)
    goods = goods_of(line.product.kind)
    _mark(session, rows, holding if holds else [], now)
    if holds == is_held:
        return
    record(session, "system", "access.put-aside" if holds else "access.given-back", f"order:{order.id}")
    if not awaits_person(line):
        (goods.put_aside if holds else goods.give_back)(session, line, now=now)
    if holds and all(row.lost for row in holding):
        return  # that what they paid has gone back, they hear besides
    text = "order-put-aside" if holds else "order-given-back"
    once = f"{order.id}:{sum(row.turn for row in rows)}"
    tell_buyer(session, order, text, _about(session, order), once=once)


def _mark(session: Session, rows: list[Dispute], holding: list[Dispute], now: datetime) -> None:
    for row in rows:
        row.held_at = (row.held_at or now) if row in holding else None
        session.add(row)
    session.flush()


def _apply(
    session: Session, order: Order, payment: Payment, found: objects.Dispute, at: datetime, now: datetime
) -> bool:
    row = session.exec(select(Dispute).where(Dispute.provider_id == found.id)).one_or_none()
    if row is not None and row.checked_at > at:
        return False
    before = row.status if row is not None else None
    row = row or Dispute(
        payment_id=payment.id,
        provider_id=found.id,
        status="under_review",
        currency=found.currency.upper(),
        amount=found.amount,
        created_at=_moment(found.created),
        checked_at=at,
    )
    # A status that is new to us tells nothing: what was known stays.
    status: DisputeStatus = found.status if found.status in STATUSES else row.status  # type: ignore[assignment]
    row.status, row.amount, row.reason, row.checked_at = status, found.amount, found.reason, at
    row.refundable = found.is_charge_refundable
    details = found.evidence_details
    row.answer_by = _moment(details.due_by) if details.due_by else None
    row.answered = details.submission_count > 0
    row.lost = status == "lost" or (row.lost and status not in CLOSED)
    row.closed_at = (row.closed_at or now) if status in CLOSED else None
    row.turn += status != before
    if (
        status != before and status in ANSWERABLE
    ):  # an inquiry that became a dispute, or an appeal, has its own go
        row.staged_at = row.submit_asked_at = None
    session.add(row)
    session.flush()
    _write_lines(session, row, found.balance_transactions)
    if status == before:
        return False
    if status == "lost":
        stop_charging(session, order)
    if status in ANSWERABLE and not row.answered:
        enqueue(session, StageEvidence(dispute_id=id_of(row), turn=row.turn).once())
    record(session, "system", "dispute.changed", f"order:{order.id}", dispute=found.id, status=status)
    _tell(session, order, row)
    return True


def _write_lines(session: Session, row: Dispute, lines: Iterable[objects.DisputeMoney]) -> None:
    for line in lines:
        new = insert(DisputeLine).values(
            dispute_id=id_of(row),
            provider_id=line.id,
            currency=line.currency.upper(),
            amount=line.amount,
            fee=line.fee,
            created_at=_moment(line.created),
        )
        session.execute(new.on_conflict_do_nothing(index_elements=["provider_id"]))


def _tell(session: Session, order: Order, row: Dispute) -> None:
    """The seller, whose money it is, and staff hear of each turn, once."""
    about = _about(session, order) | {"amount": str(Money(row.amount, row.currency)), "status": row.status}
    about |= {"reason": row.reason, "by": int(row.answer_by.timestamp()) if row.answer_by else 0}
    once = f"{row.provider_id}:{row.turn}"
    buttons = [["button-dispute", f"dispute:{row.id}"]]
    answer = buttons if row.status in ANSWERABLE else [["button-sale", f"sale:{order.id}"]]
    notify_payee(session, order, "sale-disputed", about, once=once, buttons=answer)
    notify_staff(session, "staff-disputed", about, once=once, buttons=buttons, act="see_sale")


def _heed(
    session: Session,
    order: Order,
    payment: Payment,
    warning: objects.FraudWarning,
    policy: DisputePolicy,
    now: datetime,
) -> None:
    """A bank says that the card was stolen, before any dispute: all back now costs less than a dispute.

    Of what is worth less than the dispute's fee it is made at once, else its seller is asked.
    """
    if order.status not in PAID or is_disputed(session, order):
        return
    about = _about(session, order) | {"amount": str(Money(payment.amount, payment.currency))}
    left = refundable(session, order) if pays(session, order, payment) else 0
    taken = fee_taken(session, payment)
    fees = policy.fees if taken is None else {**policy.fees, order.currency: taken}
    if not costs_less_refunded(left, order.currency, fees):
        buttons = [["button-refund", f"sale_refund:{order.id}"]]
        notify_payee(session, order, "sale-fraud-warning", about, once=warning.id, buttons=buttons)
        notify_staff(session, "staff-fraud-warning", about, once=warning.id)
        return
    reason = plain(order.language, "fraud-refund")
    request_refund(session, id_of(order), actor="system", reason=reason, now=now)
    stop_charging(session, order)
    about |= {"amount": str(Money(left, order.currency))}
    notify_payee(session, order, "sale-fraud-refunded", about, once=warning.id)
    notify_staff(session, "staff-fraud-refunded", about, once=warning.id)


def _is_paid_besides(session: Session, order: Order, holding: list[Dispute]) -> bool:
    """Whether a payment that no bank holds pays the order."""
    paying = select(Payment.id).where(
        Payment.order_id == order.id,
        Payment.status == "confirmed",
        func.coalesce(col(Payment.received), 0) >= order.amount,
        col(Payment.id).not_in([row.payment_id for row in holding]),
    )
    return session.exec(paying.limit(1)).first() is not None


def _about(session: Session, order: Order) -> dict[str, str | int]:
    line = line_of(session, order)
    return {"number": order_number(order), "title": line.product.title}


def _moment(seconds: int) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)
