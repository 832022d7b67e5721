"""Channels: members, bans, invite links and join requests."""

from typing import Any

from scripts.sandbox.telegram.registry import rpc
from scripts.sandbox.telegram.tl import F, Refused, T, blank
from scripts.sandbox.telegram.world import Caller, Channel, World


def administered(world: World, caller: Caller, peer: Any, right: str | None = None) -> Channel:
    """The channel, where the bot is an admin with this right. Raises `Refused`."""
    channel = world.channels.get(world.peer_number(peer, caller))
    if channel is None:
        raise Refused(400, "CHANNEL_INVALID")
    rights = channel.admins.get(caller.bot.id)
    if rights is None:
        raise Refused(400, "CHANNEL_PRIVATE")
    if right is not None and not getattr(rights, right):
        raise Refused(400, "CHAT_ADMIN_REQUIRED")
    return channel


@rpc(F.channels.GetChannels)
def get_channels(world: World, caller: Caller, query: Any) -> Any:
    rooms = [administered(world, caller, peer) for peer in query.id]
    return T.messages.Chats(chats=[world.chat(room.id, caller.bot.id) for room in rooms])


@rpc(F.channels.GetFullChannel)
def get_full_channel(world: World, caller: Caller, query: Any) -> Any:
    channel = administered(world, caller, query.channel)
    full = blank(
        T.ChannelFull,
        id=channel.id,
        chat_photo=T.PhotoEmpty(id=0),
        notify_settings=T.PeerNotifySettings(),
        participants_count=len(channel.members),
    )
    chats = [world.chat(channel.id, caller.bot.id)]
    return T.messages.ChatFull(full_chat=full, chats=chats, users=[])


def participant_of(world: World, channel: Channel, number: int) -> Any:
    """What a user is in a channel: creator, admin, banned or member. None for a stranger."""
    if number == channel.owner:
        return T.ChannelParticipantCreator(user_id=number, admin_rights=T.ChatAdminRights())
    if number in channel.admins:
        return T.ChannelParticipantAdmin(
            user_id=number,
            promoted_by=channel.owner,
            date=world.now(),
            admin_rights=channel.admins[number],
        )
    return channel.banned.get(number) or channel.members.get(number)


@rpc(F.channels.GetParticipant)
def get_participant(world: World, caller: Caller, query: Any) -> Any:
    """https://core.telegram.org/method/channels.getParticipant"""
    channel = administered(world, caller, query.channel)
    number = world.peer_number(query.participant, caller)
    found = participant_of(world, channel, number)
    if found is None:
        raise Refused(400, "USER_NOT_PARTICIPANT")
    users = {number, channel.owner} & set(world.accounts) | {caller.bot.id}
    return T.channels.ChannelParticipant(
        participant=found,
        chats=[world.chat(channel.id, caller.bot.id)],
        users=[world.user(one, caller.bot.id) for one in users],
    )


def change_participant(
    world: World, channel: Channel, number: int, actor: int, new: Any, invite: Any = None
) -> None:
    """Give a person another standing in a channel and tell its admin bots (`chat_member`)."""
    old = participant_of(world, channel, number)
    channel.members.pop(number, None)
    channel.banned.pop(number, None)
    if isinstance(new, T.ChannelParticipantBanned):
        channel.banned[number] = new
    elif new is not None:
        channel.members[number] = new
        channel.requests.pop(number, None)
    for bot in world.bots.values():
        if bot.id not in channel.admins:
            continue
        bot.known.add(number)
        update = T.UpdateChannelParticipant(
            channel_id=channel.id,
            date=world.now(),
            actor_id=actor,
            user_id=number,
            qts=world.next_pts(bot),
            prev_participant=old,
            new_participant=new,
            invite=invite,
        )
        world.push(bot, update, {number, actor, bot.id}, [channel.id], keep=True)
    world.changed(channel.id)


@rpc(F.channels.EditBanned)
def edit_banned(world: World, caller: Caller, query: Any) -> Any:
    """https://core.telegram.org/method/channels.editBanned. Lifting the ban of a present member removes
    him and lets him back in, as unbanChatMember says (https://core.telegram.org/bots/api#unbanchatmember).
    """
    channel = administered(world, caller, query.channel, "ban_users")
    number = world.peer_number(query.participant, caller)
    if number not in world.accounts:
        raise Refused(400, "PARTICIPANT_ID_INVALID")
    if number == channel.owner or number in channel.admins:
        raise Refused(400, "USER_ADMIN_INVALID")
    new = None
    if query.banned_rights.view_messages:
        new = T.ChannelParticipantBanned(
            peer=T.PeerUser(user_id=number),
            kicked_by=caller.bot.id,
            date=world.now(),
            banned_rights=query.banned_rights,
            left=True,
        )
    if new is not None or participant_of(world, channel, number) is not None:
        change_participant(world, channel, number, caller.bot.id, new)
    return world.reply(caller.bot, [], [caller.bot.id], [channel.id])


@rpc(F.messages.ExportChatInvite)
def export_chat_invite(world: World, caller: Caller, query: Any) -> Any:
    """https://core.telegram.org/method/messages.exportChatInvite; limits of
    https://core.telegram.org/bots/api#createchatinvitelink."""
    channel = administered(world, caller, query.peer, "invite_users")
    if query.usage_limit and (query.request_needed or not 1 <= query.usage_limit <= 99_999):
        raise Refused(400, "USAGE_LIMIT_INVALID")
    if len(query.title or "") > 32:
        raise Refused(400, "INVITE_HASH_INVALID")
    invite = T.ChatInviteExported(
        link=f"https://t.me/+sandbox{world.ids():010d}",
        admin_id=caller.bot.id,
        date=world.now(),
        request_needed=query.request_needed,
        expire_date=query.expire_date,
        usage_limit=query.usage_limit,
        title=query.title,
        subscription_pricing=query.subscription_pricing,
    )
    world.links[invite.link] = (channel, invite)
    return invite


@rpc(F.messages.EditExportedChatInvite)
def edit_exported_chat_invite(world: World, caller: Caller, query: Any) -> Any:
    """https://core.telegram.org/method/messages.editExportedChatInvite"""
    administered(world, caller, query.peer, "invite_users")
    if query.link not in world.links:
        raise Refused(400, "INVITE_HASH_EXPIRED")
    invite = world.links[query.link][1]
    for name in ("revoked", "expire_date", "usage_limit", "request_needed", "title"):
        if getattr(query, name) is not None:
            setattr(invite, name, getattr(query, name))
    return T.messages.ExportedChatInvite(invite=invite, users=[world.user(caller.bot.id, caller.bot.id)])


@rpc(F.messages.HideChatJoinRequest)
def hide_join_request(world: World, caller: Caller, query: Any) -> Any:
    """Approve or decline (https://core.telegram.org/method/messages.hideChatJoinRequest)."""
    channel = administered(world, caller, query.peer, "invite_users")
    number = world.peer_number(query.user_id, caller)
    invite = channel.requests.pop(number, None)
    if invite is None:
        raise Refused(400, "HIDE_REQUESTER_MISSING")
    if query.approved:
        member = T.ChannelParticipant(user_id=number, date=world.now())
        change_participant(world, channel, number, caller.bot.id, member, invite)
    world.changed(channel.id)
    return world.reply(caller.bot, [], [number, caller.bot.id], [channel.id])


@rpc(F.channels.LeaveChannel)
def leave_channel(world: World, caller: Caller, query: Any) -> Any:
    channel = administered(world, caller, query.channel)
    del channel.admins[caller.bot.id]
    return world.reply(caller.bot, [], [caller.bot.id], [channel.id])
