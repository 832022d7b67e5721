"""What operating the shop leaves behind: copies of the database, and what was wrong."""

from datetime import datetime
from typing import Literal

from sqlalchemy import BigInteger, Index, Text, text
from sqlmodel import Field, SQLModel

from schemas.base import created_moment, identity, moment

BackupState = Literal["running", "stored", "failed"]
AlertKind = Literal["promise", "dead", "late", "workers", "memory"]


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
