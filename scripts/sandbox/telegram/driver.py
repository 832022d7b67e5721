"""The handles that tests, the demo and benchmarks hold: people, bots, channels, and the sandbox itself.

All of it is synchronous and may be used from any thread.
"""

import base64
import time
from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from scripts.sandbox.telegram.rooms import RIGHTS
from scripts.sandbox.telegram.views import Button, Message, load_message

Wanted = str | Callable[[Message], bool]
CHANNEL_OFFSET = -1_000_000_000_000
"""Client libraries number a channel as this minus its id."""


@dataclass(frozen=True)
class Pressed:
    """What came of pressing a button: the bot's answer, the address a button opens, or a payment."""

    kind: str
    text: str | None = None
    alert: bool = False
    url: str | None = None
    charge_id: str | None = None
    error: str | None = None


@dataclass(frozen=True)
class Payment:
    """`charge_id` when the Stars were taken; otherwise `error`, in the bot's words or Telegram's."""

    charge_id: str | None
    error: str | None


@dataclass(frozen=True)
class InlineResult:
    id: str
    title: str | None
    description: str | None
    text: str
    rows: list[list[Button]]


@dataclass(frozen=True)
class BotHandle:
    driver: "Driver"
    id: int
    token: str
    username: str

    @property
    def settings(self) -> dict[str, Any]:
        """`commands` by language and `menus` as [person, button class] that the bot has set."""
        return dict(self.driver.call("bot_settings", bot=self.id))

    def repeat_update(self) -> None:
        """The bot gets its last update once more."""
        self.driver.call("repeat_update", bot=self.id)


@dataclass(frozen=True)
class Person:
    """Somebody with a Telegram account. `bot` arguments are bot ids; None means the first bot."""

    driver: "Driver"
    id: int
    name: str

    def says(self, text: str, *, reply_to: Message | None = None, bot: int | None = None) -> Message:
        number = reply_to.id if reply_to else None
        return load_message(self.driver.call("says", person=self.id, text=text, bot=bot, reply_to=number))

    def starts(self, link: str) -> Message:
        """Open a `https://t.me/<bot>?start=…` link."""
        return load_message(self.driver.call("starts", person=self.id, link=link))

    def presses(self, message: Message, label: str) -> Pressed:
        """Press a button by its text or its value. A pay button pays."""
        answer = self.driver.call("presses", person=self.id, message=message.id, label=label)
        names = Pressed.__dataclass_fields__
        return Pressed(**{name: value for name, value in answer.items() if name in names})

    def press_data(self, message: Message, data: str) -> Pressed:
        """Send forged or stale callback data, as a modified client can."""
        answer = self.driver.call("press_data", person=self.id, message=message.id, data=data)
        return Pressed("callback", **answer)

    def pays(self, invoice: Message | str) -> Payment:
        """Pay an invoice message, or an invoice link."""
        what = invoice if isinstance(invoice, str) else invoice.id
        return Payment(**self.driver.call("pays", person=self.id, invoice=what))

    def pays_again(self, charge_id: str) -> None:
        """The bot is told a second time of the same charge."""
        self.driver.call("repeat_payment", charge_id=charge_id)

    def blocks_bot(self, bot: int | None = None) -> None:
        self.driver.call("set_blocked", person=self.id, bot=bot, blocked=True)

    def unblocks_bot(self, bot: int | None = None) -> None:
        self.driver.call("set_blocked", person=self.id, bot=bot, blocked=False)

    def sends_document(self, data: bytes, name: str, bot: int | None = None) -> Message:
        text = base64.b64encode(data).decode()
        return load_message(self.driver.call("sends_document", person=self.id, data=text, name=name, bot=bot))

    def inline_query(self, text: str, *, bot: int | None = None, offset: str = "") -> list[InlineResult]:
        answer = self.driver.call("inline_query", person=self.id, text=text, bot=bot, offset=offset)
        return [
            InlineResult(**{**found, "rows": [[Button(**b) for b in row] for row in found["rows"]]})
            for found in answer["results"]
        ]

    def joins(self, link: str) -> str:
        """ "joined", or "requested" where the link asks for approval."""
        return str(self.driver.call("joins", person=self.id, link=link))

    def leaves(self, channel: "ChannelHandle") -> None:
        self.driver.call("leaves", person=self.id, channel=channel.id)

    @property
    def chat(self) -> list[Message]:
        """All messages of this person's chats with bots, oldest first, as they look now."""
        return self.driver.read_chat(self.id)[1]

    def wait_for(self, wanted: Wanted, timeout: float = 10, *, after: Message | int = 0) -> Message:
        """The newest message from a bot that matches and is newer than `after`.

        A string matches a part of the text or of an invoice's title. Raises `AssertionError` with the
        whole chat when none comes within `timeout` seconds.
        """
        matches = wanted if callable(wanted) else _containing(wanted)
        oldest = after if isinstance(after, int) else after.id
        return self.driver.wait_chat(
            self.id,
            lambda m: m.outgoing and not m.deleted and m.id > oldest and matches(m),
            timeout,
            f"{self.name} waited {timeout} s for {wanted!r} in vain",
        )

    def wait_service(self, action: str, timeout: float = 10) -> Message:
        """The newest service message of this action: paid or refunded."""
        return self.driver.wait_chat(
            self.id,
            lambda m: m.service is not None and m.service["action"] == action,
            timeout,
            f"{self.name} waited {timeout} s for a message that says {action!r} in vain",
        )


def _containing(text: str) -> Callable[[Message], bool]:
    return lambda m: text in m.text or (m.invoice is not None and text in m.invoice["title"])


@dataclass(frozen=True)
class ChannelHandle:
    driver: "Driver"
    id: int
    title: str

    @property
    def chat_id(self) -> int:
        """The number by which a bot calls it."""
        return CHANNEL_OFFSET - self.id

    def promote(self, bot: BotHandle, *rights: str) -> None:
        """Make a bot an admin with these rights; without any, with all it may need."""
        self.driver.call("set_admin", channel=self.id, bot=bot.id, rights=list(rights or RIGHTS))

    def demote(self, bot: BotHandle) -> None:
        self.driver.call("set_admin", channel=self.id, bot=bot.id, rights=None)

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
    def posts(self) -> list[Message]:
        return self.driver.read_chat(self.id)[1]


class Driver(ABC):
    """Everything one can do to a sandbox, wherever it runs."""

    @abstractmethod
    def call(self, name: str, /, **arguments: Any) -> Any:
        """Perform one verb. Raises `Refused` where Telegram would refuse a person."""

    @property
    @abstractmethod
    def address(self) -> str:
        """The value for TELEGRAM_SANDBOX."""

    def add_bot(self, token: str, username: str) -> BotHandle:
        return BotHandle(self, self.call("add_bot", token=token, username=username), token, username)

    def person(self, name: str, *, language: str | None = "en", username: str | None = None) -> Person:
        number = self.call("add_person", name=name, language=language, username=username)
        return Person(self, number, name)

    def crowd(self, names: list[str], *, language: str | None = "en") -> list[Person]:
        """Many people at once who have met the bot already, for benchmarks."""
        numbers = self.call("add_crowd", names=names, language=language)
        return [Person(self, number, name) for number, name in zip(numbers, names, strict=True)]

    def add_channel(self, title: str, owner: Person, bot: BotHandle | None = None) -> ChannelHandle:
        """A private channel; with `bot`, that bot is made its admin."""
        handle = ChannelHandle(self, self.call("add_channel", title=title, owner=owner.id), title)
        if bot is not None:
            handle.promote(bot)
        return handle

    def read_chat(self, number: int, after: int = -1, timeout: float = 0) -> tuple[int, list[Message]]:
        answer = self.call("chat", person=number, after=after, timeout=timeout)
        return answer["version"], [load_message(item) for item in answer["messages"]]

    def wait_chat(
        self, number: int, matches: Callable[[Message], bool], timeout: float, complaint: str
    ) -> Message:
        deadline, version = time.monotonic() + timeout, -1
        while True:
            left = deadline - time.monotonic()
            version, messages = self.read_chat(number, version, max(left, 0))
            for message in reversed(messages):
                if matches(message):
                    return message
            if left <= 0:
                transcript = "\n".join(map(str, messages)) or "(no messages)"
                raise AssertionError(f"{complaint}. The chat:\n{transcript}")

    def file(self, message: Message) -> dict[str, Any]:
        """`size`, `sha256` and `body` (bytes; None above 32 MiB) of the file in a message."""
        if message.file is None:
            raise ValueError(f"message {message.id} has no file")
        found = self.call("file_of", file=message.file["id"])
        body = found["body"]
        return {**found, "body": None if body is None else base64.b64decode(body)}
