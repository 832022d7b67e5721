"""What a session of Checkout, seen as it is now, does to its order.

Webhooks, the buyer's return and the poller all come here, in any order and at once. What was seen by one may
be older than what another has done already: money that came never goes back by it, only by a refund.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement
from sqlmodel import Session as Database
from sqlmodel import col, or_, select

from core.kit.rows import must_get
from core.orders.buyer_news import keep_money, tell_buyer
from core.orders.orders import OPEN, move, need_support, order_id_of, order_number
from core.payments.payment_rows import SETTLED, find_payment, report_payment
from core.payments.rails.port import Verdict
from core.payments.rails.stripe.disputes import apply_disputes, follow_access
from core.payments.rails.stripe.inbox import RAIL
from core.payments.rails.stripe.look import CardReport, Sight
from core.payments.rails.stripe.objects import Intent, Session
from core.payments.rails.stripe.platform import is_marked
from core.payments.rails.stripe.refunds import apply_refunds
from core.payments.rails.stripe.subscriptions import apply_renewal
from core.payments.settle import settle
from core.payments.standing_again import stand_again
from schemas.catalogue import Product
from schemas.sales import Order, Payment, PaymentEvent, PaymentStatus

COMING = ("processing", "requires_action", "requires_capture", "requires_confirmation", "succeeded")
"""How an intent stands whose money may still come, or came since the session was looked at
(https://docs.stripe.com/payments/paymentintents/lifecycle)."""


def apply(database: Database, event: PaymentEvent, report: CardReport, *, now: datetime) -> Verdict:
    """Do what was seen of an event; its state, and what was decided. Nothing of it alarms staff: a seller's
    account is the seller's own."""
    if report.other_mode:
        return Verdict("refused", f"livemode {report.event.livemode} is not that of STRIPE_SECRET_KEY")
    if report.sight is None:
        return Verdict("refused", "nobody has looked at Stripe")
    named = report.event
    names = named.ids
    if is_marked(database, named.order_number, named.shop):
        names.append(named.order_number)
    order = order_of(database, report.sight, names)
    if order is None:
        return Verdict("unmatched", "no payment of ours")
    event.order_id = order.id
    return apply_sight(database, order, report.sight, named=report.event.intent_id, now=now)


def apply_sight(database: Database, order: Order, sight: Sight, *, named: str = "", now: datetime) -> Verdict:
    """Do what was seen of the session, subscription or payment of an order, which is locked; `named`: the
    payment that its event names."""
    verdict = _of_money(database, order, sight, now)
    made = sight.session.payment_intent if sight.session is not None else None
    name = named or (made.id if made is not None else "")
    payment = find_payment(database, RAIL, name) if name and sight.disputes is not None else None
    if payment is None or payment.order_id != order.id:
        # What else pays the order, or pays it no more, counts for a dispute of another payment of it.
        follow_access(database, order, sight.policy.access, now=now)
        return verdict
    return _of_banks(database, order, payment, sight, verdict, now)


def _of_money(database: Database, order: Order, sight: Sight, now: datetime) -> Verdict:
    """What came, or went back by a refund."""
    found = sight.session
    if sight.blind:
        keep_money(database, order, reason="payment-unseen", now=now)
        return Verdict("refused", f"Stripe shows nothing of it: {sight.blind[:60]}")
    if sight.renewal is not None:
        return apply_renewal(database, order, sight.renewal, now=now)
    if found is None:
        return _apply_payment(database, order, sight, now)
    if found.status != "complete":
        return Verdict("handled", _unpaid(database, order, found, now))
    if found.payment_intent is None or not found.amount_subtotal:
        return Verdict("handled", "complete, and nothing was to be paid")
    made = _Made(sight.account, found, found.payment_intent, found.amount_subtotal)
    odd = _oddity(database, order, made)
    if odd is not None:
        return Verdict("refused", _keep_odd(database, order, made, odd, now))
    if found.payment_status != "paid":
        return Verdict("handled", _wait(database, order, made, now))
    outcome = _pay(database, order, made, now)
    payment = find_payment(database, RAIL, made.intent.id)
    if payment is not None and apply_refunds(database, order, payment, sight.refunds, now=now):
        outcome = f"{outcome}; of refunds there was news: the order is {order.status}"
    return Verdict("handled", outcome)


def _of_banks(
    database: Database, order: Order, payment: Payment, sight: Sight, verdict: Verdict, now: datetime
) -> Verdict:
    """Do what was seen of disputes of a payment, also of one that no page of Checkout was made for."""
    if sight.disputes is None:
        return verdict
    news = apply_disputes(database, order, payment, sight.disputes, sight.policy, now=now)
    outcome = verdict.outcome if verdict.state == "handled" else "looked at its disputes"
    return Verdict("handled", f"{outcome}; of disputes there was news" if news else outcome)


def apply_look(database: Database, order_id: int, sight: Sight, *, now: datetime) -> Verdict:
    """Do what was seen of the session of an order without any event: its buyer came back, or it was due."""
    order = must_get(database, Order, order_id, "order-unknown", lock=True)
    if sight.blind:
        return Verdict("refused", f"Stripe shows nothing of it: {sight.blind[:60]}")
    return apply_sight(database, order, sight, now=now)


def order_of(database: Database, sight: Sight, names: Sequence[str]) -> Order | None:
    """The order that is paid on this account by a session or payment of these ids, or has this number.

    It is locked. An event of another seller's account finds none, whatever it names; nor does a session of
    another shop to which the seller has connected the same account.
    """
    found, renewal = sight.session, sight.renewal
    if renewal is not None:
        metadata = renewal.subscription.metadata or {}
        number = metadata.get("order", "")
        is_ours = is_marked(database, number, metadata.get("shop", ""))
        names = (*names, renewal.subscription.id, number if is_ours else "")
    if found is not None:
        intent = found.payment_intent.id if found.payment_intent else ""
        number = found.client_reference_id or ""
        is_ours = is_marked(database, number, (found.metadata or {}).get("shop", ""))
        names = (*names, found.id, intent, number if is_ours else "")
    numbers = [order_id_of(name) for name in names if name.startswith("CMT-")]
    named: ColumnElement[bool] = or_(col(Payment.provider_id).in_(names), col(Payment.order_id).in_(numbers))
    account = col(Payment.details)["account"].astext == sight.account
    ids = select(Payment.order_id).where(Payment.rail == RAIL, account, named)
    locked = select(Order).where(col(Order.id).in_(ids), Order.rail == RAIL).order_by(col(Order.id)).limit(1)
    return database.exec(locked.with_for_update().execution_options(populate_existing=True)).first()


def _apply_payment(database: Database, order: Order, sight: Sight, now: datetime) -> Verdict:
    """Money that goes back of a payment which was made on no page: that of an invoice."""
    payment = find_payment(database, RAIL, sight.intent.id) if sight.intent is not None else None
    if payment is None or payment.order_id != order.id:
        return Verdict("unmatched", "no session of Checkout")
    count = apply_refunds(database, order, payment, sight.refunds, now=now)
    return Verdict("handled", f"of refunds there was {'news' if count else 'none'}: it is {order.status}")


def _unpaid(database: Database, order: Order, found: Session, now: datetime) -> str:
    if found.status != "expired":
        return "the page is open: nothing to do yet"
    if find_payment(database, RAIL, found.id) is None:
        return "a page that nobody was shown has expired"
    if order.status not in OPEN or not move(database, order, "expired", now=now):
        return f"the page has expired, the order stays {order.status}"
    return "the page has expired, and the order with it"


@dataclass(frozen=True)
class _Made:
    """A payment that was made on a session; `price` in minor units, without taxes that came to it."""

    account: str
    session: Session
    intent: Intent
    price: int


def _oddity(database: Database, order: Order, made: _Made) -> str | None:
    """Why this cannot be the payment of this order, whatever it says."""
    row = find_payment(database, RAIL, made.intent.id)
    another = row is not None and row.order_id != order.id
    if another or made.session.client_reference_id != order_number(order):
        return "payment-of-another-order"
    return "currency-differs" if (made.session.currency or "").upper() != order.currency else None


def _keep_odd(database: Database, order: Order, made: _Made, odd: str, now: datetime) -> str:
    keep = keep_money if made.session.payment_status == "paid" else need_support
    keep(database, order, reason=odd, now=now)
    return f"{odd}: support decides"


def _pay(database: Database, order: Order, made: _Made, now: datetime) -> str:
    name = made.intent.id
    known = find_payment(database, RAIL, name)
    is_news = known is None or known.status not in SETTLED
    if order.status == "refunded" and is_news and made.price >= order.amount:
        # Which of two payments went back is known in any order: what pays the order is what stays.
        stand_again(database, order, part=name, amount=order.amount, now=now)
    paid = settle(database, order, rail=RAIL, provider_id=name, received=made.price, now=now)
    _note(database, order, made, "pending", now)
    return "paid" if paid else f"known, or not settled: the order is {order.status}"


def _wait(database: Database, order: Order, made: _Made, now: datetime) -> str:
    """A bank has days to send the money, or to say that it will not."""
    row = find_payment(database, RAIL, made.intent.id)
    if row is not None and row.status != "pending":
        return "late news: more was known already"
    if made.intent.status in COMING:
        _note(database, order, made, "pending", now)
        return f"{made.intent.status}: the money is on its way"
    _note(database, order, made, "refused", now)
    if order.status not in OPEN or not move(database, order, "failed", now=now):
        return f"the bank has refused, the order stays {order.status}"
    title = database.exec(select(Product.title).where(Product.id == order.product_id)).one()
    params = {"number": order_number(order), "title": title}
    tell_buyer(database, order, "payment-failed", params, once=str(order.id))
    return "the bank has refused, and the order has failed"


def _note(database: Database, order: Order, made: _Made, status: PaymentStatus, now: datetime) -> None:
    """Write down how the payment of a session stands; one that is confirmed stays so."""
    charge, is_paid = made.intent.latest_charge, made.session.payment_status == "paid"
    fee = (charge.application_fee_amount if charge else None) or 0
    tax = {} if made.session.tax is None else {"tax": made.session.tax}
    report_payment(
        database,
        order,
        rail=RAIL,
        provider_id=made.intent.id,
        status=status,
        received=made.price if is_paid else None,
        details={"account": made.account, "stage": made.intent.status, "fee": fee} | tax,
        now=now,
    )
