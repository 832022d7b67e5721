"""`comptoir backup`: copy the database into the store, by a worker, or into a file, by this command."""

import os
import time
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.console import Console
from rich.progress import BarColumn, DownloadColumn, Progress, TimeElapsedColumn

from scripts.terminal.console import (
    CommandError,
    Json,
    Var,
    database_errors,
    open_database,
    show_done,
    show_rows,
)
from scripts.terminal.context import load_settings

if TYPE_CHECKING:
    from uuid import UUID

    from core.kit.db import Database
    from core.process.settings import Settings
    from schemas.queue import Job, JobState

app = typer.Typer(
    add_completion=False,
    invoke_without_command=True,
    help="Copies of the database; `comptoir restore` brings one back.",
)
COLUMNS = ("name", "size", "modified")
LOOK = 0.5  # seconds between two looks at a running copy
ENDED: "tuple[JobState, ...]" = ("done", "dead", "cancelled")
OUTPUT = Path("-")


@app.callback()
def main(
    context: typer.Context,
    to: Annotated[Path | None, typer.Option(help="A file or folder; none: the store")] = None,
    wait: Annotated[bool, typer.Option(help="Show how far the worker is, until it has ended")] = True,
    as_json: Json = False,
    var: Var = None,
) -> None:
    """Copy the database: into the store as a worker's job, or with --to into a file here."""
    if context.invoked_subcommand is not None:
        return
    settings = load_settings(var)
    if to is not None:
        _copy_here(settings, to, as_json)
    else:
        _have_copied(settings, wait, as_json)


@app.command("list")
def list_copies(as_json: Json = False, var: Var = None) -> None:
    """List the copies in the store, oldest first."""
    from core.backup.copy import FOLDER
    from scripts.embedded.offline_servers import reachable_servers
    from workers.store import S3Store

    with reachable_servers(var) as settings:
        copies = S3Store(settings).names(FOLDER)
        rows = [{"name": copy.key, "size": copy.size, "modified": copy.modified} for copy in copies]
    show_rows(rows, COLUMNS, as_json, "The store holds no backup yet. Make one with `comptoir backup`.")


@app.command("key")
def make_key(
    to: Annotated[Path, typer.Option(help="Where the secret key goes: a new file; - for standard output")],
    as_json: Json = False,
) -> None:
    """Make a key pair: the public key is for BACKUP_KEY, the secret one only for restoring.

    Keep the secret key apart from the shop, and more than once: without it no copy can be read.
    """
    from pyrage import x25519

    identity = x25519.Identity.generate()
    public = str(identity.to_public())
    text = f"# public key: {public}\n{identity}\n"
    if to == OUTPUT:
        typer.echo(f"BACKUP_KEY={public}", err=True)
        typer.echo(text, nl=False)
        return
    try:
        with os.fdopen(os.open(to, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as target:
            target.write(text)
    except OSError as error:
        raise CommandError(f"{to} could not be written ({error.strerror}). Name a new file.") from None
    show_done(f"BACKUP_KEY={public}", {"public": public, "secret": str(to)}, as_json)


def _copy_here(settings: "Settings", to: Path, as_json: bool) -> None:
    from core.backup.copy import FOLDER, copy_database, plan_copy
    from core.process.database_roles import direct_of
    from schemas.base import utc_now

    with database_errors():
        address = direct_of(settings)
        header, program = plan_copy(address, key=settings.backup_key, now=utc_now())
    path = to / header.name.removeprefix(FOLDER) if to.is_dir() else to
    partial = path.with_name(f"{path.name}.partial")
    try:
        with os.fdopen(os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as target:
            copy_database(address, header, program, target, key=settings.backup_key)
            target.flush()
            os.fsync(target.fileno())
        partial.replace(path)
    except OSError as error:
        raise CommandError(f"{path} could not be written ({error.strerror}).") from None
    finally:
        partial.unlink(missing_ok=True)
    fields = {"path": str(path), "size": path.stat().st_size, "encrypted": header.encrypted}
    show_done(f"The database is copied into {path}{_warning(header.encrypted)}", fields, as_json)


def _have_copied(settings: "Settings", wait: bool, as_json: bool) -> None:
    from core.jobs.ledger import enqueue
    from schemas.upkeep_jobs import MakeBackup

    with open_database(settings) as database:
        with database.transaction() as session:
            # One copy at a time: asked again while it waits or runs, this is that job.
            job = enqueue(session, MakeBackup().by_hand())
        if not wait:
            show_done(f"The copy is on its way as job {job}.", {"job": str(job)}, as_json)
            return
        state, copy = follow(database, job, quiet=as_json)
    if state != "done" or copy is None:
        why = copy["error"] if copy else "nothing was begun"
        raise CommandError(f"The copy was not made ({why}). See `comptoir queue show {job}`.")
    sentence = f"The database is copied: {copy['name']}{_warning(copy['encrypted'])}"
    show_done(sentence, {"job": str(job), **copy}, as_json)


def follow(database: "Database", number: "UUID", *, quiet: bool) -> tuple["JobState", dict[str, Any] | None]:
    """Show how far a copy is, until its job has ended: the job's state, and the copy."""
    bar = Progress(
        "{task.description}",
        BarColumn(),
        DownloadColumn(),
        TimeElapsedColumn(),
        console=Console(stderr=True),
        disable=quiet,
        transient=True,
    )
    with bar:
        task = bar.add_task("waits for a worker", total=None)
        while True:
            job, copy = _look(database, number)
            if copy is not None:
                # The copy is compressed: the database's own size is more than it can become.
                bar.update(task, description="copies", completed=copy["size"], total=copy["database_size"])
            if job.state in ENDED:
                return job.state, copy
            time.sleep(LOOK)


def _look(database: "Database", number: "UUID") -> tuple["Job", dict[str, Any] | None]:
    from sqlmodel import col, select

    from schemas.operations import Backup
    from schemas.queue import Job

    with database.transaction() as session:
        job = session.get_one(Job, number)
        query = select(Backup).where(col(Backup.started_at) >= job.created_at.replace(microsecond=0))
        copy = session.exec(query.order_by(col(Backup.started_at).desc()).limit(1)).first()
        return job, copy.model_dump() if copy else None


def _warning(encrypted: bool) -> str:
    return "." if encrypted else ". It is not encrypted: set BACKUP_KEY (comptoir backup key)."
