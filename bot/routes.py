"""The table that says which handler serves which command, button or awaited answer.

Each handler module fills one of its own."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any

Handler = Callable[..., Awaitable[None]]


@dataclass(frozen=True)
class Routes:
    """Handlers by command, by name of a button's data, and by dialog step: of words, and of files."""

    commands: dict[str, Handler] = field(default_factory=dict)
    buttons: dict[str, Handler] = field(default_factory=dict)
    answers: dict[str, Handler] = field(default_factory=dict)
    files: dict[str, Handler] = field(default_factory=dict)

    def command(self, *names: str) -> Callable[[Handler], Handler]:
        """Register a handler of `/name`; it gets the request."""
        return self._adder(self.commands, names)

    def button(self, *names: str) -> Callable[[Handler], Handler]:
        """Register a handler of a button's data; it gets the request and the typed arguments."""
        return self._adder(self.buttons, names)

    def answer(self, step: str) -> Callable[[Handler], Handler]:
        """Register a handler of the words that a dialog step waits for; it gets the request and the facts."""
        return self._adder(self.answers, (step,))

    def file(self, step: str) -> Callable[[Handler], Handler]:
        """Register a handler of the file that a dialog step waits for; it gets the request and the facts."""
        return self._adder(self.files, (step,))

    def include(self, other: "Routes") -> None:
        """Take over another module's handlers. Raises `ValueError` when two claim one name."""
        for ours, theirs in (
            (self.commands, other.commands),
            (self.buttons, other.buttons),
            (self.answers, other.answers),
            (self.files, other.files),
        ):
            if clash := ours.keys() & theirs.keys():
                raise ValueError(f"two handlers for {sorted(clash)}")
            ours.update(theirs)

    @staticmethod
    def _adder(table: dict[str, Handler], names: tuple[str, ...]) -> Callable[[Handler], Handler]:
        def add(handler: Handler) -> Handler:
            own: dict[str, Any] = dict.fromkeys(names, handler)
            if clash := own.keys() & table.keys():
                raise ValueError(f"two handlers for {sorted(clash)}")
            table.update(own)
            return handler

        return add
