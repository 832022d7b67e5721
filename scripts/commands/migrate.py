"""`comptoir migrate`: bring the database to the schema of this code."""

import json

import typer

from scripts.terminal.console import Json, Var, database_errors
from scripts.terminal.context import load_settings

app = typer.Typer(add_completion=False)


@app.command()
def migrate(as_json: Json = False, var: Var = None) -> None:
    """Apply the migrations that are missing; does nothing when there are none."""
    from core.process.migrate import head_revision, upgrade

    with database_errors():
        upgrade(load_settings(var).database_url)
    revision = head_revision()
    print(json.dumps({"revision": revision}) if as_json else f"The database is at {revision}.")
