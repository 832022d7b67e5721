"""A driver's methods about the sandbox itself: faults, the clock, counters."""

from typing import Any

from scripts.sandbox.telegram.driver import Driver
from scripts.sandbox.telegram.views import Message, load_message


class FaultsDriver(Driver):
    """Methods are named as on Telegram's pages: `messages.sendMessage`."""

    def fail_next(self, method: str, code: int, reason: str, times: int = 1) -> None:
        """Refuse the next calls of a method, e.g. 403 USER_IS_BLOCKED."""
        self.call("fail_next", method=method, code=code, reason=reason, times=times)

    def flood_wait(
        self, seconds: int, *, times: int = 0, share: float = 0.0, method: str | None = None
    ) -> None:
        """FLOOD_WAIT for the next `times` calls of a method, or from now on for this share of them.

        Without a method, for sends of every kind.
        """
        self.call("flood_wait", seconds=seconds, times=times, share=share, method=method)

    def set_limit(self, per_second: int | None, *, method: str | None = None) -> None:
        """Refuse calls of a bot above this rate (without a method: sends); None lifts it."""
        self.call("set_limit", per_second=per_second, method=method)

    def delay_next(self, method: str, seconds: float, times: int = 1) -> None:
        """Let the next calls of a method wait before anything happens."""
        self.call("delay_next", method=method, seconds=seconds, times=times)

    def hold_in_flight(self, seconds: float, times: int = 1) -> None:
        """Keep the next sends in flight: a repeat of their random_id is refused meanwhile."""
        self.call("hold_in_flight", seconds=seconds, times=times)

    def drop_before_answer(self, method: str, times: int = 1) -> None:
        """The next calls take effect, but the connection dies before the answer."""
        self.call("drop_before_answer", method=method, times=times)

    def drop_connections(self, *, forget: bool = False) -> int:
        """Cut every connection now; `forget`: what comes meanwhile is not kept. How many there were."""
        return int(self.call("drop_connections", forget=forget))

    def outage(self) -> None:
        """Telegram goes away; `restart` brings it back."""
        self.call("outage")

    def restart(self) -> None:
        """Telegram goes away and comes back on the same port, with all it knew."""
        self.call("restart")

    def clear_faults(self) -> None:
        self.call("clear_faults")

    def advance(self, seconds: int) -> None:
        """Move Telegram's clock: links expire, subscriptions come due and are charged or end."""
        self.call("advance", seconds=seconds)

    def set_answer_seconds(self, seconds: float) -> None:
        """How long bots may take for buttons, pre-checkouts and inline queries (Telegram: 10)."""
        self.call("set_answer_seconds", seconds=seconds)

    @property
    def counts(self) -> dict[str, Any]:
        """`sent`, `calls` by method, `connections`, `bugs` of the sandbox, `missing` calls."""
        return dict(self.call("counts"))

    @property
    def sent_count(self) -> int:
        """Messages that bots have sent, repeats of a random_id not counted."""
        return int(self.counts["sent"])

    def duplicates(self) -> list[tuple[int, Message]]:
        """(person id, message) for every message whose content that person got more than once."""
        return [(item.pop("person"), load_message(item)) for item in self.call("duplicates")]

    def reached(self, text: str) -> dict[int, int]:
        """Person id to the number of messages containing this text."""
        return dict(self.call("reached", text=text))

    def charges_subscription(self, charge_id: str) -> str:
        """Take the Stars of a subscription's next period, named by its first charge; the new charge id."""
        return str(self.call("charges_subscription", charge_id=charge_id))

    def fails_charge(self, charge_id: str) -> None:
        """The next charge of a subscription fails: its person has too few Stars."""
        self.call("fails_charge", charge_id=charge_id)

    @property
    def refunds(self) -> list[str]:
        """Charge ids that have been refunded."""
        return list(self.call("refunds"))
