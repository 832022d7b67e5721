"""Follows many log files at once."""

from collections.abc import Iterator, Mapping
from pathlib import Path

from rich.console import Console
from rich.text import Text

COLOURS = {
    "postgres": "blue",
    "redis": "red",
    "store": "yellow",
    "telegram": "bright_cyan",
    "api": "green",
    "bot": "cyan",
    "workers": "magenta",
}
CHUNK = 1 << 20  # bytes read at once


class Follower:
    """Reads the lines that are added to log files after it was made."""

    def __init__(self, logs: Mapping[str, Path]) -> None:
        self._logs = dict(logs)
        self._places = {name: path.stat().st_size if path.exists() else 0 for name, path in logs.items()}

    def lines(self) -> Iterator[tuple[str, str]]:
        """Each finished line since the last call, as (name of the log, line)."""
        for name, path in self._logs.items():
            if not path.exists():
                continue
            with path.open("rb") as file:
                if path.stat().st_size < self._places[name]:  # logrotate has emptied it
                    self._places[name] = 0
                file.seek(self._places[name])
                chunk = file.read(CHUNK)
            whole = chunk[: chunk.rfind(b"\n") + 1] or (chunk if len(chunk) == CHUNK else b"")
            self._places[name] += len(whole)
            yield from ((name, line) for line in whole.decode(errors="replace").splitlines())


def show(console: Console, name: str, line: str) -> None:
    """Print one line with its process's name in front; nothing in it is taken for markup."""
    prefix = Text(f"{name:>9} │ ", style=COLOURS.get(name, "white"))
    console.print(prefix + Text.from_ansi(line), soft_wrap=True)
