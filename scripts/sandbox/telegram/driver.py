"""The handles that tests, the demo and benchmarks hold: people, bots, channels, and the sandbox itself.

All of it is synchronous and may be used from any thread.
"""

import base64
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from scripts.sandbox.telegram.channel_handle import BotHandle, ChannelHandle
from scripts.sandbox.telegram.performer import Performer
from scripts.sandbox.telegram.views import Button, Message, load_message

__all__ = ["BotHandle", "ChannelHandle", "Driver", "InlineResult", "Payment", "Person", "Pressed"]

Wanted = str | Callable[[Message], bool]


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
class Person:
    """Somebody with a Telegram account. `bot` arguments are bot ids; None means the first bot."""

    driver: Performer
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

    def gets_back(self, charge_id: str) -> None:
        """Telegram itself returns the Stars of a charge."""
        self.driver.call("return_payment", charge_id=charge_id)

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
            InlineResult(**{**article, "rows": [[Button(**b) for b in row] for row in article["rows"]]})
            for article in answer["results"]
        ]

    def joins(self, link: str) -> str:
        """ "joined", or "requested" where the link asks for approval."""
        return str(self.driver.call("joins", person=self.id, link=link))

    def requests_to_join(self, link: str) -> None:
        """Use a link that asks for approval. Raises `ValueError` when it lets in at once."""
        if self.joins(link) != "requested":
            raise ValueError(f"{link} let {self.name} in without a request")

    def subscribes(self, link: str) -> str:
        """Pay for a place in a channel by a link with a price; the id of the first charge."""
        return str(self.driver.call("subscribes", person=self.id, link=link))

    def leaves(self, channel: ChannelHandle) -> None:
        self.driver.call("leaves", person=self.id, channel=channel.id)

    def adds_bot_as_admin(self, channel: ChannelHandle, bot: BotHandle, *rights: str) -> None:
        """As the owner, make a bot admin with these rights; without any, with all it may need."""
        channel.promote(bot, *rights)

    def cancels_subscription(self, charge_id: str) -> None:
        """End a Stars subscription, named by its first charge, at the end of its period."""
        self.driver.call("change_subscription", person=self.id, charge_id=charge_id, canceled=True)

    def resumes_subscription(self, charge_id: str) -> None:
        """Take the ending back."""
        self.driver.call("change_subscription", person=self.id, charge_id=charge_id, canceled=False)

    @property
    def subscriptions(self) -> list[dict[str, Any]]:
        """charge, stars, until (Unix seconds), canceled, bot_canceled and missing_balance of each."""
        return list(self.driver.call("describe_subscriptions", person=self.id))

    def runs_out_of_stars(self, empty: bool = True) -> None:
        """Have no Stars, so that payments and charges fail; `empty=False` fills the purse."""
        self.driver.call("set_out_of_stars", person=self.id, empty=empty)

    def deletes_account(self) -> None:
        self.driver.call("delete_account", person=self.id)

    @property
    def chat(self) -> list[Message]:
        """All messages of this person's chats with bots, oldest first, as they look now."""
        return self.driver.read_chat(self.id)[1]

    def wait_for(self, expected: Wanted, timeout: float = 30, *, after: Message | int = 0) -> Message:
        """The newest message from a bot that matches and is newer than `after`.

        A string matches a part of the text or of an invoice's title. Raises `AssertionError` with the
        whole chat when none comes within `timeout` seconds.
        """
        matches = expected if callable(expected) else _containing(expected)
        oldest = after if isinstance(after, int) else after.id
        return self.driver.wait_chat(
            self.id,
            lambda m: m.outgoing and not m.deleted and m.id > oldest and matches(m),
            timeout,
            f"{self.name} waited {timeout} s for {expected!r} in vain",
        )

    def wait_service(self, action: str, timeout: float = 30) -> Message:
        """The newest service message of this action: paid or refunded."""
        return self.driver.wait_chat(
            self.id,
            lambda m: m.service is not None and m.service["action"] == action,
            timeout,
            f"{self.name} waited {timeout} s for a message that says {action!r} in vain",
        )


def _containing(text: str) -> Callable[[Message], bool]:
    return lambda m: text in m.text or (m.invoice is not None and text in m.invoice["title"])


class Driver(Performer):
    """Everything one can do to a sandbox, wherever it runs."""

    def add_bot(self, token: str, username: str) -> BotHandle:
        return BotHandle(self, self.call("add_bot", token=token, username=username), token, username)

    def person(self, name: str, *, language: str | None = "en", username: str | None = None) -> Person:
        number = self.call("add_person", name=name, language=language, username=username)
        return Person(self, number, name)

    def crowd(self, names: list[str], *, language: str | None = "en") -> list[Person]:
        """Many people at once who have met the bot already, for benchmarks."""
        numbers = self.call("add_crowd", names=names, language=language)
        return [Person(self, number, name) for number, name in zip(numbers, names, strict=True)]

    def add_channel(
        self, title: str, owner: Person, bot: BotHandle | None = None, *, kind: str = "channel"
    ) -> ChannelHandle:
        """A private channel or supergroup; with `bot`, that bot is made its admin."""
        number = self.call("add_channel", title=title, owner=owner.id, kind=kind)
        handle = ChannelHandle(self, number, title)
        if bot is not None:
            handle.promote(bot)
        return handle
