"""`comptoir schedule`: periodic jobs, their last and next runs, run now, pause."""

from typing import Annotated

import typer

from scripts.dashboard.access import ReadOnly, read, refuse_read_only
from scripts.dashboard.columns import Listing, print_listing
from scripts.dashboard.tables import SCHEDULES, of_schedule
from scripts.terminal.console import ACTOR, Json, Var, row_of, show_done, show_json, transaction

app = typer.Typer(add_completion=False, no_args_is_help=True)
Name = Annotated[str, typer.Argument(help="As `comptoir schedule list` shows it")]


@app.callback()
def main(context: typer.Context, read_only: ReadOnly = False) -> None:
    """Periodic jobs. With --read-only nothing can be changed."""
    context.obj = read_only


@app.command("list")
def list_schedules(as_json: Json = False, var: Var = None) -> None:
    """List schedules with their last and next run, and the slots of the last day that nobody ran."""
    from core.jobs.admin.schedules_view import schedule_lines
    from schemas.base import utc_now

    now = utc_now()
    with read(var) as session:
        lines = schedule_lines(session, now=now)
    if as_json:
        show_json([row_of(line) for line in lines])
        return
    empty = "There is no schedule yet: the workers write them when they start."
    print_listing(Listing(SCHEDULES, [of_schedule(line, now) for line in lines]), empty)


@app.command()
def run(context: typer.Context, name: Name, as_json: Json = False, var: Var = None) -> None:
    """Run a schedule's job now, beside its slots."""
    from core.jobs.admin.schedules_view import run_now

    refuse_read_only(context)
    with transaction(var) as session:
        job = run_now(session, name, actor=ACTOR)
    show_done(f"{name} is on its way as job {job}.", {"name": name, "job": str(job)}, as_json)


@app.command()
def pause(context: typer.Context, name: Name, as_json: Json = False, var: Var = None) -> None:
    """Leave out the slots of a schedule from now on."""
    _set_paused(context, name, True, as_json, var)


@app.command()
def resume(context: typer.Context, name: Name, as_json: Json = False, var: Var = None) -> None:
    """Let a paused schedule go on; its catch-up policy says what becomes of the slots left out."""
    _set_paused(context, name, False, as_json, var)


def _set_paused(context: typer.Context, name: str, paused: bool, as_json: bool, var: Var) -> None:
    from core.jobs.admin.schedules_view import set_paused

    refuse_read_only(context)
    with transaction(var) as session:
        set_paused(session, name, actor=ACTOR, paused=paused)
    outcome = "is paused" if paused else "goes on"
    show_done(f"The schedule {name} {outcome}.", {"name": name, "paused": paused}, as_json)
