"""The single calls to Telegram about channels and Stars, on the client's own event loop.

Peers are named by their number alone where this session has not met them: of bots Telegram asks for no
access hash (get_input_user, get_input_channel in https://github.com/tdlib/td/tree/master/td/telegram).
"""

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from typing import Any

from pyrogram import raw, utils
from pyrogram.raw.functions import channels, messages, payments

from core.ports import NEEDED_RIGHTS, ChannelMember, StarsTransaction
from core.telegram.client import TelegramClient
from core.telegram.participants import status_of, until_of
from workers.telegram.replies import ChannelErrors, DoorErrors

INVITE, BAN = NEEDED_RIGHTS
PAGE = 100  # https://core.telegram.org/bots/api#getstartransactions

LINK_IS_DEAD = frozenset({"INVITE_HASH_EXPIRED", "INVITE_HASH_INVALID"})
NO_REQUEST = frozenset({"HIDE_REQUESTER_MISSING", "USER_ALREADY_PARTICIPANT", "INVITE_REQUEST_SENT"})
NOT_INSIDE = frozenset(
    {"USER_NOT_PARTICIPANT", "PARTICIPANT_ID_INVALID", "USER_ID_INVALID", "INPUT_USER_DEACTIVATED"}
)
UNCHANGED = frozenset({"SUBSCRIPTION_NOT_MODIFIED"})


async def create_link(client: TelegramClient, chat_id: int, properties: dict[str, Any]) -> str:
    """Create an invite link; returns its address.

    https://core.telegram.org/method/messages.exportChatInvite
    """
    with ChannelErrors(INVITE):
        query = messages.ExportChatInvite(peer=await _channel(client, chat_id), **properties)
        invite: Any = await client.invoke(query)
    return str(invite.link)


async def revoke_link(client: TelegramClient, chat_id: int, url: str) -> None:
    """Revoke an invite link; one that is dead already is done.

    https://core.telegram.org/method/messages.editExportedChatInvite
    """
    with ChannelErrors(INVITE, done=LINK_IS_DEAD):
        peer = await _channel(client, chat_id)
        await client.invoke(messages.EditExportedChatInvite(peer=peer, link=url, revoked=True))


async def answer_request(client: TelegramClient, chat_id: int, telegram_id: int, *, approved: bool) -> bool:
    """Approve or decline a request to join; False when none waits.

    https://core.telegram.org/method/messages.hideChatJoinRequest
    """
    with DoorErrors(INVITE, done=NO_REQUEST):
        await client.invoke(
            messages.HideChatJoinRequest(
                peer=await _channel(client, chat_id),
                user_id=await _user(client, telegram_id),
                approved=approved or None,
            )
        )
        return True
    return False


async def participant(client: TelegramClient, chat_id: int, telegram_id: int) -> Any:
    """Who somebody is in a channel, as Telegram's own type; None for who is not in it."""
    answer = await _look(client, chat_id, await _user(client, telegram_id))
    return answer and answer.participant


async def member(client: TelegramClient, chat_id: int, telegram_id: int) -> ChannelMember:
    """Who somebody is in a channel, as a type of `core.ports`."""
    answer = await _look(client, chat_id, await _user(client, telegram_id))
    if answer is None:
        return ChannelMember("left")
    deleted = any(user.id == telegram_id and user.deleted for user in answer.users)
    return ChannelMember(status_of(answer.participant), deleted, until_of(answer.participant))


async def own_rights(client: TelegramClient, chat_id: int) -> frozenset[str]:
    """The rights that the bot has in a channel, of those that it needs."""
    answer = await _look(client, chat_id, raw.types.InputPeerSelf())
    rights = getattr(answer and answer.participant, "admin_rights", None)
    return frozenset(name for name in NEEDED_RIGHTS if getattr(rights, name, False))


async def _look(client: TelegramClient, chat_id: int, person: Any) -> Any:
    """https://core.telegram.org/method/channels.getParticipant"""
    with ChannelErrors(*NEEDED_RIGHTS, done=NOT_INSIDE):
        channel = await _channel(client, chat_id)
        return await client.invoke(channels.GetParticipant(channel=channel, participant=person))
    return None


async def set_ban(client: TelegramClient, chat_id: int, telegram_id: int, *, until: int | None) -> None:
    """Ban somebody until a moment (Unix seconds), or lift the ban; only a ban removes a member.

    https://core.telegram.org/method/channels.editBanned
    """
    rights = raw.types.ChatBannedRights(until_date=until or 0, view_messages=until is not None or None)
    with ChannelErrors(BAN, done=NOT_INSIDE):
        channel, person = await _channel(client, chat_id), await _user(client, telegram_id)
        await client.invoke(channels.EditBanned(channel=channel, participant=person, banned_rights=rights))


async def edit_subscription(
    client: TelegramClient, telegram_id: int, charge_id: str, *, restore: bool
) -> None:
    """Cancel a subscription in Stars, or let it go on; one that is so already is done.

    https://core.telegram.org/method/payments.botCancelStarsSubscription
    """
    with ChannelErrors(done=UNCHANGED):
        person = await _user(client, telegram_id)
        await client.invoke(
            payments.BotCancelStarsSubscription(user_id=person, charge_id=charge_id, restore=restore or None)
        )


def transactions(
    offset: str,
) -> Callable[[TelegramClient], Awaitable[tuple[list[StarsTransaction], str | None]]]:
    """Make the call for a page of the bot's Stars account, newest first, and where the next one begins.

    https://core.telegram.org/method/payments.getStarsTransactions
    """

    async def work(client: TelegramClient) -> tuple[list[StarsTransaction], str | None]:
        peer = raw.types.InputPeerSelf()
        answer: Any = await client.invoke(payments.GetStarsTransactions(peer=peer, offset=offset, limit=PAGE))
        return [_read(line) for line in answer.history or []], answer.next_offset or None

    return work


def _read(line: Any) -> StarsTransaction:
    person = getattr(getattr(line.peer, "peer", None), "user_id", None)
    return StarsTransaction(
        id=line.id,
        telegram_id=person,
        stars=line.amount.amount,
        at=datetime.fromtimestamp(line.date, UTC),
        payload=(line.bot_payload or b"").decode(errors="replace"),
        subscription_period=line.subscription_period,
        refunded=bool(line.refund),
    )


async def _channel(client: TelegramClient, chat_id: int) -> Any:
    return await _known(client, chat_id) or raw.types.InputPeerChannel(
        channel_id=utils.get_channel_id(chat_id), access_hash=0
    )


async def _user(client: TelegramClient, telegram_id: int) -> Any:
    return await _known(client, telegram_id) or raw.types.InputPeerUser(user_id=telegram_id, access_hash=0)


async def _known(client: TelegramClient, number: int) -> Any:
    try:
        return await client.storage.get_peer_by_id(number)
    except KeyError:
        return None
