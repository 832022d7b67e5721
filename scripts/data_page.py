"""`python -m scripts.data_page --write`: docs/data.md anew from `schemas.columns`.

Without `--write` the page is printed.
"""

import pkgutil
from collections.abc import Iterable, Iterator
from dataclasses import asdict
from importlib import import_module
from pathlib import Path
from typing import Any

from sqlalchemy import Table
from sqlmodel import SQLModel

import schemas
import schemas.columns
from schemas.columns.kinds import Columns, TableColumns
from scripts.written_page import print_or_write

PAGE = Path(__file__).parents[1] / "docs" / "data.md"
HEAD = """\
# Data

Every column of every table: what it says of whom, why it is there, and how long it is kept. This page is
written by `python -m scripts.data_page --write` from `schemas/columns/`, a module for each module of tables;
a test fails on a column that is in neither, and on a page that is not today's.

- **personal**: it says something of a person, or leads to one;
- **financial**: what was sold, paid, owed or given back, which books must show for years;
- **technical**: how the shop works; it says nothing of a person.

Names in capitals are settings, in days or numbers. Backups hold all of it as it was: the newest `BACKUP_KEEP`
are kept. What is kept as long as the shop, an account or a product is removed by nothing of ours by itself.
"""


def modules_of_tables() -> list[str]:
    """Every module of `schemas`, imported, so that all tables are known."""
    names = sorted(module.name for module in pkgutil.iter_modules(schemas.__path__) if not module.ispkg)
    for name in names:
        import_module(f"schemas.{name}")
    return names


def tables() -> list[Table]:
    """Every table that the code knows."""
    modules_of_tables()
    return list(SQLModel.metadata.tables.values())


def classified() -> dict[str, TableColumns]:
    """The classes of all columns, by the name of their module."""
    names = (module.name for module in pkgutil.iter_modules(schemas.columns.__path__))
    return {
        name: import_module(f"schemas.columns.{name}").COLUMNS for name in sorted(names) if name != "kinds"
    }


def page() -> str:
    """The text of docs/data.md."""
    return "\n".join(_lines(classified()))


def _lines(modules: dict[str, TableColumns]) -> Iterator[str]:
    yield HEAD
    for module, in_tables in modules.items():
        yield f"## {module.capitalize()} (`schemas/{module}.py`)\n"
        for table, groups in in_tables.items():
            yield f"### {table}\n"
            yield from _rows(groups)
            yield ""


def _rows(groups: Iterable[Columns]) -> Iterator[str]:
    yield "| Columns | Kind | Why | Kept |"
    yield "|---|---|---|---|"
    for group in groups:
        names = ", ".join(f"`{name}`" for name in group.names)
        yield f"| {names} | {group.kind} | {group.why} | {group.kept} |"


def main() -> None:
    """Print or write the page."""
    print_or_write("scripts.data_page", __doc__ or "", {PAGE: page}, _by_table)


def _by_table() -> dict[str, list[dict[str, Any]]]:
    return {
        table: [asdict(group) for group in groups]
        for in_tables in classified().values()
        for table, groups in in_tables.items()
    }


if __name__ == "__main__":
    main()
