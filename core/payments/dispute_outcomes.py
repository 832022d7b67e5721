"""What a bank's decision does to an order and its papers: lost, the money is the buyer's as by a refund.

An appeal may be won after that: then the order stands again, and its papers say so.
"""

from datetime import datetime

from sqlmodel import Session

from core.jobs.ledger import enqueue
from core.kit.rows import id_of
from core.kit.texts import plain
from core.payments.papers import AGAIN
from core.payments.payment_rows import drop_part, refunded_parts, set_status
from core.payments.refunds import finish_part, pays, refundable, return_part
from core.payments.standing_again import stand_again
from schemas.disputes import Dispute
from schemas.paper_jobs import IssuePaper
from schemas.sales import Order, Payment


def close(session: Session, order: Order, payment: Payment, row: Dispute, *, now: datetime) -> None:
    """Do what follows from how a dispute of a payment stands, once; its order is locked.

    What a lost dispute took is refunded: with the payment that alone pays the order, the order is, in part or
    whole. What was lost and is won on appeal comes again.
    """
    if row.status == "lost" and not row.credited:
        _lose(session, order, payment, row, now)
    elif row.status != "lost" and not row.lost:
        _regain(session, order, payment, row, now)


def _lose(session: Session, order: Order, payment: Payment, row: Dispute, now: datetime) -> None:
    reason, part = plain(order.language, "dispute-lost"), f"{row.provider_id}:{row.turn}"
    left = refundable(session, order)
    if not pays(session, order, payment):
        return_part(session, order, payment, row.amount, part=part, reason=reason, now=now)
    elif finish_part(session, order, row.amount, part=part, reason=reason, now=now, by="bank"):
        row.credited = min(row.amount, left)
        session.add(row)
        session.flush()


def _regain(session: Session, order: Order, payment: Payment, row: Dispute, now: datetime) -> None:
    part = next((name for name in refunded_parts(payment) if name.startswith(f"{row.provider_id}:")), None)
    if part is None and not row.credited:
        return
    amount, row.credited = row.credited, 0
    session.add(row)
    session.flush()
    if part is not None:
        drop_part(session, payment, part)
    if payment.status == "refunded":
        set_status(session, payment, "confirmed")
    again = f"{row.provider_id}:{row.turn}"
    if not stand_again(session, order, part=again, amount=amount, now=now) and amount:
        paper = IssuePaper(order_id=id_of(order), part=f"{AGAIN}{again}", amount=amount)
        enqueue(session, paper.once())
