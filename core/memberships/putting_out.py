"""Putting a member out, by staff or by the seller of the channels, and letting them in again.

What ends is the person's access to the whole shop, not one place in one channel: its plans share channels,
and a place without a right would be refilled by the next link. The person is barred from the shop until
somebody lets them in again: they can neither come back by an old link nor buy once more. Money is a question
apart: each order that lost time is laid before staff, who alone give money back.
"""

from datetime import datetime
from typing import Any, Literal, get_args

from sqlalchemy import update
from sqlmodel import Session, col, select
from sqlmodel.sql.expression import SelectOfScalar

from core.audit.details import Detail
from core.audit.record import record
from core.kit.bad_rows import each
from core.kit.errors import NotAllowed, NotFound
from core.kit.names import clean_text
from core.kit.permissions import allowed
from core.kit.rows import id_of, must_get
from core.memberships import card_members, machine, subscriptions
from core.memberships.admission import revoke_invite
from core.memberships.machine import OVER
from core.memberships.notifications import notify_member
from core.memberships.shop_members import MemberLine, member_line
from core.memberships.transitions import Change, Ending, change, locked_membership
from core.orders.grants import revoke as revoke_grant
from core.orders.orders import PAID, need_support
from schemas.access import Grant
from schemas.catalogue import Product
from schemas.membership import Invite, Membership, PutOutReason
from schemas.people import Seller, User
from schemas.sales import Order

REASONS: tuple[PutOutReason, ...] = get_args(PutOutReason)
WORDS_LIMIT = 300  # characters of what the person reads beside the reason


def reason_of(words: str) -> tuple[PutOutReason, str]:
    """A reason as machines give it: one of the list, or words of their own, which are "other"."""
    named = next((reason for reason in REASONS if reason == words.strip().lower()), None)
    return (named, "") if named else ("other", words)


def put_out(
    session: Session, membership_id: int, *, reason: PutOutReason, words: str = "", actor: User, now: datetime
) -> int:
    """Put the holder of a membership out of its shop; how many memberships ended. Again, nothing more
    happens.

    Raises `NotFound` for whoever is neither the shop's seller nor staff.
    """
    ending = Ending(_standing_of(session, membership_id, actor), reason, words)
    return end_access(session, membership_id, ending=ending, actor=f"user:{actor.id}", now=now)


def let_in(session: Session, membership_id: int, *, actor: User, now: datetime) -> bool:
    """Let the holder of a membership buy in its shop again; False when they could. What ended stays ended.

    Raises `NotFound` as `put_out`, and `NotAllowed` where a seller would undo what staff decided.
    """
    by = _standing_of(session, membership_id, actor)
    return lift_bar(session, membership_id, actor=f"user:{actor.id}", now=now, of_seller=by == "seller")


def end_access(session: Session, membership_id: int, *, ending: Ending, actor: str, now: datetime) -> int:
    """End all access of a membership's holder to its shop, and bar them; how many memberships ended."""
    membership, seller_id = _with_shop(session, membership_id)
    return revoke_person(
        session, membership.user_id, ending=ending, actor=actor, now=now, seller_id=seller_id
    )


def lift_bar(
    session: Session, membership_id: int, *, actor: str, now: datetime, of_seller: bool = False
) -> bool:
    """The holder of a membership is barred from its shop no longer; False when they were not."""
    membership, seller_id = _with_shop(session, membership_id)
    barred = _of_shop(membership.user_id, seller_id).where(col(Membership.barred_at).is_not(None))
    by_staff = barred.where(Membership.ended_by == "staff")
    if of_seller and session.exec(by_staff.limit(1)).first() is not None:
        raise NotAllowed("barred-by-staff")
    lifted = session.execute(
        update(Membership)
        .where(col(Membership.id).in_(session.exec(barred).all()))
        .values(barred_at=None)
        .returning(col(Membership.id)),
        execution_options={"synchronize_session": "fetch"},
    ).all()
    if not lifted:
        return False
    record(session, actor, "member.let_in", f"user:{membership.user_id}", seller=seller_id)
    occasion = f"let-in:{membership.turn}:{now:%Y-%m-%dT%H:%M:%S}"
    buttons = [["button-see-plan", f"plan:{membership.plan_id}"]]
    notify_member(session, membership, "member-let-in", occasion=occasion, buttons=buttons)
    return True


def line_of(session: Session, membership_id: int, *, actor: User) -> MemberLine:
    """A membership for whoever may put its holder out. Raises `NotFound` as `put_out`."""
    _standing_of(session, membership_id, actor)
    return member_line(session, membership_id)


def revoke_person(
    session: Session,
    user_id: int,
    *,
    ending: Ending,
    actor: str,
    now: datetime,
    seller_id: int | None = None,
) -> int:
    """End all access of a person, in one shop or in all (C34), and bar them; how many memberships ended."""
    clean = Ending(ending.by, ending.why, clean_text(ending.words)[:WORDS_LIMIT])
    own = _of_shop(user_id, seller_id)
    running = session.exec(own.where(col(Membership.state).not_in(OVER))).all()

    def revoke(membership_id: int | None) -> int:
        return _revoke(session, membership_id or 0, clean, actor=actor, now=now)

    ended = sum(each(session, "put out", running, revoke, now=now))
    barred = session.execute(
        update(Membership)
        .where(col(Membership.id).in_(own), col(Membership.barred_at).is_(None))
        .values(barred_at=now)
        .returning(col(Membership.id)),
        execution_options={"synchronize_session": "fetch"},
    ).all()
    if ended or barred:
        details: dict[str, Detail] = {
            "seller": seller_id,
            "by": clean.by,
            "reason": clean.why,
            "memberships": ended,
        }
        record(session, actor, "member.put_out", f"user:{user_id}", **details)
    return ended


def _revoke(session: Session, membership_id: int, ending: Ending, *, actor: str, now: datetime) -> int:
    """End one membership at once: 1, or 0 when time had ended it before."""
    membership = locked_membership(session, membership_id)
    done = change(
        session,
        membership,
        lambda standing: machine.revoke(standing, now),
        now=now,
        act="put_out",
        actor=actor,
        ending=ending,
    )
    if not done.moved:
        return 0
    _end_orders(session, done, ending, actor=actor, now=now)
    subscriptions.stop_renewal(session, id_of(membership), actor=actor)
    card_members.end_renewal(session, id_of(membership), actor=actor)
    links = select(Invite).where(Invite.membership_id == membership.id, col(Invite.revoked_at).is_(None))
    for invite in session.exec(links).all():
        revoke_invite(session, invite, reason="put_out", now=now)
    notify_member(
        session,
        membership,
        "member-revoked",
        occasion=f"revoked:{membership.turn}",
        params={"why": ending.why, "reason": ending.words},
    )
    return 1


def _end_orders(session: Session, done: Change, ending: Ending, *, actor: str, now: datetime) -> None:
    """The grants of what was cut short end; staff are asked whether money goes back."""
    before = {period.id for period in done.before.periods if period.taken_back}
    cut = {period.order_id for period in done.after.periods if period.taken_back and period.id not in before}
    orders = select(Order).where(col(Order.id).in_([number for number in cut if number]))
    for order in session.exec(orders.order_by(col(Order.id))).all():
        grant = session.exec(select(Grant).where(Grant.order_id == order.id)).one_or_none()
        if grant is not None:
            revoke_grant(session, id_of(grant), reason=ending.why, now=now, actor=actor)
        if order.status in PAID and order.amount:
            need_support(session, order, reason="put-out", now=now)


def _with_shop(session: Session, membership_id: int) -> tuple[Membership, int]:
    membership = must_get(session, Membership, membership_id, "membership-unknown")
    product = must_get(session, Product, membership.plan_id, "plan-unknown")
    return membership, product.seller_id


def _standing_of(session: Session, membership_id: int, actor: User) -> Literal["staff", "seller"]:
    """As what this person may act on a membership. Raises `NotFound`: as neither."""
    _, seller_id = _with_shop(session, membership_id)
    if allowed(actor.roles, "revoke_access"):
        return "staff"
    owner = session.exec(select(Seller.user_id).where(Seller.id == seller_id)).one()
    if owner == actor.id and allowed(actor.roles, "publish"):
        return "seller"
    raise NotFound("membership-unknown")


def _of_shop(user_id: int, seller_id: int | None) -> SelectOfScalar[Any]:
    """The ids of a person's memberships of one shop, or of all."""
    own = select(Membership.id).where(Membership.user_id == user_id)
    if seller_id is not None:
        own = own.join(Product, col(Product.id) == Membership.plan_id).where(Product.seller_id == seller_id)
    return own.order_by(col(Membership.id))
