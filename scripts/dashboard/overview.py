"""The first screen: queues, workers, and promises of the shop that are broken."""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from rich.text import Text
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.widgets import Footer, Static

from core.jobs.admin.invariants import Invariant, invariants
from core.jobs.admin.overview import QueueLine, WorkerLine, queue_lines, worker_lines
from core.jobs.heartbeat import drain
from core.jobs.pauses import set_paused
from core.kit.errors import Refused
from schemas.contracts import QUEUES
from scripts.dashboard import tables
from scripts.dashboard.screen_base import Grid, Heading, LedgerScreen
from scripts.dashboard.words import ago

SHORT = 30  # lines of a terminal on which promises that hold are only counted


@dataclass(frozen=True)
class Overview:
    """What the first screen shows, read at one moment."""

    queues: list[QueueLine]
    workers: list[WorkerLine]
    promises: list[Invariant]
    now: datetime


class OverviewScreen(LedgerScreen[Overview]):
    """Shows queues and workers; pauses a queue, drains a worker, opens a queue's jobs."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("p", "pause", "Pause/resume queue"),
        Binding("x", "drain", "Drain/undrain worker"),
    ]

    def compose(self) -> ComposeResult:
        """Lay out queues above, workers in the middle, promises below."""
        yield Heading()
        queues = Grid(*tables.QUEUES, id="queues")
        queues.border_title = "Queues"
        yield queues
        workers = Grid(*tables.WORKERS, id="workers")
        workers.border_title = "Workers"
        yield workers
        promises = Static(id="promises")
        promises.border_title = "Promises"
        yield promises
        yield Footer()

    def load(self) -> Overview:
        """Read queues, workers and promises from the database."""
        now = self.ledger.now()
        with self.ledger.reading() as session:
            return Overview(
                queue_lines(session, QUEUES, now=now),
                worker_lines(session, now=now),
                invariants(session, now=now),
                now,
            )

    def present(self, content: Overview) -> None:
        """Show queues, workers and promises."""
        self._workers = {line.name: line for line in content.workers}
        self._queues = {line.queue: line for line in content.queues}
        self.query_one("#queues", Grid).fill((line.queue, tables.of_queue(line)) for line in content.queues)
        self.query_one("#workers", Grid).fill((line.name, tables.of_worker(line)) for line in content.workers)
        self.query_one("#promises", Static).update(_promises(content, brief=self.size.height < SHORT))

    def on_data_table_row_selected(self, event: Grid.RowSelected) -> None:
        """Open the jobs of a queue or of a worker."""
        field = "queue" if event.data_table.id == "queues" else "worker"
        self.open_jobs(f"{field}:{event.row_key.value}")

    def action_pause(self) -> None:
        """Pause the chosen queue, or let it go on."""
        chosen = self.query_one("#queues", Grid).chosen
        if chosen is None:
            return
        paused = self._queues[chosen].paused_by is None
        try:
            with self.ledger.writing() as session:
                set_paused(session, chosen, actor=self.ledger.actor, paused=paused)
        except Refused as error:
            self.complain(error)
        self.action_reload()

    def action_drain(self) -> None:
        """Drain the chosen worker, or let it begin jobs again."""
        chosen = self.query_one("#workers", Grid).chosen
        if chosen is None:
            return
        try:
            with self.ledger.writing() as session:
                drain(session, chosen, actor=self.ledger.actor, draining=not self._workers[chosen].draining)
        except Refused as error:
            self.complain(error)
        self.action_reload()


def _promises(content: Overview, *, brief: bool) -> Text:
    unbroken = [promise for promise in content.promises if promise.holds]
    lines = [_promise(promise, content.now) for promise in content.promises if not (brief and promise.holds)]
    if brief and unbroken:
        lines.append(Text.assemble(("✓ ", "green"), f"{len(unbroken)} of {len(content.promises)} hold"))
    return Text("\n").join(lines)


def _promise(promise: Invariant, now: datetime) -> Text:
    if promise.holds:
        return Text.assemble(("✓ ", "green"), promise.promise)
    broken = f"{promise.count} broken, the first {ago(promise.oldest, now)} ago"
    return Text.assemble(
        ("✗ ", "bold red"), promise.promise, ": ", (broken, "bold red"), f"  ({promise.advice})"
    )
