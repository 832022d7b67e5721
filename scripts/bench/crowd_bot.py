"""The part of a crowd that talks to the bot: commands, presses and searches, at times fixed before."""

import time
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from types import TracebackType
from typing import Self

from scripts.sandbox.telegram.driver import Person
from scripts.sandbox.telegram.tl import Refused

AT_ONCE = 128  # people whose answer is waited for at the same time
PATIENCE = 30.0  # seconds for one answer


class Visits:
    """People in the bot; `go` lets each act once in `think` seconds."""

    def __init__(self, people: Sequence[Person], think: float) -> None:
        self._people = people
        self._think = think
        self._pool = ThreadPoolExecutor(AT_ONCE)
        self._acts: tuple[Callable[[Person], float], ...] = (
            lambda person: _write(person, "/start"),
            lambda person: _write(person, "/catalogue"),
            _open_first,
            lambda person: _write(person, "/help"),
            _search,
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._pool.shutdown(cancel_futures=True)

    def go(self, seconds: float) -> list[float | None]:
        """Act for so many seconds; how long each act waited for its answer, in ms. None: it got none."""
        acts: list[Future[float | None]] = []
        pace, start = len(self._people) / self._think, time.time()
        for number in range(int(seconds * pace)):
            due = start + number / pace
            time.sleep(max(0.0, due - time.time()))
            person, turn = self._people[number % len(self._people)], number // len(self._people)
            acts.append(self._pool.submit(self._one, self._acts[turn % len(self._acts)], person, due))
        return [act.result() for act in acts]

    def _one(self, act: Callable[[Person], float], person: Person, due: float) -> float | None:
        try:
            return (act(person) - due) * 1000
        except (AssertionError, Refused):
            return None


def _write(person: Person, words: str) -> float:
    """Send a command; when the bot's answer came to be, in Unix seconds."""
    return person.wait_for(lambda _: True, PATIENCE, after=person.says(words)).at


def _open_first(person: Person) -> float:
    """Press the first product of the list that was asked for before; when the press was answered."""
    offer = person.wait_for(lambda message: any(b.kind == "callback" for b in message.buttons), PATIENCE)
    person.presses(offer, next(button.text for button in offer.buttons if button.kind == "callback"))
    return time.time()


def _search(person: Person) -> float:
    """Look for the product inline; when the results came."""
    if not person.inline_query("photography"):
        raise AssertionError(f"{person.name} found nothing")
    return time.time()
