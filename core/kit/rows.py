"""Reading rows: the identity of one that is written, and one that must exist."""

from typing import Protocol, TypeVar

from sqlmodel import Session, SQLModel

from core.kit.errors import NotFound


class _Identified(Protocol):
    id: int | None


Row = TypeVar("Row", bound=SQLModel)


def id_of(row: _Identified) -> int:
    """The identity of a row that has been flushed."""
    assert row.id is not None, f"{type(row).__name__} has not been flushed"
    return row.id


def must_get(session: Session, table: type[Row], identity: object, code: str, *, lock: bool = False) -> Row:
    """The row as it is now, locked against other writers if `lock`. Raises `NotFound(code)`.

    The lock is FOR NO KEY UPDATE: rows that refer to this one can still be written.
    """
    row = session.get(
        table, identity, populate_existing=lock, with_for_update={"key_share": True} if lock else None
    )
    if row is None:
        raise NotFound(code)
    return row
