"""What Telegram tells the bot about channels, in our words. The bot translates, rules here decide."""

from dataclasses import dataclass
from datetime import datetime

from core.ports import MemberStatus, SubscriptionState


@dataclass(frozen=True)
class Visitor:
    """A person as an update names them; we may never have met."""

    telegram_id: int
    name: str = ""
    username: str | None = None
    language_code: str | None = None


@dataclass(frozen=True)
class JoinRequested:
    """Somebody asks to join (updateBotChatInviteRequester). `channel` is Telegram's id, like -100123."""

    channel: int
    visitor: Visitor
    link: str  # its address; empty where Telegram does not say
    at: datetime


@dataclass(frozen=True)
class MemberChanged:
    """How somebody stands to a channel has changed (updateChannelParticipant, chat_member).

    `by_bot` when the bot itself did it. `until` ends a Stars subscription to the channel.
    """

    channel: int
    visitor: Visitor
    before: MemberStatus
    after: MemberStatus
    at: datetime
    link: str | None = None
    by_bot: bool = False
    until: datetime | None = None


@dataclass(frozen=True)
class RightsChanged:
    """The bot's own place in a channel has changed (my_chat_member). `rights`: those of
    `core.ports.NEEDED_RIGHTS` that it has now; `inside` False when it was put out."""

    channel: int
    title: str
    kind: str  # channel or supergroup
    inside: bool
    rights: frozenset[str]
    by: Visitor
    at: datetime


@dataclass(frozen=True)
class SubscriptionChanged:
    """Telegram stopped a Stars subscription, could not charge it, or goes on with it
    (updateBotStarsSubscription). `payload` is that of its first invoice."""

    telegram_id: int
    payload: str
    state: SubscriptionState
    at: datetime
