"""The commands of `comptoir queue` that pause a queue or drain a worker."""

from typing import Annotated

import typer

from schemas.contracts import QUEUES
from scripts.dashboard.access import refuse_read_only
from scripts.terminal.console import ACTOR, Json, Var, show_done, transaction

QueueName = Annotated[str, typer.Argument(help=", ".join(QUEUES))]
WorkerName = Annotated[str, typer.Argument(help="host:pid:mark, as `comptoir queue workers` shows it")]


def add_to(app: typer.Typer) -> None:
    """The commands, beside those that only look."""
    for command in (pause, resume, drain):
        app.command()(command)


def pause(context: typer.Context, queue: QueueName, as_json: Json = False, var: Var = None) -> None:
    """Stop starting jobs of a queue; what runs goes on."""
    _set_paused(context, queue, True, as_json, var)


def resume(context: typer.Context, queue: QueueName, as_json: Json = False, var: Var = None) -> None:
    """Let a paused queue go on."""
    _set_paused(context, queue, False, as_json, var)


def drain(
    context: typer.Context,
    worker: WorkerName,
    undo: Annotated[bool, typer.Option("--undo", help="Let it begin jobs again")] = False,
    as_json: Json = False,
    var: Var = None,
) -> None:
    """Let a worker end what it does and begin nothing more, before its machine is stopped."""
    from core.jobs.heartbeat import drain as drain_worker

    refuse_read_only(context)
    with transaction(var) as session:
        drain_worker(session, worker, actor=ACTOR, draining=not undo)
    outcome = "begins jobs again" if undo else "begins nothing more"
    show_done(f"{worker} {outcome} within 5 seconds.", {"worker": worker, "draining": not undo}, as_json)


def _set_paused(context: typer.Context, queue: str, paused: bool, as_json: bool, var: Var) -> None:
    from core.jobs.pauses import set_paused

    refuse_read_only(context)
    with transaction(var) as session:
        set_paused(session, queue, actor=ACTOR, paused=paused)
    outcome = "is paused: jobs wait, what runs goes on" if paused else "goes on"
    show_done(f"The queue {queue} {outcome}.", {"queue": queue, "paused": paused}, as_json)
