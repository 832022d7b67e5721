"""`comptoir storage`: bytes kept, bytes taken back, what they cost a month; and moving to another store."""

from dataclasses import asdict, replace
from pathlib import Path
from typing import Annotated

import typer
from dotenv import dotenv_values

from core.process.settings import Settings
from scripts.terminal.console import CommandError, Json, Var, row_of, show_rows, transaction
from scripts.terminal.context import load_settings

app = typer.Typer(add_completion=False)
NEEDED = ("S3_ENDPOINT", "S3_BUCKET", "S3_ACCESS_KEY", "S3_SECRET_KEY")
COLUMNS = ("what", "objects", "bytes", "monthly_cost", "currency")


@app.callback(invoke_without_command=True)
def storage(context: typer.Context, as_json: Json = False, var: Var = None) -> None:
    """Show what the store holds for the shop; STORE_PRICE says what a GB costs."""
    if context.invoked_subcommand:
        return
    from core.catalogue.storage_report import storage_report

    price = load_settings(var).store_price
    with transaction(var) as session:
        lines = storage_report(session, price)
    show_rows([row_of(line) for line in lines], COLUMNS, as_json, "The store holds nothing.")


@app.command()
def move(
    source: Annotated[
        Path, typer.Option("--from", help="File with S3_* of the store to copy from, or a folder of objects")
    ],
    as_json: Json = False,
    var: Var = None,
) -> None:
    """Copy all objects of another store, or of a folder, into the shop's store; run again, it goes on.

    Nothing is removed there. Do it once while the shop runs, then once more while it is stopped.
    """
    from rich.console import Console
    from rich.filesize import decimal

    from workers.store import S3Store
    from workers.store_copy import Copied, Copy, FolderPlace, Place, StorePlace

    settings = load_settings(var)
    place: Place = FolderPlace(source)
    if not source.is_dir():
        place = StorePlace(S3Store(_of_other_store(settings, source)))
    with Console(stderr=True).status("looking") as status:

        def show(copied: Copied) -> None:
            status.update(
                f"{copied.objects} objects, {decimal(copied.bytes)} copied; "
                f"{copied.present} were there already"
            )

        copied = Copy(place, S3Store(settings), progress=show).run()
    show_rows([asdict(copied)], ("objects", "bytes", "present"), as_json, "")


def _of_other_store(settings: Settings, file: Path) -> Settings:
    """Settings of the store that a file of variables names. Raises `CommandError`."""
    if not file.is_file():
        raise CommandError(f"{file} is neither a file nor a folder. Check the path.")
    values = {name: value or "" for name, value in dotenv_values(file, interpolate=False).items()}
    if missing := [name for name in NEEDED if not values.get(name)]:
        raise CommandError(f"{file} lacks {', '.join(missing)} of the store to copy from.")
    return replace(
        settings,
        s3_endpoint=values["S3_ENDPOINT"],
        s3_public_endpoint="",
        s3_bucket=values["S3_BUCKET"],
        s3_region=values.get("S3_REGION") or settings.s3_region,
        s3_access_key=values["S3_ACCESS_KEY"],
        s3_secret_key=values["S3_SECRET_KEY"],
    )
