"""Trials that a card is given for on the web: who may have one, the time that it gives, and its reminder.

It is the one trial that a person has in a shop, as the one without a card in the bot is. Its time ends when
Stripe charges for the first time, whenever it is opened.
"""

from datetime import datetime

from sqlalchemy.dialects.postgresql import insert
from sqlmodel import Session

from core.jobs.ledger import enqueue
from core.kit.money import Money
from core.kit.rows import id_of, must_get
from core.memberships.notifications import card_button, notify_member, portal_button, title_of
from core.memberships.paid_time import give_until_charge
from core.memberships.periods import Length, Period
from core.memberships.transitions import locked_membership, membership_for
from core.orders.buyer_news import tell_buyer
from core.orders.fulfilment import OrderLine
from core.orders.orders import move, order_number
from core.payments.rails.stripe import trials
from core.payments.rails.stripe.subscription_rows import living, renews
from schemas.card_jobs import LookAtTrial
from schemas.card_subscription import CardSubscription, CardTrial
from schemas.member_jobs import Admit
from schemas.membership import Membership, Plan, Trial
from schemas.sales import Order


def give_trial(session: Session, line: OrderLine, trial: CardTrial, *, now: datetime) -> None:
    """Let the recipient in until the first charge. One that is opened after it gives nothing by itself."""
    order = line.order
    had = insert(Trial).values(
        user_id=line.recipient, seller_id=order.seller_id, plan_id=order.product_id, created_at=now
    )
    session.execute(had.on_conflict_do_nothing())
    plan = must_get(session, Plan, order.product_id, "plan-unknown")
    membership = membership_for(session, line.recipient, plan.product_id, now=now)
    if trial.ends_at is None or trial.ends_at <= now:
        move(session, order, "delivered", now=now)
        return
    given = Period(Length("days", trial.days), source="trial", order_id=id_of(order))
    give_until_charge(session, membership, plan, given, trial.ends_at, act="trial", now=now)
    admit = Admit(membership_id=id_of(membership), occasion="card_trial", order_id=id_of(order))
    enqueue(session, admit.of_attempt(0))


def look_at_trial(session: Session, row_id: int, *, last: bool, now: datetime) -> None:
    """Remind whoever has a trial of the charge to come; who has not opened it is asked to, and at the `last`
    look it ends and nothing is charged."""
    row = must_get(session, CardSubscription, row_id, "subscription-unknown")
    order = must_get(session, Order, row.order_id, "order-unknown", lock=True)
    if row.membership_id is not None:
        locked_membership(session, row.membership_id)
    session.refresh(row)
    trial = trials.trial_of(session, order)
    if trial is None or trial.ends_at is None or row.status != "trialing" or not renews(row):
        return
    params: dict[str, str | int] = {
        "title": title_of(session, order.product_id),
        "amount": str(trials.price_after(order, trial)),
        "ends": int(trial.ends_at.timestamp()),
    }
    if row.membership_id is not None:
        membership = must_get(session, Membership, row.membership_id, "membership-unknown")
        buttons = [card_button(membership), portal_button(membership)]
        once = f"trial:{params['ends']}"
        notify_member(session, membership, "card-trial-ends", occasion=once, params=params, buttons=buttons)
    elif last:
        trials.end(session, order)
    else:
        named = params | {"number": order_number(order)}
        tell_buyer(session, order, "card-trial-unopened", named, once=str(order.id))
        job = LookAtTrial(row_id=row_id, last=True)
        enqueue(session, job.once(), due_at=max(now, trial.ends_at - trials.LAST_LOOK))


def price_after_trial(session: Session, membership: Membership) -> Money | None:
    """What a card is charged when the trial of a membership is over; None: it is in none, or nothing is."""
    row = living(session, id_of(membership)) if membership.state == "trialing" else None
    if row is None or not renews(row):
        return None
    order = must_get(session, Order, row.order_id, "order-unknown")
    trial = trials.trial_of(session, order)
    return trials.price_after(order, trial) if trial is not None else None
