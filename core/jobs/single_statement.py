"""A rule that is one SQL statement: what it says, and how its rows are to be read.

Whoever has a session runs it there with `run`; the API runs it on its event loop, without a thread and
without the round trips of a transaction (api/statements.py).
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from sqlmodel import Session

from core.jobs.push import remember
from core.jobs.redis_queue import Pending
from core.kit.db import driver

Result = TypeVar("Result")
Rows = Sequence[tuple[Any, ...]]


@dataclass(frozen=True)
class Statement(Generic[Result]):
    """`sql` with the parameters `params`, `%(name)s`; it may run twice and shows once.

    `read` makes the answer of the rows, or raises what the rule refuses. `job` is pushed to the workers
    when a row came back and is committed.
    """

    sql: str
    params: Mapping[str, Any]
    read: Callable[[Rows], Result]
    job: Pending | None = None


def run(session: Session, statement: Statement[Result]) -> Result:
    """Run it in the session's transaction, after what the session has yet to write."""
    session.flush()
    rows = driver(session.connection()).execute(statement.sql, statement.params).fetchall()
    if rows and statement.job is not None:
        remember(session, statement.job)
    return statement.read(rows)
