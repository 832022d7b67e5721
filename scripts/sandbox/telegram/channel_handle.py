"""What tests use to drive a bot's settings and a channel's owner in the Telegram sandbox."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from scripts.sandbox.telegram.channel_methods import RIGHTS
from scripts.sandbox.telegram.performer import Performer
from scripts.sandbox.telegram.views import Message, load_message

if TYPE_CHECKING:
    from scripts.sandbox.telegram.driver import Person

CHANNEL_OFFSET = -1_000_000_000_000
"""Client libraries number a channel as this minus its id."""


@dataclass(frozen=True)
class BotHandle:
    """A bot of the sandbox."""

    driver: Performer
    id: int
    token: str
    username: str

    @property
    def settings(self) -> dict[str, Any]:
        """What the bot has set: `commands` by language, `chat_commands` as [chat, commands by language],
        `menus` as [person, button class]."""
        return dict(self.driver.call("bot_settings", bot=self.id))

    def repeat_update(self) -> None:
        """Send the bot its last update once more."""
        self.driver.call("repeat_update", bot=self.id)


@dataclass(frozen=True)
class ChannelHandle:
    """A channel or supergroup; the methods are what its owner does."""

    driver: Performer
    id: int
    title: str

    @property
    def chat_id(self) -> int:
        """The number by which bots name the channel."""
        return CHANNEL_OFFSET - self.id

    def promote(self, who: "BotHandle | Person", *rights: str, anonymous: bool = False) -> None:
        """Make a bot or a person an admin with these rights; without any, with all it may need.

        `anonymous`: the bot is not told who did it.
        """
        granted = list(rights or RIGHTS)
        self.driver.call("set_admin", channel=self.id, number=who.id, rights=granted, anonymous=anonymous)

    def post(self, text: str, writer: "Person | None" = None) -> Message:
        """Post as the channel, or as an anonymous admin of the group; or as a `writer` in a group."""
        person = writer.id if writer else None
        return load_message(self.driver.call("posts_in", channel=self.id, text=text, person=person))

    def demote(self, who: "BotHandle | Person") -> None:
        """Take all rights away. A bot thereby leaves a channel, and stays in a supergroup as a member."""
        self.driver.call("set_admin", channel=self.id, number=who.id, rights=None)

    def puts_out(self, who: "BotHandle | Person") -> None:
        """Remove a member or a bot, who cannot come back by themselves."""
        self.driver.call("puts_out", channel=self.id, number=who.id)

    def adds(self, person: "Person") -> None:
        """Add somebody without any link."""
        self.driver.call("adds", channel=self.id, person=person.id)

    def creates_link(self, *, request: bool = False) -> str:
        """Create an invite link as the owner; its address."""
        return str(self.driver.call("creates_link", channel=self.id, request=request))

    def answers_request(self, person: "Person", *, approved: bool) -> None:
        """Answer a join request as the owner."""
        self.driver.call("answers_request", channel=self.id, person=person.id, approved=approved)

    def place_members(self, people: Iterable["Person"]) -> None:
        """Add many members of whom no bot is told; for benchmarks."""
        self.driver.call("place_members", channel=self.id, people=[person.id for person in people])

    def delete(self) -> None:
        self.driver.call("delete_channel", channel=self.id)

    def _state(self, name: str) -> Any:
        return self.driver.call("describe_channel", channel=self.id)[name]

    @property
    def members(self) -> list[int]:
        return list(self._state("members"))

    @property
    def banned(self) -> list[int]:
        return list(self._state("banned"))

    @property
    def requests(self) -> list[int]:
        """People who wait for approval."""
        return list(self._state("requests"))

    @property
    def links(self) -> list[str]:
        """Invite links that are not revoked."""
        return list(self._state("links"))

    @property
    def history(self) -> list[dict[str, Any]]:
        """Every change of somebody's standing: person, actor, before, after (creator, admin, participant,
        self, banned, left), date (Telegram's clock), at (the process's clock), link."""
        return list(self.driver.call("channel_history", channel=self.id))

    @property
    def posts(self) -> list[Message]:
        return self.driver.read_chat(self.id)[1]
