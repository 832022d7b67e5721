"""What all screens of the dashboard share: access to the ledger, and a table that keeps its place."""

import asyncio
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar, Generic, TypeVar, cast

from rich.text import Text
from sqlalchemy.exc import DBAPIError
from sqlmodel import Session
from textual import work
from textual.binding import Binding, BindingType
from textual.coordinate import Coordinate
from textual.screen import Screen
from textual.widgets import DataTable, Static
from textual.worker import Worker

from core.kit.db import Database
from core.kit.errors import ComptoirError, Refused
from scripts.dashboard.access import read_from
from scripts.dashboard.columns import Cell, Column, lay_out
from scripts.terminal.console import explain

REFRESH = 2.0  # seconds
SCREENS = ("overview", "jobs", "dead", "schedules")  # the key of each is its place
Content = TypeVar("Content")


@dataclass(frozen=True)
class LedgerAccess:
    """How the dashboard reaches the job ledger: as whom, by which clock, whether it may write."""

    database: Database
    actor: str
    now: Callable[[], datetime]
    read_only: bool = False

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """A transaction that cannot write."""
        with read_from(self.database) as session:
            yield session

    @contextmanager
    def writing(self) -> Iterator[Session]:
        """A transaction that may write. Raises `Refused` in the read-only mode."""
        if self.read_only:
            raise Refused("queue-read-only")
        with self.database.transaction() as session:
            yield session


class LedgerScreen(Screen[None], Generic[Content]):
    """A screen that reads the ledger in a thread every two seconds and shows what it read."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("ctrl+r", "reload", "Refresh", show=False)]

    _asking: Worker[None] | None = None

    @property
    def ledger(self) -> LedgerAccess:
        """The dashboard's access to the ledger."""
        return cast(LedgerAccess, cast(Any, self.app).ledger)

    def open_jobs(self, filter_text: str) -> None:
        """Go to the list of jobs with this filter."""
        self.app.run_worker(cast(Any, self.app).open_jobs(filter_text))

    def load(self) -> Content:
        """Read what to show; called in a thread that must not touch the screen."""
        raise NotImplementedError

    def present(self, content: Content) -> None:
        """Show what `load` has read."""
        raise NotImplementedError

    def on_mount(self) -> None:
        """Begin to read again and again."""
        self.set_interval(REFRESH, self._refresh)

    def on_screen_resume(self) -> None:
        """Read again, since what was hidden is old."""
        self.action_reload()

    def action_reload(self, after: float = 0) -> None:
        """Read again, after so many seconds, unless another screen is in front then."""
        if self._in_front:
            self._asking = self._read(after)

    def _refresh(self) -> None:
        """A read that takes long is let come to its end."""
        if self._asking is None or self._asking.is_finished:
            self.action_reload()

    @property
    def _in_front(self) -> bool:
        return self.app.is_running and self.app.screen is self

    @work(exclusive=True, group="read")
    async def _read(self, after: float) -> None:
        """A later call ends this one, so that an old answer never replaces a new one."""
        await asyncio.sleep(after)
        try:
            content = await asyncio.to_thread(self.load)
        except (ComptoirError, DBAPIError) as error:
            self.complain(error)
            return
        if self._in_front:
            self.present(content)

    def complain(self, error: Exception) -> None:
        """Say what went wrong; the screen keeps what it showed."""
        self.notify(words_of(error), severity="error", markup=False)


def words_of(error: Exception) -> str:
    """The sentence that an operator reads for an error."""
    if isinstance(error, Refused):
        return explain(error)
    if isinstance(error, DBAPIError):
        return f"The database did not answer: {str(error.orig).strip().partition(chr(10))[0]}"
    return str(error)


class Heading(Static):
    """The first line: which screens there are, the one in front, whether anything can be changed."""

    def render(self) -> Text:
        """Write the screens with their keys."""
        line = Text(" Comptoir ", "bold")
        for place, name in enumerate(SCREENS, 1):
            line.append("  ")
            line.append(f" {place} {name.capitalize()} ", "reverse" if name == self.app.current_mode else "")
        if cast(LedgerAccess, cast(Any, self.app).ledger).read_only:
            line.append("   read only", "yellow")
        return line


class Grid(DataTable[Text]):
    """A list in columns that fit the terminal, whose cursor stays on its row when the rows change.

    A row is one cell: a cell of its own for each column takes three times as long to draw.
    """

    def __init__(self, *columns: Column, id: str) -> None:
        super().__init__(id=id, cursor_type="row", zebra_stripes=True)
        self._layout_of = columns
        self._cells: dict[str, tuple[Cell, ...]] = {}

    def fill(self, rows: Iterable[tuple[str, tuple[Cell, ...]]]) -> None:
        """Show these rows, each with the key that names it."""
        self._cells = dict(rows)
        heading, lines = self._lines()
        if not self.columns or list(self._cells) != [row.key.value for row in self.ordered_rows]:
            self._build(heading, lines)
            return
        self.ordered_columns[0].label = heading
        for place, line in enumerate(lines):
            if self.get_row_at(place) != [line]:
                self.update_cell_at(Coordinate(place, 0), line)

    def on_resize(self) -> None:
        """Lay the columns out anew: others may fit now."""
        self._build(*self._lines())

    def _lines(self) -> tuple[Text, list[Text]]:
        return lay_out(self._layout_of, self._cells.values(), self._room)

    @property
    def _room(self) -> int:
        return self.size.width - 2 * self.cell_padding

    def _build(self, heading: Text, lines: list[Text]) -> None:
        place, chosen = self.cursor_row, self.chosen
        self.clear(columns=True)
        self.add_column(heading, width=self._room)
        for key, line in zip(self._cells, lines, strict=True):
            self.add_row(line, key=key)
        if chosen is not None and chosen in self.rows:
            place = self.get_row_index(chosen)
        self.move_cursor(row=place, animate=False)

    @property
    def at_rest(self) -> bool:
        """Whether the table has nothing left to measure."""
        return not self._require_update_dimensions

    @property
    def chosen(self) -> str | None:
        """The key of the row under the cursor."""
        if not self.row_count:
            return None
        return self.coordinate_to_cell_key(self.cursor_coordinate).row_key.value
