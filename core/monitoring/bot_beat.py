"""Whether the bot lives, and how often a handler of its failed since it started, as it says itself."""

from datetime import datetime, timedelta

from sqlalchemy.dialects.postgresql import insert
from sqlmodel import Session, col, delete, select

from schemas.operations import BotBeat

NAME = "bot"
"""One process alone receives Telegram's updates, so there is one row."""
SILENT = timedelta(seconds=60)  # without a beat after which the bot counts as hanging


def beat(
    session: Session, *, started_at: datetime, served: int, failed: int, memory: int, now: datetime
) -> None:
    """Say that the bot lives, how many updates it served, how many of them failed, and the bytes it holds."""
    counts = {"served": served, "failed": failed, "memory": memory}
    values = {"started_at": started_at, "beat_at": now, **counts}
    row = insert(BotBeat).values(name=NAME, **values)
    session.execute(row.on_conflict_do_update(index_elements=["name"], set_=values))


def end(session: Session) -> None:
    """The bot stops by itself."""
    session.execute(delete(BotBeat).where(col(BotBeat.name) == NAME))


def last_beat(session: Session) -> BotBeat | None:
    """What the bot said last; None where there is no bot, or it was stopped."""
    return session.exec(select(BotBeat).where(col(BotBeat.name) == NAME)).one_or_none()


def silent_for(session: Session, *, now: datetime) -> timedelta | None:
    """For how long the bot has been silent, where that is too long."""
    last = last_beat(session)
    silence = now - last.beat_at if last is not None else timedelta(0)
    return silence if silence > SILENT else None
