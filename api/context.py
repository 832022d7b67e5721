"""What every request handler shares: settings, units of work in threads, Redis."""

import asyncio
import contextvars
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from litestar.di import NamedDependency
from redis.asyncio import Redis
from sqlmodel import Session

from api.limits import GUESSES, Limiter
from core.db import Database
from core.errors import NotAllowed, NotFound
from core.policy import Policy, parse_policy
from core.settings import Settings

Result = TypeVar("Result")
Work = Callable[[Session], Result]


class Shop:
    """The shop as this process sees it. Made once; holds a bounded number of threads."""

    def __init__(self, settings: Settings, database: Database, redis: Redis) -> None:
        self.settings = settings
        self.database = database
        self.redis = redis
        self.limiter = Limiter(redis)
        self.policy = policy_for_web(settings)
        # As many threads as connections: more would only wait for one another.
        self._threads = ThreadPoolExecutor(settings.database_pool, thread_name_prefix="database")

    async def run(self, work: Work[Result]) -> Result:
        """Do the work in a transaction of its own, in a thread; commit when it returns."""
        return await self._in_thread(self._transact, work)

    async def run_statement(self, work: Work[Result]) -> Result:
        """Do work that only reads, or writes by one statement, without the round trips of a transaction."""
        return await self._in_thread(self._state, work)

    async def look_up(self, client: str, work: Work[Result]) -> Result:
        """Do work that reads something by a secret, unless this client has guessed too often.

        Raises `TooMany`, and what the work raises.
        """
        await self.limiter.check(GUESSES, client)
        try:
            return await self.run_statement(work)
        except (NotFound, NotAllowed):
            await self.limiter.count(GUESSES, client)
            raise

    def close(self) -> None:
        """Finish what runs and end the threads."""
        self._threads.shutdown()

    async def _in_thread(self, unit: Callable[[Work[Result]], Result], work: Work[Result]) -> Result:
        context = contextvars.copy_context()
        return await asyncio.get_running_loop().run_in_executor(self._threads, context.run, unit, work)

    def _transact(self, work: Work[Result]) -> Result:
        with self.database.transaction() as session:
            return work(session)

    def _state(self, work: Work[Result]) -> Result:
        with self.database.statements() as session:
            return work(session)


SharedShop = NamedDependency[Shop]  # as a handler's argument


def policy_for_web(settings: Settings) -> Policy:
    """The rail policy without the rails that this shop cannot take: a transfer with no account to send it
    to, crypto whose notices nobody could verify.

    Raises `SettingError` when RAIL_POLICY is wrong.
    """
    possible = {"stars": True, "crypto": bool(settings.nowpayments_ipn_secret)}
    possible["manual"] = bool(settings.manual_instructions)
    return {
        entry: tuple(rail for rail in rails if entry != "web" or possible[rail])
        for entry, rails in parse_policy(settings.rail_policy).items()
    }
