"""Telegram's calls about channels: who is in them, and how bots remove people."""

import time
from typing import Any

from scripts.sandbox.telegram.entities import Caller, Change, Channel
from scripts.sandbox.telegram.registry import rpc
from scripts.sandbox.telegram.tl import F, Refused, T, blank
from scripts.sandbox.telegram.world import World

BAN_SECONDS = range(30, 366 * 86400 + 1)
"""A ban of another length is for ever (https://core.telegram.org/constructor/chatBannedRights)."""


def administered(
    world: World, caller: Caller, peer: Any, right: str = "", *, gone: int = 400, rightless: int = 400
) -> Channel:
    """The channel, where the bot is an admin with this right. Raises `Refused`.

    `gone` and `rightless` are the codes that the method's page gives for CHANNEL_PRIVATE and
    CHAT_ADMIN_REQUIRED.
    """
    channel = entered(world, caller, peer, gone=gone)
    rights = channel.admins.get(caller.bot.id)
    if rights is None or (right and not getattr(rights, right)):
        raise Refused(rightless, "CHAT_ADMIN_REQUIRED")
    return channel


def entered(world: World, caller: Caller, peer: Any, *, gone: int = 400) -> Channel:
    """The channel that the bot is in, admin or not. Raises `Refused`."""
    channel = world.channels.get(world.peer_number(peer, caller))
    if channel is None:
        raise Refused(400, "CHANNEL_INVALID")
    if channel.deleted or not channel.has(caller.bot.id):
        raise Refused(gone, "CHANNEL_PRIVATE")
    return channel


@rpc(F.channels.GetChannels)
def get_channels(world: World, caller: Caller, query: Any) -> Any:
    rooms = [entered(world, caller, peer) for peer in query.id]
    return T.messages.Chats(chats=[world.chat(room.id, caller.bot.id) for room in rooms])


@rpc(F.channels.GetFullChannel)
def get_full_channel(world: World, caller: Caller, query: Any) -> Any:
    channel = entered(world, caller, query.channel)
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
    return ban_of(world, channel, number) or channel.members.get(number)


def standing(participant: Any) -> str:
    """What somebody is: creator, admin, banned, participant (a member), self (a bot as a member), left."""
    name = "Left" if participant is None else type(participant).__name__.removeprefix("Channel")
    return (name.removeprefix("Participant") or "Participant").lower()


def ban_of(world: World, channel: Channel, number: int) -> Any:
    """Somebody's ban, if it still holds."""
    banned = channel.banned.get(number)
    if banned is not None:
        until = banned.banned_rights.until_date
        if until - banned.date in BAN_SECONDS and until <= world.now():
            return channel.banned.pop(number) and None
    return banned


@rpc(F.channels.GetParticipant)
def get_participant(world: World, caller: Caller, query: Any) -> Any:
    """https://core.telegram.org/method/channels.getParticipant; of others only as an admin."""
    number = world.peer_number(query.participant, caller)
    look = entered if number == caller.bot.id else administered
    channel = look(world, caller, query.channel)
    participant = participant_of(world, channel, number)
    if participant is None:
        raise Refused(400, "USER_NOT_PARTICIPANT")
    users = {number, channel.owner} & set(world.accounts) | {caller.bot.id}
    return T.channels.ChannelParticipant(
        participant=participant,
        chats=[world.chat(channel.id, caller.bot.id)],
        users=[world.user(one, caller.bot.id) for one in users],
    )


def change_participant(
    world: World, channel: Channel, number: int, actor: int, new: Any, invite: Any = None
) -> None:
    """Change what somebody is in a channel, and tell the bots that have to know.

    Its admin bots get `chat_member`, a bot that is changed itself `my_chat_member`.
    whose own standing it is (`my_chat_member`).

    https://core.telegram.org/constructor/updateChannelParticipant. A link that another admin made is
    not shown whole (https://core.telegram.org/bots/api#chatmemberupdated).
    """
    old = participant_of(world, channel, number)
    _place(channel, number, new)
    date, link = world.now(), getattr(invite, "link", None)
    channel.history.append(Change(number, actor, standing(old), standing(new), date, time.time(), link))
    makers = [invite.admin_id] if invite else []
    for bot in world.bots.values():
        if bot.id not in channel.admins and bot.id != number:
            continue
        bot.contacts.add(number)
        update = T.UpdateChannelParticipant(
            channel_id=channel.id,
            date=date,
            actor_id=actor,
            user_id=number,
            qts=world.next_pts(bot),
            prev_participant=old,
            new_participant=new,
            invite=invite and shown_invite(invite, bot.id),
        )
        world.push(bot, update, {number, actor, bot.id, *makers}, [channel.id], keep=True)
    world.changed(channel.id)


def _place(channel: Channel, number: int, participant: Any) -> None:
    """List somebody as what they are now, and nowhere else."""
    for listed in (channel.members, channel.banned, channel.admins):
        listed.pop(number, None)
    if isinstance(participant, T.ChannelParticipantBanned):
        channel.banned[number] = participant
    elif isinstance(participant, T.ChannelParticipantAdmin):
        channel.admins[number] = participant.admin_rights
    elif participant is not None:
        channel.members[number] = participant
        channel.requests.pop(number, None)


def shown_invite(invite: Any, viewer: int) -> Any:
    """A link as a bot sees it: of another admin's only the beginning."""
    if invite.admin_id == viewer:
        return invite
    hidden = {name: getattr(invite, name) for name in invite.__slots__}
    return T.ChatInviteExported(**{**hidden, "link": invite.link[:-8] + "..."})


@rpc(F.channels.EditBanned)
def edit_banned(world: World, caller: Caller, query: Any) -> Any:
    """https://core.telegram.org/method/channels.editBanned

    Without `view_messages` it lifts a ban, and leaves somebody who is inside there: the Bot API's
    unbanChatMember bans first (restrict_channel_participant in
    https://github.com/tdlib/td/blob/master/td/telegram/DialogParticipantManager.cpp).
    """
    channel = administered(world, caller, query.channel, "ban_users", gone=406, rightless=403)
    number = world.peer_number(query.participant, caller)
    if number not in world.accounts:
        raise Refused(400, "PARTICIPANT_ID_INVALID")
    if number == channel.owner or number in channel.admins:
        raise Refused(400, "USER_ADMIN_INVALID")
    if query.banned_rights.view_messages:
        change_participant(world, channel, number, caller.bot.id, ban(world, caller.bot.id, number, query))
    elif ban_of(world, channel, number) is not None:
        change_participant(world, channel, number, caller.bot.id, None)
    return world.reply(caller.bot, [], [caller.bot.id], [channel.id])


def ban(world: World, actor: int, number: int, query: Any = None) -> Any:
    """The ban of somebody who was removed and may not come back."""
    return T.ChannelParticipantBanned(
        peer=T.PeerUser(user_id=number),
        kicked_by=actor,
        date=world.now(),
        banned_rights=query.banned_rights if query else T.ChatBannedRights(until_date=0, view_messages=True),
        left=True,
    )


@rpc(F.channels.LeaveChannel)
def leave_channel(world: World, caller: Caller, query: Any) -> Any:
    """https://core.telegram.org/method/channels.leaveChannel"""
    channel = entered(world, caller, query.channel)
    change_participant(world, channel, caller.bot.id, caller.bot.id, None)
    return world.reply(caller.bot, [], [caller.bot.id], [channel.id])
