"""`comptoir schedule`: periodic jobs, their last and next runs, run now, pause."""

from typing import Annotated

import typer

from scripts.console import ACTOR, Json, Var, row_of, shop, show_done, show_rows
from scripts.queue.access import read
from scripts.queue.words import ago, span

app = typer.Typer(add_completion=False, no_args_is_help=True, help="Periodic jobs.")
COLUMNS = ("name", "cron", "time_zone", "catch_up", "paused", "last", "state", "took", "next", "missed")
Name = Annotated[str, typer.Argument(help="As `comptoir schedule list` shows it")]


@app.command("list")
def list_schedules(as_json: Json = False, var: Var = None) -> None:
    """List schedules with their last and next run, and the slots of the last day that nobody ran."""
    from core.queue_desk.rotas import schedule_lines
    from schemas.base import utc_now

    now = utc_now()
    with read(var) as session:
        lines = schedule_lines(session, now=now)
    rows = [
        {
            **row_of(line),
            "last": ago(line.last_slot, now),
            "state": line.last_state,
            "took": span(line.took),
            "next": ago(line.next_slot, now),
            "missed": len(line.missed) or "",
        }
        for line in lines
    ]
    empty = "There is no schedule yet: the workers write them when they start."
    show_rows([row_of(line) for line in lines] if as_json else rows, COLUMNS, as_json, empty)


@app.command()
def run(name: Name, as_json: Json = False, var: Var = None) -> None:
    """Run a schedule's job now, beside its slots."""
    from core.queue_desk.rotas import run_now

    with shop(var) as session:
        job = run_now(session, name, actor=ACTOR)
    show_done(f"{name} is on its way as job {job}.", {"name": name, "job": str(job)}, as_json)


@app.command()
def pause(name: Name, as_json: Json = False, var: Var = None) -> None:
    """Leave out the slots of a schedule from now on."""
    _set_paused(name, True, as_json, var)


@app.command()
def resume(name: Name, as_json: Json = False, var: Var = None) -> None:
    """Let a paused schedule go on; its catch-up policy says what becomes of the slots left out."""
    _set_paused(name, False, as_json, var)


def _set_paused(name: str, paused: bool, as_json: bool, var: Var) -> None:
    from core.queue_desk.rotas import set_paused

    with shop(var) as session:
        set_paused(session, name, actor=ACTOR, paused=paused)
    said = "is paused" if paused else "goes on"
    show_done(f"The schedule {name} {said}.", {"name": name, "paused": paused}, as_json)
