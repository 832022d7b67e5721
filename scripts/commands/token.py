"""`comptoir token`: access tokens for the API, for staff and machines."""

from typing import Annotated
from uuid import UUID

import typer

from core.kit.errors import NotFound
from scripts.terminal.console import ACTOR, Json, Var, show_done, show_rows, transaction

app = typer.Typer(add_completion=False, no_args_is_help=True, help="Access tokens.")
COLUMNS = ("id", "name", "role", "created_at", "expires_at", "revoked_at")
DAY = 86_400  # seconds


@app.command()
def create(
    name: Annotated[str, typer.Option(help="Whose or what for; shown in the audit log")],
    role: Annotated[str, typer.Option(help="buyer, seller, support or admin")] = "support",
    days: Annotated[int | None, typer.Option(min=1, help="Life in days; without it, until revoked")] = None,
    as_json: Json = False,
    var: Var = None,
) -> None:
    """Make a token. Its text is shown once, here."""
    from core.people.access_tokens import create_token
    from schemas.base import utc_now

    ttl = days * DAY if days else None
    with transaction(var) as session:
        token = create_token(session, name=name, role=role, ttl=ttl, now=utc_now(), actor=ACTOR)
    show_done(f"{token}\nKeep it now: it is not shown again.", {"token": token}, as_json)


@app.command("list")
def list_all(as_json: Json = False, var: Var = None) -> None:
    """List tokens, without their text."""
    from core.people.access_tokens import list_tokens

    with transaction(var) as session:
        rows = [token.model_dump(exclude={"token_hash", "user_id"}) for token in list_tokens(session)]
    show_rows(rows, COLUMNS, as_json, "There is no token yet. Make one with `comptoir token create`.")


@app.command()
def revoke(
    token_id: Annotated[UUID, typer.Argument(help="Id from `comptoir token list`")],
    as_json: Json = False,
    var: Var = None,
) -> None:
    """End a token at once."""
    from core.people.access_tokens import revoke_token
    from schemas.base import utc_now

    with transaction(var) as session:
        if not revoke_token(session, token_id, actor=ACTOR, now=utc_now()):
            raise NotFound("token-unknown")
    show_done(f"Token {token_id} is revoked.", {"id": token_id}, as_json)
