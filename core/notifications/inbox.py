"""Notifications as their person reads them in the app, newest first, and their end (C30)."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, func, update
from sqlmodel import Session, col, select

from core.kit.rows import id_of
from core.notifications.words import words_of
from schemas.notifications import MailAddress, Notification

UNCONFIRMED_KEPT = timedelta(days=7)  # an address that nobody confirmed is forgotten


@dataclass(frozen=True)
class NotificationView:
    """One notification in its reader's language. `read_at` None: not read yet."""

    id: int
    kind: str
    title: str
    message: str
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
    mine = select(Notification).where(Notification.user_id == user_id)
    if before is not None:
        mine = mine.where(col(Notification.id) < before)
    rows = session.exec(mine.order_by(col(Notification.id).desc()).limit(limit + 1)).all()
    items = [_view(language, row) for row in rows[:limit]]
    return Inbox(items, unread(session, user_id), items[-1].id if len(rows) > limit else None)


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
    return NotificationView(id_of(row), row.kind, title, message, row.created_at, row.read_at)
