"""Which columns a terminal has room for, and that what stands in them keeps to its line."""

import pytest
from rich.text import Text

from scripts.dashboard.columns import Column, fit, lay_out

COLUMNS = (Column("state", 0), Column("arguments", 2, least=10), Column("id", 3), Column("error", 1, least=8))
WANTED = (6, 20, 12, 16)


@pytest.mark.parametrize(
    ("room", "widths"),
    [
        (100, [6, 20, 12, 16]),
        (60, [6, 20, 12, 16]),
        (54, [6, 16, 12, 14]),  # both long ones give way
        (42, [6, 10, 12, 8]),
        (41, [6, 16, 0, 15]),  # the id gives way to them
        (28, [6, 10, 0, 8]),
        (27, [6, 0, 0, 16]),
        (16, [6, 0, 0, 8]),
        (15, [6, 0, 0, 0]),
    ],
)
def test_long_texts_give_way_first_then_the_columns_of_the_highest_rank(room: int, widths: list[int]) -> None:
    assert fit(COLUMNS, WANTED, room) == widths
    visible = [width for width in widths if width]
    assert sum(visible) + 2 * (len(visible) - 1) <= room


def test_a_text_that_needs_less_than_its_least_leaves_the_rest_to_others() -> None:
    assert fit(COLUMNS, (6, 4, 12, 30), 40) == [6, 4, 12, 12]


def test_figures_end_below_each_other_and_texts_begin_there() -> None:
    columns = (Column("queue", 0), Column("ready", 1, right=True), Column("by", 2))
    heading, lines = lay_out(columns, [("bulk", "7", "cli"), ("interactive", "12,000", "")], 80)
    assert [heading.plain, *(line.plain for line in lines)] == [
        "queue         ready  by",
        "bulk              7  cli",
        "interactive  12,000",
    ]


def test_what_is_too_long_ends_in_dots_and_keeps_its_colour() -> None:
    _, (line,) = lay_out((Column("error", 0, least=8),), [(Text("the store timed out", "red"),)], 10)
    assert line.plain == "the store…"
    assert [(span.start, span.end, span.style) for span in line.spans] == [(0, 10, "red")]


def test_nothing_that_an_error_holds_breaks_the_line_or_steers_the_terminal() -> None:
    _, (line,) = lay_out((Column("error", 0, least=8),), [("two\nlines\t\x1b[2J and \x9b0m more",)], 80)
    assert line.plain == "two lines [2J and 0m more"


def test_wide_letters_take_two_cells() -> None:
    columns = (Column("name", 0, least=4), Column("id", 1))
    _, lines = lay_out(columns, [("写真集", "1"), ("abc", "2")], 80)
    assert [line.cell_len for line in lines] == [9, 9]
