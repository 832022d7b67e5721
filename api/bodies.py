"""Bodies that come slowly, that are large, and that never come as a whole.

What fits into BODY_LIMIT is here before anything is done for it. Of a longer one only the beginning is: the
rest comes when the application asks for it, once it knows whose it is, and within the same time.
"""

import asyncio
from collections import Counter, deque
from typing import cast

from litestar.exceptions import HTTPException
from litestar.types import HTTPReceiveMessage, HTTPRequestEvent, Receive

from core.jobs.request_reply import Busy

BODY_WITHIN = 10.0  # seconds, the whole of it however long it is
LARGE = 32  # bodies beyond the limit that may be here or on their way; the longest has 2 MB
LARGE_OF_ONE = 2  # of these, of one person


class Late(HTTPException):
    """A body did not come in time."""

    status_code = 408


class Gone(HTTPException):
    """The client has gone before its body was here: nobody waits for an answer, and nobody failed."""

    status_code = 400


class Body:
    """The body of one request. `beginning`: bytes of it that are read before the request is served."""

    def __init__(self, receive: Receive, beginning: int) -> None:
        self._receive = receive
        self._beginning = beginning
        self._read: deque[HTTPRequestEvent] = deque()
        self._until = asyncio.get_running_loop().time() + BODY_WITHIN
        self._ended = False

    @property
    def has_more(self) -> bool:
        """Whether the next part must still come from the client."""
        return not self._read and not self._ended

    async def begin(self) -> None:
        """Read it, up to where the application may refuse it as too large. Raises `Late`, `Gone`."""
        size = 0
        while not self._ended and size <= self._beginning:
            message = await self._next()
            self._read.append(message)
            size += len(message["body"])

    async def receive(self) -> HTTPReceiveMessage:
        """As ASGI has it: the body part by part, then whether the client left. Raises `Late`, `Gone`."""
        if self._read:
            return self._read.popleft()
        if self._ended:
            return cast(HTTPReceiveMessage, await self._receive())
        return await self._next()

    async def _next(self) -> HTTPRequestEvent:
        try:
            async with asyncio.timeout_at(self._until):
                message = cast(HTTPReceiveMessage, await self._receive())
        except TimeoutError:
            raise Late from None
        if message["type"] == "http.disconnect":
            raise Gone
        self._ended = not message["more_body"]
        return message


class LargeBodies:
    """Counts bodies beyond the limit: each is kept in memory as a whole, and whoever rests keeps it there."""

    def __init__(self) -> None:
        self._of: Counter[int | None] = Counter()

    def enter(self, person: int | None) -> None:
        """One of this person begins. Raises `Busy` where there are too many."""
        if self._of[person] >= LARGE_OF_ONE or self._of.total() >= LARGE:
            raise Busy(f"{self._of.total()} large bodies are coming, {self._of[person]} of this person.")
        self._of[person] += 1

    def leave(self, person: int | None) -> None:
        """It is done with."""
        self._of[person] -= 1
        if not self._of[person]:
            del self._of[person]
