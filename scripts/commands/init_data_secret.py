"""`comptoir init-data-secret`: INIT_DATA_SECRET for the API, which must not have the bot's token."""

from typing import Annotated

import typer

from scripts.terminal.console import Json, Var, show_json
from scripts.terminal.context import load_settings

app = typer.Typer(add_completion=False)


@app.command()
def init_data_secret(
    as_json: Json = False,
    var: Var = None,
    name: Annotated[bool, typer.Option("--name/--bare", help="Print a line for .env, or the value")] = True,
) -> None:
    """Print what BOT_TOKEN makes. Whoever has it can sign people in as anybody: keep it secret."""
    from core.people.initdata import derive_secret

    settings = load_settings(var)
    settings.require("bot_token")
    secret = derive_secret(settings.bot_token)
    if as_json:
        show_json({"init_data_secret": secret})
    else:
        typer.echo(f"INIT_DATA_SECRET={secret}" if name else secret)
