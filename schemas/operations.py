"""What operating the shop leaves behind: copies of the database, and what was wrong."""

from datetime import datetime
from typing import Literal

from sqlalchemy import BigInteger, Index, Text, text
from sqlmodel import Field, SQLModel

from schemas.base import created_moment, identity, moment

BackupState = Literal["running", "stored", "failed"]
AlertKind = Literal[
    "promise", "dead", "late", "workers", "memory", "disk", "store", "questions", "audit", "rows", "bot"
]


class Backup(SQLModel, table=True):
    """One copy of the database in the store; sizes in bytes. `revision` is that of its schema."""

    __tablename__ = "backup"

    name: str = Field(primary_key=True, sa_type=Text)  # its key in the store
    state: BackupState = Field(default="running", sa_type=Text)
    size: int = Field(default=0, sa_type=BigInteger)  # stored so far
    database_size: int = Field(default=0, sa_type=BigInteger)  # of what is copied; a copy is smaller
    revision: str = Field(sa_type=Text)
    encrypted: bool = Field(default=False)
    started_at: datetime = created_moment()
    ended_at: datetime | None = moment(default=None)
    error: str = Field(default="", sa_type=Text)


class BadRow(SQLModel, table=True):
    """A row that a loop cannot do and leaves out, so that the others are done; gone once it can be done."""

    __tablename__ = "bad_row"

    loop: str = Field(primary_key=True, sa_type=Text)  # schedules, orders, ...
    name: str = Field(primary_key=True, sa_type=Text)  # which row: its key
    error: str = Field(sa_type=Text)
    began_at: datetime = moment()
    seen_at: datetime = moment()


class Alert(SQLModel, table=True):
    """One occasion on which something was wrong; open until `ended_at`. `number` is its worst figure."""

    __tablename__ = "alert"
    __table_args__ = (
        Index("uq_alert_open", "kind", "subject", unique=True, postgresql_where=text("ended_at is null")),
    )

    id: int | None = identity()
    kind: AlertKind = Field(sa_type=Text)
    subject: str = Field(sa_type=Text)  # of a promise, a queue, a group of workers
    number: int = Field(sa_type=BigInteger)
    began_at: datetime = moment()
    seen_at: datetime = moment()  # when it was last found
    ended_at: datetime | None = moment(default=None)


class BotBeat(SQLModel, table=True):
    """That the bot lives, as it says itself; counts are of updates since it started."""

    __tablename__ = "bot_beat"

    name: str = Field(primary_key=True, sa_type=Text)
    started_at: datetime = moment()
    beat_at: datetime = moment()
    served: int = Field(sa_type=BigInteger)
    failed: int = Field(sa_type=BigInteger)
    memory: int = Field(default=0, sa_type=BigInteger, sa_column_kwargs={"server_default": "0"})
    """Bytes, of this process alone: pages that others use too count by its share."""
