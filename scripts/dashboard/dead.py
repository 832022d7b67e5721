"""The screen of dead jobs, grouped by the error that killed them."""

from datetime import datetime
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.widgets import Footer

from core.jobs.admin.dead_groups import DeadGroup, dead_groups
from core.jobs.admin.filter_language import parse
from schemas.queue import Verb
from scripts.dashboard.bulk_dialog import BulkDialog
from scripts.dashboard.screen_base import Grid, Heading, LedgerScreen
from scripts.dashboard.tables import DEAD, of_group


class DeadScreen(LedgerScreen[tuple[list[DeadGroup], datetime]]):
    """Shows groups of dead jobs; opens a group, retries or deletes all of it."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("r", "act('retry')", "Retry all of the group"),
        Binding("d", "act('delete')", "Delete all of the group"),
    ]

    def compose(self) -> ComposeResult:
        """Lay out the heading and one table."""
        yield Heading()
        grid = Grid(*DEAD, id="groups")
        grid.border_title = "Dead jobs by the fingerprint of their error"
        yield grid
        yield Footer()

    def load(self) -> tuple[list[DeadGroup], datetime]:
        """Read the groups from the database."""
        with self.ledger.reading() as session:
            return dead_groups(session), self.ledger.now()

    def present(self, content: tuple[list[DeadGroup], datetime]) -> None:
        """Show the groups."""
        groups, now = content
        self._groups = {group.fingerprint: group for group in groups}
        self.query_one("#groups", Grid).fill((group.fingerprint, of_group(group, now)) for group in groups)

    def action_act(self, verb: Verb) -> None:
        """Retry or delete the chosen group."""
        chosen = self.query_one("#groups", Grid).chosen
        if chosen is not None:
            self.app.push_screen(BulkDialog(verb, parse(self._groups[chosen].filter)))

    def on_data_table_row_selected(self, event: Grid.RowSelected) -> None:
        """Open the jobs of a group."""
        group = self._groups[event.row_key.value or ""]
        self.open_jobs(group.filter)
