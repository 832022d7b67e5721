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
from core.orders.orders import PAID, order_number
from core.payments.dispute_rows import disputes_of
from core.payments.payment_rows import find_payment
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
    ENDED,
    ask_for_card,
    invoice_key,
    is_alive,
    renews,
    row_of,
    take_over,
    want,
    write_shown,
)
from core.payments.rails.stripe.surplus import (
    ask_to_end,
    can_pay,
    give_back,
    is_news,
    note_invoice,
    received_of,
    stand_by,
    take_surplus,
)
from core.payments.refunds import request_refund
from core.payments.settle import settle
from schemas.card_subscription import CardSubscription
from schemas.catalogue import Product
from schemas.sales import Order

FIRST, NEXT = "subscription_create", "subscription_cycle"
"""Why an invoice was made that pays a whole period (`billing_reason`): the first one, or a further one."""
OVER = ("refunded", "cancelled")


def apply_renewal(
    session: Session, first: Order, sight: RenewalSight, *, looked: bool = False, now: datetime
) -> Verdict:
    """Do what was seen of a subscription, whose first order is locked. `looked`: somebody has looked before
    at the other one, where there are two."""
    named = sight.subscription.metadata or {}
    if (named.get("order"), named.get("shop")) != (order_number(first), mark_of(session, first)):
        return Verdict("refused", "the subscription of another order")
    row = row_of(session, first, sight, now=now)
    if row.subscription_id != sight.subscription.id:
        outcome = _choose(session, first, row, sight, looked, now)
        if outcome:
            return Verdict("handled", outcome)
    trials.begin(session, first, row, sight.subscription, now=now)
    outcome = _take(session, first, row, sight, now)
    standing = _follow(session, row, sight, now)
    return Verdict("handled", f"{outcome}; {standing}")


def look_again(database: Database, stripe: StripeApi, row: CardSubscription, *, now: datetime) -> None:
    """Apply how a subscription and its latest invoice stand at Stripe, as if their events had come."""
    seen = look_at_subscription(stripe, row.account, row.subscription_id, at=now)
    with database.transaction() as session:
        apply_to(session, row.order_id, seen, now=now)


def apply_to(
    session: Session, order_id: int, seen: RenewalSight, *, looked: bool = False, now: datetime
) -> None:
    """Do what was seen of a subscription that began with an order, as if its event had come; `looked` as in
    `apply_renewal`."""
    first = must_get(session, Order, order_id, "order-unknown", lock=True)
    apply_renewal(session, first, seen, looked=looked, now=now)


def _choose(
    session: Session, first: Order, row: CardSubscription, sight: RenewalSight, looked: bool, now: datetime
) -> str:
    """What becomes of a second subscription; empty: it has taken the place of the first one, which was
    refunded."""
    seen = sight.subscription
    if first.status == "refunded" and can_pay(first, sight):
        ask_to_end(session, first, row.account, row.subscription_id)
        take_over(session, row, sight)
        return ""
    if first.status in PAID and not looked and seen.status not in ENDED:
        ask_to_end(session, first, sight.account, seen.id)
        return f"{seen.id} beside {row.subscription_id}: it is looked which one pays"
    if first.status in (*PAID, *OVER):
        return take_surplus(session, first, sight, now=now)
    keep_money(session, first, reason="second-payment", now=now)
    return f"{seen.id} beside {row.subscription_id}: support decides"


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
    name = sight.intent.id if sight.intent is not None else invoice.id
    if not further and sight.intent is not None and is_news(session, first, invoice):
        if first.status == "refunded" and can_pay(first, sight):
            stand_by(session, first, sight, invoice, now=now)
        elif first.status in (*PAID, *OVER):
            give_back(session, first, sight, invoice, now=now)
            want(session, row, "end", actor="system")
            return f"the order is {first.status} already: it ends, and its charge goes back"
    sold = _product_of(session, first, sight)
    order = _further_order(session, first, sold, invoice, now) if further else first
    paid = settle(session, order, rail=RAIL, provider_id=name, received=received_of(invoice), now=now)
    note_invoice(session, order, sight, invoice, name, now=now)
    payment = find_payment(session, RAIL, name)
    charge = sight.intent.latest_charge if sight.intent is not None else None
    if payment is not None and charge is not None and charge.refunds is not None:
        apply_refunds(session, order, payment, charge.refunds.data, now=now)
    if further and paid and _has_ended(session, first, row):
        request_refund(session, id_of(order), actor="system", reason="subscription ended", now=now)
        want(session, row, "end", actor="system")
        return "paid after its end: it goes back"
    return "paid" if paid else f"known, or not settled: the order is {order.status}"


def _has_ended(session: Session, first: Order, row: CardSubscription) -> bool:
    """Whether nothing was to be charged any more: by us, for what nobody has claimed, or since a bank has
    given the first payment back.

    What a claimed one is worth its membership says, when it is paid (`give_time`). That an earlier period was
    refunded ends nothing: see `followed_by_paid`.
    """
    if row.membership_id is None:
        return row.wanted == "end"
    return any(dispute.lost for dispute in disputes_of(session, first))


def _further_order(session: Session, first: Order, product_id: int, invoice: Invoice, now: datetime) -> Order:
    """The order of a further invoice, locked, for whoever has the first."""
    key = invoice_key(first, invoice.id)
    values = first.model_dump(include={"buyer_id", "seller_id", "entry", "rail", "currency"})
    row = insert(Order).values(
        **values,
        product_id=product_id,
        amount=received_of(invoice),
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
