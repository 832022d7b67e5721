"""Notices that the store is back, and wakes the jobs that wait for it."""

import logging
from pathlib import Path

from sqlalchemy import Engine

from core.jobs.waking import any_wait_for_store, wake
from core.monitoring.disk import disk_of
from core.ports import ObjectStore
from core.uploads.part_plan import USUAL_PART
from core.uploads.room import is_full

PAUSE = 5.0  # seconds between two looks

log = logging.getLogger(__name__)


class StoreWatch:
    """Asks the store only while jobs wait for it, and wakes them once each time it begins to answer.

    Once, so that what it refuses for other reasons goes on backing off. `folder` is the store's, where it is
    on this machine: a disk that has no place for a part may still take a byte.
    """

    def __init__(self, engine: Engine, store: ObjectStore, folder: Path | None) -> None:
        self._engine = engine
        self._store = store
        self._folder = folder
        self._answered = False

    def look(self) -> float:
        """Look once; seconds until the next look."""
        if not any_wait_for_store(self._engine) or not self._takes_files():
            self._answered = False
        elif not self._answered:
            self._answered = True
            log.info("the store answers: %d jobs that waited for it go on", wake(self._engine))
        return PAUSE

    def _takes_files(self) -> bool:
        return not is_full(disk_of(self._folder), USUAL_PART) and self._store.takes_objects()
