"""A seller's channel at the loopback Telegram, a plan that opens it, and people who buy."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any, TypeVar
from uuid import UUID

from sqlmodel import Session, col, select

from core.kit.rows import id_of
from schemas.base import utc_now
from schemas.catalogue import Product
from schemas.contracts import JobContract
from schemas.membership import Channel, ChannelEvent
from schemas.people import User
from schemas.queue import Job
from scripts.sandbox.telegram.driver import ChannelHandle, Person
from tests.support import make, make_members
from tests.workers.actors.conftest import Worker
from tests.workers.conftest import TOKEN

T = TypeVar("T")


class ChannelFixture:
    """The bot is admin of the channel; the plan gives 30 days unless the terms differ."""

    def __init__(self, hands: Worker, **terms: Any) -> None:
        self.hands, self.sandbox = hands, hands.sandbox
        self.bot = self.sandbox.add_bot(TOKEN, "shop_bot")
        self.owner = self.person("Sal")
        self.room: ChannelHandle = self.sandbox.add_channel("VIP", self.owner, self.bot)
        self.channel_id, self.plan_id = self.write(lambda session: self._open(session, terms))

    def write(self, act: Callable[[Session], T]) -> T:
        """Apply a rule in a transaction of its own."""
        with self.hands.database.transaction() as session:
            return act(session)

    def person(self, name: str) -> Person:
        """Somebody who has written to the bot."""
        person = self.sandbox.person(name)
        person.says("/start")
        return person

    def user(self, session: Session, person: Person) -> User:
        """The person as the shop knows them."""
        return make.user(session, telegram_id=person.id, name=person.name, language="en")

    def buys(self, person: Person, *, days_ago: float = 0) -> int:
        """The person pays for the plan, so many days ago; the membership."""
        paid_at = utc_now() - timedelta(days=days_ago)

        def pay(session: Session) -> int:
            item = session.get_one(Product, self.plan_id)
            return id_of(make_members.member(session, item, self.user(session, person), now=paid_at))

        return self.write(pay)

    def enters(self, person: Person, link: str | None = None) -> None:
        """The person comes in, and the bot is told; without a link, the owner adds them."""
        if link is None:
            self.room.adds(person)
        else:
            person.joins(link)
        now = utc_now()
        self.write(lambda s: make_members.joins(s, self.channel(s), person.id, at=now, link=link))

    def removals(self, person: Person) -> list[str]:
        """What the bot did to this person, by Telegram's record."""
        changes = [change for change in self.room.history if change["person"] == person.id]
        return [change["after"] for change in changes if change["actor"] == self.bot.id]

    def newest(self, contract: type[JobContract]) -> Job:
        """The newest job of a kind."""
        jobs = select(Job).where(Job.actor == contract.actor).order_by(col(Job.created_at).desc())
        return self.write(lambda session: session.exec(jobs.limit(1)).one())

    def again(self, job_id: UUID) -> Job:
        """Do a job once more: its time has come, or the note that it is done was lost."""
        again = "UPDATE job SET state = 'queued', due_at = now() WHERE id = %s"
        self.write(lambda session: session.connection().exec_driver_sql(again, (job_id,)))
        return self.hands.perform(job_id)

    def events(self) -> list[str]:
        """What the seller is shown of the channel."""
        kinds = select(ChannelEvent.kind).order_by(col(ChannelEvent.id))
        return self.write(lambda session: list(session.exec(kinds)))

    def channel(self, session: Session) -> Channel:
        """Its row."""
        return session.get_one(Channel, self.channel_id)

    def _open(self, session: Session, terms: dict[str, Any]) -> tuple[int, int]:
        shop = make.seller(session, self.user(session, self.owner))
        room = make_members.channel(session, shop, title="VIP", telegram_id=self.room.chat_id, now=utc_now())
        item = make_members.plan(session, room, title="Club", now=utc_now(), **terms)
        return id_of(room), id_of(item)
