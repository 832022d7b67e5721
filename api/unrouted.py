"""Routes that do nothing but ask the workers: without room for one more question they are refused unrouted.

The way through routing to the same refusal costs several times as much, and who floods them pays nothing.
Clicks are not among them: what asks for a link by itself is shown a page, which needs no worker.
"""

import asyncio
import contextvars
import re
from collections import Counter
from typing import Any

import structlog

from core.jobs.request_reply import has_room
from schemas.contracts import PICTURES, Queue

EVERY = 1.0  # seconds between two lines of the log on what was shed
SHED = "shed"  # in a request's state: the class of limits of one that was refused without being begun
ASKING: tuple[tuple[re.Pattern[str], str, Queue], ...] = (
    (re.compile(r"/pictures/[^/]+/?"), "/pictures/{upload_id:uuid}", PICTURES),
    (re.compile(r"/previews/[^/]+/?"), "/previews/{asset_id:uuid}", PICTURES),
    (re.compile(r"/previews/[^/]+/\d+/?"), "/previews/{asset_id:uuid}/{number:int}", PICTURES),
    (re.compile(r"/previews/[^/]+/teaser/?"), "/previews/{asset_id:uuid}/teaser", PICTURES),
)
"""Paths, the templates of their routes, by which they are counted, and the queues that they ask."""

log = structlog.get_logger(__name__)


def route_without_room(method: str, path: str) -> str:
    """The template of the route that cannot ask now; empty where it can, or asks nothing."""
    if method != "GET":
        return ""
    return next(
        (route for pattern, route, queue in ASKING if pattern.fullmatch(path) and not has_room(queue)), ""
    )


class ShedLog:
    """One line a second for each class of what was shed, and how many: a flood must not fill the log."""

    def __init__(self) -> None:
        self._counts = Counter[str]()
        self._timer: asyncio.TimerHandle | None = None

    def count(self, name: str) -> None:
        """One request of this class was shed."""
        self._counts[name] += 1
        if self._timer is None:
            loop = asyncio.get_running_loop()
            # Outside of the request that happens to be the first: the line is about many.
            self._timer = loop.call_later(EVERY, self.write, context=contextvars.Context())

    def write(self, *_: Any) -> None:
        """Write what was counted since the last time, if anything."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        for name, count in self._counts.items():
            log.warning("requests_shed", limit=name, count=count)
        self._counts.clear()
