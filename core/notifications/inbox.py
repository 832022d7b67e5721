"""Notifications as their person reads them in the app, newest first, and their end (C30)."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, func, update
from sqlmodel import Session, col, select

from core.kit.readable_rows import build_readable
from core.kit.rows import id_of
from core.notifications.words import words_of
from schemas.notifications import MailAddress, Notification

UNCONFIRMED_KEPT = timedelta(days=7)  # an address that nobody confirmed is forgotten


@dataclass(frozen=True)
class NotificationView:
    """One notification in its reader's language, and what filled its words. `read_at` None: not read yet."""

    id: int
    kind: str
    title: str
    message: str
    params: dict[str, Any]
    created_at: datetime
    read_at: datetime | None


@dataclass(frozen=True)
class Inbox:
    """Some notifications, newest first. `before` asks for the older ones; None where there are none."""

    items: list[NotificationView]
    unread: int
    before: int | None


def inbox(session: Session, user_id: int, language: str, *, before: int | None, limit: int) -> Inbox:
    """At most `limit` notifications older than the one with the id `before`, and how many are unread."""
    newest = col(Notification.id).desc()
    mine = select(Notification.id).where(Notification.user_id == user_id)
    if before is not None:
        mine = mine.where(col(Notification.id) < before)
    ids = session.exec(mine.order_by(newest).limit(limit + 1)).all()
    statement = select(Notification).where(col(Notification.id).in_(ids[:limit])).order_by(newest)
    items = build_readable(session, statement, lambda rows: [_view(language, row) for (row,) in rows])
    return Inbox(items, unread(session, user_id), ids[limit - 1] if len(ids) > limit else None)


def unread(session: Session, user_id: int) -> int:
    """How many notifications a person has not read."""
    waiting = select(func.count()).where(Notification.user_id == user_id, col(Notification.read_at).is_(None))
    return session.exec(waiting).one()


def mark_read(session: Session, user_id: int, ids: Collection[int], *, now: datetime) -> int:
    """Mark a person's own notifications as read and return how many are unread then; others' stay as they
    are."""
    session.execute(
        update(Notification)
        .where(
            col(Notification.user_id) == user_id,
            col(Notification.id).in_(ids),
            col(Notification.read_at).is_(None),
        )
        .values(read_at=now)
        .execution_options(synchronize_session=False)
    )
    return unread(session, user_id)


def prune(session: Session, *, days: int, now: datetime) -> int:
    """Delete notifications older than `days`, and addresses that were never confirmed; how many of both."""
    old = delete(Notification).where(col(Notification.created_at) < now - timedelta(days=days))
    gone = session.execute(old.returning(col(Notification.id))).all()
    forgotten = delete(MailAddress).where(
        col(MailAddress.confirmed_at).is_(None),
        func.coalesce(MailAddress.confirm_until, MailAddress.created_at) < now - UNCONFIRMED_KEPT,
    )
    return len(gone) + len(session.execute(forgotten.returning(col(MailAddress.id))).all())


def _view(language: str, row: Notification) -> NotificationView:
    title, message = words_of(language, row)
    return NotificationView(id_of(row), row.kind, title, message, row.params, row.created_at, row.read_at)
