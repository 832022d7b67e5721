"""Rows of subscriptions by card: what Stripe showed of each, and what is asked of Stripe.

Whoever writes one has locked its membership before, or the first order of one that nobody has claimed.
"""

from datetime import UTC, datetime, timedelta

from sqlalchemy.dialects.postgresql import insert
from sqlmodel import Session, col, select

from core.audit.record import record
from core.jobs.ledger import enqueue
from core.kit.rows import id_of
from core.orders.orders import PAID, order_id_of
from core.payments.rails.stripe.subscription_look import RenewalSight
from core.payments.rails.stripe.subscription_objects import Subscription
from schemas import card_jobs
from schemas.card_subscription import CardStatus, CardSubscription, CardWish
from schemas.sales import Order

ENDED: tuple[CardStatus, ...] = ("canceled", "incomplete_expired")
COLLECTING: tuple[CardStatus, ...] = ("trialing", "active")
"""Stripe charges at the end of the period, as far as it has said."""
INVOICE = "card-invoice:"
LOOK_AHEAD = timedelta(days=7)
"""How long before a charge its card is looked at: time to give another, and banks have told by then."""


def is_alive(row: CardSubscription) -> bool:
    """Whether Stripe may charge by it again, or waits to be paid."""
    return row.status not in ENDED


def renews(row: CardSubscription) -> bool:
    """Whether it will be charged again if nobody stops it."""
    return is_alive(row) and not row.cancels and not row.held


def is_collecting(row: CardSubscription) -> bool:
    """Whether a charge that is due is on its way and has not failed: Stripe takes about an hour for it."""
    return renews(row) and row.status in COLLECTING


def can_hold(row: CardSubscription) -> bool:
    """Whether charging can be paused: nothing is owed, and it is not asked to stop."""
    return is_collecting(row) and row.wanted in ("renew", "resume")


def is_done(row: CardSubscription) -> bool:
    """Whether Stripe does what was asked last."""
    if row.wanted == "end" or not is_alive(row):
        return not is_alive(row)
    if row.wanted in ("hold", "resume"):
        return row.held == (row.wanted == "hold")
    return row.cancels == (row.wanted == "stop")


def row_of(session: Session, order: Order, sight: RenewalSight, *, now: datetime) -> CardSubscription:
    """The row of a subscription that began with this order, made where it is seen for the first time."""
    seen = sight.subscription
    new = insert(CardSubscription).values(
        order_id=id_of(order),
        account=sight.account,
        subscription_id=seen.id,
        customer_id=seen.customer,
        wanted="renew",
        asked=0,
        seen_at=sight.at,
        created_at=now,
        **_shown(seen),
    )
    session.execute(new.on_conflict_do_nothing())
    return session.exec(
        select(CardSubscription)
        .where(CardSubscription.order_id == order.id)
        .execution_options(populate_existing=True)
    ).one()


def take_over(session: Session, row: CardSubscription, sight: RenewalSight) -> None:
    """Another subscription of the same order takes the place of the one that was refunded."""
    seen = sight.subscription
    row.account, row.subscription_id, row.customer_id = sight.account, seen.id, seen.customer
    row.wanted, row.asked, row.seen_at = "renew", row.asked + 1, sight.at
    for name, shown in _shown(seen).items():
        setattr(row, name, shown)
    session.add(row)
    session.flush()


def write_shown(session: Session, row: CardSubscription, sight: RenewalSight) -> bool:
    """Write down how Stripe shows it; False where a later look was written before."""
    session.refresh(row)
    if sight.at < row.seen_at:
        return False
    for name, shown in _shown(sight.subscription).items():
        setattr(row, name, shown)
    row.seen_at = sight.at
    session.add(row)
    session.flush()
    return True


def living(session: Session, membership_id: int) -> CardSubscription | None:
    """The subscription by which a membership is charged, or may be; the newest."""
    rows = select(CardSubscription).where(
        CardSubscription.membership_id == membership_id, col(CardSubscription.status).not_in(ENDED)
    )
    newest = rows.order_by(col(CardSubscription.id).desc()).limit(1)
    return session.exec(newest.execution_options(populate_existing=True)).first()


def began_with(session: Session, order: Order) -> CardSubscription | None:
    """The subscription that an order began, or is a further charge of."""
    statement = select(CardSubscription).where(CardSubscription.order_id == first_order_of(order))
    return session.exec(statement.execution_options(populate_existing=True)).one_or_none()


def row_of_first(session: Session, order_id: int) -> CardSubscription:
    """The subscription by which an order is paid that began one."""
    return session.exec(select(CardSubscription).where(CardSubscription.order_id == order_id)).one()


def want(session: Session, row: CardSubscription, wish: CardWish, *, actor: str) -> None:
    """Ask Stripe for something; the row changes when it has answered."""
    if row.wanted == "end" or not is_alive(row) or (row.wanted == wish and is_done(row)):
        return
    row.wanted, row.asked = wish, row.asked + 1
    session.add(row)
    record(session, actor, "subscription.wanted", f"order:{row.order_id}", renews=wish in ("renew", "resume"))
    session.flush()
    enqueue(session, card_jobs.SetCardRenewal(row_id=id_of(row)).of_decision(row.asked))


def stop_charging(session: Session, order: Order) -> None:
    """Charge no card again by the subscription of an order, if any: its bank says that it should not have
    been. What is paid stays paid."""
    row = began_with(session, order)
    if row is not None:
        want(session, row, "stop", actor="system")


def ask_for_card(session: Session, row: CardSubscription) -> None:
    """Have the card of a subscription that renews looked at before its next charge, once for each."""
    job = card_jobs.LookAtCard(row_id=id_of(row), until=int(row.until.timestamp()))
    enqueue(session, job.once(), due_at=row.until - LOOK_AHEAD)


def invoice_key(first: Order, invoice_id: str) -> str:
    """The idempotency key of the order that a further invoice is written down as."""
    return f"{INVOICE}{first.id}:{invoice_id}"


def is_further_invoice(order: Order) -> bool:
    """Whether a card was charged for this order without anybody pressing anything."""
    return (order.idempotency_key or "").startswith(INVOICE)


def first_order_of(order: Order) -> int | None:
    """The order that a subscription began with: this one, or that which it is a further charge of."""
    if not is_further_invoice(order):
        return order.id
    return order_id_of((order.idempotency_key or "").split(":")[1])


def further_orders(session: Session, first: Order) -> list[Order]:
    """The orders of all further charges of a subscription, oldest first."""
    rows = select(Order).where(
        Order.product_id == first.product_id,
        col(Order.idempotency_key).startswith(invoice_key(first, "")),
    )
    return list(session.exec(rows.order_by(col(Order.id))))


def followed_by_paid(session: Session, order: Order) -> bool:
    """Whether a later charge of the same subscription is paid and has not gone back: then a refund of this
    one is of a period that is over, and what goes on stays."""
    row = began_with(session, order)
    if row is None:
        return False
    later = select(Order.id).where(
        Order.seller_id == order.seller_id,
        col(Order.id) > order.id,
        col(Order.idempotency_key).startswith(f"{INVOICE}{row.order_id}:"),
        col(Order.status).in_(PAID),
    )
    return session.exec(later.limit(1)).first() is not None


def _shown(seen: Subscription) -> dict[str, object]:
    until = max((item.current_period_end for item in seen.items.data), default=0)
    return {
        "status": seen.status,
        "cancels": seen.cancel_at_period_end or seen.cancel_at is not None,
        "held": seen.pause_collection is not None,
        "until": datetime.fromtimestamp(until, UTC),
    }
