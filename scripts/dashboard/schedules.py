"""The screen of periodic jobs: when they ran, when they run next, which slots nobody ran."""

from datetime import datetime
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.widgets import Footer

from core.jobs.admin.schedules_view import ScheduleLine, run_now, schedule_lines, set_paused
from core.kit.errors import Refused
from scripts.dashboard.screen_base import Grid, Heading, LedgerScreen
from scripts.dashboard.tables import SCHEDULES, of_schedule


class SchedulesScreen(LedgerScreen[tuple[list[ScheduleLine], datetime]]):
    """Shows periodic jobs; runs one now, pauses one."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("n", "run_now", "Run now"),
        Binding("p", "pause", "Pause/resume"),
    ]

    def compose(self) -> ComposeResult:
        """Lay out the heading and one table."""
        yield Heading()
        grid = Grid(*SCHEDULES, id="schedules")
        grid.border_title = "Schedules"
        yield grid
        yield Footer()

    def load(self) -> tuple[list[ScheduleLine], datetime]:
        """Read the schedules from the database."""
        now = self.ledger.now()
        with self.ledger.reading() as session:
            return schedule_lines(session, now=now), now

    def present(self, content: tuple[list[ScheduleLine], datetime]) -> None:
        """Show the schedules."""
        lines, now = content
        self._lines = {line.name: line for line in lines}
        self.query_one("#schedules", Grid).fill((line.name, of_schedule(line, now)) for line in lines)

    def action_run_now(self) -> None:
        """Enqueue the chosen schedule's job."""
        if (chosen := self.query_one("#schedules", Grid).chosen) is None:
            return
        try:
            with self.ledger.writing() as session:
                job = run_now(session, chosen, actor=self.ledger.actor)
            self.notify(f"{chosen} is on its way as job {job}.")
        except Refused as error:
            self.complain(error)

    def action_pause(self) -> None:
        """Pause the chosen schedule, or let it go on."""
        if (chosen := self.query_one("#schedules", Grid).chosen) is None:
            return
        try:
            with self.ledger.writing() as session:
                paused = not self._lines[chosen].paused
                set_paused(session, chosen, actor=self.ledger.actor, paused=paused)
        except Refused as error:
            self.complain(error)
        self.action_reload()
