"""What happens in channels: joining, leaving, asking to join, and what their owners do."""

from dataclasses import asdict
from types import SimpleNamespace
from typing import Any, Literal

from scripts.sandbox.telegram.entities import Account, Channel, Entry
from scripts.sandbox.telegram.rpc_channels import ban, change_participant, participant_of, shown_invite
from scripts.sandbox.telegram.rpc_invites import answer_request, make_invite
from scripts.sandbox.telegram.subscriptions import subscribe_to_channel
from scripts.sandbox.telegram.tl import Refused, T
from scripts.sandbox.telegram.verbs import verb
from scripts.sandbox.telegram.views import describe_message
from scripts.sandbox.telegram.world import World

ANONYMOUS = 1_087_968_824
"""https://core.telegram.org/bots/api#message (@GroupAnonymousBot)"""
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
def add_channel(world: World, title: str, owner: int, kind: Literal["channel", "supergroup"]) -> int:
    """Create a private channel or supergroup; its id."""
    world.person(owner)
    number = FIRST_CHANNEL + world.ids()
    world.channels[number] = Channel(number, title, owner, kind)
    return number


@verb
def set_admin(
    world: World, channel: int, number: int, rights: list[str] | None, anonymous: bool = False
) -> None:
    """Give a bot or a member these rights, or none at all; a bot is told (`my_chat_member`), and where the
    owner acts as an anonymous admin, not by whom.

    A bot in a channel is an admin or is not in it (USER_BOT on
    https://core.telegram.org/method/channels.inviteToChannel); in a supergroup it stays as a member.
    """
    room = world.channels[channel]
    bots = {bot.id: bot for bot in world.bots.values()}
    new: Any = None
    if rights is not None:
        new = T.ChannelParticipantAdmin(
            user_id=number,
            promoted_by=room.owner,
            date=world.now(),
            admin_rights=T.ChatAdminRights(**dict.fromkeys(rights, True)),
        )
    elif number not in bots:
        new = T.ChannelParticipant(user_id=number, date=world.now())
    elif room.kind == "supergroup":
        new = T.ChannelParticipantSelf(user_id=number, inviter_id=room.owner, date=world.now())
    change_participant(world, room, number, _nobody(world) if anonymous else room.owner, new)
    if rights is not None and number in bots:
        bots[number].contacts |= {room.owner, *room.members}


def _nobody(world: World) -> int:
    """Telegram's own account, in whose name anonymous admins act."""
    world.accounts.setdefault(ANONYMOUS, Account(ANONYMOUS, "Group", "GroupAnonymousBot"))
    return ANONYMOUS


@verb
def delete_channel(world: World, channel: int) -> None:
    """The owner deletes it (https://core.telegram.org/method/channels.deleteChannel)."""
    room = world.channels[channel]
    inside = [bot for bot in world.bots.values() if room.has(bot.id)]
    room.deleted = True
    for bot in inside:
        world.push(bot, T.UpdateChannel(channel_id=room.id), [bot.id], [room.id], keep=True)


@verb
def joins(world: World, person: int, link: str) -> str:
    """Use an invite link: "joined", or "requested". Raises `Refused`.

    https://core.telegram.org/method/messages.importChatInvite
    """
    room, invite = _usable(world, person, link)
    if invite.subscription_pricing is not None:
        raise Refused(400, "STARS_PAYMENT_REQUIRED")
    if invite.request_needed:
        _request(world, room, person, invite)
        return "requested"
    invite.usage = (invite.usage or 0) + 1
    member = T.ChannelParticipant(user_id=person, date=world.now())
    change_participant(world, room, person, person, member, invite)
    return "joined"


@verb
def subscribes(world: World, person: int, link: str) -> str:
    """Pay for a place in a channel by a link with a price; the id of the charge.

    https://core.telegram.org/api/invites#paid-invite-links
    """
    room, invite = _usable(world, person, link)
    if invite.subscription_pricing is None:
        raise Refused(400, "INVITE_HASH_INVALID")
    return subscribe_to_channel(world, room, person, invite)


def _usable(world: World, person: int, link: str) -> tuple[Channel, Any]:
    if world.person(person).deleted:
        raise Refused(401, "USER_DEACTIVATED")
    if link not in world.links:
        raise Refused(400, "INVITE_HASH_INVALID")
    room, invite = world.links[link]
    if room.deleted or invite.revoked or (invite.expire_date and invite.expire_date <= world.now()):
        raise Refused(400, "INVITE_HASH_EXPIRED")
    if invite.usage_limit and (invite.usage or 0) >= invite.usage_limit:
        raise Refused(400, "USERS_TOO_MUCH")
    participant = participant_of(world, room, person)
    if isinstance(participant, T.ChannelParticipantBanned):
        raise Refused(400, "INVITE_HASH_EXPIRED")
    if participant is not None:
        raise Refused(400, "USER_ALREADY_PARTICIPANT")
    return room, invite


def _request(world: World, room: Channel, person: int, invite: Any) -> None:
    """Ask to join. A bot that sees the request may write to the person for five minutes
    (https://core.telegram.org/bots/api#chatjoinrequest); here it simply may. Asked again while it waits,
    nobody is told anew."""
    if person in room.requests:
        return
    room.requests[person] = invite
    for bot in world.bots.values():
        if bot.id not in room.admins or not room.admins[bot.id].invite_users:
            continue
        bot.met.add(person)
        bot.contacts.add(person)
        update = T.UpdateBotChatInviteRequester(
            peer=T.PeerChannel(channel_id=room.id),
            date=world.now(),
            user_id=person,
            about="",
            invite=shown_invite(invite, bot.id),
            qts=world.next_pts(bot),
        )
        world.push(bot, update, {person, bot.id, invite.admin_id}, [room.id], keep=True)


@verb
def leaves(world: World, person: int, channel: int) -> None:
    """Leave a channel."""
    room = world.channels[channel]
    if person not in room.members:
        raise Refused(400, "USER_NOT_PARTICIPANT")
    change_participant(world, room, person, person, None)


@verb
def creates_link(world: World, channel: int, request: bool) -> str:
    """The owner makes a link of his own."""
    room = world.channels[channel]
    query = SimpleNamespace(
        request_needed=request or None,
        expire_date=None,
        usage_limit=None,
        title=None,
        subscription_pricing=None,
    )
    return str(make_invite(world, room, room.owner, query).link)


@verb
def answers_request(world: World, channel: int, person: int, approved: bool) -> None:
    """The owner answers a join request himself."""
    room = world.channels[channel]
    if person not in room.requests:
        raise Refused(400, "HIDE_REQUESTER_MISSING")
    answer_request(world, room, person, room.owner, approved=approved)


@verb
def adds(world: World, channel: int, person: int) -> None:
    """The owner adds somebody without a link (https://core.telegram.org/method/channels.inviteToChannel)."""
    room = world.channels[channel]
    member = T.ChannelParticipant(user_id=world.person(person).id, date=world.now())
    change_participant(world, room, person, room.owner, member)


@verb
def puts_out(world: World, channel: int, number: int) -> None:
    """The owner removes a member, or a bot, which is a ban."""
    room = world.channels[channel]
    if not room.has(number):
        raise Refused(400, "USER_NOT_PARTICIPANT")
    change_participant(world, room, number, room.owner, ban(world, room.owner, number))


@verb
def posts_in(world: World, channel: int, text: str, person: int | None) -> Any:
    """Post in a channel, or in a group as an anonymous admin; with `person`, as that member of a group.

    Admin bots see it (https://core.telegram.org/bots/features#privacy-mode).
    """
    room = world.channels[channel]
    bots = [bot for bot in world.bots.values() if bot.id in room.admins]
    is_group = room.kind == "supergroup"
    writer = T.PeerUser(user_id=person) if person else T.PeerChannel(channel_id=room.id) if is_group else None
    raw = T.Message(
        id=world.ids(),
        peer_id=T.PeerChannel(channel_id=room.id),
        from_id=writer,
        date=world.now(),
        message=text,
        post=not is_group or None,
        entities=[],
        restriction_reason=[],
    )
    entry = world.store(Entry(raw, (bots or list(world.bots.values()))[0], room.id, outgoing=False))
    for bot in bots:
        update = T.UpdateNewChannelMessage(message=raw, pts=world.next_pts(bot), pts_count=1)
        world.push(bot, update, {bot.id, *([person] if person else [])}, [room.id])
    return describe_message(entry)


@verb
def place_members(world: World, channel: int, people: list[int]) -> None:
    """Many members at once, of whom no bot is told: how a channel stood before it was connected."""
    room = world.channels[channel]
    for person in people:
        room.members[person] = T.ChannelParticipant(user_id=person, date=world.now())
    for bot in world.bots.values():
        if bot.id in room.admins:
            bot.contacts.update(people)


@verb
def describe_channel(world: World, channel: int) -> Any:
    room = world.channels[channel]
    return {
        "title": room.title,
        "members": sorted(number for number in room.members if number not in room.banned),
        "banned": sorted(room.banned),
        "requests": sorted(room.requests),
        "links": [
            link for link, (owner, invite) in world.links.items() if owner is room and not invite.revoked
        ],
    }


@verb
def channel_history(world: World, channel: int) -> Any:
    return [asdict(change) for change in world.channels[channel].history]
