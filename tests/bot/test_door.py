"""Who asks to join a channel is answered by the bot itself; who comes and goes is written down."""

from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial

import pytest
from sqlmodel import Session, select

from core.memberships.holding import start_trial
from core.memberships.plans import Terms, create_plan
from core.products import publish
from core.rows import key
from schemas.member_jobs import AnswerJoinRequest
from schemas.membership import Channel, RosterEntry
from schemas.people import Seller, User
from schemas.queue import Job
from scripts.sandbox.telegram.driver import ChannelHandle, Person
from tests import make
from tests.bot.conftest import ShopBot, wait_until


def now() -> datetime:
    return datetime.now(UTC)


def known(session: Session, person: Person) -> User:
    """The person as somebody who spoke to the bot."""
    return make.user(session, telegram_id=person.id, name=person.name, language="en")


class Club:
    """A seller's channel, connected through the bot, and a plan with a trial that opens it."""

    def __init__(self, shop: ShopBot) -> None:
        self.shop = shop
        self.owner = shop.person("Ann", language="fr")
        shop.do(lambda session: key(make.seller(session, known(session, self.owner))))
        self.room: ChannelHandle = shop.sandbox.add_channel("VIP", self.owner)
        self.owner.adds_bot_as_admin(self.room, shop.handle)
        wait_until(lambda: self.channel() is not None)
        self.plan_id = shop.do(self._plan)
        self.link = self.room.creates_link(request=True)

    def channel(self) -> Channel | None:
        statement = select(Channel).where(Channel.telegram_id == self.room.chat_id)
        return self.shop.do(lambda session: session.exec(statement).one_or_none())

    def roster(self, person: Person) -> RosterEntry | None:
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

    def member(self, name: str) -> Person:
        """Somebody who may be in, and is not yet."""
        person = self.shop.person(name)
        self.shop.do(lambda s: start_trial(s, known(s, person), self.plan_id, now=now()).state)
        return person

    def _plan(self, session: Session) -> int:
        seller = session.exec(select(Seller)).one()
        channel = session.exec(select(Channel)).one()
        terms = Terms(trial_days=7)
        plan = create_plan(
            session,
            seller,
            title="Club",
            description="A month",
            prices=make.PRICES,
            terms=terms,
            channel_ids=[key(channel)],
            now=now(),
        )
        publish(session, key(plan), actor_user=make.owner_of(session, seller), now=now())
        return key(plan)


@pytest.fixture
def club(start_bot: Callable[..., ShopBot]) -> Club:
    return Club(start_bot())


def test_at_the_door_members_come_in_and_strangers_learn_why_not(club: Club) -> None:
    bob, eve = club.member("Bob"), club.shop.person("Eve")

    bob.requests_to_join(club.link)
    eve.requests_to_join(club.link)

    told = eve.wait_for("VIP")
    assert [button.value for button in told.buttons] == [f"plan:{club.plan_id}"]
    wait_until(lambda: (entry := club.roster(bob)) is not None and entry.status == "member")
    assert (club.room.members, club.room.requests) == ([bob.id], [])
    for person in (bob, eve):
        wait_until(partial(club.was_answered, person))
    bob.leaves(club.room)
    wait_until(lambda: (entry := club.roster(bob)) is not None and entry.status == "left")


def test_an_answer_that_telegram_refuses_is_left_to_the_job(club: Club) -> None:
    bob = club.member("Bob")
    club.shop.sandbox.fail_next("messages.hideChatJoinRequest", 420, "FLOOD_WAIT_60")

    bob.requests_to_join(club.link)

    wait_until(lambda: club.shop.sandbox.counts["calls"].get("messages.hideChatJoinRequest"))
    wait_until(lambda: club.waiting_answers() == 1)
    entry = club.roster(bob)
    assert entry is not None
    assert entry.requested_at is not None
    assert club.room.members == []


def test_lost_rights_and_a_lost_channel_are_written_down(club: Club) -> None:
    club.owner.adds_bot_as_admin(club.room, club.shop.handle, "invite_users")
    wait_until(lambda: (channel := club.channel()) is not None and channel.missing == ["ban_users"])

    club.room.delete()

    wait_until(lambda: (channel := club.channel()) is not None and channel.state == "gone")
