"""`comptoir migrate`: bring the database to the schema of this code."""

import json
from pathlib import Path
from typing import Annotated

import typer

from scripts.context import load_settings

app = typer.Typer(add_completion=False)


@app.command()
def migrate(
    var: Annotated[Path | None, typer.Option(help="Folder of a running stack")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print an object")] = False,
) -> None:
    """Apply the migrations that are missing; does nothing when there are none."""
    from core.migrate import head_revision, upgrade

    upgrade(load_settings(var).database_url)
    revision = head_revision()
    print(json.dumps({"revision": revision}) if as_json else f"The database is at {revision}.")
