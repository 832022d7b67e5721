"""What operating the shop leaves behind: copies of the database."""

from datetime import datetime
from typing import Literal

from sqlalchemy import BigInteger, Text
from sqlmodel import Field, SQLModel

from schemas.base import created_moment, moment

BackupState = Literal["running", "stored", "failed"]


class Backup(SQLModel, table=True):
    """One copy of the database in the store; sizes in bytes. `revision` is that of its schema."""

    __tablename__ = "backup"

    name: str = Field(primary_key=True, sa_type=Text)  # its key in the store
    state: str = Field(default="running", sa_type=Text)
    size: int = Field(default=0, sa_type=BigInteger)  # stored so far
    database_size: int = Field(default=0, sa_type=BigInteger)  # of what is copied; a copy is smaller
    revision: str = Field(sa_type=Text)
    encrypted: bool = Field(default=False)
    started_at: datetime = created_moment()
    ended_at: datetime | None = moment(default=None)
    error: str = Field(default="", sa_type=Text)
