"""What staff commands share: the database, tables for people, JSON for machines, errors with advice.

Database and texts are imported where they are used: a command's `--help` needs neither, and they take a
second to load. Commands that load more than these do the same.
"""

import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import fields
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import msgspec
import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from core.kit.errors import ComptoirError, NotFound, Refused
from core.kit.money import Money
from core.process.settings import Settings
from scripts.terminal.context import load_settings

if TYPE_CHECKING:
    from sqlmodel import Session

    from core.kit.db import Database
    from core.kit.pagination import Page
    from schemas.sales import Order

ACTOR = "cli"
LANGUAGE = "en"
Json = Annotated[bool, typer.Option("--json", help="Print JSON instead of a table")]
Var = Annotated[Path | None, typer.Option(help="Folder of a running stack")]
PageNumber = Annotated[int, typer.Option("--page", min=1, help="Page of the list")]
OrderNumber = Annotated[str, typer.Argument(help="Order number: 42 or CMT-000042")]
Row = Mapping[str, Any]


class CommandError(ComptoirError):
    """A command could not do what was asked; the message says why and what to do next."""


@contextmanager
def transaction(var: Path | None) -> "Iterator[Session]":
    """A transaction on the shop's database. Raises `CommandError` as `open_database` does."""
    with open_database(load_settings(var)) as database, database.transaction() as session:
        yield session


@contextmanager
def open_database(settings: Settings) -> "Iterator[Database]":
    """The shop's database. Jobs that are enqueued reach the workers when their transaction commits.

    Raises `CommandError` in place of a rule's refusal, and as `database_errors` does.
    """
    from core.jobs.push import Pusher
    from core.kit.db import Database
    from core.kit.languages import use_languages
    from core.wiring import connect

    connect()
    use_languages(unknown=settings.default_language, foreign=settings.fallback_language)
    database = Database(settings.database_url, pool_size=1, application="comptoir cli")
    pusher = Pusher(settings.redis_url)
    database.after_commit = pusher.flush
    try:
        with database_errors():
            yield database
    except Refused as error:
        raise CommandError(explain(error)) from None
    finally:
        pusher.close()
        database.dispose()


@contextmanager
def database_errors() -> "Iterator[None]":
    """Replace errors of the database by a `CommandError` with advice.

    They come when it is away, has other tables than this code, or refuses a value.
    """
    import psycopg
    from psycopg.errors import UndefinedColumn, UndefinedTable
    from sqlalchemy.exc import DataError, OperationalError, ProgrammingError

    try:
        yield
    except (OperationalError, psycopg.OperationalError) as error:
        why = str(getattr(error, "orig", error)).strip().partition("\n")[0]
        raise CommandError(
            f"The database did not answer ({why}). Start the shop with `comptoir up`, or check DATABASE_URL."
        ) from None
    except DataError as error:
        raise CommandError(
            f"The database refuses what was typed ({error.orig}). Check it; numbers have 18 digits at most."
        ) from None
    except ProgrammingError as error:
        if not isinstance(error.orig, (UndefinedTable, UndefinedColumn)):
            raise
        raise CommandError(
            "The database has not the tables of this version. Run `comptoir migrate`, then try again."
        ) from None


def explain(refused: Refused) -> str:
    """The sentence in which a rule refused something."""
    from core.kit.texts import UnknownText, plain_refusal

    try:
        return plain_refusal(LANGUAGE, refused)
    except UnknownText:
        return str(refused)


def order_of(session: "Session", number: str) -> "Order":
    """The order of a number that staff typed. Raises `CommandError` when there is none."""
    from core.orders.orders import by_number

    try:
        return by_number(session, number)
    except NotFound:
        raise CommandError(f"There is no order {number!r}. `comptoir orders find` lists them.") from None


def order_id(session: "Session", number: str) -> int:
    """The id of the order of a number that staff typed. Raises `CommandError` when there is none."""
    from core.kit.rows import id_of

    return id_of(order_of(session, number))


def show_page(page: "Page[Any]", columns: Sequence[str], as_json: bool, empty: str) -> None:
    """Print a page of dataclasses: these columns for people, everything for machines."""
    rows = [row_of(item) for item in page.items]
    if as_json:
        show_json({"items": rows, "page": page.number, "pages": page.pages, "total": page.total})
        return
    show_rows(rows, columns, False, empty)
    if page.pages > 1:
        Console().print(f"Page {page.number} of {page.pages}, {page.total} in all (--page N shows another).")


def show_rows(rows: Sequence[Row], columns: Sequence[str], as_json: bool, empty: str) -> None:
    """Print rows: these columns for people, everything for machines; `empty` where there is none."""
    if as_json:
        show_json(list(rows))
        return
    if not rows:
        Console().print(Text(empty))
        return
    table = Table(box=None, header_style="bold", padding=(0, 2, 0, 0))
    for place, column in enumerate(columns):
        table.add_column(column.replace("_", " "), overflow="fold", no_wrap=place == 0)
    for row in rows:
        # Titles and names come from people: they are never read as markup.
        table.add_row(*(Text(cell(row[column])) for column in columns))
    Console().print(table)


def show_fields(values: Row, as_json: bool) -> None:
    """Print one thing, a line for each field that is not empty."""
    if as_json:
        show_json(values)
        return
    table = Table(box=None, show_header=False, padding=(0, 2, 0, 0))
    table.add_column(no_wrap=True)
    table.add_column(overflow="fold")  # a raw body is one long word, and all of it is wanted
    for name, value in values.items():
        if value not in (None, "", []):
            table.add_row(Text(name.replace("_", " "), style="bold"), Text(cell(value)))
    Console().print(table)


def show_done(sentence: str, values: Row, as_json: bool) -> None:
    """Print a sentence about what was done; for machines the values."""
    if as_json:
        show_json(values)
    else:
        Console().print(Text(sentence), soft_wrap=True)


def show_json(value: Any) -> None:
    """Print a value as one line of JSON."""
    sys.stdout.write(msgspec.json.encode(value, enc_hook=str).decode() + "\n")


def row_of(item: Any) -> dict[str, Any]:
    """A dataclass as a dictionary of its fields, nothing in them converted."""
    return {part.name: getattr(item, part.name) for part in fields(item)}


def cell(value: Any) -> str:
    """The text of a value in a table for people."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else ""
    if isinstance(value, datetime):
        return f"{value.astimezone():%Y-%m-%d %H:%M}"
    if isinstance(value, list):
        return ", ".join(map(cell, value))
    if isinstance(value, dict):
        return " ".join(f"{name}={cell(item)}" for name, item in value.items())
    if isinstance(value, Money):
        return str(value)
    return str(value)
