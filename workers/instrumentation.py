"""What workers count while they work: jobs, answers, calls to Telegram, requests to the store.

`workers.metrics` shows the counts to Prometheus; where nobody asks, nothing is counted.
"""

from typing import Literal, Protocol

from core.kit.db import Database

Outcome = Literal["done", "retried", "dead", "cancelled", "lost", "given_back"]
Reply = Literal["ok", "flood_wait", "refused", "unknown"]


class Meter(Protocol):
    """Something that counts; times in seconds, sizes in bytes. Called from any thread."""

    def job(self, actor: str, outcome: Outcome, seconds: float) -> None:
        """Count one ended start of a job; `lost`: another worker has it."""

    def answer(self, actor: str, seconds: float) -> None:
        """Count one answer to a request of the API."""

    def telegram(self, reply: Reply, pause: float = 0.0) -> None:
        """Count one ended call to Telegram; a flood wait asks for a `pause`."""

    def message(self) -> None:
        """Count one message that Telegram took."""

    def store(self, method: str, status: int, sent: int, received: int) -> None:
        """Count one request to the store; status 0 where there was no answer."""

    def watch(self, database: Database) -> None:
        """Look at the connections of this database whenever somebody asks."""


class SilentMeter:
    """A meter that counts nothing."""

    def job(self, actor: str, outcome: Outcome, seconds: float) -> None:
        """Count nothing."""

    def answer(self, actor: str, seconds: float) -> None:
        """Count nothing."""

    def telegram(self, reply: Reply, pause: float = 0.0) -> None:
        """Count nothing."""

    def message(self) -> None:
        """Count nothing."""

    def store(self, method: str, status: int, sent: int, received: int) -> None:
        """Count nothing."""

    def watch(self, database: Database) -> None:
        """Look at nothing."""


SILENT: Meter = SilentMeter()
