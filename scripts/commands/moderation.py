"""`comptoir moderation`: files that wait for staff, and files that must not come back."""

from typing import Annotated
from uuid import UUID

import typer

from scripts.terminal.console import ACTOR, Json, PageNumber, Var, show_done, show_page, transaction
from scripts.terminal.context import load_settings

app = typer.Typer(add_completion=False, no_args_is_help=True, help="Uploaded files.")
COLUMNS = ("id", "title", "name", "size", "seller", "findings", "waiting_since")
Upload = Annotated[UUID, typer.Argument(help="Id of the upload, as the list shows it")]
Why = Annotated[str, typer.Option(help="Why; the seller reads it")]


@app.command("list")
def list_uploads(page: PageNumber = 1, as_json: Json = False, var: Var = None) -> None:
    """List files that wait for a decision, oldest first."""
    from core.uploads.moderation import waiting_uploads

    with transaction(var) as session:
        waiting = waiting_uploads(session, page=page)
    show_page(waiting, COLUMNS, as_json, "No file waits for a decision.")


@app.command()
def approve(upload: Upload, as_json: Json = False, var: Var = None) -> None:
    """Let the file be sold."""
    state = _decide(upload, True, "", var)
    show_done(f"The upload {upload} is {state}.", {"id": str(upload), "state": state}, as_json)


@app.command()
def refuse(upload: Upload, note: Why, as_json: Json = False, var: Var = None) -> None:
    """Do not take the file; its bytes are removed."""
    state = _decide(upload, False, note, var)
    show_done(f"The upload {upload} is {state}.", {"id": str(upload), "state": state}, as_json)


@app.command()
def block(
    sha256: Annotated[str, typer.Argument(help="SHA-256 of the file, 64 hexadecimal digits")],
    note: Annotated[str, typer.Option(help="Why, for staff")] = "",
    as_json: Json = False,
    var: Var = None,
) -> None:
    """Refuse a file from now on, whoever uploads it."""
    from core.uploads.moderation import block_file
    from schemas.base import utc_now

    with transaction(var) as session:
        changed = block_file(session, sha256, reason=note, actor=ACTOR, now=utc_now())
    sentence = "The file is blocked." if changed else "The file was blocked before; nothing has changed."
    show_done(sentence, {"sha256": sha256, "changed": changed}, as_json)


def _decide(upload: UUID, approved: bool, note: str, var: Var) -> str:
    from core.uploads.moderation import decide_upload
    from core.uploads.opening import rules_of
    from schemas.base import utc_now

    rules = rules_of(load_settings(var))
    with transaction(var) as session:
        return decide_upload(
            session, upload, approved=approved, note=note, actor=ACTOR, rules=rules, now=utc_now()
        ).state
