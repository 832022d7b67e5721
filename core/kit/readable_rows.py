"""Lists of which a row that cannot be read, or makes no sense, hides no other.

What is left out is named in the log and to operators, as by `core.kit.bad_rows.each`; unlike there, nothing
is written, and nothing forgotten, while all rows are well: people open lists often.
"""

from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from sqlalchemy import Select, inspect
from sqlmodel import Session

from core.kit.bad_rows import AWAY, note_bad_row
from schemas.base import utc_now

T = TypeVar("T")
Build = Callable[[Sequence[Any]], list[T]]


def build_readable(
    session: Session,
    statement: Select[*tuple[Any, ...]],
    build: Build[T],
    *,
    skip: int = 0,
    limit: int | None = None,
) -> list[T]:
    """What `build` makes of the rows of an ordered statement, but for those that fail in it or before.

    The first thing that the statement selects is a table's row, or a column of it: by its key each row is
    read alone once one has failed. For lists; whoever acts on rows uses `each`.
    """
    some = statement.limit(limit).offset(skip or None)
    try:
        return build(session.execute(some).all())
    except AWAY:
        raise
    except Exception:  # noqa: BLE001 - which row it was is found by reading each alone
        return _one_by_one(session, statement, some, build)


def readable(session: Session, statement: Select[*tuple[Any, ...]]) -> list[Any]:
    """The first column of each row that can be read."""
    return build_readable(session, statement, lambda rows: [row[0] for row in rows])


def _one_by_one(
    session: Session,
    statement: Select[*tuple[Any, ...]],
    some: Select[*tuple[Any, ...]],
    build: Build[T],
) -> list[T]:
    table = inspect(statement.column_descriptions[0]["entity"])
    keys = session.execute(some.with_only_columns(*table.primary_key, maintain_column_froms=True)).all()
    built: list[T] = []
    for key in dict.fromkeys(tuple(row) for row in keys):
        alone = [column == value for column, value in zip(table.primary_key, key, strict=True)]
        try:
            built += build(session.execute(statement.where(*alone)).all())
        except AWAY:
            raise
        except Exception as error:  # noqa: BLE001 - the others are shown, whatever it is
            name = ":".join(map(str, key))
            note_bad_row(session, f"list of {table.local_table.name}", name, error, now=utc_now())
    return built
