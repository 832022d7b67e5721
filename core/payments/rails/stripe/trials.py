"""Free trials that a card is given for: an order that costs nothing, and what was promised with it.

Checkout takes the card and no money (https://docs.stripe.com/payments/checkout/free-trials); Stripe charges
it when the trial is over, and that invoice is an order of its own, like each after it. Who has not opened
their trial in Telegram by then is not charged, and a trial that its person may not have ends at once: nobody
pays for what they never had.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlmodel import Session

from core.jobs.ledger import enqueue
from core.kit.card_amounts import check_card_price
from core.kit.errors import Refused
from core.kit.money import Money
from core.kit.rows import id_of
from core.notifications.notify import notify_seller
from core.orders.orders import PAID, give_up_free, order_number
from core.payments.rails.stripe.card_members import Interval, card_members
from core.payments.rails.stripe.subscription_objects import Subscription
from core.payments.rails.stripe.subscription_rows import began_with, further_orders, want
from core.payments.settle import settle_free
from schemas.card_jobs import LookAtTrial
from schemas.card_subscription import CardStatus, CardSubscription, CardTrial
from schemas.catalogue import Product
from schemas.sales import Order

REMINDER = timedelta(days=3)
"""Before the first charge, or half of a trial that is shorter than twice that: the networks of cards ask for
a reminder (https://docs.stripe.com/billing/subscriptions/trials#compliance)."""
UNBEGUN: tuple[CardStatus, ...] = ("incomplete", "incomplete_expired")
LAST_LOOK = timedelta(hours=1)
"""Before the first charge: whoever has not opened it by then is not charged."""


@dataclass(frozen=True)
class TrialTerms:
    """A trial as it is offered, or was: free `days`, then a `price` that is charged `every` so often.

    `ends_at`: when the first charge is due; None before it has begun.
    """

    days: int
    price: Money
    every: Interval
    ends_at: datetime | None = None


def offered(session: Session, product: Product, price: Money) -> TrialTerms | None:
    """The trial that a card may be given for; None where there is none."""
    rules = card_members()
    days, every = rules.trial_days(session, product), rules.interval_of(session, product)
    return TrialTerms(days, price, every) if days and every is not None else None


def promise(session: Session, order: Order, terms: TrialTerms) -> None:
    """Keep what an order begins with; the row of the order has been written."""
    check_card_price(terms.price)
    session.add(CardTrial(order_id=id_of(order), days=terms.days, amount=terms.price.amount))
    session.flush()


def trial_of(session: Session, order: Order) -> CardTrial | None:
    """What was promised with an order; None where none was, as with all that cost something."""
    return session.get(CardTrial, order.id) if order.amount == 0 else None


def terms_of(session: Session, order: Order) -> TrialTerms | None:
    """The same in words that people read."""
    trial = trial_of(session, order)
    every = card_members().interval_of(session, session.get_one(Product, order.product_id)) if trial else None
    if trial is None or every is None:
        return None
    return TrialTerms(trial.days, price_after(order, trial), every, trial.ends_at)


def price_after(order: Order, trial: CardTrial) -> Money:
    """What is charged when a trial is over."""
    return Money(trial.amount, order.currency)


def begin(
    session: Session, order: Order, row: CardSubscription, seen: Subscription, *, now: datetime
) -> None:
    """Stripe has the card for a locked order that begins with a trial: it is taken, once. Where the order is
    over, so is the trial, and nothing is charged."""
    trial = trial_of(session, order)
    if trial is None or seen.trial_end is None or seen.status in UNBEGUN:
        return
    if trial.ends_at is None:
        trial.ends_at = datetime.fromtimestamp(seen.trial_end, UTC)
        session.add(trial)
        session.flush()
    if settle_free(session, order, now=now):
        told: dict[str, str | int] = {
            "title": session.get_one(Product, order.product_id).title,
            "number": order_number(order),
            "amount": str(price_after(order, trial)),
            "ends": int(trial.ends_at.timestamp()),
        }
        notify_seller(session, order.seller_id, "sale-trial", told, once=str(order.id))
        lead = min(REMINDER, timedelta(days=trial.days) / 2)
        enqueue(session, LookAtTrial(row_id=id_of(row), last=False).once(), due_at=trial.ends_at - lead)
    elif order.status not in PAID:
        want(session, row, "end", actor="system")


def is_charged(session: Session, order: Order) -> bool:
    """Whether a card has been charged after the trial that an order began with."""
    return any(further.status in PAID for further in further_orders(session, order))


def check_open(session: Session, order: Order, trial: CardTrial, *, now: datetime) -> None:
    """Raise `Refused` "trial-over" where a trial can be opened no more."""
    row = began_with(session, order)
    if row is None or row.status != "trialing" or trial.ends_at is None or trial.ends_at <= now:
        raise Refused("trial-over")


def end(session: Session, order: Order) -> bool:
    """Nobody gets the trial of a locked order: no card is ever charged for it. False: one was already, so
    that there is money to decide about."""
    if is_charged(session, order) or not give_up_free(session, order):
        return False
    row = began_with(session, order)
    if row is not None:
        want(session, row, "end", actor="system")
    return True
