"""`comptoir restore`: bring a copy of the database back, while the shop is stopped."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from scripts.terminal.console import CommandError, Json, Var, database_errors, show_done

if TYPE_CHECKING:
    from core.backup.copy import Reader
    from core.process.settings import Settings

app = typer.Typer(add_completion=False)
Source = Annotated[str, typer.Argument(help="A file; or a name of `comptoir backup list`; or latest")]
Identity = Annotated[
    typer.FileText | None,
    typer.Option(
        errors="replace", help="File of the secret key, for an encrypted copy; - for standard input"
    ),
]
Force = Annotated[bool, typer.Option("--force", help="Replace what the database holds")]


@app.command()
def restore(
    source: Source, identity: Identity = None, force: Force = False, as_json: Json = False, var: Var = None
) -> None:
    """Bring a copy back, whole or not at all, and its schema up to date.

    The shop must be stopped. The PostgreSQL and the store that `comptoir up` runs are started for this alone.
    """
    from core.backup.restoring import restore as bring_back
    from core.process.database_roles import audit_of, grant, owner_of
    from scripts.embedded.offline_servers import reachable_servers

    secret = _secret(identity)
    with reachable_servers(var) as settings, _opened(settings, source) as stream, database_errors():
        owner = owner_of(settings)
        header = bring_back(owner, stream, identity=secret, force=force)
        grant(owner, settings.database_url, audit_of(settings))
    moment = f"{header.made_at:%Y-%m-%d %H:%M} UTC"
    sentence = f"The database is as it was at {moment}. Start the shop; jobs that were waiting then go on."
    show_done(sentence, {"made_at": header.made_at, "revision": header.revision}, as_json)


@contextmanager
def _opened(settings: "Settings", source: str) -> "Iterator[Reader]":
    """The copy as a stream, of a file or else of the store. Raises `CommandError`."""
    if Path(source).is_file():
        with Path(source).open("rb") as stream:
            yield stream
        return
    from core.backup.copy import FOLDER
    from scripts.embedded.streams import Chunks
    from workers.store import S3Store

    store = S3Store(settings)
    names = [copy.key for copy in store.names(FOLDER)]
    name = names[-1] if source == "latest" and names else source
    if name not in names:
        raise CommandError(
            f"{source} is no file here, and the store has no such copy. See `comptoir backup list`."
        )
    yield Chunks(store.chunks(name))


def _secret(identity: typer.FileText | None) -> str:
    """The secret key of a file, as `comptoir backup key` and age-keygen write it."""
    if identity is None:
        return ""
    keys = [line for line in identity.read().split() if line.startswith("AGE-SECRET-KEY-1")]
    if not keys:
        raise CommandError(f"{identity.name} holds no secret key of age: a line AGE-SECRET-KEY-1….")
    return keys[0]
