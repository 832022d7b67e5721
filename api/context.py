"""What every request handler shares: settings, units of work, Redis."""

import asyncio
import contextvars
import time
from collections import Counter
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

import structlog
from litestar.di import NamedDependency
from redis.asyncio import Redis
from sqlmodel import Session

from api.connections import Connections
from api.sojourn import Sojourn
from api.statements import Statements
from api.timings import Timings
from core.jobs.push import PushLater
from core.jobs.request_reply import Busy
from core.jobs.single_statement import Statement
from core.kit.db import Database, PoolUse
from core.kit.errors import NotAllowed, NotFound, Refused
from core.kit.rail_policy import Policy, parse_policy
from core.payments.rails.port import rail_of
from core.people.guesses import report_web_guesses
from core.process.limiter import Limiter, TooMany
from core.process.limits import GUESSES, parse_limits
from core.process.settings import Settings
from schemas.base import utc_now

Result = TypeVar("Result")
Work = Callable[[Session], Result]

log = structlog.get_logger(__name__)


class AppContext:
    """The shop as this process sees it. Made once; holds a bounded number of threads and connections."""

    def __init__(self, settings: Settings, database: Database, redis: Redis) -> None:
        self.settings = settings
        self.database = database
        self.redis = redis
        self.limiter = Limiter(redis, parse_limits(settings.limits))
        self.timings = Timings()
        self.unkept = Counter[str]()  # events by provider that were known before, or about nothing of ours
        self.policy = policy_for_web(settings)
        # As many threads as connections, and none for moments: with twenty a storm served no more, and what
        # it served waited three times as long (docs/measurements.md).
        self._threads = ThreadPoolExecutor(settings.database_pool, thread_name_prefix="database")
        self._sojourn = Sojourn()
        # Behind a proxy of ours every connection is its own.
        self.connections = Connections(
            settings.api_connections, 0 if settings.trusted_proxy else settings.api_connections_per_address
        )
        self._statements = Statements(settings.database_url, settings.database_pool)
        self._push = PushLater(redis)

    async def run(self, work: Work[Result]) -> Result:
        """Do the work in a transaction of its own, in a thread; commit when it returns.

        Raises `Busy` where too much waits for a thread.
        """
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
        """What `reading` finds by a secret. What it does not find counts as a guess of this client.

        Raises `TooMany` instead of what the reading raises once the client has guessed too often. A good
        secret is always let through: behind one address there may be a whole company, or all of the shop.
        """
        try:
            return await reading
        except (NotFound, NotAllowed):
            await self.count_guess(client)
            raise

    async def count_guess(self, client: str) -> None:
        """Count a secret that was wrong. Raises `TooMany` at one too many; staff are told, once a day."""
        try:
            await self.limiter.count(GUESSES, client)
        except TooMany as refused:
            if refused.first:
                log.warning("guessing", address=client)
                await self.run(lambda session: report_web_guesses(session, now=utc_now()))
            raise

    def pools(self) -> dict[str, PoolUse]:
        """The connections to the database, by who uses them."""
        return {"sessions": self.database.pool_use(), "statements": self._statements.pool_use()}

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
        await self.limiter.close()
        self._threads.shutdown()
        await self._push.close()
        await self._statements.close()

    async def _in_thread(self, unit: Callable[[Work[Result]], Result], work: Work[Result]) -> Result:
        context, queued_at = contextvars.copy_context(), time.monotonic()

        def in_turn() -> Result:
            now = time.monotonic()
            if self._sojourn.is_too_long(now - queued_at, now):
                raise Busy(f"Work waited {now - queued_at:.2f} s for a thread; try again in a few seconds.")
            return context.run(unit, work)

        return await asyncio.get_running_loop().run_in_executor(self._threads, in_turn)

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
