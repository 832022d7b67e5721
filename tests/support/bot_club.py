"""A seller's channel that the bot runs, a plan that opens it, and people who want to be in it."""

from collections.abc import Sequence
from typing import Any

from sqlmodel import Session, col, select

from core.kit.rows import id_of
from core.memberships.member_actions import start_trial
from core.memberships.plans import Terms, create_plan
from core.orders.publication import publish
from schemas.base import utc_now
from schemas.contracts import JobContract
from schemas.member_jobs import AnswerJoinRequest
from schemas.membership import Channel, Membership, RosterEntry
from schemas.people import Seller, User
from schemas.queue import Job
from scripts.sandbox.telegram.driver import ChannelHandle, Person
from scripts.sandbox.telegram.views import Message
from tests.bot.conftest import ShopBot, ask, wait_until
from tests.support import make


def known(session: Session, person: Person, language: str = "en") -> User:
    """The person as somebody who spoke to the bot."""
    return make.user(session, telegram_id=person.id, name=person.name, language=language)


class ChannelFixture:
    """Ann's channel "VIP", connected through the bot, and the plan "Club" with a trial of a week."""

    def __init__(self, shop: ShopBot, *, language: str = "fr", **terms: Any) -> None:
        self.shop = shop
        self.owner = shop.person("Ann", language=language)
        shop.do(lambda session: id_of(make.seller(session, known(session, self.owner, language))))
        self.room: ChannelHandle = shop.sandbox.add_channel("VIP", self.owner)
        self.owner.adds_bot_as_admin(self.room, shop.handle)
        wait_until(lambda: self.channel() is not None)
        self.plan_id = shop.do(lambda session: self._plan(session, Terms(**({"trial_days": 7} | terms))))
        self.link = self.room.creates_link(request=True)

    def channel(self) -> Channel | None:
        """Its row."""
        statement = select(Channel).where(Channel.telegram_id == self.room.chat_id)
        return self.shop.do(lambda session: session.exec(statement).one_or_none())

    def roster(self, person: Person) -> RosterEntry | None:
        """What is written down of the person's place in the channel."""
        statement = select(RosterEntry).where(RosterEntry.telegram_id == person.id)
        return self.shop.do(lambda session: session.exec(statement).one_or_none())

    def was_answered(self, person: Person) -> bool:
        """Whether the request has been noted as answered."""
        entry = self.roster(person)
        return entry is not None and entry.requested_at is None

    def waiting_answers(self) -> int:
        """Jobs that would answer a request if the bot had not."""
        statement = select(Job).where(Job.actor == AnswerJoinRequest.actor)
        return len(self.shop.do(lambda session: session.exec(statement).all()))

    def queued(self, contract: type[JobContract]) -> Sequence[JobContract]:
        """The jobs of one kind that were asked for."""
        return self.shop.do(lambda session: make.queued(session, contract))

    def tries(self, name: str) -> Person:
        """Somebody on trial: who may be in, and is not yet."""
        person = self.shop.person(name)
        self.shop.do(lambda s: start_trial(s, known(s, person), self.plan_id, now=utc_now()).state)
        return person

    def card(self, person: Person) -> Message:
        """The plan as its link shows it."""
        return ask(person, f"/start p_{self.slug}", "Club")

    def buys(self, person: Person) -> None:
        """The person subscribes from the plan's card, and pays."""
        card = self.card(person)
        person.presses(card, f"buy:{self.plan_id}")
        bill = person.wait_for(lambda message: message.invoice is not None, after=card)
        assert person.pays(bill).error is None
        wait_until(lambda: self.membership(person) is not None)

    def membership(self, person: Person) -> Membership | None:
        """The person's newest membership, as it is now."""
        statement = select(Membership).join(User, col(User.id) == Membership.user_id)
        statement = statement.where(User.telegram_id == person.id).order_by(col(Membership.id).desc())
        return self.shop.do(lambda session: session.exec(statement.limit(1)).one_or_none())

    def state(self, person: Person) -> str:
        """Where the person's membership stands by its row."""
        membership = self.membership(person)
        return membership.state if membership is not None else ""

    @property
    def slug(self) -> str:
        """The plan's public name."""
        return "club"

    def _plan(self, session: Session, terms: Terms) -> int:
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
