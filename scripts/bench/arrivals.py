"""What reaches the shop from outside while jobs run: notices of payments over HTTP, payments to the bot."""

import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

import httpx

from scripts.bench.load import Request
from scripts.sandbox.telegram.driver import Person

AGAIN = 0.5  # seconds until a notice or a payment is tried again
PATIENCE = 90.0  # seconds for one of them
CALL = 10.0  # seconds for one call

T = TypeVar("T")


def spread(
    pool: ThreadPoolExecutor, items: Sequence[T], seconds: float, act: Callable[[T], object]
) -> list[Any]:
    """Call `act` on each item, evenly over so many seconds, in threads of the pool; a future of each."""
    start = time.monotonic()

    def in_turn(number: int, item: T) -> None:
        time.sleep(max(0.0, start + seconds * number / len(items) - time.monotonic()))
        act(item)

    return [pool.submit(in_turn, number, item) for number, item in enumerate(items)]


def post(url: str, notice: Request) -> None:
    """Send a payment notice as the provider does: again until the shop takes it."""
    deadline = time.monotonic() + PATIENCE
    with httpx.Client(trust_env=False, timeout=CALL) as client:
        while time.monotonic() < deadline:
            try:
                sent = client.post(f"{url}{notice.path}", content=notice.body, headers=notice.headers)
                if sent.is_success:
                    return
            except httpx.TransportError:
                pass  # nobody there: as bad as a refusal
            time.sleep(AGAIN)


def pay(what: tuple[Person, str]) -> None:
    """Pay an invoice through the bot, again until the bot agrees."""
    person, invoice = what
    deadline = time.monotonic() + PATIENCE
    while person.pays(invoice).error is not None and time.monotonic() < deadline:
        time.sleep(AGAIN)
