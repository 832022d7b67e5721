"""A second subscription of an order: begun on another page of Checkout, or after the order was over.

Two pages may have been open for one order, as where it was placed again from a copy of the database. Stripe
would charge by both for ever: a job looks which one pays the order, ends the other, and each charge of that
goes back by another job, once. (What is charged once and comes a second time waits for staff: see `settle`.)
"""

from datetime import datetime

from sqlmodel import Session, col, select

from core.audit.record import record
from core.jobs.ledger import enqueue
from core.kit.rows import id_of
from core.kit.texts import plain
from core.orders.buyer_news import keep_money
from core.payments.payment_rows import SETTLED, confirm_payment, payment_of, report_payment
from core.payments.rails.stripe.inbox import RAIL
from core.payments.rails.stripe.refunds import STATUSES, apply_refunds, return_all
from core.payments.rails.stripe.subscription_look import RenewalSight
from core.payments.rails.stripe.subscription_objects import Invoice
from core.payments.rails.stripe.subscription_rows import ENDED
from core.payments.standing_again import stand_again
from schemas import card_jobs
from schemas.sales import Order, Payment


def is_news(session: Session, first: Order, invoice: Invoice) -> bool:
    """Whether nothing is written down yet of money that came by the first invoice of a subscription."""
    of_invoice = col(Payment.details)["invoice"].astext == invoice.id
    known = select(Payment.id).where(
        Payment.order_id == first.id, of_invoice, col(Payment.status).in_(SETTLED)
    )
    return session.exec(known.limit(1)).first() is None


def can_pay(first: Order, sight: RenewalSight) -> bool:
    """Whether the price of an order came by what was seen, and has not gone back."""
    invoice, charge = sight.invoice, sight.intent.latest_charge if sight.intent is not None else None
    if invoice is None or invoice.status != "paid" or invoice.currency.upper() != first.currency:
        return False
    refunds = charge.refunds.data if charge is not None and charge.refunds is not None else []
    gone = sum(each.amount for each in refunds if STATUSES.get(each.status or "") != "failed")
    return received_of(invoice) - gone >= first.amount


def ask_to_end(session: Session, first: Order, account: str, subscription_id: str) -> None:
    """Have a job look which of two subscriptions pays an order, and end the other, or this one."""
    job = card_jobs.EndSurplus(order_id=id_of(first), account=account, subscription_id=subscription_id)
    enqueue(session, job.once())


def take_surplus(session: Session, first: Order, sight: RenewalSight, *, now: datetime) -> str:
    """Have a subscription ended that pays nothing, and give back what came by its invoice; what was done. Its
    first order is locked."""
    seen, invoice = sight.subscription, sight.invoice
    if seen.status not in ENDED:
        record(session, "system", "subscription.wanted", f"order:{first.id}", renews=False)
        ask_to_end(session, first, sight.account, seen.id)
    if invoice is None or invoice.status != "paid" or sight.intent is None or not invoice.amount_paid:
        return f"{seen.id} is one too many: it ends, nothing was charged"
    if invoice.currency.upper() != first.currency:
        keep_money(session, first, reason="currency-differs", now=now)
        return f"{seen.id} is one too many: it ends; currency-differs: support decides"
    give_back(session, first, sight, invoice, now=now)
    return f"{seen.id} is one too many: it ends, and its charge goes back"


def stand_by(session: Session, first: Order, sight: RenewalSight, invoice: Invoice, *, now: datetime) -> None:
    """A refunded order stands again by the first invoice of a subscription."""
    assert sight.intent is not None, "something was charged"
    stand_again(session, first, part=sight.intent.id, amount=first.amount, now=now)
    _confirm(session, first, sight, invoice, sight.intent.id, now)


def give_back(
    session: Session, first: Order, sight: RenewalSight, invoice: Invoice, *, now: datetime
) -> None:
    """Write down the payment of an invoice that pays nothing, and have it given back."""
    assert sight.intent is not None, "something was charged"
    payment = _confirm(session, first, sight, invoice, sight.intent.id, now)
    charge = sight.intent.latest_charge
    if charge is not None and charge.refunds is not None:
        apply_refunds(session, first, payment, charge.refunds.data, now=now)
    reason = plain(first.language, "surplus-refund")
    return_all(session, payment, reason=reason, once=f"surplus:{payment.id}", now=now)


def received_of(invoice: Invoice) -> int:
    """What came without the taxes that were added, in minor units."""
    return min(invoice.subtotal, invoice.amount_paid) if invoice.subtotal > 0 else invoice.amount_paid


def note_invoice(
    session: Session, order: Order, sight: RenewalSight, invoice: Invoice, name: str, *, now: datetime
) -> None:
    """Write down what Stripe says of the payment of an invoice, by its name there."""
    charge = sight.intent.latest_charge if sight.intent is not None else None
    fee = (charge.application_fee_amount if charge else None) or 0
    details = {"account": sight.account, "stage": "paid", "fee": fee, "invoice": invoice.id}
    details |= {} if invoice.tax is None else {"tax": invoice.tax}
    report_payment(
        session,
        order,
        rail=RAIL,
        provider_id=name,
        status="pending",
        received=received_of(invoice),
        details=details,
        now=now,
    )


def _confirm(
    session: Session, first: Order, sight: RenewalSight, invoice: Invoice, name: str, now: datetime
) -> Payment:
    received = received_of(invoice)
    payment = payment_of(session, first, rail=RAIL, provider_id=name, received=received, now=now)
    if payment.status not in SETTLED:
        confirm_payment(session, payment, received=received, now=now)
    note_invoice(session, first, sight, invoice, name, now=now)
    session.refresh(payment)
    return payment
