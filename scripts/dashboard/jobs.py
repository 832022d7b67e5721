"""The list of jobs that match a filter, which is completed and checked while it is typed."""

from datetime import datetime
from typing import ClassVar, cast
from uuid import UUID

from rich.text import Text
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.suggester import Suggester
from textual.widgets import Footer, Input, Static

from core.jobs.admin.filter_completion import complete
from core.jobs.admin.filter_language import BadFilter, Filter, parse
from core.jobs.admin.listing import Line, list_jobs, workers_and_errors
from schemas.queue import Verb
from scripts.dashboard.bulk_dialog import BulkDialog
from scripts.dashboard.detail import DetailScreen
from scripts.dashboard.screen_base import Grid, Heading, LedgerScreen
from scripts.dashboard.tables import JOBS, of_job

LIMIT = 100
OFFERS = 5  # completions that are shown
TYPING = 0.1  # seconds after a keystroke in which the next one is waited for
HINT = (
    "state: queue: actor: arg.NAME= error: age> due< ended> attempt> worker: fingerprint: correlation: key:"
)


class FilterSuggester(Suggester):
    """Completes the filter while it is typed, from its language and from values in the ledger."""

    def __init__(self) -> None:
        super().__init__(use_cache=False, case_sensitive=True)
        self.seen: dict[str, list[str]] = {}

    async def get_suggestion(self, value: str) -> str | None:
        """The best completion of what is typed."""
        completions = self.offers(value)
        return completions[0] if completions else None

    def offers(self, value: str) -> list[str]:
        """Completions of the whole filter, the best first; none where no word is begun."""
        return complete(value, self.seen) if value and not value[-1].isspace() else []


class JobsScreen(LedgerScreen[tuple[list[Line], dict[str, list[str]], datetime]]):
    """Shows the jobs that match a filter, opens one, acts on all of them."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("slash", "filter", "Filter"),
        Binding("r", "act('retry')", "Retry"),
        Binding("c", "act('cancel')", "Cancel"),
        Binding("d", "act('delete')", "Delete"),
        Binding("m", "act('move')", "Move"),
        Binding("e", "act('edit')", "Edit"),
        Binding("n", "act('run')", "Run now"),
    ]

    def __init__(self, filter_text: str = "") -> None:
        super().__init__()
        self._job_filter = parse(filter_text)
        self._suggester = FilterSuggester()

    def compose(self) -> ComposeResult:
        """Lay out the filter, the line for its errors, and the list."""
        yield Heading()
        yield Input(
            self._job_filter.text,
            placeholder="Filter, for example state:dead actor:deliver age>1h",
            suggester=self._suggester,
            id="filter",
        )
        yield Static(HINT, id="hint")
        yield Grid(*JOBS, id="jobs")
        yield Footer()

    def on_mount(self) -> None:
        """Give the keys to the list; the filter is a keystroke away."""
        super().on_mount()
        self.query_one("#jobs", Grid).focus()

    def open(self, filter_text: str) -> None:
        """Show the jobs that match another filter."""
        self.query_one("#filter", Input).value = filter_text

    def load(self) -> tuple[list[Line], dict[str, list[str]], datetime]:
        """Read the jobs, and the values that completion may offer."""
        now = self.ledger.now()
        with self.ledger.reading() as session:
            return (
                list_jobs(session, self._job_filter, now=now, limit=LIMIT),
                workers_and_errors(session),
                now,
            )

    def present(self, content: tuple[list[Line], dict[str, list[str]], datetime]) -> None:
        """Show the list, and how much of all jobs it is."""
        lines, self._suggester.seen, now = content
        grid = self.query_one("#jobs", Grid)
        grid.fill((str(line.id), of_job(line, now)) for line in lines)
        grid.border_title = f"The first {LIMIT}" if len(lines) == LIMIT else f"{len(lines)} jobs"

    def on_input_changed(self, event: Input.Changed) -> None:
        """Use the filter as soon as it is valid; point at its error until then."""
        hint = self.query_one("#hint", Static)
        try:
            self._job_filter = parse(event.value)
        except BadFilter as error:
            if offered := self._suggester.offers(event.value):
                hint.update(Text("→ " + "  ".join(offered[:OFFERS])))
                return
            marks = " " * error.start + "^" * max(1, error.end - error.start)
            hint.update(Text(f"  {marks}\n{error.problem} {error.hint}", style="red"))
            return
        hint.update(HINT)
        self.action_reload(after=TYPING)

    def on_input_submitted(self) -> None:
        """Move from the filter to the list."""
        self.query_one("#jobs", Grid).focus()

    def action_filter(self) -> None:
        """Move to the filter."""
        self.query_one("#filter", Input).focus()

    def action_act(self, verb: str) -> None:
        """Open the dialog of a bulk action for everything that matches."""
        self.app.push_screen(BulkDialog(cast(Verb, verb), self._job_filter))

    def on_data_table_row_selected(self, event: Grid.RowSelected) -> None:
        """Open a job."""
        self.app.push_screen(DetailScreen(UUID(event.row_key.value)))

    @property
    def job_filter(self) -> Filter:
        """The last filter that was valid."""
        return self._job_filter
