"""Stars subscriptions: Telegram charges every 30 days, and only Telegram can stop it.

A membership is never cancelled here while Telegram goes on charging: what is wanted is written down, a job
asks Telegram, and the membership follows Telegram's answer (https://core.telegram.org/api/subscriptions).
"""

from datetime import datetime, timedelta

from sqlalchemy import or_, update
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import Session, col, select
from sqlmodel.sql.expression import SelectOfScalar

from core.audit.record import record
from core.jobs.ledger import enqueue
from core.kit.bad_rows import each
from core.kit.rows import id_of, must_get
from core.memberships import machine
from core.memberships.lifetime import held_for_ever
from core.memberships.notifications import card_button, keep_button, notify_member
from core.memberships.transitions import change, locked_membership
from core.payments.rails.port import rail_of
from core.ports import SubscriptionState
from schemas import member_jobs
from schemas.catalogue import Product
from schemas.membership import Membership, Plan
from schemas.people import Seller
from schemas.sales import Order
from schemas.star_subscription import StarSubscription

PERIOD = timedelta(days=30)
CHARGE = "stars-charge:"
LATE = timedelta(hours=6)  # after its end, a subscription without a new charge is taken as not renewed


def is_recurring(session: Session, order: Order) -> bool:
    """Whether the order's invoice is a subscription that its rail charges again by itself."""
    plan = session.get(Plan, order.product_id)
    return plan is not None and plan.recurring and rail_of(order.rail).renews


def charge_key(charge_id: str) -> str:
    """The idempotency key of the order that a further charge is written down as."""
    return f"{CHARGE}{charge_id}"


def is_further_charge(order: Order) -> bool:
    """Whether Telegram charged this order by itself, without anybody pressing anything."""
    return (order.idempotency_key or "").startswith(CHARGE)


def subscription_of(session: Session, membership_id: int) -> StarSubscription | None:
    """The latest Stars subscription of a membership that has not run out."""
    statement = select(StarSubscription).where(StarSubscription.membership_id == membership_id)
    return session.exec(statement.order_by(col(StarSubscription.id).desc()).limit(1)).first()


def begin(session: Session, order: Order, *, charge_id: str, until: datetime, now: datetime) -> None:
    """The first charge of a subscription was taken; its payload will come back with each further one."""
    membership_id = session.exec(
        select(Membership.id).where(
            Membership.user_id == order.buyer_id, Membership.plan_id == order.product_id
        )
    ).one()
    first = insert(StarSubscription).values(
        membership_id=membership_id,
        order_id=order.id,
        charge_id=charge_id,
        stars=order.amount,
        until=until,
        renews=True,
        wanted=True,
        created_at=now,
    )
    session.execute(first.on_conflict_do_nothing(index_elements=["order_id"]))


def charged(session: Session, subscription: StarSubscription, *, until: datetime) -> None:
    """A further charge was taken. One that came although none was wanted is stopped again; one that is told
    once more, after a later one, changes nothing."""
    if until <= subscription.until:
        return
    subscription.until, subscription.renews = until, True
    session.add(subscription)
    session.flush()
    _ask(session, subscription)


def want_renewal(session: Session, subscription: StarSubscription, wanted: bool, *, actor: str) -> None:
    """Ask Telegram to go on charging or to stop; the membership changes when it has answered."""
    subscription.wanted = wanted
    session.add(subscription)
    record(session, actor, "subscription.wanted", f"membership:{subscription.membership_id}", renews=wanted)
    session.flush()
    _ask(session, subscription)


def stop_renewal(session: Session, membership_id: int, *, actor: str) -> None:
    """Have every Stars subscription of an ended membership charge no further."""
    for subscription in session.exec(
        select(StarSubscription).where(StarSubscription.membership_id == membership_id)
    ).all():
        if subscription.renews:
            want_renewal(session, subscription, False, actor=actor)


def stop_renewals_of(session: Session, seller_id: int, *, now: datetime) -> int:
    """Have every subscription of a suspended shop, or to a closed plan, charge no further; how many. Each
    member reads until when the access runs. A shop that is open again meanwhile loses nothing."""
    charging = session.exec(
        select(StarSubscription.id)
        .join(Membership, col(Membership.id) == StarSubscription.membership_id)
        .where(col(Membership.plan_id).in_(plans_over(seller_id)), col(StarSubscription.renews).is_(True))
        .order_by(col(StarSubscription.id))
    ).all()

    def stop(number: int | None) -> None:
        want_renewal(session, session.get_one(StarSubscription, number), False, actor="system")

    return len(each(session, "renewals", charging, stop, now=now))


def plans_over(seller_id: int) -> SelectOfScalar[int]:
    """The plans of a shop that charge nobody any more: those that are closed; all once it is suspended."""
    of_shop = select(Plan.product_id).join(Product, col(Product.id) == Plan.product_id)
    over = or_(col(Plan.status) == "closed", col(Seller.status) == "suspended")
    return of_shop.join(Seller, col(Seller.id) == Product.seller_id).where(Seller.id == seller_id, over)


def renewal_changed(
    session: Session,
    subscription: StarSubscription,
    renews: bool,
    *,
    now: datetime,
    actor: str = "telegram",
) -> None:
    """Telegram has stopped charging by a locked subscription, or goes on: by our request, or by the person's
    own in Telegram. What they hold for ever is stopped again."""
    if subscription.renews == renews:
        return
    if actor == "telegram":
        subscription.wanted = renews
    subscription.renews = renews
    session.add(subscription)
    session.flush()
    membership = locked_membership(session, subscription.membership_id)
    if renews and held_for_ever(session, membership.user_id, membership.plan_id) is not None:
        want_renewal(session, subscription, False, actor="system")
    elif renews and membership.state == "cancelled":
        change(session, membership, machine.undo_cancel, now=now, act="uncancelled", actor=actor)
        notify_member(session, membership, "member-uncancelled", occasion=f"uncancelled:{membership.turn}")
    elif not renews and membership.state == "active" and membership.ends_at and subscription.until > now:
        change(session, membership, machine.cancel, now=now, act="cancelled", actor=actor)
        notify_cancelled(session, membership)


def subscription_changed(
    session: Session, subscription: StarSubscription, state: SubscriptionState, *, now: datetime
) -> None:
    """Telegram tells of a cancellation, a failed charge, or that the person took a cancellation back.

    After a failed charge the membership runs into its grace by its own clock.
    """
    if state == "failed":
        subscription.renews = False
        session.add(subscription)
        session.flush()
    else:
        renewal_changed(session, subscription, state == "restored", now=now)


def subscription_by_payload(session: Session, payload: str) -> StarSubscription | None:
    """The subscription whose first invoice had this payload, locked."""
    prefix, _, digits = payload.partition(":")
    if prefix != "order" or not (digits.isascii() and digits.isdigit() and len(digits) <= 18):
        return None
    first = select(StarSubscription).where(StarSubscription.order_id == int(digits))
    return session.exec(first.with_for_update(key_share=True)).one_or_none()


def notify_restorable(session: Session, subscription_id: int) -> None:
    """Tell the person that Telegram allows renewal again; only they can switch it on, in Telegram's settings
    (https://core.telegram.org/method/payments.botCancelStarsSubscription)."""
    subscription = must_get(session, StarSubscription, subscription_id, "subscription-unknown")
    membership = must_get(session, Membership, subscription.membership_id, "membership-unknown")
    notify_member(session, membership, "member-restorable", occasion=f"restorable:{membership.turn}")


def notify_cancelled(session: Session, membership: Membership) -> None:
    """Tell the person that access runs to its end, until when, and how to take it back where that can be."""
    assert membership.ends_at is not None, "it runs"
    text, buttons = "member-cancelled", [keep_button(membership), card_button(membership)]
    if must_get(session, Plan, membership.plan_id, "plan-unknown").status == "closed":
        text, buttons = "member-plan-closed", []
    elif held_for_ever(session, membership.user_id, membership.plan_id) is not None:
        text, buttons = "member-held-for-ever", []
    notify_member(
        session,
        membership,
        text,
        occasion=f"cancelled:{membership.turn}",
        params={"ends": int(membership.ends_at.timestamp())},
        buttons=buttons,
    )


def give_up_late(session: Session, *, now: datetime) -> int:
    """Subscriptions whose time is over and that Telegram did not charge again; how many. The membership's
    own clock has put it in grace."""
    ended = session.execute(
        update(StarSubscription)
        .where(col(StarSubscription.renews).is_(True), col(StarSubscription.until) < now - LATE)
        .values(renews=False)
        .returning(col(StarSubscription.id))
        .execution_options(synchronize_session="fetch")
    )
    return len(ended.all())


def _ask(session: Session, subscription: StarSubscription) -> None:
    if subscription.renews != subscription.wanted:
        job = member_jobs.SetStarRenewal(subscription_id=id_of(subscription))
        enqueue(session, job.once())
