"""How the orders of a telling stand in the end, and whether its books are those of Stripe, to the cent."""

from collections import Counter
from datetime import timedelta
from typing import Any

from sqlmodel import Session, col, select

from core.kit.rows import id_of
from core.memberships.machine import lapse
from core.memberships.transitions import outline
from core.orders.grants import grant_of
from core.payments.books import compare_books
from core.payments.rails.stripe.accounts import RAIL
from core.payments.rails.stripe.subscription_rows import began_with, further_orders, is_alive
from schemas.base import utc_now
from schemas.disputes import Dispute, DisputeLine
from schemas.membership import Membership, MembershipPeriod
from schemas.sales import Order, Payment, Refund
from scripts.bench.card_world import CardWorld, Sold

State = dict[str, Any]
Sums = Counter[tuple[str, str]]
DAY = timedelta(days=1)
LATER = timedelta(hours=2)  # when nothing of now is under way any more
SALES = ("charge", "refund", "refund_failure")


def standing(world: CardWorld) -> list[State]:
    """How each order stands, with what was charged after it, and its membership."""
    with world.database.transaction() as session:
        return [_of_story(session, world, sold) for sold in world.orders]


def check_books(world: CardWorld) -> None:
    """Raise `AssertionError` unless what the seller's balance at Stripe has of sales, refunds, disputes and
    fees is what we have, and the comparison of books finds nothing."""
    theirs, ours = _their_sums(world), _our_sums(world)
    names = theirs.keys() | ours.keys()
    differ = {name: (theirs[name], ours[name]) for name in names if theirs[name] != ours[name]}
    assert not differ, f"Stripe's sums and ours: {differ}"
    compared = compare_books(world.database, world.hands.services, now=utc_now() + LATER)
    (cards,) = (each for each in compared if each.rail == RAIL)
    assert (cards.differences, cards.unread, cards.failure) == ([], [], None), cards


def _of_story(session: Session, world: CardWorld, sold: Sold) -> State:
    order = session.get_one(Order, sold.id)
    state = _of_order(session, order)
    row = began_with(session, order)
    if row is None:
        return state
    further = [_of_order(session, each) for each in further_orders(session, order)]
    state["further"] = sorted(further, key=str)
    # Of one that has ended, whether it was to end with its period says nothing: nobody is charged by it.
    state["at stripe"] = (row.status, row.cancels and is_alive(row))
    if row.membership_id is not None:
        state["member"] = _of_member(session, world, row.membership_id)
    return state


def _of_member(session: Session, world: CardWorld, membership_id: int) -> State:
    membership = session.get_one(Membership, membership_id)
    left = membership.ends_at - world.now() if membership.ends_at else None
    return {
        "state": lapse(outline(membership), world.now()).state,
        "left": None if left is None else round(max(left, -DAY) / DAY),
    }


def _of_order(session: Session, order: Order) -> State:
    payments = session.exec(select(Payment).where(Payment.order_id == order.id)).all()
    made = [row for row in payments if row.provider_id.startswith("pi_")]
    ids = [row.id for row in made]
    refunds = session.exec(select(Refund).where(col(Refund.payment_id).in_(ids))).all()
    disputes = session.exec(select(Dispute).where(col(Dispute.payment_id).in_(ids))).all()
    grant = grant_of(session, id_of(order))
    of_order = select(MembershipPeriod).where(MembershipPeriod.order_id == order.id)
    period = session.exec(of_order).one_or_none()
    return {
        "status": order.status,
        "support": order.needs_support_at is not None,
        "access": None if grant is None else grant.revoked_at is None,
        "membership": None if period is None else _of_period(period),
        "payments": sorted((row.status, row.received or 0, row.details["fee"]) for row in made),
        "refunds": sorted((row.status, row.amount) for row in refunds),
        "disputes": sorted((row.status, row.amount, row.held_at is not None) for row in disputes),
    }


def _of_period(period: MembershipPeriod) -> tuple[bool, int, int]:
    """Whether it was taken back, and the days that it gave and that are kept."""
    days = [round((seconds or 0) / DAY.total_seconds()) for seconds in (period.seconds, period.held_seconds)]
    return (period.taken_back_at is not None, days[0], days[1])


def _their_sums(world: CardWorld) -> Sums:
    sums = Sums()
    for line in world.stripe.book.all(world.account, "balance_transaction"):
        currency = line["currency"].upper()
        if line["type"] in SALES:
            sums["money", currency] += line["amount"]
        elif line["type"] == "adjustment":
            sums["disputed", currency] += line["amount"]
        for fee in line["fee_details"]:
            if fee["type"] == "application_fee":
                sums["fee", currency] += fee["amount"]
            elif line["type"] == "adjustment":
                sums["dispute fee", currency] += fee["amount"]
    return sums


def _our_sums(world: CardWorld) -> Sums:
    sums = Sums()
    with world.database.transaction() as session:
        account = col(Payment.details)["account"].astext == world.account
        for payment in session.exec(select(Payment).where(account)).all():
            if payment.status in ("confirmed", "refunded"):
                sums["money", payment.currency] += payment.received or 0
                sums["fee", payment.currency] += payment.details["fee"]
            refunds = select(Refund.amount).where(Refund.payment_id == payment.id, Refund.status != "failed")
            sums["money", payment.currency] -= sum(session.exec(refunds))
        lines = select(DisputeLine).join(Dispute).join(Payment).where(account)
        for line in session.exec(lines):
            sums["disputed", line.currency] += line.amount
            sums["dispute fee", line.currency] += line.fee
    return sums
