"""Whether a plan may be sold to a person just now; asked when it is ordered and again before it is paid."""

from datetime import datetime
from typing import Any

from sqlalchemy import Select, func
from sqlmodel import Session, col, select

from core.kit.errors import Refused
from core.kit.rows import id_of, must_get
from core.memberships.bars import is_barred
from core.memberships.clocks import renews
from core.memberships.lifetime import held_for_ever
from core.memberships.machine import HOLDING, OVER, Standing, lapse
from core.memberships.transitions import outline
from core.payments.rails.stripe.subscription_rows import is_collecting, living
from schemas.catalogue import Product
from schemas.membership import CodeHolder, Membership, Plan, Trial


def check_sale(session: Session, user_id: int, plan_id: int, *, now: datetime) -> None:
    """Raise `Refused` unless the person may buy the plan or renew it.

    barred, plan-closed, plan-over, plan-full, plan-audience, plan-code-needed for new members;
    already-lifetime where they have all of it for ever, by this plan or another;
    already-member, membership-waiting, membership-cancelled, membership-paused where something is there
    that buying again would double: its restart is offered instead.
    """
    plan = must_get(session, Plan, plan_id, "plan-unknown")
    membership = _membership_of(session, user_id, plan_id)
    standing = lapse(outline(membership), now) if membership else Standing()
    if membership and standing.state not in OVER:
        _check_renewal(session, plan, membership, standing, now)
    else:
        check_entry(session, plan, user_id, now=now)


def may_buy_again(session: Session, user_id: int, plan_id: int, *, now: datetime) -> bool:
    """What `check_sale` says, for the button that offers it. A paused sale stops newcomers: who is a member
    may renew."""
    try:
        check_sale(session, user_id, plan_id, now=now)
    except Refused:
        return False
    return True


def check_guest(session: Session, plan_id: int, *, now: datetime) -> None:
    """Raise `Refused` where the plan takes nobody who is unknown: as `check_entry` for a newcomer who has
    no code. Whoever pays all the same is asked about again at the claim."""
    check_entry(session, must_get(session, Plan, plan_id, "plan-unknown"), None, now=now)


def check_entry(session: Session, plan: Plan, user_id: int | None, *, now: datetime) -> None:
    """Raise `Refused` unless the plan takes this person as a new member; None: somebody unknown."""
    if user_id is not None:
        _check_not_barred(session, plan.product_id, user_id)
        check_not_held(session, user_id, plan.product_id)
    if plan.status != "open":
        raise Refused("plan-closed")
    _check_date(plan, now)
    if plan.places is not None and places_taken(session, plan.product_id) >= plan.places:
        raise Refused("plan-full")
    if plan.audience == "code" and not _has_code(session, plan, user_id):
        raise Refused("plan-code-needed")
    if plan.audience in ("newcomers", "active", "past"):
        _check_history(session, plan, user_id)


def check_not_held(session: Session, user_id: int, plan_id: int) -> None:
    """Raise `Refused` "already-lifetime" where the person holds for ever whatever the plan opens."""
    held = held_for_ever(session, user_id, plan_id)
    if held is not None:
        raise Refused("already-lifetime", {"membership": held})


def check_trial(session: Session, plan: Plan, user_id: int, *, now: datetime) -> None:
    """Raise `Refused` unless the person may begin a trial: one a shop, and none for members."""
    if plan.trial_days == 0:
        raise Refused("no-trial")
    check_first_trial(session, plan, user_id)
    check_entry(session, plan, user_id, now=now)


def check_first_trial(session: Session, plan: Plan, user_id: int) -> None:
    """Raise `Refused` where the person has had the one trial of its shop, or is a member."""
    seller_id = session.exec(select(Product.seller_id).where(Product.id == plan.product_id)).one()
    if session.get(Trial, (user_id, seller_id)) is not None:
        raise Refused("trial-used")
    membership = _membership_of(session, user_id, plan.product_id)
    if membership is not None and membership.state in HOLDING:
        raise Refused("already-member", {"membership": id_of(membership)})


def places_taken(session: Session, plan_id: int) -> int:
    """How many people hold a place of the plan."""
    taken = select(func.count()).where(Membership.plan_id == plan_id, col(Membership.state).in_(HOLDING))
    return session.exec(taken).one()


def _membership_of(session: Session, user_id: int, plan_id: int) -> Membership | None:
    one = select(Membership).where(Membership.user_id == user_id, Membership.plan_id == plan_id)
    return session.exec(one.execution_options(populate_existing=True)).one_or_none()


def _check_renewal(
    session: Session, plan: Plan, membership: Membership, standing: Standing, now: datetime
) -> None:
    check_not_held(session, membership.user_id, plan.product_id)
    named: dict[str, str | int] = {"membership": id_of(membership)}
    if standing.state == "cancelled":
        raise Refused("membership-cancelled", named)
    if standing.state == "paused":
        raise Refused("membership-paused", named)
    if standing.state == "pending":
        raise Refused("membership-waiting", named)
    if plan.status == "closed":
        raise Refused("plan-closed")
    _check_date(plan, now)
    if standing.state == "active" and (plan.unit == "until" or renews(session, id_of(membership))):
        raise Refused("already-member", named)
    card = living(session, id_of(membership))
    if card is not None and is_collecting(card):  # its charge is on its way
        raise Refused("already-member", named)


def _check_not_barred(session: Session, plan_id: int, user_id: int) -> None:
    seller_id = session.exec(select(Product.seller_id).where(Product.id == plan_id)).one()
    if is_barred(session, user_id, seller_id):
        raise Refused("barred")


def _check_date(plan: Plan, now: datetime) -> None:
    if plan.until is not None and plan.until <= now:
        raise Refused("plan-over")


def _has_code(session: Session, plan: Plan, user_id: int | None) -> bool:
    return user_id is not None and session.get(CodeHolder, (user_id, plan.product_id)) is not None


def _check_history(session: Session, plan: Plan, user_id: int | None) -> None:
    shop = select(Product.seller_id).where(Product.id == plan.product_id).scalar_subquery()
    of_shop = (
        select(Membership.id)
        .join(Product, col(Product.id) == Membership.plan_id)
        .where(Product.seller_id == shop, Membership.user_id == user_id)
    )
    now_in = _is_there(session, of_shop.where(col(Membership.state).in_(HOLDING)))
    ever_in = _is_there(session, of_shop)
    fits = {"newcomers": not ever_in, "active": now_in, "past": ever_in and not now_in}
    if not fits[plan.audience]:
        raise Refused("plan-audience", {"audience": plan.audience})


def _is_there(session: Session, statement: Select[Any]) -> bool:
    return session.execute(statement.limit(1)).first() is not None
