"""When Telegram refuses: a channel that is gone, rights that are missing, people who may not come in."""

from datetime import datetime

from sqlmodel import Session, col, select

from core.kit.rows import id_of, must_get
from core.memberships.admission import Decision, decide
from core.memberships.channels import check_rights
from core.memberships.notifications import notify_member
from core.notifications.notify import notify
from core.notifications.subjects import SUBJECT, subject
from core.orders.orders import need_support
from core.people.people import find_user
from core.ports import NEEDED_RIGHTS
from schemas.membership import Channel, Membership, MembershipPeriod
from schemas.sales import Order


def rights_lost(session: Session, channel_id: int, rights: tuple[str, ...], *, now: datetime) -> None:
    """The bot lacks these rights in the channel; the seller is told."""
    check_rights(session, channel_id, frozenset(NEEDED_RIGHTS) - frozenset(rights), now=now)


def no_way_in(session: Session, membership: Membership, order_id: int | None, *, now: datetime) -> None:
    """No channel of the plan is left (D41): the payment stands, support and the member are told."""
    number = order_id or _last_order(session, membership)
    if number is not None:
        order = must_get(session, Order, number, "order-unknown")
        need_support(session, order, reason="channel-gone", now=now)
    notify_member(session, membership, "member-channel-gone", occasion=f"channel-gone:{membership.turn}")


def notify_declined(session: Session, telegram_id: int, decision: Decision, *, now: datetime) -> None:
    """Tell somebody we know why they were not let in, and what they can do."""
    user = find_user(session, telegram_id)
    if user is None or decision.approve or decision.channel_id is None:
        return
    occasion = f"{decision.channel_id}:{now:%Y-%m-%d}"
    params: dict[str, str | int] = {"channel": decision.channel, "reason": decision.reason}
    params |= _about(decision)
    notify(session, id_of(user), "join-declined", params, once=occasion, buttons=ways_in(decision))


def notify_stranger(session: Session, channel_id: int, telegram_id: int, *, now: datetime) -> None:
    """Tell a removed stranger whom we know how to buy; a bot may write to nobody else."""
    user = find_user(session, telegram_id)
    if user is None:
        return
    channel = must_get(session, Channel, channel_id, "channel-unknown")
    decision = decide(session, channel, telegram_id, now=now)
    if decision.reason == "barred":
        notify_declined(session, telegram_id, decision, now=now)
    elif not decision.approve:
        occasion = f"{channel_id}:{now:%Y-%m-%d}"
        params = {"channel": channel.title, **_about(decision)}
        notify(session, id_of(user), "stranger-removed", params, once=occasion, buttons=ways_in(decision))


def _about(decision: Decision) -> dict[str, str]:
    """What would let the person in, as `ways_in`; nothing where nothing would."""
    if decision.membership_id is not None:
        return {SUBJECT: subject("member", decision.membership_id)}
    return {SUBJECT: subject("plan", decision.plans[0][0])} if decision.plans else {}


def ways_in(decision: Decision) -> list[list[str]]:
    """Buttons to what would let the person in: their own membership, or the plans on sale."""
    if decision.membership_id is not None:
        return [["button-membership", f"member:{decision.membership_id}"]]
    return [["button-see-plan", f"plan:{product_id}"] for product_id, _ in decision.plans[:3]]


def _last_order(session: Session, membership: Membership) -> int | None:
    paid = select(MembershipPeriod.order_id).where(
        MembershipPeriod.membership_id == membership.id, col(MembershipPeriod.order_id).is_not(None)
    )
    return session.exec(paid.order_by(col(MembershipPeriod.id).desc()).limit(1)).first()
