"""The state of the Telegram sandbox: people, bots, channels, messages, and who is told of changes.

Everything here runs on the sandbox's own event loop; nothing is locked.
"""

import asyncio
import hashlib
import itertools
import time
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from scripts.sandbox.telegram.entities import Account, Bot, Caller, Channel, Entry, Logged, Subscription
from scripts.sandbox.telegram.faults import Faults
from scripts.sandbox.telegram.tl import Refused, T
from scripts.sandbox.telegram.wire import Link, Wire

ACCESS_HASH = 7


@dataclass
class World:
    """All state of the sandbox; `wire` carries what it pushes."""

    wire: Wire
    faults: Faults = field(default_factory=Faults)
    accounts: dict[int, Account] = field(default_factory=dict)
    bots: dict[str, Bot] = field(default_factory=dict)
    channels: dict[int, Channel] = field(default_factory=dict)
    links: dict[str, tuple[Channel, Any]] = field(default_factory=dict)
    messages: dict[int, Entry] = field(default_factory=dict)
    chats: dict[int, list[Entry]] = field(default_factory=dict)
    random_ids: dict[tuple[int, int, int], Entry | None] = field(default_factory=dict)
    """(bot, peer, random_id) to the message it made; None while that send is in flight."""
    seen: Counter[tuple[int, str]] = field(default_factory=Counter)
    files: dict[int, Any] = field(default_factory=dict)
    uploads: dict[tuple[int, int], Any] = field(default_factory=dict)
    file_bytes: int = 0
    """Bytes of files that bots sent or fetched."""
    listener_file_bytes: int = 0
    """Of these, by the process that receives updates; others of the same bot only send."""
    calls: Counter[str] = field(default_factory=Counter)
    missing: list[str] = field(default_factory=list)
    """Calls that nothing here serves."""
    questions: dict[int, "asyncio.Future[Any]"] = field(default_factory=dict)
    invoices: dict[str, tuple[Bot, Any]] = field(default_factory=dict)
    charges: dict[str, Any] = field(default_factory=dict)
    subscriptions: dict[str, Subscription] = field(default_factory=dict)
    """By the id of their first charge."""
    answer_seconds: float = 10.0
    """How long Telegram waits for an answer to a button, a pre-checkout or an inline query."""
    clock_shift: int = 0
    versions: Counter[int] = field(default_factory=Counter)
    ids: Callable[[], int] = field(default_factory=lambda: itertools.count(1).__next__)
    _changes: dict[int, asyncio.Event] = field(default_factory=dict)

    def now(self) -> int:
        """Unix seconds, moved by whoever advanced the clock."""
        return int(time.time()) + self.clock_shift

    # --- people and peers

    def person(self, number: int) -> Account:
        account = self.accounts.get(number)
        if account is None or isinstance(account, Bot):
            raise Refused(400, "USER_ID_INVALID")
        return account

    def user(self, number: int, viewer: int) -> Any:
        """An account as a TL user, the way `viewer` sees it."""
        account = self.accounts[number]
        bot = isinstance(account, Bot)
        return T.User(
            id=account.id,
            access_hash=ACCESS_HASH,
            first_name=None if account.deleted else account.name,
            username=None if account.deleted else account.username,
            lang_code=account.language,
            bot=bot or None,
            deleted=account.deleted or None,
            bot_info_version=1 if bot else None,
            is_self=account.id == viewer or None,
            usernames=[],
            restriction_reason=[],
        )

    def chat(self, number: int, viewer: int) -> Any:
        """A channel as a TL chat, with the rights that the viewing bot has in it.

        To somebody who was put out, and after its end, it is forbidden
        (https://core.telegram.org/constructor/channelForbidden).
        """
        channel = self.channels[number]
        group = channel.kind == "supergroup"
        if channel.deleted or viewer in channel.banned:
            return T.ChannelForbidden(
                id=channel.id,
                access_hash=ACCESS_HASH,
                title=channel.title,
                broadcast=not group,
                megagroup=group,
            )
        return T.Channel(
            id=channel.id,
            access_hash=ACCESS_HASH,
            title=channel.title,
            photo=T.ChatPhotoEmpty(),
            date=0,
            broadcast=not group or None,
            megagroup=group or None,
            admin_rights=channel.admins.get(viewer),
            left=not channel.has(viewer) or None,
            participants_count=len(channel.members),
            usernames=[],
            restriction_reason=[],
        )

    @staticmethod
    def peer_number(peer: Any, caller: Caller) -> int:
        """The bare id that an input peer, user or channel names."""
        if isinstance(peer, T.InputPeerSelf | T.InputUserSelf):
            return caller.bot.id
        if isinstance(peer, T.InputPeerUser | T.InputUser):
            return int(peer.user_id)
        if isinstance(peer, T.InputPeerChannel | T.InputChannel):
            return int(peer.channel_id)
        raise Refused(400, "PEER_ID_INVALID")

    # --- messages

    def store(self, entry: Entry) -> Entry:
        """Put a message into its chat and wake whoever waits for it."""
        self.messages[entry.raw.id] = entry
        if entry.chat in self.channels:
            self.channels[entry.chat].posts.append(entry)
        else:
            self.chats.setdefault(entry.chat, []).append(entry)
            if entry.outgoing:
                entry.digest = content_digest(entry.raw)
                self.seen[entry.chat, entry.digest] += 1
        if entry.outgoing:
            entry.bot.sent += 1
        self.changed(entry.chat)
        return entry

    def changed(self, number: int) -> None:
        """Wake whoever waits for a change of this chat."""
        self.versions[number] += 1
        event = self._changes.pop(number, None)
        if event is not None:
            event.set()

    async def wait_change(self, number: int, version: int, timeout: float) -> None:
        """Return when the chat is newer than `version`, or after `timeout` seconds."""
        if self.versions[number] > version:
            return
        event = self._changes.setdefault(number, asyncio.Event())
        try:
            async with asyncio.timeout(timeout):
                await event.wait()
        except TimeoutError:
            return

    # --- updates

    def push(
        self,
        bot: Bot,
        update: Any,
        users: Iterable[int],
        channels: Iterable[int] = (),
        *,
        exclude: Link | None = None,
        keep: bool = False,
    ) -> None:
        """Send an update to a bot's sessions; with `keep` also for `updates.getDifference`."""
        everyone, rooms = tuple(users), tuple(channels)
        if keep:
            bot.log.append(Logged(bot.pts, update, everyone, rooms))
        if exclude is None:
            bot.last_push = (update, everyone, rooms)
        self.wire.push(bot.token, self.reply(bot, [update], everyone, rooms).write(), exclude)

    def reply(
        self, bot: Bot, updates: list[Any], users: Iterable[int] = (), channels: Iterable[int] = ()
    ) -> Any:
        """`updates` with the users and chats they speak of: pushed, or the answer to a call."""
        return T.Updates(
            updates=updates,
            users=[self.user(number, bot.id) for number in users],
            chats=[self.chat(number, bot.id) for number in channels],
            date=self.now(),
            seq=0,
        )

    @staticmethod
    def next_pts(bot: Bot) -> int:
        bot.pts += 1
        return bot.pts

    # --- questions that a bot must answer

    async def ask(self, push: Callable[[int], None]) -> Any:
        """Send an update with a query id and wait for the bot's answer. Raises `TimeoutError`."""
        number = self.ids()
        future: asyncio.Future[Any] = asyncio.get_running_loop().create_future()
        self.questions[number] = future
        try:
            push(number)
            async with asyncio.timeout(self.answer_seconds):
                return await future
        finally:
            self.questions.pop(number, None)

    def answer(self, number: int, value: Any) -> None:
        """The bot's answer to a question. Raises `Refused` when it was answered, or is too old."""
        future = self.questions.get(number)
        if future is None or future.done():
            raise Refused(400, "QUERY_ID_INVALID")
        future.set_result(value)


def content_digest(raw: Any) -> str:
    """What a reader would call "the same message": its text and what is attached, without any number."""
    text, attached = (raw.message, raw.media) if isinstance(raw, T.Message) else (raw.action.QUALNAME, None)
    if isinstance(attached, T.MessageMediaDocument):
        text += f"\0document {getattr(attached.document, 'size', 0)}"
    elif isinstance(attached, T.MessageMediaPhoto):
        text += f"\0photo {[getattr(size, 'size', 0) for size in getattr(attached.photo, 'sizes', [])]}"
    elif isinstance(attached, T.MessageMediaInvoice):
        text += f"\0invoice {attached.title} {attached.total_amount}"
    return hashlib.sha256(text.encode()).hexdigest()
