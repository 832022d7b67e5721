"""`comptoir queue`: the dashboard over the job ledger, and what it does as plain commands.

Exit codes: 0 done, 1 refused or failed, 2 wrongly asked, 3 nothing matched.
"""

import sys
from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console

from schemas.contracts import QUEUES
from scripts.commands import bulk_actions, queue_control
from scripts.dashboard import tables
from scripts.dashboard.access import ReadOnly, job_number, read
from scripts.dashboard.columns import Column, Listing, print_listing
from scripts.dashboard.words import ago, arguments
from scripts.terminal.console import (
    Json,
    Var,
    row_of,
    show_fields,
    show_json,
)

if TYPE_CHECKING:
    from core.jobs.admin.listing import Line

app = typer.Typer(
    add_completion=False,
    invoke_without_command=True,
    help="The dashboard over the job ledger; each command does a part of it. Exit code 3: no match.",
)
FilterText = Annotated[str, typer.Argument(help="Like 'state:dead actor:deliver arg.order_id=42 age>1h'")]


@app.callback()
def main(context: typer.Context, read_only: ReadOnly = False, var: Var = None) -> None:
    """Without a command: the dashboard in the terminal. With --read-only nothing can be changed."""
    context.obj = read_only
    if context.invoked_subcommand is None:
        # redis imports it for measurements that nobody reads: 3 MiB, which a small host lacks.
        sys.modules.setdefault("opentelemetry", None)  # type: ignore[arg-type]
        from scripts.dashboard.app import run  # Textual is for this screen only: commands start without it

        run(var, read_only=read_only)


@app.command()
def overview(as_json: Json = False, var: Var = None) -> None:
    """Show every queue, and the promises of the shop that are broken."""
    from core.jobs.admin.invariants import invariants
    from core.jobs.admin.overview import queue_lines
    from schemas.base import utc_now

    now = utc_now()
    with read(var) as session:
        lines, promises = queue_lines(session, QUEUES, now=now), invariants(session, now=now)
    if as_json:
        rows = [row_of(promise) | {"holds": promise.holds} for promise in promises]
        show_json({"queues": [row_of(line) for line in lines], "invariants": rows})
        return
    print_listing(Listing(tables.QUEUES, [tables.of_queue(line) for line in lines]), "")
    for promise in promises:
        if not promise.holds:
            since = ago(promise.oldest, now)
            print(f"\nBroken: {promise.promise}: {promise.count}, since {since}. See {promise.advice}")


@app.command()
def workers(as_json: Json = False, var: Var = None) -> None:
    """List the worker processes and what they do."""
    from core.jobs.admin.overview import worker_lines
    from schemas.base import utc_now

    with read(var) as session:
        lines = worker_lines(session, now=utc_now())
    if as_json:
        show_json([row_of(line) | {"doing": [row_of(job) for job in line.doing]} for line in lines])
        return
    empty = "No worker is there. Start some: python -m workers.main."
    print_listing(Listing(tables.WORKERS, [tables.of_worker(line) for line in lines]), empty)


@app.command()
def jobs(
    filter_text: FilterText = "",
    limit: Annotated[int, typer.Option(min=1, max=10_000, help="How many at most")] = 50,
    as_json: Json = False,
    var: Var = None,
) -> None:
    """List the jobs that match a filter: running, waiting, then ended with the newest first."""
    from core.jobs.admin.filter_language import parse
    from core.jobs.admin.listing import list_jobs
    from schemas.base import utc_now

    now = utc_now()
    with read(var) as session:
        lines = list_jobs(session, parse(filter_text), now=now, limit=limit)
    if as_json:
        show_json([row_of(line) for line in lines])
    else:
        _print_jobs(lines, now, "No job matches.")
    raise typer.Exit(0 if lines else 3)


@app.command()
def show(
    job_id: Annotated[str, typer.Argument(help="A job's id")], as_json: Json = False, var: Var = None
) -> None:
    """Show a job: arguments, attempts with their tracebacks, what enqueued it, the jobs beside it."""
    from core.jobs.admin.listing import show_job
    from schemas.base import utc_now

    with read(var) as session:
        detail = show_job(session, job_number(job_id))
    attempts = [attempt.model_dump(exclude={"job_id"}) for attempt in detail.attempts]
    if as_json:
        show_json(
            {
                **detail.job.model_dump(),
                "attempts": attempts,
                "siblings": [row_of(line) for line in detail.siblings],
            }
        )
        return
    show_fields({**detail.job.model_dump(), "args": arguments(detail.job.args)}, False)
    if attempts:
        Console().print(tables.timeline(detail.attempts))
        print(f"\n{detail.attempts[-1].traceback or ''}")
    if detail.siblings:
        _print_jobs(detail.siblings, utc_now(), "")


@app.command()
def dead(as_json: Json = False, var: Var = None) -> None:
    """Group dead jobs by the fingerprint of their error."""
    from core.jobs.admin.dead_groups import dead_groups
    from schemas.base import utc_now

    with read(var) as session:
        groups = dead_groups(session)
    if as_json:
        show_json([row_of(group) for group in groups])
        return
    rows = [tables.of_group(group, utc_now()) for group in groups]
    print_listing(Listing(tables.DEAD, rows), "No job is dead.")


@app.command("acts")
def list_acts(as_json: Json = False, var: Var = None) -> None:
    """List what was done to jobs, newest first; `undo` takes the id of a delete."""
    from core.jobs.admin.bulk_actions import recent_acts

    with read(var) as session:
        acts = recent_acts(session)
        if as_json:
            show_json([act.model_dump() for act in acts])
        else:
            rows = [tables.of_act(act) for act in acts]
            print_listing(Listing(tables.ACTS, rows), "Nothing has been done to jobs yet.")


def _print_jobs(lines: "Sequence[Line]", now: datetime, empty: str) -> None:
    """With the id in front, which `show` and the filters take."""
    rows = [(str(line.id), *tables.of_job(line, now)) for line in lines]
    print_listing(Listing((Column("id", 0), *tables.JOBS), rows), empty)


queue_control.add_to(app)
bulk_actions.add_to(app)
