"""What a subscription and its invoice, seen as they are now, do to orders and to the membership.

Webhooks, the buyer's return, the poller and our own requests all come here, in any order and at once, under
the lock of the order that the subscription began with. An invoice that is paid is an order, and is one by its
id; how the subscription stands is written down as of the moment at which somebody looked.
"""

from datetime import datetime

from sqlalchemy.dialects.postgresql import insert
from sqlmodel import Session, select

from core.kit.db import Database
from core.kit.rows import id_of, must_get
from core.orders.buyer_news import keep_money
from core.orders.orders import order_number
from core.payments.payment_rows import find_payment, report_payment
from core.payments.rails.port import Verdict
from core.payments.rails.stripe import trials
from core.payments.rails.stripe.api import StripeApi
from core.payments.rails.stripe.card_members import card_members
from core.payments.rails.stripe.inbox import RAIL
from core.payments.rails.stripe.platform import mark_of, shop_name
from core.payments.rails.stripe.refunds import apply_refunds
from core.payments.rails.stripe.subscription_look import RenewalSight, look_at_subscription
from core.payments.rails.stripe.subscription_objects import Invoice
from core.payments.rails.stripe.subscription_rows import (
    ask_for_card,
    invoice_key,
    is_alive,
    renews,
    row_of,
    want,
    write_shown,
)
from core.payments.refunds import request_refund
from core.payments.settle import settle
from schemas.card_subscription import CardSubscription
from schemas.catalogue import Product
from schemas.sales import Order

FIRST, NEXT = "subscription_create", "subscription_cycle"
"""Why an invoice was made that pays a whole period (`billing_reason`): the first one, or a further one."""
GONE = ("refunded", "cancelled")


def apply_renewal(session: Session, first: Order, sight: RenewalSight, *, now: datetime) -> Verdict:
    """Do what was seen of a subscription, whose first order is locked."""
    named = sight.subscription.metadata or {}
    if (named.get("order"), named.get("shop")) != (order_number(first), mark_of(session, first)):
        return Verdict("refused", "the subscription of another order")
    row = row_of(session, first, sight, now=now)
    if row.subscription_id != sight.subscription.id:
        want_another = f"{sight.subscription.id} beside {row.subscription_id}: support decides"
        keep_money(session, first, reason="second-payment", now=now)
        return Verdict("refused", want_another)
    trials.begin(session, first, row, sight.subscription, now=now)
    outcome = _take(session, first, row, sight, now)
    standing = _follow(session, row, sight, now)
    return Verdict("handled", f"{outcome}; {standing}")


def look_again(database: Database, stripe: StripeApi, row: CardSubscription, *, now: datetime) -> None:
    """Apply how a subscription and its latest invoice stand at Stripe, as if their events had come."""
    seen = look_at_subscription(stripe, row.account, row.subscription_id, at=now)
    with database.transaction() as session:
        first = must_get(session, Order, row.order_id, "order-unknown", lock=True)
        apply_renewal(session, first, seen, now=now)


def _take(session: Session, first: Order, row: CardSubscription, sight: RenewalSight, now: datetime) -> str:
    invoice = sight.invoice
    if invoice is None:
        return "no invoice"
    if invoice.currency.upper() != first.currency:
        keep_money(session, first, reason="currency-differs", now=now)
        return "currency-differs: support decides"
    if invoice.status == "paid" and invoice.billing_reason not in (FIRST, NEXT):
        if not invoice.amount_paid:
            return "nothing was charged: the day of the next charge was moved"
        if not _pays_change(session, first, row, sight, invoice):
            keep_money(session, first, reason="second-payment", now=now)  # the seller has changed something
            return f"{invoice.billing_reason} pays no period of ours: support decides"
    if invoice.status == "paid":
        return _pay(session, first, row, sight, invoice, now)
    if invoice.status == "open" and invoice.attempt_count and is_alive(row):
        authenticate = sight.intent is not None and sight.intent.status == "requires_action"
        card_members().declined(session, row, invoice, authenticate=authenticate, now=now)
        return f"attempt {invoice.attempt_count} has failed"
    return f"the invoice is {invoice.status}"


def _pays_change(
    session: Session, first: Order, row: CardSubscription, sight: RenewalSight, invoice: Invoice
) -> bool:
    """Whether an invoice in the middle of a period pays a change of plan that is to be given, or was."""
    known = select(Order.id).where(Order.idempotency_key == invoice_key(first, invoice.id))
    changed = card_members().is_other(session, row, _product_of(session, first, sight))
    return changed or session.exec(known).first() is not None


def _product_of(session: Session, first: Order, sight: RenewalSight) -> int:
    """What is sold now: what it began with, or the plan of that shop to which we have changed it."""
    plan_id = sight.subscription.plan_of(shop_name(session))
    product = session.get(Product, plan_id) if plan_id is not None else None
    return id_of(product) if product and product.seller_id == first.seller_id else first.product_id


def _pay(
    session: Session,
    first: Order,
    row: CardSubscription,
    sight: RenewalSight,
    invoice: Invoice,
    now: datetime,
) -> str:
    further = invoice.billing_reason != FIRST
    if not further and not invoice.amount_paid and not first.amount:
        return "nothing is charged yet"
    sold = _product_of(session, first, sight)
    order = _further_order(session, first, sold, invoice, now) if further else first
    name = sight.intent.id if sight.intent is not None else invoice.id
    received = _received(invoice)
    paid = settle(session, order, rail=RAIL, provider_id=name, received=received, now=now)
    _note(session, order, sight, invoice, name, received, now)
    payment = find_payment(session, RAIL, name)
    charge = sight.intent.latest_charge if sight.intent is not None else None
    if payment is not None and charge is not None and charge.refunds is not None:
        apply_refunds(session, order, payment, charge.refunds.data, now=now)
    if further and paid and first.status in GONE and order.product_id == first.product_id:
        request_refund(session, id_of(order), actor="system", reason="subscription ended", now=now)
        want(session, row, "end", actor="system")
        return "paid after its end: it goes back"
    return "paid" if paid else f"known, or not settled: the order is {order.status}"


def _further_order(session: Session, first: Order, product_id: int, invoice: Invoice, now: datetime) -> Order:
    """The order of a further invoice, locked, for whoever has the first."""
    key = invoice_key(first, invoice.id)
    values = first.model_dump(include={"buyer_id", "seller_id", "entry", "rail", "currency"})
    row = insert(Order).values(
        **values,
        product_id=product_id,
        amount=_received(invoice),
        status="awaiting_payment",
        idempotency_key=key,
        language=first.language,
        created_at=now,
        expires_at=now,
        waived_at=first.waived_at,
        waiver=first.waiver,
    )
    session.execute(row.on_conflict_do_nothing(index_elements=["idempotency_key"]))
    return session.exec(select(Order).where(Order.idempotency_key == key).with_for_update()).one()


def _received(invoice: Invoice) -> int:
    """What came without the taxes that were added, in minor units."""
    return min(invoice.subtotal, invoice.amount_paid) if invoice.subtotal > 0 else invoice.amount_paid


def _note(
    session: Session,
    order: Order,
    sight: RenewalSight,
    invoice: Invoice,
    name: str,
    received: int,
    now: datetime,
) -> None:
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
        received=received,
        details=details,
        now=now,
    )


def _follow(session: Session, row: CardSubscription, sight: RenewalSight, now: datetime) -> str:
    """Write down how it stands, and have the membership follow what has changed."""
    card_members().lock(session, row)
    session.refresh(row)
    before = is_alive(row) and not row.cancels
    if not write_shown(session, row, sight):
        return "late news: somebody has looked since"
    after = is_alive(row) and not row.cancels
    if before and not after:
        card_members().stopped(session, row, now=now)
    elif after and not before:
        card_members().goes_on(session, row, now=now)
    if renews(row):
        ask_for_card(session, row)
    return f"it is {row.status}" + (", and ends" if row.cancels else "")
