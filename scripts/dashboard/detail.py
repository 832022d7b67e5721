"""The screen of one job: its arguments, its attempts, its traceback, what enqueued it, related jobs."""

from datetime import datetime
from typing import ClassVar, cast
from uuid import UUID

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.widgets import Footer, Static

from core.jobs.admin.filter_language import parse
from core.jobs.admin.listing import Detail, show_job
from schemas.queue import Job, Verb
from scripts.dashboard.bulk_dialog import BulkDialog
from scripts.dashboard.columns import Listing
from scripts.dashboard.screen_base import Heading, LedgerScreen
from scripts.dashboard.tables import JOBS, of_job, timeline, toned
from scripts.dashboard.words import ago, arguments, failure


class DetailScreen(LedgerScreen[tuple[Detail, datetime]]):
    """Shows all about one job, and retries, cancels, deletes, edits or runs it."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "app.pop_screen", "Back"),
        Binding("r", "act('retry')", "Retry"),
        Binding("c", "act('cancel')", "Cancel"),
        Binding("d", "act('delete')", "Delete"),
        Binding("e", "act('edit')", "Edit"),
        Binding("n", "act('run')", "Run now"),
        Binding("s", "siblings", "Beside it"),
    ]

    def __init__(self, job_id: UUID) -> None:
        super().__init__()
        self._job_id = job_id
        self._job: Job | None = None

    def compose(self) -> ComposeResult:
        """Lay out the heading and one page that scrolls."""
        yield Heading()
        with VerticalScroll(id="page"):
            yield Static(id="detail")
        yield Footer()

    def load(self) -> tuple[Detail, datetime]:
        """Read the job from the database."""
        now = self.ledger.now()
        with self.ledger.reading() as session:
            return show_job(session, self._job_id), now

    def present(self, content: tuple[Detail, datetime]) -> None:
        """Show facts, attempts, the last traceback and the jobs of the same correlation id."""
        detail, now = content
        self._job = detail.job
        parts: list[RenderableType] = [_facts(detail, now), _attempts(detail)]
        traced = [attempt.traceback for attempt in detail.attempts if attempt.traceback]
        if traced:
            parts += [Text("\nLast traceback", style="bold"), Text(traced[-1].rstrip(), style="red")]
        if detail.siblings:
            parts += [
                Text(f"\nOther jobs of {detail.job.correlation_id}", style="bold"),
                Listing(JOBS, [of_job(line, now) for line in detail.siblings]),
            ]
        self.query_one("#detail", Static).update(Group(*parts))

    def action_act(self, verb: str) -> None:
        """Open the dialog of a bulk action for this job alone."""
        if self._job is not None:
            job_filter = parse(f"id:{self._job.id} actor:{self._job.actor}")
            self.app.push_screen(BulkDialog(cast(Verb, verb), job_filter))

    def action_siblings(self) -> None:
        """Show the list of all jobs of its correlation id."""
        if self._job is not None and self._job.correlation_id:
            self.open_jobs(f"correlation:{self._job.correlation_id}")


def _facts(detail: Detail, now: datetime) -> Table:
    job, parent = detail.job, detail.parent
    table = Table.grid(padding=(0, 2))
    came_of = f"{parent.actor} {parent.id}" if parent else str(job.parent_id or "")
    error = failure(job.error_class, job.error_message)
    facts: tuple[tuple[str, str | Text], ...] = (
        ("job", str(job.id)),
        ("state", toned(job.state)),
        ("actor", f"{job.actor} in {job.queue}"),
        ("arguments", arguments(job.args)),
        ("enqueued", f"{ago(job.created_at, now)} ago" + (f" by {came_of}" if came_of else "")),
        ("due", ago(job.due_at, now) if job.state == "queued" else ""),
        ("began", f"{ago(job.started_at, now)} ago on {job.worker}" if job.started_at else ""),
        ("ended", f"{ago(job.finished_at, now)} ago" if job.finished_at else ""),
        ("attempts", f"{job.attempt}, of which {job.failures} failed and {job.lost} lost their worker"),
        ("error", error),
        ("fingerprint", job.fingerprint or ""),
        ("correlation", job.correlation_id),
        ("unique key", job.unique_key or ""),
    )
    for name, value in facts:
        if value:
            table.add_row(Text(name, style="bold"), value if isinstance(value, Text) else Text(value))
    return table


def _attempts(detail: Detail) -> RenderableType:
    if not detail.attempts:
        return Text("\nNo attempt has gone wrong.", style="bright_black")
    return Group(Text("\nAttempts", style="bold"), timeline(detail.attempts))
