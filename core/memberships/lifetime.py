"""What somebody holds for ever: one rule for all that would sell it again, charge for it, or remind of it.

Plans stand side by side: who has the channels of a month for ever needs no month, whichever plan gave them.
"""

from sqlmodel import Session, col, select

from core.kit.errors import Refused
from schemas.membership import Membership, PeriodUnit, Plan, PlanChannel
from schemas.sales import Order


def held_for_ever(session: Session, user_id: int, plan_id: int) -> int | None:
    """The membership by which a person holds what a plan opens for ever, the first of several; None where a
    channel of it is not theirs for ever."""
    lifetimes = (
        select(Membership.id, PlanChannel.channel_id)
        .join(PlanChannel, col(PlanChannel.plan_id) == Membership.plan_id)
        .where(Membership.user_id == user_id, *ENDLESS)
        .order_by(col(Membership.id))
    )
    held = session.exec(lifetimes).all()
    if not held:
        return None
    opened = set(session.exec(select(PlanChannel.channel_id).where(PlanChannel.plan_id == plan_id)))
    if not opened <= {channel_id for _, channel_id in held}:
        return None
    return next((number for number, channel_id in held if channel_id in opened), None)


def check_lifetime(session: Session, plan: Plan, unit: PeriodUnit) -> None:
    """Raise `Refused` "plan-length-fixed" where a plan that somebody ordered or holds is to last for ever
    now, or no longer: what is charged by itself, or paid late, buys what the plan gives on that day."""
    if (plan.unit == "lifetime") == (unit == "lifetime"):
        return
    ordered = select(Order.id).where(Order.product_id == plan.product_id).limit(1)
    held = select(Membership.id).where(Membership.plan_id == plan.product_id).limit(1)
    if session.exec(ordered).first() is not None or session.exec(held).first() is not None:
        raise Refused("plan-length-fixed")


ENDLESS = (Membership.state == "active", col(Membership.ends_at).is_(None))
"""Of rows: as `core.memberships.machine.Standing.is_endless` has it."""
