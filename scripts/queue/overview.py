"""The first screen: queues, workers, broken promises."""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from rich.text import Text
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.widgets import Footer, Header, Static

from core.errors import Refused
from core.queue_desk.heartbeat import drain
from core.queue_desk.invariants import Invariant, invariants
from core.queue_desk.overview import QueueLine, WorkerLine, queue_lines, worker_lines
from core.queue_desk.pauses import set_paused
from schemas.contracts import QUEUES
from scripts.queue.desk import Cell, DeskScreen, Grid
from scripts.queue.words import ago, mebibytes, rate, span, spark

CHART = 30  # columns


@dataclass(frozen=True)
class Shown:
    """What the screen shows."""

    queues: list[QueueLine]
    workers: list[WorkerLine]
    promises: list[Invariant]
    now: datetime


class OverviewScreen(DeskScreen[Shown]):
    """Pause a queue, drain a worker, open a queue's jobs."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("p", "pause", "Pause/resume queue"),
        Binding("x", "drain", "Drain/undrain worker"),
    ]

    def compose(self) -> ComposeResult:
        """Queues above, workers in the middle, promises below."""
        yield Header(icon="")
        queues = Grid(
            *("queue", "ready", "later", "running", "dead", "oldest", "in", "out", "empty in"),
            "last hour",
            id="queues",
        )
        queues.border_title = "Queues"
        yield queues
        workers = Grid("worker", "group", "state", "memory", "up", "beat", "doing", id="workers")
        workers.border_title = "Workers"
        yield workers
        promises = Static(id="promises")
        promises.border_title = "Promises"
        yield promises
        yield Footer()

    def load(self) -> Shown:
        """From the database."""
        now = self.desk.now()
        with self.desk.reading() as session:
            return Shown(
                queue_lines(session, QUEUES, now=now),
                worker_lines(session, now=now),
                invariants(session, now=now),
                now,
            )

    def present(self, shown: Shown) -> None:
        """All three."""
        self._workers = {line.name: line for line in shown.workers}
        self._queues = {line.queue: line for line in shown.queues}
        self.query_one("#queues", Grid).fill((line.queue, _queue(line)) for line in shown.queues)
        self.query_one("#workers", Grid).fill((line.name, _worker(line)) for line in shown.workers)
        self.query_one("#promises", Static).update(
            Text("\n").join(_promise(item, shown.now) for item in shown.promises)
        )

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
            with self.desk.acting() as session:
                set_paused(session, chosen, actor=self.desk.actor, paused=paused)
        except Refused as error:
            self.complain(error)
        self.action_reload()

    def action_drain(self) -> None:
        """Drain the chosen worker, or let it begin jobs again."""
        chosen = self.query_one("#workers", Grid).chosen
        if chosen is None:
            return
        try:
            with self.desk.acting() as session:
                drain(session, chosen, actor=self.desk.actor, draining=not self._workers[chosen].draining)
        except Refused as error:
            self.complain(error)
        self.action_reload()


def _queue(line: QueueLine) -> tuple[Cell, ...]:
    name = Text(line.queue)
    if line.paused_by is not None:
        name.append(" paused", style="bold yellow")
    drains = (
        Text("grows", style="red") if line.drain is None else Text(span(line.drain) if line.ready else "")
    )
    return (
        name,
        _number(line.ready),
        _number(line.later),
        _number(line.running, "cyan"),
        _number(line.dead, "red"),
        span(line.oldest),
        rate(line.coming),
        rate(line.going),
        drains,
        Text(spark(line.chart, CHART), style="green"),
    )


def _number(count: int, style: str = "") -> Text:
    return Text(f"{count:,}", style=style if count else "bright_black", justify="right")


def _worker(line: WorkerLine) -> tuple[Cell, ...]:
    state = (
        Text("lost", "red")
        if line.lost
        else Text("drained", "yellow")
        if line.draining
        else Text("working", "green")
    )
    doing = ", ".join(f"{job.actor} {span(job.seconds)}" for job in line.doing[:4])
    more = f" and {len(line.doing) - 4} more" if len(line.doing) > 4 else ""
    return (
        line.name,
        line.group,
        state,
        mebibytes(line.memory),
        span(line.up),
        span(line.beat),
        doing + more,
    )


def _promise(item: Invariant, now: datetime) -> Text:
    if item.holds:
        return Text.assemble(("✓ ", "green"), item.promise)
    broken = f"{item.count} broken, the first {ago(item.oldest, now)} ago"
    return Text.assemble(("✗ ", "bold red"), item.promise, ": ", (broken, "bold red"), f"  ({item.advice})")
