"""What workers count while they work. Nothing is counted where nobody asks: see `workers.metrics`."""

from typing import Literal, Protocol

Outcome = Literal["done", "retried", "dead", "cancelled", "lost", "given_back"]
Reply = Literal["ok", "flood_wait", "refused", "unknown"]


class Meter(Protocol):
    """Times in seconds, sizes in bytes. Called from any thread."""

    def job(self, actor: str, outcome: Outcome, seconds: float) -> None:
        """One start of a job ended; `lost`: another worker has it."""

    def question(self, actor: str, seconds: float) -> None:
        """Somebody who waited got an answer."""

    def telegram(self, reply: Reply, pause: float = 0.0) -> None:
        """One call to Telegram ended; a flood wait asks for a `pause`."""

    def message(self) -> None:
        """A message was taken by Telegram."""

    def store(self, method: str, status: int, sent: int, received: int) -> None:
        """One request to the store; status 0 where there was no answer."""


class Silent:
    """Counts nothing."""

    def job(self, actor: str, outcome: Outcome, seconds: float) -> None:
        """Nothing."""

    def question(self, actor: str, seconds: float) -> None:
        """Nothing."""

    def telegram(self, reply: Reply, pause: float = 0.0) -> None:
        """Nothing."""

    def message(self) -> None:
        """Nothing."""

    def store(self, method: str, status: int, sent: int, received: int) -> None:
        """Nothing."""


SILENT: Meter = Silent()
