"""Invite links and join requests (https://core.telegram.org/api/invites)."""

from typing import Any

from scripts.sandbox.telegram.entities import Caller, Channel
from scripts.sandbox.telegram.limits import check_invite
from scripts.sandbox.telegram.registry import rpc
from scripts.sandbox.telegram.rpc_channels import administered, change_participant
from scripts.sandbox.telegram.tl import F, Refused, T
from scripts.sandbox.telegram.world import World


def make_invite(world: World, channel: Channel, admin: int, query: Any) -> Any:
    """A new link with the properties of the query."""
    invite = T.ChatInviteExported(
        link=f"https://t.me/+sandbox{world.ids():010d}",
        admin_id=admin,
        date=world.now(),
        request_needed=query.request_needed,
        expire_date=query.expire_date,
        usage_limit=query.usage_limit,
        title=query.title,
        subscription_pricing=query.subscription_pricing,
    )
    world.links[invite.link] = (channel, invite)
    return invite


@rpc(F.messages.ExportChatInvite)
def export_chat_invite(world: World, caller: Caller, query: Any) -> Any:
    """https://core.telegram.org/method/messages.exportChatInvite"""
    channel = administered(world, caller, query.peer, "invite_users")
    check_invite(query, world.now(), subscribable=channel.kind == "channel")
    return make_invite(world, channel, caller.bot.id, query)


@rpc(F.messages.EditExportedChatInvite)
def edit_exported_chat_invite(world: World, caller: Caller, query: Any) -> Any:
    """https://core.telegram.org/method/messages.editExportedChatInvite

    A bot edits the links that it made (https://core.telegram.org/bots/api#revokechatinvitelink); one
    that is revoked already is refused as expired.
    """
    channel = administered(world, caller, query.peer, "invite_users")
    room, invite = world.links.get(query.link, (None, None))
    if room is not channel or invite is None or invite.revoked:
        raise Refused(400, "INVITE_HASH_EXPIRED")
    if invite.admin_id != caller.bot.id:
        raise Refused(400, "CHAT_ADMIN_REQUIRED")
    for name in ("revoked", "expire_date", "usage_limit", "request_needed", "title"):
        if getattr(query, name) is not None:
            setattr(invite, name, getattr(query, name))
    return T.messages.ExportedChatInvite(invite=invite, users=[world.user(caller.bot.id, caller.bot.id)])


@rpc(F.messages.HideChatJoinRequest)
def hide_join_request(world: World, caller: Caller, query: Any) -> Any:
    """Approve or decline (https://core.telegram.org/method/messages.hideChatJoinRequest)."""
    channel = administered(world, caller, query.peer, "invite_users")
    number = world.peer_number(query.user_id, caller)
    if number in channel.members:
        raise Refused(400, "USER_ALREADY_PARTICIPANT")
    if number in world.accounts and world.accounts[number].deleted:
        raise Refused(400, "INPUT_USER_DEACTIVATED")
    if number not in channel.requests:
        raise Refused(400, "HIDE_REQUESTER_MISSING")
    answer_request(world, channel, number, caller.bot.id, approved=bool(query.approved))
    return world.reply(caller.bot, [], [number, caller.bot.id], [channel.id])


def answer_request(world: World, channel: Channel, number: int, admin: int, *, approved: bool) -> None:
    """An admin lets in who asked, or does not."""
    invite = channel.requests.pop(number)
    if approved:
        member = T.ChannelParticipant(user_id=number, date=world.now())
        change_participant(world, channel, number, admin, member, invite)
    world.changed(channel.id)
