"""What all screens of the dashboard share: the ledger, who acts, the clock; a table that keeps its place."""

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
from textual.widgets import DataTable
from textual.widgets.data_table import RowKey
from textual.worker import Worker

from core.db import Database
from core.errors import ComptoirError, Refused
from scripts.console import explain
from scripts.queue.access import read_from

REFRESH = 2.0  # seconds
TONES = {"running": "cyan", "queued": "yellow", "dead": "red", "done": "green", "cancelled": "bright_black"}
Shown = TypeVar("Shown")
Cell = str | Text


@dataclass(frozen=True)
class Desk:
    """The ledger as an operator reaches it from the dashboard."""

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
    def acting(self) -> Iterator[Session]:
        """A transaction that may write. Raises `Refused` in the read-only mode."""
        if self.read_only:
            raise Refused("queue-read-only")
        with self.database.transaction() as session:
            yield session


class DeskScreen(Screen[None], Generic[Shown]):
    """A screen that reads the ledger in a thread every two seconds and shows what it read."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("ctrl+r", "reload", "Refresh", show=False)]

    _asking: Worker[None] | None = None

    @property
    def desk(self) -> Desk:
        """The dashboard's."""
        return cast(Desk, cast(Any, self.app).desk)

    def open_jobs(self, filter_text: str) -> None:
        """Go to the list of jobs with this filter."""
        self.app.run_worker(cast(Any, self.app).open_jobs(filter_text))

    def load(self) -> Shown:
        """What to show; runs in a thread, without the screen."""
        raise NotImplementedError

    def present(self, shown: Shown) -> None:
        """Put it on the screen."""
        raise NotImplementedError

    def on_mount(self) -> None:
        """Begin to read."""
        self.set_interval(REFRESH, self._refresh)

    def on_screen_resume(self) -> None:
        """What was hidden is old."""
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
            shown = await asyncio.to_thread(self.load)
        except (ComptoirError, DBAPIError) as error:
            self.complain(error)
            return
        if self._in_front:
            self.present(shown)

    def complain(self, error: Exception) -> None:
        """Say what went wrong; the screen keeps what it showed."""
        self.notify(words_of(error), severity="error", markup=False)


def words_of(error: Exception) -> str:
    """An error as the operator reads it."""
    if isinstance(error, Refused):
        return explain(error)
    if isinstance(error, DBAPIError):
        return f"The database did not answer: {str(error.orig).strip().partition(chr(10))[0]}"
    return str(error)


class Grid(DataTable[Text]):
    """A table whose cursor stays on its row when the rows change."""

    def __init__(self, *columns: str, id: str) -> None:
        super().__init__(id=id, cursor_type="row", zebra_stripes=True)
        self._titles = columns

    def on_mount(self) -> None:
        """Make the columns."""
        self.add_columns(*self._titles)

    def fill(self, rows: Iterable[tuple[str, tuple[Cell, ...]]]) -> None:
        """Show these rows, each with its key."""
        listed = [(key, [_text(cell) for cell in cells]) for key, cells in rows]
        if [key for key, _ in listed] == [row.key.value for row in self.ordered_rows]:
            self._update(listed)
            return
        place, chosen = self.cursor_row, self.chosen
        self.clear(columns=True)  # or they would stay as wide as what they held before
        self.add_columns(*self._titles)
        for key, cells in listed:
            self.add_row(*cells, key=key)
        if chosen is not None and chosen in self.rows:
            place = self.get_row_index(chosen)
        self.move_cursor(row=place, animate=False)

    def _update(self, listed: list[tuple[str, list[Text]]]) -> None:
        """The rows are the same: touch only the cells that are not, since each is measured anew."""
        for at_row, (_, cells) in enumerate(listed):
            for at_column, (old, new) in enumerate(zip(self.get_row_at(at_row), cells, strict=True)):
                if (str(old), getattr(old, "style", "")) != (new.plain, new.style):
                    self.update_cell_at(Coordinate(at_row, at_column), new, update_width=True)

    def _update_dimensions(self, new_rows: Iterable[RowKey]) -> None:
        super()._update_dimensions(new_rows)
        # Headings that were drawn between the filling and this would stay as narrow as they were.
        self._clear_caches()

    @property
    def at_rest(self) -> bool:
        """Whether the columns are as wide as what they hold."""
        return not (self._require_update_dimensions or self._updated_cells)

    @property
    def chosen(self) -> str | None:
        """The key of the row under the cursor."""
        if not self.row_count:
            return None
        return self.coordinate_to_cell_key(self.cursor_coordinate).row_key.value


def _text(cell: Cell) -> Text:
    return Text(cell) if isinstance(cell, str) else cell


def toned(state: str) -> Text:
    """A state in its colour."""
    return Text(state, style=TONES.get(state, ""))
