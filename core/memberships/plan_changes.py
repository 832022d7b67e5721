"""A change of plan for whom a card is charged: to another plan of the same shop, in the same currency.

What is left of the present plan is traded in, Stripe says for how much. The member sees the sum before they
agree to it, and what they have agreed to is charged or nothing is.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlmodel import Session, col, select

from core.catalogue.catalogue import is_on_sale, prices_of
from core.jobs.ledger import enqueue
from core.kit.errors import Refused
from core.kit.money import Money
from core.kit.prices import in_currency
from core.kit.readable_rows import build_readable
from core.kit.rows import id_of, must_get
from core.memberships import machine
from core.memberships.bars import is_barred
from core.memberships.eligibility import check_entry
from core.memberships.machine import OVER, lapse
from core.memberships.member_actions import own_membership
from core.memberships.paid_time import give_until_charge
from core.memberships.periods import Length, Period, last_of, place
from core.memberships.plans import card_interval
from core.memberships.transitions import change, locked_membership, membership_for, outline, standing_of
from core.orders.buyer_news import hold_goods
from core.orders.fulfilment import OrderLine
from core.payments.rails.stripe.card_members import Interval
from core.payments.rails.stripe.subscription_rows import began_with, can_hold, living, renews
from schemas.card_jobs import ChangePlan, PreviewPlan
from schemas.card_subscription import CardSubscription
from schemas.catalogue import Product
from schemas.member_jobs import Admit
from schemas.membership import Membership, MembershipPeriod, Plan
from schemas.people import Seller, User
from schemas.sales import Order

FRESH = timedelta(hours=1)
"""How long an offer may be taken: what is left grows less."""


@dataclass(frozen=True)
class Target:
    """A plan that somebody may change to, what it costs and how often; `next_at`: when it would be charged
    again after a change now."""

    plan_id: int
    title: str
    price: Money
    every: Interval
    next_at: datetime


def targets(session: Session, membership: Membership, *, now: datetime) -> list[Target]:
    """The plans that its holder may change a membership to now; none where no card is charged for it, where
    something is owed, or in a trial, in which Stripe takes nothing in."""
    row = living(session, id_of(membership))
    runs = lapse(outline(membership), now).state == "active"
    if row is None or not runs or not renews(row) or not can_hold(row) or row.status != "active":
        return []
    first = must_get(session, Order, row.order_id, "order-unknown")
    others = (
        select(Plan, Product, Seller)
        .join(Product, col(Product.id) == Plan.product_id)
        .join(Seller, col(Seller.id) == Product.seller_id)
        .where(Product.seller_id == first.seller_id, Plan.product_id != membership.plan_id)
        .order_by(col(Plan.product_id))
    )
    start = _Change(membership, row, first, _interval(_plan_of(session, membership)), now)
    return build_readable(
        session,
        others,
        lambda rows: [one for each in rows if (one := _target(session, start, *each)) is not None],
    )


def target(
    session: Session, user: User, membership_id: int, plan_id: int, *, now: datetime
) -> tuple[CardSubscription, Target]:
    """One of them, and the subscription that is to be changed. Raises `NotFound`, `Refused`
    "plan-unchangeable"."""
    membership = own_membership(session, user, membership_id)
    row = living(session, membership_id)
    for one in targets(session, membership, now=now):
        if one.plan_id == plan_id and row is not None:
            return row, one
    raise Refused("plan-unchangeable")


def ask_preview(session: Session, user: User, membership_id: int, plan_id: int, *, now: datetime) -> None:
    """Have the person told what a change costs. Raises as `target`."""
    target(session, user, membership_id, plan_id, now=now)
    enqueue(session, PreviewPlan(membership_id=membership_id, plan_id=plan_id).on_request())


def ask_change(session: Session, user: User, taken: ChangePlan, *, now: datetime) -> None:
    """The person agrees to what was offered. Raises as `target`, and `Refused` "offer-old"."""
    target(session, user, taken.membership_id, taken.plan_id, now=now)
    if not (now - FRESH).timestamp() <= taken.prorated_at <= now.timestamp():
        raise Refused("offer-old")
    enqueue(session, taken.once())


def has_changed(session: Session, user: User, plan_id: int) -> bool:
    """Whether the person's card is charged for a plan already."""
    own = select(Membership).where(Membership.user_id == user.id, Membership.plan_id == plan_id)
    membership = session.exec(own).one_or_none()
    return membership is not None and living(session, id_of(membership)) is not None


def is_change(session: Session, line: OrderLine) -> bool:
    """Whether a line pays for another plan than that which its card was charged for."""
    row = began_with(session, line.order)
    if row is None or row.membership_id is None:
        return False
    return must_get(session, Membership, row.membership_id, "membership-unknown").plan_id != line.product.id


def give_changed(session: Session, line: OrderLine, *, now: datetime) -> bool:
    """End the plan that is traded in, give the new one until the next charge, and have the ways in sent;
    whether it was given."""
    order, row = line.order, began_with(session, line.order)
    assert row is not None, "a change is of a subscription"
    assert row.membership_id is not None, "and of its membership"
    old = locked_membership(session, row.membership_id)
    plan = must_get(session, Plan, order.product_id, "plan-unknown")
    membership = membership_for(session, line.recipient, plan.product_id, now=now)
    if session.exec(select(MembershipPeriod).where(MembershipPeriod.order_id == order.id)).first():
        return True
    if is_barred(session, line.recipient, line.product.seller_id):
        hold_goods(session, order, reason="barred", now=now)
        return False
    latest = last_of(standing_of(session, old).periods)
    bought = Period(
        Length(plan.unit, plan.count), order_id=id_of(order), anchor_day=latest.anchor_day if latest else 0
    )
    until = row.until if _interval(plan) == _interval(_plan_of(session, old)) else None
    give_until_charge(session, membership, plan, bought, until, act="bought", now=now)
    change(session, old, lambda standing: machine.leave(standing, now), now=now, act="changed")
    row.membership_id = membership.id
    session.add(row)
    session.flush()
    admit = Admit(membership_id=id_of(membership), occasion="paid", order_id=id_of(order))
    enqueue(session, admit.of_attempt(0))
    return True


@dataclass(frozen=True)
class _Change:
    """From what somebody would change: the plan's interval, its subscription and the order that began it."""

    membership: Membership
    row: CardSubscription
    first: Order
    every: Interval | None
    now: datetime


def _target(session: Session, start: _Change, plan: Plan, product: Product, seller: Seller) -> Target | None:
    # Stripe takes no second currency from one customer.
    prices = in_currency(prices_of(session, [plan.product_id])[plan.product_id], start.first.currency)
    price, every = prices.get("card"), _interval(plan)
    if price is None or every is None:
        return None
    if not is_on_sale(product, seller) or not _takes(session, plan, start.membership.user_id, start.now):
        return None
    next_at = start.row.until if every == start.every else _end_of(plan, start.now)
    return Target(plan.product_id, product.title, price, every, next_at)


def _takes(session: Session, plan: Plan, user_id: int, now: datetime) -> bool:
    """Whether the person may have the plan, and has it not."""
    own = select(Membership).where(Membership.user_id == user_id, Membership.plan_id == plan.product_id)
    held = session.exec(own).one_or_none()
    if held is not None and lapse(outline(held), now).state not in OVER:
        return False
    try:
        check_entry(session, plan, user_id, now=now)
    except Refused:
        return False
    return True


def _end_of(plan: Plan, start: datetime) -> datetime:
    end = place(Period(Length(plan.unit, plan.count)), start).ends_at
    assert end is not None, "it is placed"
    return end


def _plan_of(session: Session, membership: Membership) -> Plan:
    return must_get(session, Plan, membership.plan_id, "plan-unknown")


def _interval(plan: Plan) -> Interval | None:
    return card_interval(plan.unit, plan.count, recurring=plan.recurring)
