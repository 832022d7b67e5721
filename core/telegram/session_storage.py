"""The file of a Telegram session, and how far its updates have come."""

import os
import sqlite3
import time
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from pyrogram.storage import SQLiteStorage, UpdateState

HANDLED = 600.0
"""Seconds after which an update that came has certainly been handled, though the database was away."""
CACHE = 256
"""KiB of a session file that are kept in memory."""


class PrivateStorage(SQLiteStorage):
    """A session file that only its owner can read: it holds the authorization key.

    How far the updates have come is written down late, when what came has been handled: after a crash
    Telegram is asked for the rest again. The stock storage writes it when it starts and when it stops, which
    asks for weeks again, and while it fetches what it missed, before any of that is handled.

    What was missed is asked for from where the file says, whatever Telegram has pushed since it was opened:
    the library notes how far a push has come and then asks from there, so that one push between the
    connection and the question would hide all that came while nobody listened. The same holds when a
    connection was lost and comes back.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._settled: list[UpdateState] = []
        self._settling: list[UpdateState] = []
        self._missed_since: list[UpdateState] = []  # until it was asked for once
        self._due = 0.0

    async def open(self) -> None:
        path = Path(self.database)
        if path.is_file():
            path.chmod(0o600)
        else:
            os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
            self.conn = sqlite3.connect(path, timeout=1)
            await self.create()  # type: ignore[no-untyped-call]
            self.conn.close()
        await super().open()  # type: ignore[no-untyped-call]
        # Everybody who is written to is kept in it; by itself it would hold 2 MiB of that in memory.
        self.conn.execute(f"PRAGMA cache_size = -{CACHE}")
        self._missed_since = self._settled = self._settling = await self._states()

    async def miss_from_here(self) -> None:
        """The connection is lost: what comes from now on is missed, until it is asked for."""
        self._missed_since = self._missed_since or await self._states()

    async def close(self) -> None:
        """In good order: everything has been handled."""
        self.conn.commit()
        await super().close()  # type: ignore[no-untyped-call]

    async def save(self) -> None:
        newest = await self._states()
        self._settled = self._settled or newest
        await super().set_update_state(self._settled)
        await super().save()  # type: ignore[no-untyped-call]
        await super().set_update_state(newest)

    async def set_update_state(self, update_state: UpdateState | Iterable[UpdateState]) -> None:
        await super().set_update_state(update_state)
        if time.monotonic() >= self._due:
            self._due = time.monotonic() + HANDLED
            self._settled, self._settling = self._settling, await self._states()
            await self.save()

    async def get_update_states(self, ids: int | Iterable[int] | None = None) -> list[UpdateState]:
        """How far updates have come; the first question about all of them is for what was missed."""
        if ids is None and self._missed_since:
            missed_since, self._missed_since = self._missed_since, []
            return missed_since
        return await self._states(ids)

    async def _states(self, ids: int | Iterable[int] | None = None) -> list[UpdateState]:
        # Who joins a channel is told without a pts, and the library keeps such a state as well; asking for
        # what was missed since pts None ends the next start.
        states = await super().get_update_states(ids)
        return [state for state in states if state.pts is not None]
