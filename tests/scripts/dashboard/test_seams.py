"""Private parts of Textual that the dashboard leans on (docs/private-seams.md)."""

import asyncio

from textual.app import App, ComposeResult

from scripts.dashboard.columns import Column
from scripts.dashboard.screen_base import Grid


class OneList(App[None]):
    """A list alone on a screen."""

    def compose(self) -> ComposeResult:
        """The list."""
        yield Grid(Column("Name", 1), id="list")


def test_a_list_knows_that_its_rows_have_not_found_their_place_yet() -> None:
    async def look() -> tuple[bool, bool]:
        app = OneList()
        async with app.run_test() as pilot:
            grid = app.query_one(Grid)
            await pilot.pause()
            grid.fill([("1", ("one",)), ("2", ("two",))])
            at_once = grid.at_rest
            await pilot.pause()
            return at_once, grid.at_rest

    assert asyncio.run(look()) == (False, True)
