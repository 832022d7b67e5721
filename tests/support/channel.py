"""A seller's channel "VIP", a plan "Club" that opens it, and people who want to be in it."""

from collections.abc import Callable, Sequence
from datetime import timedelta
from functools import cached_property
from typing import Any, Protocol, TypeVar

from sqlmodel import Session, col, select

from core.kit.rows import id_of
from core.memberships.member_actions import start_trial
from core.memberships.plans import Terms, create_plan
from core.memberships.queries import PlanView, plan_view
from core.orders.publication import publish
from schemas.base import utc_now
from schemas.catalogue import Product
from schemas.contracts import JobContract
from schemas.membership import Channel, ChannelEvent, Membership, RosterEntry
from schemas.people import Seller, User
from schemas.queue import Job
from scripts.sandbox.telegram.driver import BotHandle, ChannelHandle, Person
from scripts.sandbox.telegram.sandbox import Sandbox
from scripts.sandbox.telegram.views import Message
from tests.support import make, make_members
from tests.support.shop_bot import ShopBot, ask
from tests.support.telegram_clients import TOKEN
from tests.support.waiting import wait_until
from tests.support.worker import Worker

T = TypeVar("T")


class Do(Protocol):
    """Applies a rule in a transaction of its own."""

    def __call__(self, rule: Callable[[Session], T]) -> T: ...


def user_of(session: Session, person: Person, language: str = "en") -> User:
    """The person as the shop knows them."""
    return make.user(session, telegram_id=person.id, name=person.name, language=language)


class ChannelFixture:
    """The channel at the loopback Telegram and in the database; make it by `connect` or `write`."""

    def __init__(self, sandbox: Sandbox, bot: BotHandle, do: Do, room: ChannelHandle, owner: Person) -> None:
        self.sandbox = sandbox
        self.bot = bot
        self.do = do
        self.room = room
        self.owner = owner
        self.plan_id = 0

    @classmethod
    def connect(cls, shop: ShopBot, *, language: str = "fr", **terms: Any) -> "ChannelFixture":
        """Ann connects her channel through the running bot; the plan has a trial of a week."""
        owner = shop.person("Ann", language=language)
        shop.do(lambda session: id_of(make.seller(session, user_of(session, owner, language))))
        room = shop.sandbox.add_channel("VIP", owner)
        channel = cls(shop.sandbox, shop.handle, shop.do, room, owner)
        owner.adds_bot_as_admin(room, shop.handle)
        wait_until(lambda: channel.row() is not None)
        channel.plan_id = shop.do(lambda session: _add_plan(session, Terms(**({"trial_days": 7} | terms))))
        return channel

    @classmethod
    def write(cls, worker: Worker, sandbox: Sandbox, **terms: Any) -> "ChannelFixture":
        """Sal's channel without a running bot; the plan gives 30 days unless the terms differ."""

        def do(rule: Callable[[Session], T]) -> T:
            with worker.database.transaction() as session:
                return rule(session)

        def add(session: Session) -> int:
            seller = make.seller(session, user_of(session, owner))
            row = make_members.channel(session, seller, title="VIP", telegram_id=room.chat_id, now=utc_now())
            return id_of(make_members.plan(session, row, title="Club", now=utc_now(), **terms))

        bot, owner = sandbox.add_bot(TOKEN, "shop_bot"), sandbox.person("Sal")
        owner.says("/start")
        room = sandbox.add_channel("VIP", owner, bot)
        channel = cls(sandbox, bot, do, room, owner)
        channel.plan_id = do(add)
        return channel

    @cached_property
    def link(self) -> str:
        """A link of the seller's own, by which people ask to join."""
        return self.room.creates_link(request=True)

    @cached_property
    def channel_id(self) -> int:
        """The number of its row."""
        return self.do(lambda session: id_of(self.row_in(session)))

    def row(self) -> Channel | None:
        """Its row as it is now; None before the bot has written it."""
        statement = select(Channel).where(Channel.telegram_id == self.room.chat_id)
        return self.do(lambda session: session.exec(statement).one_or_none())

    def row_in(self, session: Session) -> Channel:
        """Its row in a transaction."""
        return session.exec(select(Channel).where(Channel.telegram_id == self.room.chat_id)).one()

    def person(self, name: str, *, language: str = "en") -> Person:
        """Somebody with a Telegram account."""
        return self.sandbox.person(name, language=language)

    def reader(self, name: str) -> Person:
        """Somebody who has written to the bot, so that it may write to them."""
        person = self.person(name)
        person.says("/start")
        return person

    def roster(self, person: Person) -> RosterEntry | None:
        """What is written down of the person's place in the channel."""
        statement = select(RosterEntry).where(RosterEntry.telegram_id == person.id)
        return self.do(lambda session: session.exec(statement).one_or_none())

    def stands(self, person: Person, status: str) -> bool:
        """Whether that is written down of the person's place."""
        entry = self.roster(person)
        return entry is not None and entry.status == status

    def was_answered(self, person: Person) -> bool:
        """Whether the request has been noted as answered."""
        entry = self.roster(person)
        return entry is not None and entry.requested_at is None

    def queued(self, contract: type[JobContract]) -> Sequence[JobContract]:
        """The jobs of one kind that were asked for."""
        return self.do(lambda session: make.queued(session, contract))

    def newest(self, contract: type[JobContract]) -> Job:
        """The newest job of a kind."""
        jobs = select(Job).where(Job.actor == contract.actor).order_by(col(Job.created_at).desc())
        return self.do(lambda session: session.exec(jobs.limit(1)).one())

    def events(self) -> list[str]:
        """What the seller is shown of the channel."""
        kinds = select(ChannelEvent.kind).order_by(col(ChannelEvent.id))
        return self.do(lambda session: list(session.exec(kinds)))

    def removals(self, person: Person) -> list[str]:
        """What the bot did to this person, by Telegram's record."""
        changes = [change for change in self.room.history if change["person"] == person.id]
        return [change["after"] for change in changes if change["actor"] == self.bot.id]

    def membership(self, person: Person) -> Membership | None:
        """The person's newest membership, as it is now."""
        statement = select(Membership).join(User, col(User.id) == Membership.user_id)
        statement = statement.where(User.telegram_id == person.id).order_by(col(Membership.id).desc())
        return self.do(lambda session: session.exec(statement.limit(1)).one_or_none())

    def state(self, person: Person) -> str:
        """Where the person's membership stands by its row."""
        membership = self.membership(person)
        return membership.state if membership is not None else ""

    def sells_to(self, person: Person, *, days_ago: float = 0) -> int:
        """The plan is paid for, so many days ago, without the bot; the membership."""
        paid_at = utc_now() - timedelta(days=days_ago)

        def pay(session: Session) -> int:
            plan = session.get_one(Product, self.plan_id)
            return id_of(make_members.member(session, plan, user_of(session, person), now=paid_at))

        return self.do(pay)

    def enters(self, person: Person, link: str | None = None) -> None:
        """The person comes in, and it is written down; without a link, the owner adds them."""
        if link is None:
            self.room.adds(person)
        else:
            person.joins(link)
        now = utc_now()
        self.do(lambda s: make_members.joins(s, self.row_in(s), person.id, at=now, link=link))

    def tries(self, name: str) -> Person:
        """Somebody on trial: who may be in, and is not yet."""
        person = self.person(name)
        self.do(lambda s: start_trial(s, user_of(s, person), self.plan_id, now=utc_now()).state)
        return person

    def card(self, person: Person) -> Message:
        """The plan as its link shows it in the bot."""
        return ask(person, "/start p_club", "Club")

    def buys(self, person: Person) -> None:
        """The person subscribes from the plan's card in the bot, and pays."""
        card = self.card(person)
        person.presses(card, f"buy:{self.plan_id}")
        bill = person.wait_for(lambda message: message.invoice is not None, after=card)
        assert person.pays(bill).error is None
        wait_until(lambda: self.membership(person) is not None)


def view_of(channel: ChannelFixture) -> PlanView:
    """The plan as its seller sees it."""
    return channel.do(lambda session: plan_view(session, channel.plan_id))


def _add_plan(session: Session, terms: Terms) -> int:
    seller = session.exec(select(Seller)).one()
    channel = session.exec(select(Channel)).one()
    plan = create_plan(
        session,
        seller,
        title="Club",
        description="A pattern every week.",
        prices=make.PRICES,
        terms=terms,
        channel_ids=[id_of(channel)],
        now=utc_now(),
    )
    publish(session, id_of(plan), actor_user=make.owner_of(session, seller), now=utc_now())
    return id_of(plan)
