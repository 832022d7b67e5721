"""A background thread that repeats one step and outlives outages of PostgreSQL and Redis."""

import logging
import threading
import time
from collections.abc import Callable

import redis
from sqlalchemy.exc import DBAPIError

OUTAGE = 1.0  # seconds between two tries while a server is away

log = logging.getLogger(__name__)


class Loop(threading.Thread):
    """Calls `step` until stopped; what it returns is the pause in seconds until the next call."""

    def __init__(self, name: str, step: Callable[[], float]) -> None:
        super().__init__(name=name, daemon=True)
        self._step = step
        self._stopped = threading.Event()
        self._away = False

    def run(self) -> None:
        """Repeat the step until `stop`."""
        pause = 0.0
        while not self._stopped.wait(pause):
            pause = self._once()

    def stop(self, timeout: float = 2.0) -> None:
        """Ask the thread to end, and wait at most `timeout` seconds for it."""
        self._stopped.set()
        if self.is_alive():
            self.join(timeout)

    def _once(self) -> float:
        started = time.monotonic()
        try:
            pause = self._step()
        except (DBAPIError, redis.RedisError) as error:
            if not self._away:
                log.error("%s waits: %s: %s", self.name, type(error).__name__, error)
            self._away = True
            return OUTAGE
        except Exception:  # one bad row must not end the sweeping of all others
            log.exception("%s failed after %.1f s and goes on", self.name, time.monotonic() - started)
            return OUTAGE
        if self._away:
            log.info("%s goes on", self.name)
        self._away = False
        return pause
