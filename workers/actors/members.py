"""Jobs about members of channels: admission, removal, warnings, and the end of memberships."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace

from core.kit.errors import (
    ChannelGone,
    ComptoirError,
    DoorShut,
    Permanent,
    RetryAfter,
    RightsMissing,
    Unreachable,
)
from core.kit.rows import id_of, must_get
from core.memberships import (
    admission,
    card_members,
    declined,
    door_refusals,
    expiry,
    letters,
    roster,
    subscriptions,
)
from core.memberships.card_trials import price_after_trial
from core.memberships.channels import check_rights
from core.notifications.recipients import mark_blocked
from core.orders.delivery import buyer_unreachable, mark_delivered
from core.payments.rails.stripe.protocol import StripeRefused
from core.payments.rails.stripe.subscriptions import look_again
from core.ports import ChannelGateway, Identity
from schemas import member_jobs as jobs
from schemas.membership import Channel, Invite
from schemas.people import User
from workers.registry import actor
from workers.run import Run

RIGHTS_PAUSE = 300.0  # seconds until it is tried again whether the seller gave the rights back


@actor(jobs.Admit)
def admit(run: Run, job: jobs.Admit) -> None:
    """Send a member the links into the channels of their plan (C17, C18).

    1. The invites are written down, then made at Telegram, each kept as soon as it is known.
    2. One message carries all of them; Telegram shows it once, whatever is repeated.
    3. The order is delivered and the job done, in one transaction.
    """
    with run.services.database.transaction() as session:
        admitted = admission.prepare(session, job.membership_id, now=run.now())
        charged = price_after_trial(session, admitted.membership) if admitted else None
    if admitted is None:
        return
    links = _links(run, admitted)
    if not links and not any(place.inside for place in admitted.places):
        with run.effect() as session:
            declined.no_way_in(session, admitted.membership, job.order_id, now=run.now())
        return
    language, occasion = admitted.user.language, job.occasion
    message = letters.admission(language, admitted, links, occasion, charged=charged)
    try:
        run.services.messenger.send(Identity(run.job_id, "admit"), admitted.user.telegram_id, message)
    except Unreachable:
        _record_unreachable(run, admitted.user, job.order_id)
    else:
        with run.effect() as session:
            if job.order_id is not None:
                mark_delivered(session, job.order_id, now=run.now())


@actor(jobs.StopRenewals)
def stop_renewals(run: Run, job: jobs.StopRenewals) -> None:
    """Ask for the end of every subscription to what charges nobody any more, each by a job of its own."""
    with run.effect() as session:
        subscriptions.stop_renewals_of(session, job.seller_id, now=run.now())
        card_members.stop_cards_of(session, job.seller_id, now=run.now())


@actor(jobs.AnswerJoinRequest)
def answer_join_request(run: Run, job: jobs.AnswerJoinRequest) -> None:
    """Answer a request to join that still waits, from the memberships as they are now."""
    with run.services.database.transaction() as session:
        waiting = admission.waiting_request(session, job.channel_id, job.telegram_id, now=run.now())
    if waiting is None:
        return
    channel, decision = waiting
    try:
        with _watched(run, job.channel_id):
            if decision.approve:
                _channels(run).approve(channel.telegram_id, job.telegram_id)
            else:
                _channels(run).decline(channel.telegram_id, job.telegram_id)
    except (DoorShut, ChannelGone, RetryAfter) as error:
        _explain(run, job, channel, decision, error)
        return
    with run.effect() as session:
        admission.answered(session, job.telegram_id, decision)
        declined.notify_declined(session, job.telegram_id, decision, now=run.now())


@actor(jobs.ExpireMember)
def expire_member(run: Run, job: jobs.ExpireMember) -> None:
    """End a membership whose time is over (C28 as corrected: the removal is a job of its own).

    Where a card is charged for it and nobody has looked since, Stripe is asked first.
    """
    with run.services.database.transaction() as session:
        row = card_members.unseen(session, job.membership_id, job.turn, now=run.now())
    if row is not None:
        with suppress(StripeRefused):  # an account that has left us shows nothing any more
            look_again(run.services.database, run.services.stripe, row, now=run.now())
    with run.effect() as session:
        expiry.strike(session, job.membership_id, job.turn, now=run.now())


@actor(jobs.RemoveMember)
def remove_member(run: Run, job: jobs.RemoveMember) -> None:
    """Remove a person from a channel, decided just before: never early, never twice (P7)."""
    removal = _put_out(run, job.channel_id, job.telegram_id)
    if removal is None:
        return
    with run.effect() as session:
        roster.end_removal(session, job.channel_id, job.telegram_id, removal, now=run.now())


@actor(jobs.RemoveStranger)
def remove_stranger(run: Run, job: jobs.RemoveStranger) -> None:
    """Remove a person who has no membership, replace the link they came by, and tell them how to buy."""
    removal = _put_out(run, job.channel_id, job.telegram_id)
    if removal is None:
        return
    with run.effect() as session:
        roster.end_removal(session, job.channel_id, job.telegram_id, removal, now=run.now())
        roster.stranger_removed(session, job.invite_id, now=run.now())
        declined.notify_stranger(session, job.channel_id, job.telegram_id, now=run.now())


@actor(jobs.RevokeInvite)
def revoke_invite(run: Run, job: jobs.RevokeInvite) -> None:
    """Revoke an invite link at Telegram; by our own records it is revoked already."""
    with run.services.database.transaction() as session:
        invite = must_get(session, Invite, job.invite_id, "invite-unknown")
        channel = must_get(session, Channel, invite.channel_id, "channel-unknown")
    if invite.url is not None and channel.state != "gone":
        with _watched(run, id_of(channel)):
            _channels(run).revoke_link(channel.telegram_id, invite.url)


@actor(jobs.WarnMember)
def warn_member(run: Run, job: jobs.WarnMember) -> None:
    """Warn a member of the end, each warning once (C29)."""
    with run.effect() as session:
        expiry.warn(session, job.membership_id, job.ends, job.days, now=run.now())


@actor(jobs.ExpireMembers)
def expire_members(run: Run, job: jobs.ExpireMembers) -> None:
    """Find memberships whose end was missed (C27)."""
    with run.effect() as session:
        expiry.sweep(session, now=run.now())


@actor(jobs.WarnMembers)
def warn_members(run: Run, job: jobs.WarnMembers) -> None:
    """Find warnings that were missed (C29)."""
    with run.effect() as session:
        expiry.sweep_warnings(session, now=run.now())


@actor(jobs.ExpireTokens)
def expire_tokens(run: Run, job: jobs.ExpireTokens) -> None:
    """Close invites and codes whose time is over (C26)."""
    with run.effect() as session:
        expiry.expire_tokens(session, now=run.now())


def _explain(
    run: Run,
    job: jobs.AnswerJoinRequest,
    channel: Channel,
    decision: admission.Decision,
    error: DoorShut | ChannelGone | RetryAfter,
) -> None:
    """Tell whoever has to know that Telegram did not take an answer. What is worth another try has one."""
    if isinstance(error, DoorShut):
        with suppress(ComptoirError):  # a request that waits for ever could not be made again
            _channels(run).decline(channel.telegram_id, job.telegram_id)
        with run.effect() as session:
            door_refusals.refused(session, job.telegram_id, decision, error.code, now=run.now())
        return
    passes_soon = isinstance(error, RetryAfter) and error.seconds < door_refusals.LONG
    if decision.approve and not passes_soon:
        why: door_refusals.Why = "waiting" if isinstance(error, RetryAfter) else "unreachable"
        with run.services.database.transaction() as session:
            door_refusals.say_why(session, decision, why, now=run.now())
    raise error


def _record_unreachable(run: Run, user: User, order_id: int | None) -> None:
    with run.effect() as session:
        mark_blocked(session, id_of(user), run.now())
        if order_id is not None:
            buyer_unreachable(session, order_id, now=run.now())


def _links(run: Run, admitted: admission.Admission) -> dict[int, str]:
    """The links by channel; a channel that is gone is left out and made known (D41)."""
    links: dict[int, str] = {}
    for place in admitted.places:
        if place.invite is None:
            continue
        with suppress(ChannelGone), _watched(run, id_of(place.channel)):
            links[id_of(place.channel)] = place.invite.url or _make_link(run, place.channel, place.invite)
    return links


def _make_link(run: Run, channel: Channel, invite: Invite) -> str:
    if invite.expires_at is not None:
        url = _channels(run).create_one_use_link(
            channel.telegram_id, invite.name, expires_at=invite.expires_at
        )
    else:
        url = _channels(run).create_join_request_link(channel.telegram_id, invite.name)
    with run.services.database.transaction() as session:
        return admission.keep_link(session, invite.id, url)


def _put_out(run: Run, channel_id: int, telegram_id: int) -> roster.Removal | None:
    """Put a person out; what was done, decided when it was their turn: thousands may be before them."""
    # The line is told apart by our number of the channel: nothing is read for those who go on waiting.
    _channels(run).wait_turn(channel_id, telegram_id)
    with run.services.database.transaction() as session:
        removal = roster.begin_removal(session, channel_id, telegram_id, now=run.now())
    if removal is None:
        return None
    return replace(removal, was_in=_remove(run, channel_id, telegram_id, removal))


def _remove(run: Run, channel_id: int, telegram_id: int, removal: roster.Removal) -> bool:
    try:
        with _watched(run, channel_id):
            if not removal.lift_only:
                return _channels(run).remove_member(removal.chat_id, telegram_id)
            _channels(run).lift_ban(removal.chat_id, telegram_id)
            return False
    except ChannelGone:
        return False  # nobody is in it any more
    except Permanent:
        with run.services.database.transaction() as session:
            roster.cannot_remove(session, channel_id, telegram_id, now=run.now())
        raise


@contextmanager
def _watched(run: Run, channel_id: int) -> Iterator[None]:
    """Learn from a refusal what became of the channel. Missing rights are waited for, the seller is told."""
    try:
        yield
    except ChannelGone:
        with run.services.database.transaction() as session:
            check_rights(session, channel_id, None, now=run.now())
        raise
    except RightsMissing as lack:
        with run.services.database.transaction() as session:
            declined.rights_lost(session, channel_id, lack.rights, now=run.now())
        raise RetryAfter(RIGHTS_PAUSE, str(lack)) from None


def _channels(run: Run) -> ChannelGateway:
    return run.services.channels
