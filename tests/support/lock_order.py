"""Watches in which order rows are locked: two orders, and each of two may wait for the other."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Engine, event

LOCK = "FOR NO KEY UPDATE"


@contextmanager
def locked_in_order(first: str, then: str) -> Iterator[list[str]]:
    """At the end no transaction may have locked a row of the table `then` before one of `first`.

    The list holds the tables of all locks, in their order.
    """
    locks: list[str] = []
    wrong: list[str] = []
    held: dict[int, set[str]] = {}

    def look(connection: Any, cursor: Any, statement: str, *_: Any) -> None:
        if LOCK not in statement:
            return
        tables = held.setdefault(id(connection), set())
        locked = [table for table in (first, then) if f"FROM {table} " in statement.replace("\n", " ") + " "]
        locks.extend(locked)
        if then in locked and first not in tables:
            wrong.append(statement)
        tables.update(locked)

    def forget(connection: Any) -> None:
        held.pop(id(connection), None)

    watched: dict[str, Callable[..., None]] = {
        "before_cursor_execute": look,
        "commit": forget,
        "rollback": forget,
        "begin": forget,
    }
    for name, listener in watched.items():
        event.listen(Engine, name, listener)
    try:
        yield locks
    finally:
        for name, listener in watched.items():
            event.remove(Engine, name, listener)
    assert wrong == [], f"{then} is locked before {first}"
