"""Getting in: requests to join answered from the grant, links made for one membership each.

A request is answered by the bot at once. Before that it is written down with a job that answers it a few
seconds later, if the bot has not: killed in between, nobody is left at the door.
"""

import secrets
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Literal

from sqlalchemy import update
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import Session, col, or_, select

from core.audit.details import error_code, listed
from core.catalogue.catalogue import ON_SALE
from core.jobs.ledger import enqueue
from core.kit.rows import id_of, must_get
from core.memberships.bars import is_barred
from core.memberships.channels import by_telegram_id, note
from core.memberships.door_log import DoorAct, log_act
from core.memberships.events import JoinRequested
from core.memberships.machine import lapse, may_be_in
from core.memberships.plans import channels_of_plan
from core.memberships.transitions import locked_membership, memberships_in, outline
from core.people.people import find_user, language_of
from core.ports import INSIDE
from schemas import member_jobs
from schemas.catalogue import Product
from schemas.membership import Channel, Invite, Membership, Plan, PlanChannel, RosterEntry
from schemas.people import Seller, User

NET = timedelta(seconds=5)  # the bot has 2
ONE_USE_LIFE = timedelta(minutes=5)  # C2
ENOUGH = timedelta(minutes=1)  # a one-use link with less left is made anew


@dataclass(frozen=True)
class Decision:
    """The answer to a request to join. `reason`: member, no-grant, ended, paused, revoked, barred,
    unknown-channel (then nothing is answered); `plans` are the [product id, title] to buy instead."""

    approve: bool
    reason: str
    channel_id: int | None = None
    membership_id: int | None = None
    user_id: int | None = None
    channel: str = ""
    language: str = "fr"
    plans: list[tuple[int, str]] = field(default_factory=list)


@dataclass(frozen=True)
class Place:
    """A channel of a plan for one member: inside already, or the invite by which to come in."""

    channel: Channel
    inside: bool
    invite: Invite | None


@dataclass(frozen=True)
class Admission:
    """Whom to admit where."""

    membership: Membership
    user: User
    title: str
    places: list[Place]


def ask_in(session: Session, event: JoinRequested, *, now: datetime) -> Decision:
    """Decide on a request from the grants, and write it down with its net."""
    channel = by_telegram_id(session, event.channel)
    if channel is None:
        return Decision(approve=False, reason="unknown-channel")
    person = event.visitor.telegram_id
    _write_request(session, id_of(channel), person, now)
    job = member_jobs.AnswerJoinRequest(channel_id=id_of(channel), telegram_id=person)
    enqueue(session, job.once(event.at), due_at=now + NET)
    decision = decide(session, channel, person, now=now, language_code=event.visitor.language_code)
    if not decision.approve:
        _note_stranger(session, channel, person, event.link, now)
    return decision


def decide(
    session: Session,
    channel: Channel,
    telegram_id: int,
    *,
    now: datetime,
    language_code: str | None = None,
) -> Decision:
    """Whether this person may enter the channel now, and if not, why, and what they could buy."""
    user = find_user(session, telegram_id)
    language = user.language if user else language_of(language_code)
    memberships = memberships_in(session, id_of(channel), telegram_id)
    good = next((row for row in memberships if may_be_in(outline(row), now)), None)
    if good is not None:
        return Decision(True, "member", id_of(channel), id_of(good), good.user_id, channel.title, language)
    latest = memberships[0] if memberships else None
    state = lapse(outline(latest), now).state if latest else ""
    reason = {"expired": "ended", "paused": "paused", "revoked": "revoked"}.get(state, "no-grant")
    user_id, latest_id = (id_of(user) if user else None), (id_of(latest) if latest else None)
    barred = user_id is not None and is_barred(session, user_id, channel.seller_id)
    plans = [] if barred else plans_for(session, id_of(channel))
    if barred:
        reason = "barred"
    return Decision(False, reason, id_of(channel), latest_id, user_id, channel.title, language, plans)


def answered(session: Session, telegram_id: int, decision: Decision, *, failed: str = "") -> None:
    """Telegram took the answer, or `failed` names why it never will: the net has nothing to do. Being in is
    told by another update."""
    assert decision.channel_id is not None, "only requests to our channels are answered"
    waiting = session.execute(
        update(RosterEntry)
        .where(
            col(RosterEntry.channel_id) == decision.channel_id,
            col(RosterEntry.telegram_id) == telegram_id,
            col(RosterEntry.requested_at).is_not(None),
        )
        .values(requested_at=None)
        .returning(col(RosterEntry.channel_id)),
        execution_options={"synchronize_session": "fetch"},
    ).all()
    if waiting:  # the bot and its net may both have answered
        log_act(
            session,
            "join.failed" if failed else "join.accepted" if decision.approve else "join.declined",
            decision.channel_id,
            membership_id=decision.membership_id,
            user_id=decision.user_id,
            reason=error_code(failed) if failed else listed(decision.reason),
        )


def waiting_request(
    session: Session, channel_id: int, telegram_id: int, *, now: datetime
) -> tuple[Channel, Decision] | None:
    """The request that nobody answered yet, with its answer; None when it was answered."""
    entry = session.get(RosterEntry, (channel_id, telegram_id), populate_existing=True)
    if entry is None or entry.requested_at is None:
        return None
    channel = must_get(session, Channel, channel_id, "channel-unknown")
    return channel, decide(session, channel, telegram_id, now=now)


def plans_for(session: Session, channel_id: int) -> list[tuple[int, str]]:
    """Product id and title of the plans on sale that open a channel."""
    statement = (
        select(Product.id, Product.title)
        .join(Plan, col(Plan.product_id) == Product.id)
        .join(PlanChannel, col(PlanChannel.plan_id) == Plan.product_id)
        .join(Seller, col(Seller.id) == Product.seller_id)
        .where(PlanChannel.channel_id == channel_id, Plan.status == "open", *ON_SALE)
    )
    return [(number or 0, title) for number, title in session.exec(statement.order_by(col(Product.id)))]


def prepare(session: Session, membership_id: int, *, now: datetime) -> Admission | None:
    """What a member is to be sent: for each connected channel that they are not in, a link of their own,
    made before or to be made. None for one who may not be in (any more)."""
    membership = locked_membership(session, membership_id)
    if not may_be_in(outline(membership), now):
        return None
    plan = must_get(session, Plan, membership.plan_id, "plan-unknown")
    user = must_get(session, User, membership.user_id, "person-unknown")
    title = session.exec(select(Product.title).where(Product.id == plan.product_id)).one()
    places: list[Place] = []
    for channel in channels_of_plan(session, plan.product_id):
        inside = is_inside(session, id_of(channel), user.telegram_id)
        if channel.state == "gone" and not inside:
            continue
        invite = None if inside else _usable(session, membership, channel, plan, now)
        places.append(Place(channel, inside, invite))
    session.flush()
    return Admission(membership, user, title, places)


def keep_link(session: Session, invite_id: object, url: str) -> str:
    """Write down the link that Telegram made; who comes second takes the first one's."""
    invite = must_get(session, Invite, invite_id, "invite-unknown", lock=True)
    if invite.url is None:
        invite.url = url
        session.add(invite)
        _log_invite(session, "invite.made", invite, invite.kind)
        session.flush()
    assert invite.url is not None, "it has just been written"
    return invite.url


def revoke_invite(
    session: Session, invite: Invite, *, reason: Literal["passed_on", "put_out"], now: datetime
) -> None:
    """A link in wrong hands, or of somebody put out: worthless here at once, and at Telegram by a job."""
    if invite.revoked_at is not None:
        return
    invite.revoked_at = now
    session.add(invite)
    _log_invite(session, "invite.revoked", invite, reason)
    session.flush()
    enqueue(session, member_jobs.RevokeInvite(invite_id=invite.id).once())


def replace_invite(session: Session, invite: Invite, *, now: datetime) -> None:
    """Revoke a link that a stranger used; its rightful owner, if still outside, is sent a new one."""
    revoke_invite(session, invite, reason="passed_on", now=now)
    owner = must_get(session, Membership, invite.membership_id, "membership-unknown")
    telegram_id = session.exec(select(User.telegram_id).where(User.id == owner.user_id)).one()
    if may_be_in(outline(owner), now) and not is_inside(session, invite.channel_id, telegram_id):
        job = member_jobs.Admit(membership_id=id_of(owner), occasion="reissued")
        enqueue(session, job.of_invite_replaced(invite.id))


def invite_of(session: Session, channel_id: int, url: str | None) -> Invite | None:
    """Our link with this address. Telegram may show only the beginning of others' links."""
    if not url:
        return None
    ours = select(Invite).where(Invite.channel_id == channel_id, Invite.url == url)
    return session.exec(ours).one_or_none()


def is_inside(session: Session, channel_id: int, telegram_id: int) -> bool:
    """Whether we last saw this person in the channel."""
    entry = session.get(RosterEntry, (channel_id, telegram_id), populate_existing=True)
    return entry is not None and entry.status in INSIDE


def _log_invite(session: Session, act: DoorAct, invite: Invite, why: str) -> None:
    """A link in the log, by its number: its address is a secret."""
    log_act(
        session,
        act,
        invite.channel_id,
        membership_id=invite.membership_id,
        invite=invite.id,
        why=why,
    )


def _usable(session: Session, membership: Membership, channel: Channel, plan: Plan, now: datetime) -> Invite:
    statement = select(Invite).where(
        Invite.membership_id == membership.id,
        Invite.channel_id == channel.id,
        Invite.kind == plan.joining,
        col(Invite.revoked_at).is_(None),
        or_(Invite.kind == "request", col(Invite.used_at).is_(None)),
        or_(col(Invite.expires_at).is_(None), col(Invite.expires_at) > now + ENOUGH),
    )
    latest = session.exec(statement.order_by(col(Invite.created_at).desc()).limit(1)).first()
    if latest is not None:
        return latest
    invite = Invite(
        channel_id=id_of(channel),
        membership_id=id_of(membership),
        kind=plan.joining,
        name=f"m{membership.id}-{secrets.token_hex(4)}",  # at most 32 characters
        created_at=now,
        expires_at=now + ONE_USE_LIFE if plan.joining == "one_use" else None,
    )
    session.add(invite)
    return invite


def _write_request(session: Session, channel_id: int, telegram_id: int, now: datetime) -> None:
    request = insert(RosterEntry).values(channel_id=channel_id, telegram_id=telegram_id, requested_at=now)
    session.execute(
        request.on_conflict_do_update(
            index_elements=["channel_id", "telegram_id"], set_={"requested_at": now}
        )
    )


def _note_stranger(session: Session, channel: Channel, person: int, link: str, now: datetime) -> None:
    """Somebody without a right asked by a member's own link: that link has been passed on."""
    invite = invite_of(session, id_of(channel), link)
    if invite is None:
        return
    owner = session.exec(
        select(User.telegram_id)
        .join(Membership, col(Membership.user_id) == User.id)
        .where(Membership.id == invite.membership_id)
    ).one()
    if owner == person:
        return  # a former member with their own old link
    if note(
        session,
        id_of(channel),
        "stranger",
        occasion=f"{person}:{invite.id}",
        now=now,
        telegram_id=person,
        membership_id=invite.membership_id,
        details={"kept_out": True},
    ):
        replace_invite(session, invite, now=now)
