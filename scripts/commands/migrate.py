"""`comptoir migrate`: bring the database to the schema of this code."""

import json

import typer

from scripts.terminal.console import CommandError, Json, Var, database_errors
from scripts.terminal.context import load_settings

app = typer.Typer(add_completion=False)


@app.command()
def migrate(as_json: Json = False, var: Var = None) -> None:
    """Apply the migrations that are missing, give each role of the database what it needs, and make the
    person of FIRST_ADMIN admin where nobody is.

    Does nothing where nothing is missing.
    """
    from core.process.database_roles import RolesError
    from core.process.migrate import head_revision
    from scripts.embedded.database import prepare_database

    with database_errors():
        try:
            prepare_database(load_settings(var))
        except RolesError as error:
            raise CommandError(str(error)) from None
    revision = head_revision()
    print(json.dumps({"revision": revision}) if as_json else f"The database is at {revision}.")
