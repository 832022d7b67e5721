"""The bot and a worker over one loopback Telegram, with a clock that tests move.

The bot runs as in its process; jobs are done in the test's own thread, in the order they are due, so that
a month passes in a second. PostgreSQL and Redis are real and keep their own time.
"""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime, timedelta, tzinfo
from typing import Any, cast

import pytest
import redis
from sqlmodel import Session, col, select

from core.kit.db import Database
from core.process.settings import Settings
from schemas.member_jobs import CheckRosters, ExpireMembers, WarnMembers
from schemas.membership import Membership
from schemas.people import User
from scripts.sandbox.telegram.driver import Person
from tests.support.channel import ChannelFixture
from tests.support.shop_bot import ShopBot, ask
from tests.support.waiting import wait_until
from tests.support.worker import Worker
from workers.main import load_actors
from workers.services import Services, open_stripe
from workers.telegram.messenger import TelegramMessenger

DAY = timedelta(days=1)
Simulate = Callable[..., "MonthSimulation"]
"""Starts a month with a plan of the terms that a test names."""


class Clock:
    """Real time and what the test has added to it."""

    def __init__(self, patch: pytest.MonkeyPatch) -> None:
        self.ahead = timedelta(0)
        clock = self

        class Moved(datetime):
            @classmethod
            def now(cls, tz: tzinfo | None = None) -> "Moved":
                return cast(Moved, datetime.now(tz) + clock.ahead)

        patch.setattr("schemas.base.datetime", Moved)  # where `utc_now` reads the time

    def now(self) -> datetime:
        """The present moment, as bot and worker see it."""
        return datetime.now(UTC) + self.ahead


class MonthSimulation:
    """A seller's channel, its bot and its worker, and all who come."""

    def __init__(self, channel: ChannelFixture, worker: Worker, clock: Clock) -> None:
        self.channel, self.worker, self.clock = channel, worker, clock
        self.sandbox = channel.sandbox
        self._actors = [contract.actor for contract in load_actors().actors]

    def work(self) -> None:
        """Do all jobs that are due by the clock, and what comes of them."""
        due = "UPDATE job SET due_at = now() WHERE state = 'queued' AND due_at <= %s"
        self.channel.do(lambda s: s.connection().exec_driver_sql(due, (self.clock.now(),)))
        self.worker.do_all(*self._actors)

    def until(self, condition: Callable[[], Any]) -> None:
        """Work until a condition holds; what the bot hears of Telegram meanwhile makes more work."""

        def comes_true() -> bool:
            if not condition():
                self.work()
            return bool(condition())

        wait_until(comes_true, complaint="worked in vain")

    def pass_days(self, days: float) -> None:
        """Let time pass for Telegram, bot and worker; what comes due is done, the nightly nets besides."""
        self.clock.ahead += days * DAY
        self.sandbox.advance(int(days * DAY.total_seconds()))
        self.work()
        for net in (ExpireMembers(), WarnMembers(), CheckRosters()):
            self.worker.do(net)
        self.work()

    def way_in(self, person: Person, after: int = 0) -> str:
        """The newest link into the channel that the person was sent."""
        self.work()
        message = person.wait_for(
            lambda message: any("t.me/+" in button.value for button in message.buttons), after=after
        )
        return next(button.value for button in message.buttons if "t.me/+" in button.value)

    def enters(self, person: Person) -> None:
        """The person asks to join by their newest link; the bot lets them in and writes it down."""
        person.requests_to_join(self.way_in(person))
        self.until(lambda: self.inside(person))
        self.work()

    def inside(self, person: Person) -> bool:
        """Whether the person is in the channel, by Telegram and by what was written down."""
        return person.id in self.channel.room.members and self.channel.stands(person, "member")

    def outside(self, person: Person) -> bool:
        """Whether the person is out, by Telegram and by what was written down."""
        entry = self.channel.roster(person)
        return person.id not in self.channel.room.members and (entry is None or entry.status == "left")

    def ends_at(self, person: Person) -> datetime:
        """The end of what was paid for."""
        end = self.membership(person).ends_at
        assert end is not None
        return end

    def membership(self, person: Person) -> Membership:
        """The person's membership as it is now."""
        statement = select(Membership).join(User, col(User.id) == Membership.user_id)
        statement = statement.where(User.telegram_id == person.id)
        return self.channel.do(lambda session: session.exec(statement).one())

    def read(self, rule: Callable[[Session], Any]) -> Any:
        """Anything from the database."""
        return self.channel.do(rule)

    def bans(self, person: Person) -> int:
        """How often the bot put this person out, by Telegram's record."""
        return self.channel.removals(person).count("banned")


@contextmanager
def simulate_month(
    shop: ShopBot, settings: Settings, clock: Clock, **terms: Any
) -> Iterator[MonthSimulation]:
    """A channel whose plan has these terms, and a worker that does its jobs."""
    with ExitStack() as connections:
        database = Database(settings.database_url)
        client = redis.Redis.from_url(settings.redis_url)
        messenger = TelegramMessenger(settings, database, client)
        nothing = cast(Any, None)  # no job of a membership touches the store or NOWPayments
        stripe = open_stripe(settings)
        services = Services(settings, database, client, nothing, messenger, nothing, stripe=stripe)
        connections.callback(services.close)
        worker = Worker(services)
        channel = ChannelFixture.connect(shop, language="en", **terms)
        ask(channel.owner, "/start", "Welcome")  # a bot may write to nobody who never wrote to it
        yield MonthSimulation(channel, worker, clock)
