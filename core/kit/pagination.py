"""One page of a longer list."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from sqlalchemy import Select, func
from sqlmodel import Session, select

from core.kit.readable_rows import build_readable

T = TypeVar("T")


@dataclass(frozen=True)
class Page(Generic[T]):
    """`number` counts from 1; an empty list is one empty page."""

    items: list[T]
    number: int
    pages: int
    total: int


def paginate(
    session: Session,
    statement: Select[*tuple[Any, ...]],
    build: Callable[[Sequence[Any]], list[T]],
    *,
    page: int,
    size: int,
) -> Page[T]:
    """Page `page` of an ordered statement; a number out of range becomes the nearest page that exists.

    A row that cannot be read is counted and left out.
    """
    total = session.exec(select(func.count()).select_from(statement.order_by(None).subquery("counted"))).one()
    pages = max(1, -(-total // size))
    number = min(max(1, page), pages)
    skip = (number - 1) * size
    items = build_readable(session, statement, build, skip=skip, limit=size) if total else []
    return Page(items, number, pages, total)
