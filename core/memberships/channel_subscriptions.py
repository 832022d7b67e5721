"""Channel subscription links: a joiner pays the channel itself, in Stars, and Telegram keeps the clock.

The money never passes through the bot (https://core.telegram.org/api/subscriptions), so there is no order;
the membership follows the end that Telegram tells with the member.
"""

from datetime import datetime

from sqlmodel import Session, col, select

from core.kit.rows import id_of
from core.memberships import machine
from core.memberships.events import MemberChanged
from core.memberships.machine import Length, Period, Standing, whole
from core.memberships.transitions import change, membership_for
from core.people.people import upsert_person
from schemas.membership import Channel, PlanChannel


def paid_to_channel(session: Session, channel: Channel, event: MemberChanged, *, now: datetime) -> None:
    """Take over what Telegram says of a subscription to the channel; nothing for other joins."""
    if event.until is None or event.until <= now:
        return
    plan_id = session.exec(
        select(PlanChannel.plan_id)
        .where(PlanChannel.channel_id == channel.id, col(PlanChannel.subscription_link).is_not(None))
        .limit(1)
    ).first()
    if plan_id is None:
        return
    visitor = event.visitor
    user = upsert_person(
        session,
        telegram_id=visitor.telegram_id,
        name=visitor.name,
        username=visitor.username,
        language_code=visitor.language_code,
        now=now,
    )
    membership = membership_for(session, id_of(user), plan_id, now=now)
    change(session, membership, lambda standing: until(standing, event.until, now), now=now)


def until(standing: Standing, end: datetime | None, now: datetime) -> Standing:
    """The membership with Telegram's end, where that is later than what is known."""
    if end is None or (standing.ends_at is not None and whole(end) <= standing.ends_at):
        return standing
    bought = Period(Length("until", until=whole(end)), source="channel")
    return machine.pay(standing, bought, now=now, waits=False, grace=machine.NONE)
