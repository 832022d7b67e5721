"""What happens in channels: joining, leaving, asking to join, and what their owners do to bots."""

from typing import Any

from scripts.sandbox.telegram.rpc_channels import change_participant, participant_of
from scripts.sandbox.telegram.tl import Refused, T
from scripts.sandbox.telegram.verbs import verb
from scripts.sandbox.telegram.world import Channel, World

FIRST_CHANNEL = 1_500_000_000
RIGHTS = (
    "change_info",
    "post_messages",
    "edit_messages",
    "delete_messages",
    "ban_users",
    "invite_users",
)


@verb
def add_channel(world: World, title: str, owner: int) -> int:
    world.person(owner)
    number = FIRST_CHANNEL + world.ids()
    world.channels[number] = Channel(number, title, owner)
    return number


@verb
def set_admin(world: World, channel: int, bot: int, rights: list[str] | None) -> None:
    """Give a bot these rights, or none at all; the bot is told (`my_chat_member`)."""
    room = world.channels[channel]
    found = next(b for b in world.bots.values() if b.id == bot)
    old = participant_of(world, room, bot)
    room.admins.pop(bot, None)
    if rights is not None:
        room.admins[bot] = T.ChatAdminRights(**dict.fromkeys(rights, True))
        found.known |= {room.owner, *room.members}
    update = T.UpdateChannelParticipant(
        channel_id=room.id,
        date=world.now(),
        actor_id=room.owner,
        user_id=bot,
        qts=world.next_pts(found),
        prev_participant=old,
        new_participant=participant_of(world, room, bot),
    )
    world.push(found, update, [room.owner, bot], [room.id], keep=True)


@verb
def joins(world: World, person: int, link: str) -> str:
    """Use an invite link: "joined", or "requested". Raises `Refused`.

    https://core.telegram.org/method/messages.importChatInvite
    """
    if link not in world.links:
        raise Refused(400, "INVITE_HASH_INVALID")
    room, invite = world.links[link]
    if invite.revoked or (invite.expire_date and invite.expire_date <= world.now()):
        raise Refused(400, "INVITE_HASH_EXPIRED")
    if invite.usage_limit and (invite.usage or 0) >= invite.usage_limit:
        raise Refused(400, "USERS_TOO_MUCH")
    if person in room.banned:
        raise Refused(400, "INVITE_HASH_EXPIRED")
    if person in room.members:
        raise Refused(400, "USER_ALREADY_PARTICIPANT")
    if invite.request_needed:
        _request(world, room, person, invite)
        return "requested"
    invite.usage = (invite.usage or 0) + 1
    member = T.ChannelParticipant(user_id=person, date=world.now())
    change_participant(world, room, person, person, member, invite)
    return "joined"


def _request(world: World, room: Channel, person: int, invite: Any) -> None:
    """Ask to join. A bot that sees the request may write to the person for five minutes
    (https://core.telegram.org/bots/api#chatjoinrequest); here it simply may."""
    room.requests[person] = invite
    for bot in world.bots.values():
        if bot.id not in room.admins or not room.admins[bot.id].invite_users:
            continue
        bot.met.add(person)
        bot.known.add(person)
        update = T.UpdateBotChatInviteRequester(
            peer=T.PeerChannel(channel_id=room.id),
            date=world.now(),
            user_id=person,
            about="",
            invite=invite,
            qts=world.next_pts(bot),
        )
        world.push(bot, update, [person, bot.id], [room.id], keep=True)


@verb
def leaves(world: World, person: int, channel: int) -> None:
    room = world.channels[channel]
    if person not in room.members:
        raise Refused(400, "USER_NOT_PARTICIPANT")
    change_participant(world, room, person, person, None)


@verb
def describe_channel(world: World, channel: int) -> Any:
    room = world.channels[channel]
    return {
        "title": room.title,
        "members": sorted(room.members),
        "banned": sorted(room.banned),
        "requests": sorted(room.requests),
        "links": [
            link for link, (owner, invite) in world.links.items() if owner is room and not invite.revoked
        ],
    }
