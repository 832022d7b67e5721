"""The dashboard: four screens over one ledger, a key for each."""

import gc
from pathlib import Path
from typing import ClassVar, cast

from textual.app import App
from textual.binding import Binding, BindingType

from schemas.base import utc_now
from scripts.dashboard.dead import DeadScreen
from scripts.dashboard.jobs import JobsScreen
from scripts.dashboard.overview import OverviewScreen
from scripts.dashboard.schedules import SchedulesScreen
from scripts.dashboard.screen_base import LedgerAccess
from scripts.terminal.console import ACTOR, open_database
from scripts.terminal.context import load_settings

SELDOM = 1000  # looks at the younger for one at the old: some minutes of screens


class QueueApp(App[None]):
    """The dashboard's program: its screens, its keys, and the ledger that they read."""

    CSS_PATH = "queue.tcss"
    ENABLE_COMMAND_PALETTE = False
    MODES: ClassVar = {
        "overview": OverviewScreen,
        "jobs": JobsScreen,
        "dead": DeadScreen,
        "schedules": SchedulesScreen,
    }
    DEFAULT_MODE = "overview"
    BINDINGS: ClassVar[list[BindingType]] = [
        # The heading names them.
        Binding("1", "switch_mode('overview')", "Overview", show=False),
        Binding("2", "jobs", "Jobs", show=False),
        Binding("3", "switch_mode('dead')", "Dead", show=False),
        Binding("4", "switch_mode('schedules')", "Schedules", show=False),
        Binding("q", "quit", "Quit"),
    ]

    def __init__(self, ledger: LedgerAccess) -> None:
        super().__init__()
        self.ledger = ledger

    async def open_jobs(self, filter_text: str) -> None:
        """Show the list of jobs with this filter."""
        await self.action_jobs()
        cast(JobsScreen, self.screen).open(filter_text)

    async def action_jobs(self) -> None:
        """Show the list of jobs, even where one job of it is open."""
        await self.switch_mode("jobs")
        while not isinstance(self.screen, JobsScreen):
            await self.pop_screen()


def calm_garbage_collector() -> None:
    """Keep Python's garbage collector from holding the screens up.

    It leaves out all that is imported, and looks at the oldest of the rest seldom.

    A look at what is imported holds a screen up for 0.1 s, one at a filled dashboard for 0.05 s.
    """
    gc.collect()
    gc.freeze()
    young, middle, _ = gc.get_threshold()
    gc.set_threshold(young, middle, SELDOM)


def run(var: Path | None, *, read_only: bool) -> None:
    """Run the dashboard until the operator quits."""
    with open_database(load_settings(var)) as database:
        calm_garbage_collector()
        QueueApp(LedgerAccess(database, ACTOR, utc_now, read_only)).run()
