"""The clocks of a membership: the job due at its end, the warnings before it, the reminders in grace.

Each change of a membership gives it a new turn and a job for that turn. A job of an earlier turn finds the
clock elsewhere and does nothing, so a renewal needs to cancel nothing.
"""

from datetime import datetime

from sqlalchemy import exists
from sqlmodel import Session, col, select

from core.jobs.ledger import enqueue
from core.kit.rows import id_of
from core.memberships.machine import Standing, lapse
from core.memberships.periods import DAY
from core.payments.rails.stripe.subscription_rows import living
from core.payments.rails.stripe.subscription_rows import renews as card_renews
from schemas import member_jobs
from schemas.membership import Membership
from schemas.star_subscription import StarSubscription

WARNED = (7, 3, 1)  # days before the end (C29)


def next_warning(standing: Standing, now: datetime, *, renews: bool) -> tuple[datetime, int] | None:
    """When to write next about the end, and the days until it; 0 and below count the days of grace gone.

    None when there is nothing to say any more. A subscription that renews by itself is warned of only
    once its charge has failed. In grace the deadline is told each day, the first at the end itself.
    """
    if standing.ends_at is None:
        return None
    days: list[int] = []
    if standing.state in ("trialing", "active") and not renews:
        days += (day for day in WARNED if _fits(standing, day))
    if standing.state in ("active", "past_due"):
        days += [-day for day in range(1, standing.grace.days)]
    moments = [(standing.ends_at - day * DAY, day) for day in days]
    return min(((at, day) for at, day in moments if at > now), default=None)


def warning_due(standing: Standing, now: datetime, *, renews: bool) -> int | None:
    """The days of the warning whose time has come last, None when there is none to give now."""
    standing = lapse(standing, now)
    if standing.ends_at is None or standing.state not in ("trialing", "active", "past_due"):
        return None
    if standing.state == "past_due":
        gone = (now - standing.ends_at) // DAY
        return -gone if 1 <= gone < standing.grace.days else None
    left = standing.ends_at - now
    return (
        None
        if renews
        else min((day for day in WARNED if left <= day * DAY and _fits(standing, day)), default=None)
    )


def set_clock(session: Session, membership: Membership, standing: Standing) -> None:
    """Write the job for the membership's present turn."""
    if standing.clock_at is not None:
        job = member_jobs.ExpireMember(membership_id=id_of(membership), turn=membership.turn)
        enqueue(session, job.once(), due_at=standing.clock_at)


def set_warning(session: Session, membership: Membership, standing: Standing, now: datetime) -> None:
    """Write the next warning's job; asked again for the same end and day, it is the same job."""
    if standing.clock_at is None:
        return
    warning = next_warning(standing, now, renews=renews(session, id_of(membership)))
    if warning is not None:
        ask_warning(session, id_of(membership), standing, warning[1], due_at=warning[0])


def ask_warning(
    session: Session, membership_id: int, standing: Standing, days: int, *, due_at: datetime | None = None
) -> None:
    """One warning, once for each end and number of days."""
    assert standing.ends_at is not None, "what has no end is not warned of"
    job = warning_job(membership_id, standing.ends_at, days)
    enqueue(session, job.once(), due_at=due_at)


def warning_job(membership_id: int, ends_at: datetime, days: int) -> member_jobs.WarnMember:
    """The job that warns of an end, `days` days away."""
    return member_jobs.WarnMember(membership_id=membership_id, ends=int(ends_at.timestamp()), days=days)


def renews(session: Session, membership_id: int) -> bool:
    """Whether Telegram, or a card, is charged for it again by itself."""
    card = living(session, membership_id)
    if card is not None and card_renews(card):
        return True
    charging = exists().where(
        col(StarSubscription.membership_id) == membership_id, col(StarSubscription.renews).is_(True)
    )
    return bool(session.execute(select(charging)).scalar_one())


def _fits(standing: Standing, days: int) -> bool:
    """Whether what was bought last is longer than that: nobody is warned in the moment of buying."""
    latest = max(
        (period for period in standing.periods if period.ends_at == standing.ends_at),
        key=lambda period: period.duration,
        default=None,
    )
    return latest is None or latest.duration > days * DAY
