"""The time of an order whose money a bank disputes: put aside, and given back once the money is good."""

from datetime import datetime

from sqlmodel import Session, select

from core.jobs.ledger import enqueue
from core.kit.rows import id_of
from core.memberships import returns
from core.memberships.bars import is_barred
from core.memberships.doubled import stop_doubled
from core.memberships.machine import may_be_in
from core.memberships.transitions import Ending, change, locked_membership
from schemas.catalogue import Product
from schemas.member_jobs import Admit
from schemas.membership import MembershipPeriod


def put_aside_time(session: Session, order_id: int, *, now: datetime) -> None:
    """What is left of an order's time is kept; where nothing else was paid for, access ends now."""
    period = _period_of(session, order_id)
    if period is None:
        return
    change(
        session,
        locked_membership(session, period.membership_id),
        lambda standing: returns.put_aside(standing, order_id, now),
        now=now,
        act="disputed",
        ending=Ending("dispute"),
    )


def give_back_time(session: Session, order_id: int, *, now: datetime) -> None:
    """What was left goes on from now, or behind what else was paid for; not for who was put out since."""
    period = _period_of(session, order_id)
    if period is None:
        return
    membership = locked_membership(session, period.membership_id)
    if is_barred(session, membership.user_id, session.get_one(Product, membership.plan_id).seller_id):
        return
    done = change(
        session,
        membership,
        lambda standing: returns.give_back(standing, order_id, now),
        now=now,
        act="restored",
    )
    stop_doubled(session, membership.user_id)
    if may_be_in(done.after, now) and not may_be_in(done.before, now):
        job = Admit(membership_id=id_of(membership), occasion="resumed")
        enqueue(session, job.of_return(membership.turn))


def _period_of(session: Session, order_id: int) -> MembershipPeriod | None:
    return session.exec(select(MembershipPeriod).where(MembershipPeriod.order_id == order_id)).one_or_none()
