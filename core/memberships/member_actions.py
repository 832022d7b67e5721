"""What members do with a membership, and what a refund does to it."""

from collections.abc import Callable
from datetime import datetime

from sqlalchemy.dialects.postgresql import insert
from sqlmodel import Session, select

from core.catalogue.catalogue import check_on_sale, check_shop_open
from core.jobs.ledger import enqueue
from core.kit.errors import NotFound, Refused
from core.kit.permissions import require
from core.kit.rows import id_of, must_get
from core.memberships import card_members, machine, returns, subscriptions
from core.memberships.eligibility import check_not_held, check_trial
from core.memberships.machine import OUTSIDE, Standing, lapse, may_be_in
from core.memberships.notifications import notify_member, resume_button
from core.memberships.periods import NONE, Length, Period
from core.memberships.transitions import Ending, change, locked_membership, membership_for, outline
from core.payments.rails.stripe.subscription_rows import can_hold, living, renews, want
from schemas.card_jobs import SendPortal
from schemas.catalogue import Product
from schemas.member_jobs import Admit
from schemas.membership import Membership, MembershipAct, MembershipPeriod, Plan, Trial
from schemas.people import User


def start_trial(session: Session, user: User, plan_id: int, *, now: datetime) -> Membership:
    """Begin the one trial that a person has in a shop. Raises `Refused` as `check_trial` does."""
    require(user.roles, "buy")
    must_get(session, User, user.id, "person-unknown", lock=True)  # two presses at once wait here
    plan = must_get(session, Plan, plan_id, "plan-unknown")
    product = must_get(session, Product, plan_id, "plan-unknown")
    check_on_sale(session, product)
    check_trial(session, plan, id_of(user), now=now)
    once = insert(Trial).values(user_id=user.id, seller_id=product.seller_id, plan_id=plan_id, created_at=now)
    session.execute(once)
    membership = membership_for(session, id_of(user), plan_id, now=now)
    trial = Period(Length("days", plan.trial_days), source="trial")
    change(
        session,
        membership,
        lambda standing: machine.pay(standing, trial, now=now, waits=plan.starts == "entry", grace=NONE),
        now=now,
        act="trial",
        actor=f"user:{user.id}",
    )
    enqueue(session, Admit(membership_id=id_of(membership), occasion="trial").of_trial())
    return membership


def cancel(session: Session, user: User, membership_id: int, *, now: datetime) -> Membership:
    """Run to the end of what was paid and no further; a subscription is cancelled at Telegram or Stripe
    first, and the membership follows. Raises `NotFound`, `Refused` "not-cancellable"."""
    membership = own_membership(session, user, membership_id)
    card = living(session, membership_id)
    if card is not None and renews(card):
        want(session, card, "stop", actor=f"user:{user.id}")
        return membership
    subscription = subscriptions.subscription_of(session, membership_id)
    if subscription is not None and subscription.renews:
        subscriptions.want_renewal(session, subscription, False, actor=f"user:{user.id}")
        return membership
    _change(session, user, membership, machine.cancel, "cancelled", now)
    subscriptions.notify_cancelled(session, membership)
    return membership


def undo_cancel(session: Session, user: User, membership_id: int, *, now: datetime) -> Membership:
    """As if it had not been cancelled. Raises `NotFound`, `Refused` "not-cancelled"; "plan-closed",
    "already-lifetime" or as `check_shop_open` where nobody may be charged again."""
    membership = own_membership(session, user, membership_id)
    product = must_get(session, Product, membership.plan_id, "plan-unknown")
    card = living(session, membership_id)
    if card is not None and (card.cancels or card.wanted == "stop"):
        _check_renewable(session, product, user)
        want(session, card, "renew", actor=f"user:{user.id}")
        return membership
    subscription = subscriptions.subscription_of(session, membership_id)
    if subscription is not None and subscription.until > now and not subscription.wanted:
        _check_renewable(session, product, user)
        subscriptions.want_renewal(session, subscription, True, actor=f"user:{user.id}")
        return membership
    _change(session, user, membership, machine.undo_cancel, "uncancelled", now)
    notify_member(session, membership, "member-uncancelled", occasion=f"uncancelled:{membership.turn}")
    return membership


def pause(session: Session, user: User, membership_id: int, *, now: datetime) -> Membership:
    """Leave for a while and keep the days that are left; a card is not charged meanwhile.

    Raises `NotFound`, `Refused` "not-pausable": Telegram charges it, or a card owes something.
    """
    membership = own_membership(session, user, membership_id)
    subscription = subscriptions.subscription_of(session, membership_id)
    if subscription is not None and subscription.renews:
        raise Refused("not-pausable", {"state": "subscription"})
    card = living(session, membership_id)
    charging = card if card is not None and renews(card) else None
    if charging is not None and not can_hold(charging):
        raise Refused("not-pausable", {"state": "card"})
    _change(session, user, membership, lambda standing: machine.pause(standing, now), "paused", now)
    if charging is not None:
        want(session, charging, "hold", actor=f"user:{user.id}")
    notify_member(
        session,
        membership,
        "member-paused",
        occasion=f"paused:{membership.turn}",
        params={"seconds": _seconds_left(membership)},
        buttons=[resume_button(membership)],
    )
    return membership


def resume(session: Session, user: User, membership_id: int, *, now: datetime) -> Membership:
    """Come back for the days that were left; a card is charged again when they are over. Raises `NotFound`,
    `Refused` "not-resumable"."""
    membership = own_membership(session, user, membership_id)
    _change(session, user, membership, lambda standing: machine.resume(standing, now), "resumed", now)
    card_members.resume_renewal(session, membership_id, actor=f"user:{user.id}", now=now)
    enqueue(session, Admit(membership_id=membership_id, occasion="resumed").of_return(membership.turn))
    return membership


def reissue(session: Session, user: User, membership_id: int, *, now: datetime) -> None:
    """Send the links again, as often as asked, one message at a time. Raises `Refused` "membership-over"."""
    membership = own_membership(session, user, membership_id)
    if not may_be_in(lapse(outline(membership), now), now):
        raise Refused("membership-over")
    enqueue(session, Admit(membership_id=membership_id, occasion="reissued").on_request())


def check_card(session: Session, user: User, membership_id: int) -> None:
    """Raise `NotFound` unless it is the person's own membership, and a card is charged for it."""
    own_membership(session, user, membership_id)
    if living(session, membership_id) is None:
        raise NotFound("subscription-unknown")


def ask_portal(session: Session, user: User, membership_id: int) -> None:
    """Have Stripe's page of the person's cards and invoices sent to them. Raises as `check_card`."""
    check_card(session, user, membership_id)
    enqueue(session, SendPortal(membership_id=membership_id).on_request())


def take_back_order(session: Session, order_id: int, *, now: datetime) -> None:
    """A membership's order was refunded: its time goes, and is kept should the order stand again; what other
    orders paid for stays."""
    period = session.exec(select(MembershipPeriod).where(MembershipPeriod.order_id == order_id)).one_or_none()
    if period is None:
        return
    done = change(
        session,
        locked_membership(session, period.membership_id),
        lambda standing: returns.put_aside(standing, order_id, now),
        now=now,
        act="refunded",
        ending=Ending("refund"),
    )
    if done.after.state in OUTSIDE:
        subscriptions.stop_renewal(session, period.membership_id, actor="system")
        card_members.end_renewal(session, period.membership_id, actor="system")


def own_membership(session: Session, user: User, membership_id: int) -> Membership:
    """The person's own membership, locked. Raises `NotFound`: unknown, or another's."""
    membership = locked_membership(session, membership_id)
    if membership.user_id != user.id:
        raise NotFound("membership-unknown")
    return membership


def _check_renewable(session: Session, product: Product, user: User) -> None:
    check_shop_open(session, product)
    check_not_held(session, id_of(user), id_of(product))
    if must_get(session, Plan, product.id, "plan-unknown").status == "closed":
        raise Refused("plan-closed")


def _change(
    session: Session,
    user: User,
    membership: Membership,
    event: Callable[[Standing], Standing],
    act: MembershipAct,
    now: datetime,
) -> None:
    require(user.roles, "buy")
    change(session, membership, event, now=now, act=act, actor=f"user:{user.id}")


def _seconds_left(membership: Membership) -> int:
    assert membership.ends_at is not None, "it is paused"
    assert membership.paused_at is not None, "it is paused"
    return int((membership.ends_at - membership.paused_at).total_seconds())
