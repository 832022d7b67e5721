"""What every request handler shares: settings, units of work, Redis."""

import asyncio
import contextvars
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from litestar.di import NamedDependency
from redis.asyncio import Redis
from sqlmodel import Session

from api.limits import GUESSES, Limiter
from api.statements import Statements
from api.timings import Timings
from core.jobs.push import PushLater
from core.jobs.single_statement import Statement
from core.kit.db import Database
from core.kit.errors import NotAllowed, NotFound, Refused
from core.kit.rail_policy import Policy, parse_policy
from core.payments.rails.port import rail_of
from core.process.settings import Settings

Result = TypeVar("Result")
Work = Callable[[Session], Result]


class AppContext:
    """The shop as this process sees it. Made once; holds a bounded number of threads and connections."""

    def __init__(self, settings: Settings, database: Database, redis: Redis) -> None:
        self.settings = settings
        self.database = database
        self.redis = redis
        self.limiter = Limiter(redis)
        self.timings = Timings()
        self.policy = policy_for_web(settings)
        # As many threads as connections: more would only wait for one another.
        self._threads = ThreadPoolExecutor(settings.database_pool, thread_name_prefix="database")
        self._statements = Statements(settings.database_url, settings.database_pool)
        self._push = PushLater(redis)

    async def run(self, work: Work[Result]) -> Result:
        """Do the work in a transaction of its own, in a thread; commit when it returns."""
        return await self._in_thread(self._transact, work)

    async def read(self, work: Work[Result]) -> Result:
        """Do work that only reads, in a thread, without the round trips of a transaction."""
        return await self._in_thread(self._state, work)

    async def execute(self, statement: Statement[Result]) -> Result:
        """Run one statement, committed when this returns. Its job is pushed afterwards: nobody waits for
        Redis here.
        """
        answer, any_row = await self._statements.run(statement)
        if any_row and statement.job is not None:
            self._push(statement.job)
        return answer

    async def look_up(self, client: str, reading: Awaitable[Result]) -> Result:
        """What `reading` finds by a secret, unless this client has guessed too often.

        Both are asked at once. Raises `TooMany`, which comes first, and what the reading raises.
        """
        refused, answer = await asyncio.gather(
            self.limiter.check(GUESSES, client), reading, return_exceptions=True
        )
        if isinstance(refused, BaseException):
            raise refused
        if isinstance(answer, NotFound | NotAllowed):
            await self.limiter.count(GUESSES, client)
        if isinstance(answer, BaseException):
            raise answer
        return answer

    @property
    def sends_mail(self) -> bool:
        """Whether the shop has a mail server, and an address for the links in its mails."""
        return bool(self.settings.smtp_host and self.settings.public_url)

    def require_mail(self) -> None:
        """Raise `Refused` "mail-off" where the shop sends no mail."""
        if not self.sends_mail:
            raise Refused("mail-off")

    async def close(self) -> None:
        """Finish what runs, end the threads and close the connections."""
        self._threads.shutdown()
        await self._push.close()
        await self._statements.close()

    async def _in_thread(self, unit: Callable[[Work[Result]], Result], work: Work[Result]) -> Result:
        context = contextvars.copy_context()
        return await asyncio.get_running_loop().run_in_executor(self._threads, context.run, unit, work)

    def _transact(self, work: Work[Result]) -> Result:
        with self.database.transaction() as session:
            return work(session)

    def _state(self, work: Work[Result]) -> Result:
        with self.database.statements() as session:
            return work(session)


SharedShop = NamedDependency[AppContext]  # as a handler's argument


def policy_for_web(settings: Settings) -> Policy:
    """The rail policy without the rails that this shop cannot take: a transfer with no account to send it
    to, crypto whose notices nobody could verify.

    Raises `SettingError` when RAIL_POLICY is wrong.
    """
    return {
        entry: tuple(rail for rail in rails if entry != "web" or rail_of(rail).offer("web", settings))
        for entry, rails in parse_policy(settings.rail_policy).items()
    }
