"""What the bot does in channels: invite links, requests to join, removals, subscriptions in Stars.

The adapter of `core.ports.ChannelGateway`.
"""

import asyncio
import time
from collections.abc import Iterator
from contextlib import suppress
from datetime import datetime
from typing import Any

from pyrogram.errors import RPCError

from core.kit.errors import ComptoirError, Permanent
from core.ports import INSIDE, ChannelMember, StarsTransaction
from core.telegram.client import TelegramClient
from core.telegram.participants import status_of
from workers.telegram import channel_calls as calls
from workers.telegram.client import Connection
from workers.telegram.limiter import Limiter

CALL = 6.0  # seconds
BAN_LIFE = 300
"""Seconds after which a ban that we could not lift ends by itself. Under 30, by Telegram's clock, would be
for ever (https://core.telegram.org/constructor/chatBannedRights)."""


class TelegramChannels:
    """Acts as the bot that is an admin of the channels; shares connection and pace with the messenger."""

    def __init__(self, connection: Connection, limiter: Limiter) -> None:
        self._connection = connection
        self._limiter = limiter
        self._late: set[asyncio.Task[None]] = set()

    def create_join_request_link(self, chat_id: int, name: str) -> str:
        """Create a link that creates join requests and does not expire."""
        return self._create_link(chat_id, title=name, request_needed=True)

    def create_one_use_link(self, chat_id: int, name: str, *, expires_at: datetime) -> str:
        """Create a link that lets one person in, until `expires_at`."""
        return self._create_link(chat_id, title=name, usage_limit=1, expire_date=int(expires_at.timestamp()))

    def revoke_link(self, chat_id: int, url: str) -> None:
        """Revoke a link; one that is dead already is done."""

        async def work(client: TelegramClient) -> None:
            await calls.revoke_link(client, chat_id, url)

        self._connection.call(work, CALL)

    def approve(self, chat_id: int, telegram_id: int) -> bool:
        """Let in who asked to join; True when they are in now, False when no request waits."""

        async def work(client: TelegramClient) -> bool:
            if await calls.answer_request(client, chat_id, telegram_id, approved=True):
                return True
            return (await calls.member(client, chat_id, telegram_id)).status in INSIDE

        return self._connection.call(work, CALL)

    def decline(self, chat_id: int, telegram_id: int) -> None:
        """Refuse who asked to join; a request that is gone is done."""

        async def work(client: TelegramClient) -> None:
            await calls.answer_request(client, chat_id, telegram_id, approved=False)

        self._connection.call(work, CALL)

    def wait_turn(self, channel: int, telegram_id: int) -> None:
        """Wait until it is this person's turn to be removed from a channel, at Telegram's pace.

        Any number that tells channels apart will do. Raises `RetryAfter`.
        """
        self._limiter.wait_act(channel, telegram_id)

    def remove_member(self, chat_id: int, telegram_id: int) -> bool:
        """Remove somebody from a channel, who may come back later; whether they were in.

        Nothing but a ban puts somebody out, so it takes a ban and its end. Cut off between them, the next
        attempt finds our ban and lifts it; and it ends by itself. Somebody else's ban stays.
        """

        async def work(client: TelegramClient) -> bool:
            participant = await calls.participant(client, chat_id, telegram_id)
            status = status_of(participant)
            if status in ("creator", "administrator"):
                raise Permanent(
                    f"{telegram_id} is an admin of channel {chat_id}, and bots cannot remove admins. "
                    "The owner can take their rights away first."
                )
            if status in INSIDE:
                await calls.set_ban(client, chat_id, telegram_id, until=int(time.time()) + BAN_LIFE)
            ours = status in INSIDE or (status == "banned" and participant.kicked_by == _own_id(client))
            if ours:
                await calls.set_ban(client, chat_id, telegram_id, until=None)
            return ours

        return self._connection.call(work, CALL)

    def lift_ban(self, chat_id: int, telegram_id: int) -> None:
        """Let a banned person come back, removing nobody; who is not banned is done."""

        async def work(client: TelegramClient) -> None:
            participant = await calls.member(client, chat_id, telegram_id)
            if participant.status == "banned":
                await calls.set_ban(client, chat_id, telegram_id, until=None)

        self._connection.call(work, CALL)

    def member_status(self, chat_id: int, telegram_id: int) -> ChannelMember:
        """Ask how somebody stands to a channel now; who was never in it is "left"."""

        async def work(client: TelegramClient) -> ChannelMember:
            return await calls.member(client, chat_id, telegram_id)

        return self._connection.call(work, CALL)

    def own_rights(self, chat_id: int) -> frozenset[str]:
        """Ask which of the needed rights the bot has; empty when it is no admin."""

        async def work(client: TelegramClient) -> frozenset[str]:
            return await calls.own_rights(client, chat_id)

        return self._connection.call(work, CALL)

    def cancel_star_subscription(self, telegram_id: int, charge_id: str) -> None:
        """Have Telegram charge no further; one cancelled already is done."""
        self._edit_subscription(telegram_id, charge_id, restore=False)

    def restore_star_subscription(self, telegram_id: int, charge_id: str) -> None:
        """Let the person go on with a subscription that we cancelled."""
        self._edit_subscription(telegram_id, charge_id, restore=True)

    def star_transactions(self, since: datetime) -> Iterator[StarsTransaction]:
        """Read the lines of the bot's Stars account since a moment, newest first."""
        offset: str | None = ""
        while offset is not None:
            lines, offset = self._connection.call(calls.transactions(offset), CALL)
            for line in lines:
                if line.at < since:
                    return
                yield line

    def _create_link(self, chat_id: int, **properties: Any) -> str:
        async def work(client: TelegramClient) -> str:
            creating = asyncio.ensure_future(calls.create_link(client, chat_id, properties))
            try:
                return await asyncio.shield(creating)
            except asyncio.CancelledError:
                creating.add_done_callback(lambda creation: self._forget(client, chat_id, creation))
                raise

        return self._connection.call(work, CALL)

    def _forget(self, client: TelegramClient, chat_id: int, creation: "asyncio.Future[str]") -> None:
        """Revoke a link whose address came after the deadline: bots cannot list theirs to find it again."""
        if creation.cancelled() or creation.exception() is not None:
            return

        async def revoke() -> None:
            with suppress(RPCError, ComptoirError, OSError):
                await calls.revoke_link(client, chat_id, creation.result())

        task = asyncio.ensure_future(revoke())
        self._late.add(task)
        task.add_done_callback(self._late.discard)

    def _edit_subscription(self, telegram_id: int, charge_id: str, *, restore: bool) -> None:
        async def work(client: TelegramClient) -> None:
            await calls.edit_subscription(client, telegram_id, charge_id, restore=restore)

        self._connection.call(work, CALL)


def _own_id(client: TelegramClient) -> int:
    return client.me.id if client.me else 0
