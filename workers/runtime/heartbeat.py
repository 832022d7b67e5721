"""A worker process's heartbeat: its row in the database, which also tells it to begin nothing more."""

import logging
import threading
import time

from sqlalchemy import Engine
from sqlalchemy.exc import DBAPIError

from core.jobs.heartbeat import BEAT, Self, beat, end
from core.monitoring.memory import give_back, proportional_bytes

TIDY = 60.0  # seconds between two returns of free memory

log = logging.getLogger(__name__)


class Heartbeat:
    """Beats once a call of `beat`. While the worker is drained, `stopping` is set: consumers take nothing."""

    def __init__(self, engine: Engine, row: Self, stopping: threading.Event) -> None:
        self._engine = engine
        self._row = row
        self._stopping = stopping
        self._drained = False
        self._tidy_at = 0.0

    def beat(self) -> float:
        """Write the row and do what it says; seconds until the next beat."""
        if time.monotonic() >= self._tidy_at:
            self._tidy_at = time.monotonic() + TIDY
            give_back()
        with self._engine.connect() as connection, connection.begin():
            drained = beat(connection, self._row, proportional_bytes())
        if drained != self._drained:
            (self._stopping.set if drained else self._stopping.clear)()
            log.info("%s %s", self._row.name, "is drained and begins nothing" if drained else "goes on")
        self._drained = drained
        return BEAT

    def end(self) -> None:
        """Take the row away: the process stops by itself."""
        try:
            with self._engine.connect() as connection, connection.begin():
                end(connection, self._row.name)
        except DBAPIError as error:
            log.info("%s could not say that it ends (%s); its row ages", self._row.name, error)
