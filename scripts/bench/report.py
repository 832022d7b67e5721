"""What every benchmark prints: a table for people, JSON for machines, and its exit code."""

import json
import os
import tempfile
import time
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

BLOCK = 8192  # bytes, a page of PostgreSQL


@dataclass(frozen=True)
class Target:
    """One promise: what is measured, the limit asked for, the figure, and whether it holds."""

    what: str
    asked: str
    measured: str
    ok: bool


@dataclass
class Report:
    """A benchmark's outcome. `facts` are figures without a promise."""

    name: str
    targets: list[Target] = field(default_factory=list)
    facts: dict[str, Any] = field(default_factory=dict)

    def at_most(self, what: str, limit: float, measured: float, unit: str) -> None:
        """A promise that a figure stays at or below a limit."""
        self._add(what, f"<= {limit:g} {unit}", f"{measured:.2f} {unit}", measured <= limit)

    def at_least(self, what: str, limit: float, measured: float, unit: str) -> None:
        """A promise that a figure reaches a limit."""
        self._add(what, f">= {limit:g} {unit}", f"{measured:.2f} {unit}", measured >= limit)

    def equal(self, what: str, expected: object, measured: object) -> None:
        """A promise of an exact value."""
        self._add(what, str(expected), str(measured), expected == measured)

    def show(self, as_json: bool) -> int:
        """Print the report; the exit code, 1 when a target is missed or there is none."""
        if as_json:
            print(
                json.dumps(
                    {"name": self.name, "targets": [asdict(item) for item in self.targets], **self.facts}
                )
            )
        else:
            self._print_tables(Console())
        return 0 if self.targets and all(target.ok for target in self.targets) else 1

    def _add(self, what: str, limit: str, measured: str, ok: bool) -> None:
        self.targets.append(Target(what, limit.strip(), measured.strip(), ok))

    def _print_tables(self, console: Console) -> None:
        table = Table("what", "asked", "measured", "", title=f"bench {self.name}", title_justify="left")
        for target in self.targets:
            mark = "[green]ok[/]" if target.ok else "[red]missed[/]"
            table.add_row(target.what, target.asked, target.measured, mark)
        console.print(table)
        for name, value in self.facts.items():
            console.print(f"{name}: {value}", highlight=False)


def percentile(values: list[float], share: float) -> float:
    """The value that this share (0 to 1) of the values does not exceed (nearest rank)."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, max(0, int(share * len(ordered) + 0.999999) - 1))]


def fdatasync_milliseconds(folder: Path, times: int = 100) -> float:
    """The median time of writing and syncing one page in a folder: the price of a commit."""
    spent: list[float] = []
    with tempfile.TemporaryFile(dir=folder) as file:
        for number in range(times):
            os.pwrite(file.fileno(), bytes(BLOCK), number * BLOCK)
            start = time.perf_counter()
            os.fdatasync(file.fileno())
            spent.append((time.perf_counter() - start) * 1000)
    return percentile(spent, 0.5)
