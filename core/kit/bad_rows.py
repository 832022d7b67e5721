"""Going through rows so that a bad one stops none of the others.

A row may be what no code of ours wrote: an impossible date, a word that an older or newer release knows, a
value that no type takes. It is named in the log and written down, admins are alerted while it lasts
(`core.monitoring.alerts`), and all others are done.
"""

import logging
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime, timedelta
from typing import TypeVar

from sqlalchemy import and_, delete, func, or_
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.exc import InterfaceError, OperationalError
from sqlmodel import Session, col, select

from schemas.operations import BadRow

K = TypeVar("K")
V = TypeVar("V")
AWAY = (OperationalError, InterfaceError)
"""No fault of a row: the database is away, or two transactions stood in each other's way."""
LASTS = timedelta(hours=26)  # the rarest of the loops that matter run once a day
KEPT = timedelta(days=30)
ERROR_LIMIT = 300  # characters

log = logging.getLogger(__name__)


def each(
    session: Session,
    loop: str,
    keys: Iterable[K],
    act: Callable[[K], V],
    *,
    now: datetime,
    together: Callable[[list[K]], list[V]] | None = None,
    name: Callable[[K], object] = str,
    when_new: Callable[[], object] = lambda: None,
) -> list[V]:
    """Do something for each key; what came of those that succeeded, in their order.

    All are done in one savepoint first, by `together` where that is cheaper. Only if that fails is each done
    in a savepoint of its own, so the act may write to the database alone: nothing else is undone. `name`
    says of a key which row it is; `loop` names the whole to operators; `when_new` is called once a row is
    bad that was not before.
    """
    listed = list(keys)
    failed: dict[str, Exception] = {}
    try:
        with session.begin_nested():
            done = together(listed) if together else [act(key) for key in listed]
    except AWAY:
        raise
    except Exception:  # noqa: BLE001 - which row it was is found by doing each alone
        done = _one_by_one(session, listed, act, name, failed)
    if note_bad_rows(session, loop, failed, now=now):
        when_new()
    return done


def note_bad_rows(session: Session, loop: str, failed: dict[str, Exception], *, now: datetime) -> list[str]:
    """Write down the rows that a loop could not do, and forget those that it could; which are new."""
    new: list[str] = []
    gone = delete(BadRow).where(
        or_(
            and_(col(BadRow.loop) == loop, col(BadRow.name).not_in(failed)),
            col(BadRow.seen_at) < now - KEPT,  # of a loop that does not come again, as an import
        )
    )
    session.execute(gone.execution_options(synchronize_session=False))
    for row_name, error in failed.items():
        if note_bad_row(session, loop, row_name, error, now=now):
            new.append(row_name)
    return new


def note_bad_row(session: Session, loop: str, name: str, error: Exception, *, now: datetime) -> bool:
    """Write down a row that is left out, and name it in the log the first time; whether this is the first."""
    words = f"{type(error).__name__}: {error}".replace("\0", "")[:ERROR_LIMIT]
    row = insert(BadRow).values(loop=loop, name=name, error=words, began_at=now, seen_at=now)
    row = row.on_conflict_do_update(index_elements=["loop", "name"], set_={"error": words, "seen_at": now})
    began_at: datetime = session.execute(row.returning(col(BadRow.began_at))).scalar_one()
    if began_at == now:
        log.error("%s: row %s is left out: %s", loop, name, words)
    return began_at == now


def bad_rows(session: Session, *, now: datetime) -> Sequence[tuple[str, int]]:
    """How many rows each loop leaves out just now."""
    counted = select(BadRow.loop, func.count()).where(col(BadRow.seen_at) >= now - LASTS)
    return session.exec(counted.group_by(BadRow.loop).order_by(BadRow.loop)).all()


def _one_by_one(
    session: Session,
    keys: list[K],
    act: Callable[[K], V],
    name: Callable[[K], object],
    failed: dict[str, Exception],
) -> list[V]:
    done: list[V] = []
    for key in keys:
        try:
            with session.begin_nested():
                done.append(act(key))
        except AWAY:
            raise
        except Exception as error:  # noqa: BLE001 - the others are done, whatever it is
            failed[str(name(key))] = error
    return done
