"""The bot and a worker over one loopback Telegram, with a clock that tests move.

The bot runs as in its process; jobs are done in the test's own thread, in the order they are due, so that
a month passes in a second. PostgreSQL and Redis are real and keep their own time.
"""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
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
from tests.bot.conftest import ShopBot, ask
from tests.support.bot_club import ChannelFixture
from tests.workers.actors.conftest import Worker
from workers.actors import payments
from workers.registry import registry
from workers.services import Services
from workers.telegram.messenger import TelegramMessenger

REGISTERED = payments
"""Imported for what it registers, besides what `Hands` knows."""
DAY = timedelta(days=1)
PATIENCE = 10.0  # seconds


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
    """A seller's club, its bot and its worker, and all who come."""

    def __init__(self, club: ChannelFixture, hands: Worker, clock: Clock) -> None:
        self.club, self.hands, self.clock = club, hands, clock
        self.sandbox = club.shop.sandbox
        self._actors = [contract.actor for contract in registry.actors]

    def work(self) -> None:
        """Do all jobs that are due by the clock, and what comes of them."""
        due = "UPDATE job SET due_at = now() WHERE state = 'queued' AND due_at <= %s"
        self.club.shop.do(lambda s: s.connection().exec_driver_sql(due, (self.clock.now(),)))
        self.hands.do_all(*self._actors)

    def until(self, condition: Callable[[], Any]) -> None:
        """Work until a condition holds; what the bot hears of Telegram meanwhile makes more work."""
        deadline = time.monotonic() + PATIENCE
        while not condition():
            assert time.monotonic() < deadline, "worked in vain"
            self.work()

    def pass_days(self, days: float) -> None:
        """Let time pass for Telegram, bot and worker; what comes due is done, the nightly nets besides."""
        self.clock.ahead += days * DAY
        self.sandbox.advance(int(days * DAY.total_seconds()))
        self.work()
        for net in (ExpireMembers(), WarnMembers(), CheckRosters()):
            self.hands.do(net)
        self.work()

    def way_in(self, person: Person, after: int = 0) -> str:
        """The newest link into the channel that the person was sent."""
        self.work()
        message = person.wait_for(
            lambda found: any("t.me/+" in item.value for item in found.buttons), after=after
        )
        return next(item.value for item in message.buttons if "t.me/+" in item.value)

    def enters(self, person: Person) -> None:
        """The person asks to join by their newest link; the bot lets them in and writes it down."""
        person.requests_to_join(self.way_in(person))
        self.until(lambda: self.inside(person))
        self.work()

    def inside(self, person: Person) -> bool:
        """Whether the person is in the channel, by Telegram and by what was written down."""
        entry = self.club.roster(person)
        return person.id in self.club.room.members and entry is not None and entry.status == "member"

    def outside(self, person: Person) -> bool:
        """Whether the person is out, by Telegram and by what was written down."""
        entry = self.club.roster(person)
        return person.id not in self.club.room.members and (entry is None or entry.status == "left")

    def ends_at(self, person: Person) -> datetime:
        """The end of what was paid for."""
        found = self.membership(person).ends_at
        assert found is not None
        return found

    def membership(self, person: Person) -> Membership:
        """The person's membership as it is now."""
        statement = select(Membership).join(User, col(User.id) == Membership.user_id)
        statement = statement.where(User.telegram_id == person.id)
        return self.club.shop.do(lambda session: session.exec(statement).one())

    def read(self, rule: Callable[[Session], Any]) -> Any:
        """Anything from the database."""
        return self.club.shop.do(rule)

    def removals(self, person: Person) -> list[str]:
        """What the bot did to this person, by Telegram's record."""
        changes = [change for change in self.club.room.history if change["person"] == person.id]
        return [
            c["after"] for c in changes if c["actor"] == self.club.shop.handle.id and c["after"] == "banned"
        ]


@contextmanager
def open_stage(shop: ShopBot, settings: Settings, clock: Clock, **terms: Any) -> Iterator[MonthSimulation]:
    """Raise the curtain: a club with these terms, and hands that do its jobs."""
    database = Database(settings.database_url)
    client: redis.Redis = redis.Redis.from_url(settings.redis_url)
    messenger = TelegramMessenger(settings, database, client)
    nothing = cast(Any, None)  # no job of a membership touches the store or a payment provider
    hands = Worker(Services(settings, database, client, nothing, messenger, nothing), shop.sandbox)
    try:
        club = ChannelFixture(shop, language="en", **terms)
        ask(club.owner, "/start", "Welcome")  # a bot may write to nobody who never wrote to it
        yield MonthSimulation(club, hands, clock)
    finally:
        messenger.close()
        client.close()
        database.dispose()
