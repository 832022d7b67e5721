"""The lists of the dashboard and of the plain commands: their columns, and how a row is filled.

On a narrow terminal those of the highest rank go first: what explains, or what a keystroke tells as well.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from rich.table import Table
from rich.text import Text

from scripts.dashboard.columns import Cell, Column
from scripts.dashboard.words import ago, arguments, failure, mebibytes, rate, span, spark
from scripts.terminal.console import cell

if TYPE_CHECKING:
    from core.jobs.admin.dead_groups import DeadGroup
    from core.jobs.admin.listing import Line
    from core.jobs.admin.overview import QueueLine, WorkerLine
    from core.jobs.admin.schedules_view import ScheduleLine
    from schemas.queue import JobAttempt, JobState, QueueAct

CHART = 30  # cells
DOING = 4  # jobs of a worker that are named
TONES: "dict[JobState, str]" = {
    "running": "cyan",
    "queued": "yellow",
    "dead": "red",
    "done": "green",
    "cancelled": "bright_black",
}
POLICIES = {"none": "left out", "latest": "latest runs", "all": "all run"}

QUEUES = (
    Column("queue", 0),
    Column("ready", 1, right=True),
    Column("later", 8, right=True),
    Column("running", 3, right=True),
    Column("dead", 4, right=True),
    Column("oldest", 2),
    Column("in", 7),
    Column("out", 5),
    Column("empty in", 6),
    Column("last hour", 9),
    Column("paused by", 10),
)
WORKERS = (
    Column("worker", 0),
    Column("group", 4),
    Column("state", 1),
    Column("memory", 5, right=True),
    Column("up", 6),
    Column("beat", 3),
    Column("doing", 2, least=12),
)
JOBS = (
    Column("state", 0),
    Column("actor", 1),
    Column("queue", 6),
    Column("arguments", 3, least=12),
    Column("attempt", 5, right=True),
    Column("when", 2),
    Column("error", 4, least=16),
)
DEAD = (
    Column("jobs", 0, right=True),
    Column("actor", 2),
    Column("error", 1, least=20),
    Column("first seen", 5),
    Column("last seen", 3),
    Column("fingerprint", 4),
)
SCHEDULES = (
    Column("schedule", 0),
    Column("cron", 5),
    Column("missed slots", 7),
    Column("last run", 1),
    Column("state", 3),
    Column("took", 6),
    Column("next run", 2),
    Column("missed in 24 h", 4, right=True),
)
ACTS = (
    Column("act", 0, right=True),
    Column("verb", 1),
    Column("filter", 4, least=16),
    Column("by", 5),
    Column("matched", 6, right=True),
    Column("changed", 2, right=True),
    Column("begun", 3),
    Column("ended", 7),
)


def of_queue(line: "QueueLine") -> tuple[Cell, ...]:
    """The cells of a queue for the columns `QUEUES`."""
    drains = Text("grows", "red") if line.drain is None else span(line.drain) if line.ready else ""
    return (
        _paused(line.queue, line.paused_by is not None),
        _number(line.ready),
        _number(line.later),
        _number(line.running, "cyan"),
        _number(line.dead, "red"),
        span(line.oldest),
        rate(line.coming),
        rate(line.going),
        drains,
        Text(spark(line.chart, CHART), "green"),
        line.paused_by or "",
    )


def of_worker(line: "WorkerLine") -> tuple[Cell, ...]:
    """The cells of a worker for the columns `WORKERS`."""
    label = ("lost", "red") if line.lost else ("drained", "yellow") if line.draining else ("working", "green")
    doing = ", ".join(f"{job.actor} {span(job.seconds)}" for job in line.doing[:DOING])
    more = f" and {len(line.doing) - DOING} more" if len(line.doing) > DOING else ""
    return (
        line.name,
        line.group,
        Text(*label),
        mebibytes(line.memory),
        span(line.up),
        span(line.beat),
        doing + more,
    )


def of_job(line: "Line", now: datetime) -> tuple[Cell, ...]:
    """The cells of a job for the columns `JOBS`."""
    return (
        toned(line.state),
        line.actor,
        line.queue,
        arguments(line.args),
        str(line.attempt),
        _when(line.at, now),
        failure(line.error_class, line.error_message),
    )


def of_group(group: "DeadGroup", now: datetime) -> tuple[Cell, ...]:
    """The cells of a group of dead jobs for the columns `DEAD`."""
    return (
        _number(group.number, "red"),
        group.actor,
        failure(group.error_class, group.error_message),
        _when(group.first_seen, now),
        _when(group.last_seen, now),
        group.fingerprint,
    )


def of_schedule(line: "ScheduleLine", now: datetime) -> tuple[Cell, ...]:
    """The cells of a periodic job for the columns `SCHEDULES`."""
    return (
        _paused(line.name, line.paused),
        line.cron if line.time_zone == "UTC" else f"{line.cron} {line.time_zone}",
        POLICIES[line.catch_up],
        _when(line.last_slot, now),
        toned(line.last_state) if line.last_state else "",
        span(line.took),
        "" if line.paused else ago(line.next_slot, now),
        Text(str(len(line.missed)), "red") if line.missed else "",
    )


def of_act(act: "QueueAct") -> tuple[Cell, ...]:
    """The cells of a bulk action for the columns `ACTS`."""
    figures = f"{act.matched:,}", f"{act.changed:,}"
    return (
        str(act.id),
        act.verb,
        act.filter,
        act.actor,
        *figures,
        cell(act.begun_at),
        cell(act.ended_at),
    )


def timeline(attempts: "Sequence[JobAttempt]") -> Table:
    """A table of a job's attempts that did not end well."""
    table = Table(box=None, padding=(0, 2, 0, 0))
    for title in ("#", "outcome", "began (UTC)", "took", "worker", "error"):
        table.add_column(title, header_style="dim", no_wrap=title != "error")
    for attempt in attempts:
        began = attempt.started_at
        took = span((attempt.ended_at - began).total_seconds()) if began else ""
        error = failure(attempt.error_class, attempt.error_message)
        start = f"{began:%m-%d %H:%M:%S}" if began else ""
        table.add_row(
            str(attempt.attempt), attempt.outcome, start, took, Text(attempt.worker or ""), Text(error)
        )
    return table


def toned(state: "JobState") -> Text:
    """A job's state in its colour."""
    return Text(state, TONES[state])


def _when(moment: datetime | None, now: datetime) -> str:
    words = ago(moment, now)
    return words if not words or words.startswith("in ") else f"{words} ago"


def _paused(name: str, paused: bool) -> Text:
    return Text.assemble(name, (" paused", "bold yellow") if paused else "")


def _number(count: int, style: str = "") -> Text:
    return Text(f"{count:,}", style if count else "bright_black")
