"""The time that a payment buys: added to the membership of its recipient, once for each order (D15)."""

from datetime import datetime, timedelta
from typing import Literal

from sqlmodel import Session, col, select

from core.jobs.ledger import enqueue
from core.kit.rail_policy import CARD
from core.kit.rows import id_of, must_get
from core.memberships import machine
from core.memberships.bars import is_barred
from core.memberships.card_members import end_renewal
from core.memberships.disputed_time import give_back_time
from core.memberships.lifetime import held_for_ever
from core.memberships.machine import OVER, may_be_in
from core.memberships.periods import Length, Period
from core.memberships.subscriptions import is_further_charge
from core.memberships.transitions import change, membership_for
from core.orders.buyer_news import hold_goods
from core.orders.fulfilment import OrderLine
from core.payments.rails.port import rail_of
from core.payments.rails.stripe.subscription_rows import began_with, is_further_invoice
from core.payments.refunds import request_refund
from core.ports import INSIDE
from schemas import member_jobs
from schemas.membership import Membership, MembershipPeriod, Plan, RosterEntry

GRACE_DAYS = {"subscription": 3, "once": 0, "card": 5}
"""Where the plan does not say (P9, D9)."""
LEAST_CARD_GRACE = timedelta(days=2)
"""However little grace a plan has: Stripe charges about an hour after the end of its period, which may be up
to a day after the end of ours where they began on two days of a month that the next one lacks."""


def give_time(session: Session, line: OrderLine, *, now: datetime) -> bool:
    """Prolong the recipient's membership by what the line bought, and have them told; whether it was given.

    Time that cannot be given (the plan's date is over), or that its recipient holds for ever already, is a
    matter for support. A charge that came by itself after access was revoked, or for what is held for ever,
    goes back at once, and no card is charged again.
    """
    order = line.order
    plan = must_get(session, Plan, order.product_id, "plan-unknown")
    membership = membership_for(session, line.recipient, plan.product_id, now=now)
    period = session.exec(select(MembershipPeriod).where(MembershipPeriod.order_id == order.id)).first()
    if period is not None:
        if period.taken_back_at is not None:  # its money went back, and came again
            give_back_time(session, id_of(order), now=now)
        return True
    held = held_for_ever(session, line.recipient, plan.product_id)
    unwanted = membership.state == "revoked" or held is not None
    if unwanted and (is_further_charge(order) or is_further_invoice(order)):
        request_refund(session, id_of(order), actor="system", reason="subscription ended", now=now)
        end_renewal(session, id_of(membership), actor="system")
        return False
    if is_barred(session, line.recipient, line.product.seller_id):  # put out between the order and its money
        hold_goods(session, order, reason="barred", now=now)
        return False
    bought = Period(Length(plan.unit, plan.count, plan.until), order_id=id_of(order))
    by_card = began_with(session, order) is not None
    waits = plan.starts == "entry" and not _inside(session, membership)
    done = change(
        session,
        membership,
        lambda standing: machine.pay(
            standing,
            bought,
            now=now,
            waits=waits,
            grace=grace_of(plan, order.rail, by_card=by_card),
            follows=by_card,
        ),
        now=now,
        act="bought" if membership.state in OVER else "extended",
    )
    latest = done.after.periods[-1]
    nothing = latest.ends_at is not None and not latest.duration
    if nothing:
        hold_goods(session, order, reason="no-time-left", now=now)
    elif held is not None:
        hold_goods(session, order, reason="already-lifetime", now=now)
    occasion: Literal["paid", "renewed"] = "renewed" if may_be_in(done.before, now) else "paid"
    job = member_jobs.Admit(membership_id=id_of(membership), occasion=occasion, order_id=id_of(order))
    enqueue(session, job.of_attempt(0))
    return not nothing and held is None


def give_until_charge(
    session: Session,
    membership: Membership,
    plan: Plan,
    given: Period,
    until: datetime | None,
    *,
    act: Literal["bought", "trial"],
    now: datetime,
) -> None:
    """Add a period of a plan that a card is charged for, which ends `until` the next charge; None: when its
    length is over."""
    grace = grace_of(plan, CARD, by_card=True)
    change(
        session,
        membership,
        lambda standing: machine.pay(standing, given, now=now, waits=False, grace=grace, until=until),
        now=now,
        act=act,
    )


def grace_of(plan: Plan, rail: str, *, by_card: bool = False) -> timedelta:
    """How long access lasts after the paid time, by the plan or else by how it was paid; `by_card`: by a card
    that is charged again."""
    if by_card:
        days = GRACE_DAYS["card"] if plan.grace_days is None else plan.grace_days
        return max(timedelta(days=days), LEAST_CARD_GRACE)
    if plan.grace_days is not None:
        return timedelta(days=plan.grace_days)
    return timedelta(days=GRACE_DAYS["subscription" if plan.recurring and rail_of(rail).renews else "once"])


def _inside(session: Session, membership: Membership) -> bool:
    seen = select(RosterEntry.channel_id).where(
        RosterEntry.membership_id == membership.id, col(RosterEntry.status).in_(INSIDE)
    )
    return session.exec(seen.limit(1)).first() is not None
