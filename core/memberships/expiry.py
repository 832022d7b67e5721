"""What the clocks do: the end of paid time, the warnings before it, and the nets under both."""

from datetime import datetime, timedelta

from sqlalchemy import Select, delete, update
from sqlmodel import Session, col, select
from sqlmodel.sql.expression import SelectOfScalar

from core.jobs.ledger import enqueue
from core.kit.bad_rows import each
from core.kit.errors import RetryAfter
from core.kit.rows import id_of
from core.memberships.card_members import end_renewal
from core.memberships.clocks import WARNED, ask_warning, renews, set_warning, warning_due, warning_job
from core.memberships.door_log import log_act
from core.memberships.lifetime import held_for_ever
from core.memberships.machine import OVER, Standing
from core.memberships.notifications import card_button, notify_member, renew_button
from core.memberships.periods import DAY, last_of
from core.memberships.transitions import Change, change, locked_membership, outline, standing_of
from core.payments.rails.stripe.subscription_rows import living
from schemas import member_jobs
from schemas.access import OrderClaim
from schemas.membership import Invite, Membership
from schemas.queue import Job

BATCH = 1000  # memberships that a net looks at in one transaction
KEPT = timedelta(days=30)  # start tokens that nobody used


def strike(session: Session, membership_id: int, turn: int, *, now: datetime) -> None:
    """Do what the clock of this turn says. A later turn has a clock of its own.

    Raises `RetryAfter` when our clock is behind the one by which the job was due: never early.
    """
    membership = locked_membership(session, membership_id)
    if membership.turn != turn or membership.clock_at is None:
        return
    if membership.clock_at > now:
        raise RetryAfter((membership.clock_at - now).total_seconds(), "the membership has not ended yet")
    done = change(session, membership, lambda standing: standing, now=now, act="lapsed")
    _notify_lapsed(session, done)
    if done.lapsed and done.after.state in OVER:
        end_renewal(session, membership_id, actor="system")


def due(session: Session, *, now: datetime, limit: int = BATCH) -> list[tuple[int, int]]:
    """Id and turn of memberships whose clock has struck, the longest ago first."""
    rows = session.execute(due_query(now=now, limit=limit))
    return [(number, turn) for number, turn in rows]


def due_query(*, now: datetime, limit: int = BATCH) -> Select[int | None, int]:
    """What `due` asks; the index holds only memberships that have a clock, so only due ones are read."""
    return (
        select(Membership.id, Membership.turn)
        .where(col(Membership.clock_at) <= now)
        .order_by(col(Membership.clock_at))
        .limit(limit)
    )


def sweep(session: Session, *, now: datetime) -> int:
    """The net under the ends (C27): whatever is due gets its job again; how many had to."""
    overdue = due(session, now=now)

    def ask(pair: tuple[int, int]) -> None:
        job = member_jobs.ExpireMember(membership_id=pair[0], turn=pair[1])
        enqueue(session, job.once_more())

    return len(each(session, "overdue memberships", overdue, ask, now=now))


def warn(session: Session, membership_id: int, ends: int, days: int, *, now: datetime) -> None:
    """Write to a member about the end, if it is the same end still; then set the next warning."""
    membership = locked_membership(session, membership_id)
    standing = standing_of(session, membership)
    if standing.ends_at is None or int(standing.ends_at.timestamp()) != ends:
        return
    due_days = warning_due(standing, now, renews=renews(session, membership_id))
    silent = _is_held(session, membership) or (days <= 0 and _is_charged_by_card(session, membership))
    if due_days == days and not silent:
        _notify_warning(session, membership, standing, days)
    elif due_days is not None and due_days != days:  # this one comes too late: the next is due already
        ask_warning(session, membership_id, standing, due_days)
    set_warning(session, membership, standing, now)


def sweep_warnings(session: Session, *, now: datetime) -> int:
    """The net under the warnings (C29): each that should have been written and may not have been; asked
    for under its own key, one that was is not written again."""
    soon = now + max(WARNED) * DAY
    ending = (col(Membership.state).in_(("trialing", "active", "past_due")), col(Membership.ends_at) <= soon)
    ids = session.exec(select(Membership.id).where(*ending).order_by(col(Membership.ends_at))).all()
    warned = each(
        session,
        "warnings",
        ids,
        lambda number: _warn_missed(session, select(Membership).where(Membership.id == number), now),
        together=lambda _: [_warn_missed(session, select(Membership).where(*ending), now)],
        now=now,
    )
    return sum(warned)


def _warn_missed(session: Session, some: SelectOfScalar[Membership], now: datetime) -> int:
    """Ask for the warnings of these memberships that nobody has asked for; how many there were."""
    warnings: dict[str, tuple[Membership, int]] = {}
    for membership in session.exec(some.order_by(col(Membership.ends_at))):
        days = warning_due(outline(membership), now, renews=False)
        if days is not None and membership.ends_at is not None:
            warning = warning_job(id_of(membership), membership.ends_at, days)
            warnings[warning.once().key] = (membership, days)
    written = set(session.exec(select(Job.unique_key).where(col(Job.unique_key).in_(warnings))))
    count = 0
    for key, (membership, days) in warnings.items():
        if key in written:
            continue
        standing = standing_of(session, membership)
        if warning_due(standing, now, renews=renews(session, id_of(membership))) == days:
            ask_warning(session, id_of(membership), standing, days)
            count += 1
    return count


def expire_tokens(session: Session, *, now: datetime) -> int:
    """Close one-use links whose five minutes are over, forget start tokens that nobody used for 30 days
    (C26); how many. Both had stopped working by themselves; tokens can be issued again at any time."""
    closed = session.execute(
        update(Invite)
        .where(
            col(Invite.kind) == "one_use",
            col(Invite.expires_at) <= now,
            col(Invite.used_at).is_(None),
            col(Invite.revoked_at).is_(None),
        )
        .values(revoked_at=now)
        .returning(col(Invite.id), col(Invite.channel_id), col(Invite.membership_id))
    ).all()
    for invite_id, channel_id, membership_id in closed:
        log_act(session, "invite.expired", channel_id, membership_id=membership_id, invite=invite_id)
    old = delete(OrderClaim).where(
        col(OrderClaim.claimed_at).is_(None), col(OrderClaim.expires_at) <= now - KEPT
    )
    return len(closed) + len(session.execute(old.returning(col(OrderClaim.id))).all())


def _is_charged_by_card(session: Session, membership: Membership) -> bool:
    """Whether each failed charge is told by itself, and none as long as it is on its way."""
    return living(session, id_of(membership)) is not None


def _is_held(session: Session, membership: Membership) -> bool:
    """Whether its holder has all of it for ever by another plan: its end takes nothing from them."""
    return held_for_ever(session, membership.user_id, membership.plan_id) is not None


def _notify_lapsed(session: Session, done: Change) -> None:
    membership, stored, after = done.membership, done.stored, done.after
    if not done.lapsed or (after.state == "past_due" and _is_charged_by_card(session, membership)):
        return
    if _is_held(session, membership):
        return
    occasion = f"{after.state}:{membership.turn}"
    latest = last_of(stored.periods)
    trial = latest is not None and latest.source == "trial"  # also one that was cancelled, or not paid after
    renewal = [renew_button(membership, trial=trial), card_button(membership)]
    if after.state == "past_due":
        assert after.grace_until is not None, "it is in grace"
        params = {"deadline": int(after.grace_until.timestamp())}
        notify_member(session, membership, "member-grace", occasion=occasion, params=params, buttons=renewal)
    elif after.state == "expired":
        text = "trial-ended" if trial else "member-expired"
        notify_member(session, membership, text, occasion=occasion, buttons=renewal)


def _notify_warning(session: Session, membership: Membership, standing: Standing, days: int) -> None:
    assert standing.ends_at is not None, "it has an end"
    ends = int(standing.ends_at.timestamp())
    trial = standing.state == "trialing"
    buttons = [renew_button(membership, trial=trial), card_button(membership)]
    if days > 0:
        text = "trial-warned" if trial else "member-warned"
        params: dict[str, str | int] = {"days": days, "ends": ends}
    else:
        assert standing.grace_until is not None, "it is in grace"
        text, params = "member-grace", {"deadline": int(standing.grace_until.timestamp())}
    notify_member(session, membership, text, occasion=f"warned:{ends}:{days}", params=params, buttons=buttons)
