"""Lists whose columns fit the terminal; a narrow one leaves out the least important columns."""

import os
import re
import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from rich.console import Console, ConsoleOptions, RenderResult
from rich.text import Text

GAP = 2  # cells between two columns
UNBOUND = 10_000  # cells of a line in a pipe
# Errors and arguments come from anywhere: they must neither break a line nor steer the terminal.
BREAKS = re.compile(r"[\s\x00-\x1f\x7f-\x9f]+")
Cell = str | Text


@dataclass(frozen=True)
class Column:
    """One column of a list. Room is given in the order of `rank`; what has none is left out.

    `least`: so many cells are enough of a long text; None: it is shown whole or not at all.
    """

    title: str
    rank: int
    least: int | None = None
    right: bool = False


@dataclass(frozen=True)
class Listing:
    """A list for `rich`, as wide as what it is printed on."""

    columns: Sequence[Column]
    rows: Sequence[tuple[Cell, ...]]

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        """The headings and the rows."""
        heading, lines = lay_out(self.columns, self.rows, options.max_width)
        heading.stylize("bold")
        yield heading
        yield from lines


def print_listing(listing: Listing, empty: str) -> None:
    """Print a list, or `empty` where there is none. Who reads it through a pipe gets every column."""
    bound = sys.stdout.isatty() or "COLUMNS" in os.environ
    console = Console(width=None if bound else UNBOUND)
    console.print(listing if listing.rows else Text(empty))


def lay_out(
    columns: Sequence[Column], rows: Iterable[tuple[Cell, ...]], room: int
) -> tuple[Text, list[Text]]:
    """The headings and a line of text for each row, at most `room` cells wide if the first column fits."""
    cells = [[_plain(cell) for cell in row] for row in rows]
    titles = [Text(column.title) for column in columns]
    full_widths = [max(cell.cell_len for cell in column) for column in zip(titles, *cells, strict=True)]
    widths = fit(columns, full_widths, room)
    return _line(columns, titles, widths), [_line(columns, row, widths) for row in cells]


def fit(columns: Sequence[Column], full_widths: Sequence[int], room: int) -> list[int]:
    """The width of each column in cells, 0 for one that is left out. `full_widths`: what shows all of it."""
    least = [
        want if column.least is None else min(want, column.least)
        for column, want in zip(columns, full_widths, strict=True)
    ]
    widths = [0] * len(columns)
    visible: list[int] = []
    spare = room + GAP
    for place in sorted(range(len(columns)), key=lambda place: columns[place].rank):
        if least[place] + GAP <= spare or not visible:
            visible.append(place)
            widths[place] = least[place]
            spare -= least[place] + GAP
    while spare > 0 and (short := [place for place in visible if widths[place] < full_widths[place]]):
        share = max(1, spare // len(short))
        for place in short:
            more = min(share, spare, full_widths[place] - widths[place])
            widths[place] += more
            spare -= more
    return widths


def _plain(cell: Cell) -> Text:
    return cell if isinstance(cell, Text) else Text(BREAKS.sub(" ", cell))


def _line(columns: Sequence[Column], cells: Sequence[Text], widths: Sequence[int]) -> Text:
    line = Text(no_wrap=True)
    blank = 0  # cells that are only written when something follows
    for column, cell, width in zip(columns, cells, widths, strict=True):
        if not width:
            continue
        if cell.cell_len > width:
            cell = cell.copy()
            cell.truncate(width, overflow="ellipsis")
        free = width - cell.cell_len
        if cell:
            line.append(" " * (blank + (free if column.right else 0)))
            line.append_text(cell)
            blank = GAP + (0 if column.right else free)
        else:
            blank += width + GAP
    return line
