"""The commands of `comptoir queue` that change many jobs at once: retry, cancel, delete, move, edit, run."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from schemas.contracts import QUEUES, Queue
from scripts.dashboard.access import refuse_read_only
from scripts.terminal.console import ACTOR, Json, Var, open_database, show_done
from scripts.terminal.context import load_settings

if TYPE_CHECKING:
    from schemas.queue import Verb

FilterText = Annotated[str, typer.Argument(help="Which jobs, like 'state:dead actor:deliver'; '' for all")]
DryRun = Annotated[bool, typer.Option("--dry-run", help="Only count")]
Confirm = Annotated[
    int | None, typer.Option(min=0, help="The count that you agree to, instead of typing it when asked")
]
Rate = Annotated[float, typer.Option(min=0, max=10_000, help="Starts a second; 0: all at once")]
NOTHING = 3  # exit code


def add_to(app: typer.Typer) -> None:
    """The commands, beside those that only look."""
    for command in (retry, cancel, delete, move, edit, run, undo):
        app.command()(command)


def retry(
    context: typer.Context,
    filter_text: FilterText,
    rate: Rate = 0,
    dry_run: DryRun = False,
    confirm: Confirm = None,
    as_json: Json = False,
    var: Var = None,
) -> None:
    """Begin dead and cancelled jobs anew."""
    _run(context, "retry", filter_text, dry_run, confirm, as_json, var, rate=rate)


def cancel(
    context: typer.Context,
    filter_text: FilterText,
    dry_run: DryRun = False,
    confirm: Confirm = None,
    as_json: Json = False,
    var: Var = None,
) -> None:
    """Cancel waiting jobs, and ask running ones to stop."""
    _run(context, "cancel", filter_text, dry_run, confirm, as_json, var)


def delete(
    context: typer.Context,
    filter_text: FilterText,
    dry_run: DryRun = False,
    confirm: Confirm = None,
    as_json: Json = False,
    var: Var = None,
) -> None:
    """Put jobs that do not run into the trash; `undo` brings them back for 7 days."""
    _run(context, "delete", filter_text, dry_run, confirm, as_json, var)


def move(
    context: typer.Context,
    filter_text: FilterText,
    to: Annotated[Queue, typer.Option(help=f"Where to: {', '.join(QUEUES)}")],
    dry_run: DryRun = False,
    confirm: Confirm = None,
    as_json: Json = False,
    var: Var = None,
) -> None:
    """Move jobs to another queue of the same workers."""
    _run(context, "move", filter_text, dry_run, confirm, as_json, var, to=to)


def edit(
    context: typer.Context,
    filter_text: FilterText,
    set_: Annotated[list[str], typer.Option("--set", help="NAME=VALUE; JSON, or else a text")],
    rate: Rate = 0,
    dry_run: DryRun = False,
    confirm: Confirm = None,
    as_json: Json = False,
    var: Var = None,
) -> None:
    """Change arguments of jobs of one actor, and begin them anew."""
    _run(context, "edit", filter_text, dry_run, confirm, as_json, var, rate=rate, changes=set_)


def run(
    context: typer.Context,
    filter_text: FilterText,
    dry_run: DryRun = False,
    confirm: Confirm = None,
    as_json: Json = False,
    var: Var = None,
) -> None:
    """Begin now what is due later."""
    _run(context, "run", filter_text, dry_run, confirm, as_json, var)


def undo(
    context: typer.Context,
    act: Annotated[int, typer.Argument(help="Id of a delete, from `comptoir queue acts`")],
    as_json: Json = False,
    var: Var = None,
) -> None:
    """Bring back what a delete put into the trash."""
    from core.jobs.admin.trash import undo as bring_back
    from schemas.base import utc_now

    refuse_read_only(context)
    with open_database(load_settings(var)) as database:
        back = max(bring_back(database, act, actor=ACTOR, now=utc_now()), default=0)
    show_done(f"{back} jobs are back.", {"act": act, "restored": back}, as_json)


def _run(
    context: typer.Context,
    verb: "Verb",
    filter_text: str,
    dry_run: bool,
    confirm: int | None,
    as_json: bool,
    var: Path | None,
    *,
    rate: float = 0,
    to: Queue | None = None,
    changes: Sequence[str] = (),
) -> None:
    from core.jobs.admin.bulk_actions import Options
    from scripts.dashboard.bulk_command import parse_changes, run_bulk_action

    if not dry_run:
        refuse_read_only(context)
    options = Options(rate=rate, to=to, changes=parse_changes(changes))
    outcome = run_bulk_action(
        verb, filter_text, options, dry_run=dry_run, confirm=confirm, quiet=as_json, var=var
    )
    show_done(outcome.sentence, outcome.fields(), as_json)
    raise typer.Exit(0 if outcome.matched else NOTHING)
