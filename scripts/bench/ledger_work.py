"""The work that the ledger's benchmark gives to each competitor: one row update and one presigned URL."""

import os
from dataclasses import dataclass
from typing import ClassVar

from sqlalchemy import text
from sqlmodel import Session

from core.kit.db import Database
from core.process.settings import Settings
from schemas.contracts import JobContract, Queue
from workers.store import S3Store

TABLE = (
    "CREATE TABLE bench_row (id int PRIMARY KEY, touched int NOT NULL DEFAULT 0, url_size int, "
    "sent double precision, started double precision)"
)
TOUCH = text(
    "UPDATE bench_row SET touched = touched + 1, url_size = :size, started = :started WHERE id = :id"
)


class Touch(JobContract, frozen=True):
    """The job that each competitor does, as our ledger declares it."""

    actor: ClassVar[str] = "touch"
    queue: ClassVar[Queue] = "bulk"

    row: int


@dataclass(frozen=True)
class Resources:
    """What each worker process opens once; the same for all competitors."""

    settings: Settings
    database: Database
    store: S3Store

    @classmethod
    def open(cls) -> "Resources":
        """Connect to the servers that the environment variables name."""
        settings = Settings.from_environment(os.environ)
        return cls(settings, Database(settings.database_url, pool_size=16), S3Store(settings))

    def sign(self, row: int) -> int:
        """Sign a download URL; its length in characters."""
        url = self.store.sign_download(
            f"uploads/1/{row}/course.zip", file_name="course.zip", content_type="application/zip", expires=300
        )
        return len(url)


def touch(session: Session, row: int, size: int, started: float) -> None:
    """Write a job's outcome into its row."""
    session.connection().execute(TOUCH, {"id": row, "size": size, "started": started})
