"""What exists in the Telegram sandbox: people, bots, messages, channels, subscriptions."""

import time
from collections import deque
from dataclasses import dataclass, field
from typing import Any, Literal

from scripts.sandbox.telegram.wire import Link

UPDATE_LOG = 10_000
"""Updates that a bot may still ask for after being away (https://core.telegram.org/api/updates)."""


@dataclass
class Account:
    """A person or a bot."""

    id: int
    name: str
    username: str | None = None
    language: str | None = None
    blocked: set[int] = field(default_factory=set)
    """Bots that this person has blocked."""
    deleted: bool = False
    out_of_stars: bool = False


@dataclass
class Logged:
    """One update, kept for a bot that asks for what it missed (`updates.getDifference`)."""

    pts: int
    update: Any
    users: tuple[int, ...]
    channels: tuple[int, ...]


@dataclass
class Bot(Account):
    """A bot, with the people it may write to and the settings it has made."""

    token: str = ""
    met: set[int] = field(default_factory=set)
    """People who have written to it: only they may be written to."""
    contacts: set[int] = field(default_factory=set)
    """People it may ask about: those it met, and members of its channels."""
    pts: int = 1
    log: deque[Logged] = field(default_factory=lambda: deque(maxlen=UPDATE_LOG))
    commands: dict[str, list[Any]] = field(default_factory=dict)
    chat_commands: dict[int, dict[str, list[Any]]] = field(default_factory=dict)
    menus: dict[int, Any] = field(default_factory=dict)
    transactions: list[Any] = field(default_factory=list)
    sent: int = 0
    last_push: tuple[Any, tuple[int, ...], tuple[int, ...]] | None = None


@dataclass
class Entry:
    """A message, with what Telegram's own object does not hold."""

    raw: Any
    bot: Bot
    chat: int
    outgoing: bool
    invoice: Any = None
    edits: int = 0
    deleted: bool = False
    no_preview: bool = False
    at: float = field(default_factory=time.time)
    digest: str = ""
    """Of what the person first saw."""


@dataclass(frozen=True)
class Change:
    """A change of what somebody is in a channel. `date` by Telegram's clock, `at` by the process's."""

    person: int
    actor: int
    before: str
    after: str
    date: int
    at: float
    link: str | None


@dataclass
class Channel:
    """A private channel or supergroup, with everybody in it."""

    id: int
    title: str
    owner: int
    kind: Literal["channel", "supergroup"] = "channel"
    members: dict[int, Any] = field(default_factory=dict)
    banned: dict[int, Any] = field(default_factory=dict)
    admins: dict[int, Any] = field(default_factory=dict)
    """Bots and people by id, with their `ChatAdminRights`."""
    requests: dict[int, Any] = field(default_factory=dict)
    posts: list[Entry] = field(default_factory=list)
    history: list[Change] = field(default_factory=list)
    deleted: bool = False

    def has(self, number: int) -> bool:
        """Whether somebody is inside."""
        return number == self.owner or number in self.admins or number in self.members


@dataclass
class Subscription:
    """A payment of Stars every 30 days, for an invoice of a bot or for a place in a channel.

    `charge` is the first one's id: it names the subscription
    (https://core.telegram.org/method/payments.botCancelStarsSubscription).
    """

    charge: str
    payer: int
    amount: int
    until: int
    bot: Bot | None = None
    media: Any = None
    link: str = ""
    canceled: bool = False
    bot_canceled: bool = False
    missing_balance: bool = False

    @property
    def renews(self) -> bool:
        """Whether the next period will be charged."""
        return not (self.canceled or self.bot_canceled)


@dataclass
class Caller:
    """Who makes a call: the signed-in bot, on this connection."""

    bot: Bot
    link: Link
