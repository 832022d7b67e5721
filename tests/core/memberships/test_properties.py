"""Whatever people, money and time do in whatever order: nobody is in without a right for more than a minute,
nobody with a right is out because of us, and every second that was paid for is given.

The first test drives the machine against a bookkeeping of its own, in which each order is a number of seconds
that is used up first come, first served. The second drives the rules over the database.
"""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule
from sqlmodel import Session

from core.kit.errors import Refused
from core.kit.rows import id_of
from core.memberships import machine, member_actions, returns
from core.memberships.expiry import due, strike
from core.memberships.machine import Standing, lapse, may_be_in
from core.memberships.periods import DAY, NONE, Length, Period
from core.memberships.roster import begin_removal, end_removal
from core.memberships.transitions import right_to
from core.payments.refunds import finish_refund
from core.ports import INSIDE
from schemas import member_jobs
from schemas.membership import Channel, Membership, RosterEntry
from schemas.people import User
from schemas.sales import Order
from tests.support import make, make_members

MINUTE = timedelta(minutes=1)
DAYS = st.integers(1, 45)


@dataclass
class Ticket:
    """One order as the bookkeeping knows it."""

    order: int
    paid: timedelta
    left: timedelta
    used: timedelta = NONE
    refunded: bool = False


@dataclass
class Books:
    """What a person is owed, counted down second by second, without dates."""

    tickets: list[Ticket] = field(default_factory=list)
    runs: bool = False  # time passes: entered, not paused
    renews: bool = True  # not cancelled
    over: bool = False  # refunded or revoked while it ran, until the next payment
    since_empty: timedelta = NONE  # how long nothing has been left, while it ran
    lifetimes: list[int] = field(default_factory=list)  # orders of what runs for ever, not refunded

    @property
    def left(self) -> timedelta:
        return sum((ticket.left for ticket in self.tickets), NONE)

    def pass_time(self, time: timedelta) -> None:
        if not self.runs:
            return
        for ticket in self.tickets:
            used = min(ticket.left, time)
            ticket.left -= used
            ticket.used += used
            time -= used
        self.since_empty += time

    def access(self, grace: timedelta) -> bool:
        """Whether the person may be in just now."""
        if self.lifetimes:
            return True
        if self.over or not self.runs:
            return False
        return self.left > NONE or (self.renews and self.since_empty < grace)


class MembershipLife(RuleBasedStateMachine):
    """One person, one plan, a worker that is up to a minute late."""

    @initialize(waits=st.booleans(), grace=st.sampled_from([0, 3]))
    def begin(self, waits: bool, grace: int) -> None:
        self.now = make.NOW
        self.standing = Standing()
        self.books = Books()
        self.waits, self.grace = waits, grace * DAY
        self.inside = False
        self.orders = 0
        self.right_lost_at: datetime | None = None

    def happens(self, event: Callable[[Standing], Standing]) -> bool:
        """Let something happen, as core.memberships.transitions does; False when the machine refuses."""
        try:
            self.standing = lapse(event(lapse(self.standing, self.now)), self.now)
        except Refused:
            return False
        self.look()
        return True

    def look(self) -> None:
        """Remember since when the person has no right; at the gain of one, forget it."""
        if may_be_in(self.standing, self.now):
            self.right_lost_at = None
        elif self.right_lost_at is None:
            self.right_lost_at = self.now

    @rule(days=DAYS)
    def pays(self, days: int) -> None:
        self.orders += 1
        bought = Period(Length("days", days), order_id=self.orders)
        before = lapse(self.standing, self.now).state
        waits = self.waits and not self.inside
        self.happens(lambda s: machine.pay(s, bought, now=self.now, waits=waits, grace=self.grace))
        self.books.tickets.append(Ticket(self.orders, days * DAY, days * DAY))
        if before in ("expired", "revoked"):
            self.books.over, self.books.runs = False, not waits
        if before == "pending" and not waits:
            self.books.runs = True
        self.books.since_empty = NONE
        if before != "paused":
            self.books.renews = True

    @rule()
    def pays_for_ever(self) -> None:
        self.orders += 1
        bought = Period(Length("lifetime"), order_id=self.orders)
        self.happens(lambda s: machine.pay(s, bought, now=self.now, waits=False, grace=self.grace))
        self.books.lifetimes.append(self.orders)
        self.books.over, self.books.runs, self.books.renews = False, True, True
        self.books.since_empty = NONE

    @precondition(lambda self: self.books.lifetimes)
    @rule(which=st.integers(0, 100))
    def gets_a_lifetime_refunded(self, which: int) -> None:
        order = self.books.lifetimes.pop(which % len(self.books.lifetimes))
        self.happens(lambda s: returns.take_back(s, order, self.now))
        if not self.books.lifetimes and not self.books.left:
            self.books.over = True

    @rule()
    def asks_to_join(self) -> None:
        self.inside = self.inside or may_be_in(self.standing, self.now)
        if self.inside and self.standing.state == "pending":
            self.happens(lambda s: machine.enter(s, self.now))
            self.books.runs = True

    @rule()
    def leaves(self) -> None:
        self.inside = False

    @rule()
    def pauses(self) -> None:
        if self.happens(lambda s: machine.pause(s, self.now)):
            self.books.runs = False

    @rule()
    def resumes(self) -> None:
        if self.happens(lambda s: machine.resume(s, self.now)):
            self.books.runs = True

    @rule()
    def cancels(self) -> None:
        if self.happens(machine.cancel):
            self.books.renews = False

    @rule()
    def takes_the_cancellation_back(self) -> None:
        if self.happens(machine.undo_cancel):
            self.books.renews = True

    @precondition(lambda self: self.books.tickets)
    @rule(which=st.integers(0, 100))
    def gets_a_refund(self, which: int) -> None:
        ticket = self.books.tickets[which % len(self.books.tickets)]
        state = lapse(self.standing, self.now).state
        self.happens(lambda s: returns.take_back(s, ticket.order, self.now))
        last = ticket is self.books.tickets[-1]
        had_left = ticket.left > NONE
        if not ticket.refunded:
            ticket.refunded, ticket.left = True, NONE
            if self.books.lifetimes:
                return
            if state not in ("expired", "revoked") and not self.books.left and (had_left or last):
                self.books.over = True

    @rule()
    def is_revoked(self) -> None:
        self.happens(lambda s: machine.revoke(s, self.now))
        if self.standing.state == "revoked":
            self.books.over = True
            self.books.lifetimes.clear()
            for ticket in self.books.tickets:
                if ticket.left:
                    ticket.refunded, ticket.left = True, NONE

    @rule(hours=st.integers(1, 24 * 40), late=st.integers(0, 60))
    def time_passes(self, hours: int, late: int) -> None:
        """To each end on the way, and a little further until the worker has done its job."""
        until = self.now + timedelta(hours=hours)
        while (clock := self.standing.clock_at) is not None and clock <= until:
            self.goes_to(clock)
            self.happens(lambda s: s)
        self.goes_to(until)
        self.works(late)

    def goes_to(self, moment: datetime) -> None:
        if moment > self.now:
            self.works(60)
            self.books.pass_time(moment - self.now)
            self.now = moment

    def works(self, late: int) -> None:
        """The removal runs: it looks at the right once more and then acts."""
        if self.right_lost_at is None or not self.inside:
            return
        if self.now - self.right_lost_at >= timedelta(seconds=late) or late == 60:
            assert not may_be_in(self.standing, self.now)
            self.inside = False

    @invariant()
    def access_is_what_was_paid_for(self) -> None:
        if self.standing.state != "pending":
            assert may_be_in(self.standing, self.now) == self.books.access(self.grace)

    @invariant()
    def what_is_left_is_what_was_paid_less_what_was_given(self) -> None:
        assert self.standing.is_endless == bool(self.books.lifetimes)
        if self.standing.is_endless:
            return
        if self.standing.state in ("trialing", "active", "cancelled"):
            assert self.standing.ends_at is not None
            assert self.standing.ends_at - self.now == self.books.left
        if self.standing.state == "paused":
            assert self.standing.ends_at is not None
            assert self.standing.paused_at is not None
            assert self.standing.ends_at - self.standing.paused_at == self.books.left

    @invariant()
    def each_order_gives_all_it_was_paid_for_unless_it_was_refunded(self) -> None:
        given = {period.order_id: period for period in self.standing.periods}
        for ticket in self.books.tickets:
            period = given[ticket.order]
            assert ticket.refunded or ticket.used + ticket.left == ticket.paid
            assert period.taken_back == ticket.refunded
            if period.starts_at is not None and period.ends_at is not None:
                assert period.ends_at - period.starts_at - period.paused == period.duration
                assert period.duration == (ticket.used if ticket.refunded else ticket.paid)

    @invariant()
    def nobody_is_in_without_a_right_for_more_than_a_minute(self) -> None:
        if self.inside and self.right_lost_at is not None:
            assert self.now - self.right_lost_at <= MINUTE


MembershipLife.TestCase.settings = settings(max_examples=120, stateful_step_count=25, deadline=None)
TestALifeOfOneMembership = MembershipLife.TestCase


class Shop:
    """One person, one plan and its channel, over the database; jobs are done as workers do them."""

    def __init__(self, session: Session, starts: str) -> None:
        self.session = session
        self.now = make.NOW
        self.item = make_members.plan(session, starts=starts, grace_days=2)
        self.person: User = make.user(session)
        self.held: Membership = make_members.member(session, self.item, self.person)
        self.room: Channel = make_members.channel_of(session, self.held)
        self.orders = [make_members.periods(session, self.held)[0].order_id]
        self.removals = 0

    def act(self, name: str, hours: int) -> None:
        with suppress(Refused):
            getattr(self, name)(hours)
        self.works()
        self.check()

    def pays(self, hours: int) -> None:
        make_members.member(self.session, self.item, self.person, now=self.now)
        self.orders.append(make_members.periods(self.session, self.held)[-1].order_id)

    def refunds(self, hours: int) -> None:
        number = self.orders[hours % len(self.orders)]
        assert number is not None
        finish_refund(self.session, self.session.get_one(Order, number), reason="", now=self.now)

    def joins(self, hours: int) -> None:
        if right_to(self.session, id_of(self.room), self.person.telegram_id, now=self.now):
            make_members.joins(self.session, self.room, self.person, at=self.now)

    def leaves(self, hours: int) -> None:
        if self.inside:
            make_members.leaves(self.session, self.room, self.person, at=self.now)

    def cancels(self, hours: int) -> None:
        member_actions.cancel(self.session, self.person, id_of(self.held), now=self.now)

    def undoes(self, hours: int) -> None:
        member_actions.undo_cancel(self.session, self.person, id_of(self.held), now=self.now)

    def pauses(self, hours: int) -> None:
        member_actions.pause(self.session, self.person, id_of(self.held), now=self.now)

    def resumes(self, hours: int) -> None:
        member_actions.resume(self.session, self.person, id_of(self.held), now=self.now)

    def waits(self, hours: int) -> None:
        until = self.now + timedelta(hours=hours)
        while self.held.clock_at is not None and self.held.clock_at <= until:
            self.now = max(self.now, self.held.clock_at)
            assert due(self.session, now=self.now) == [(self.held.id, self.held.turn)]
            strike(self.session, id_of(self.held), self.held.turn, now=self.now)
            self.works()
            self.check()
        self.now = until

    def works(self) -> None:
        """Do the removals that were asked for, each once."""
        asked = make.queued(self.session, member_jobs.RemoveMember)
        for job in asked[self.removals :]:
            removal = begin_removal(self.session, job.channel_id, job.telegram_id, now=self.now)
            if removal is not None:
                assert not self.entitled
                end_removal(self.session, job.channel_id, job.telegram_id, removal, now=self.now)
        self.removals = len(asked)

    @property
    def inside(self) -> bool:
        entry = self.session.get(RosterEntry, (self.room.id, self.person.telegram_id))
        return entry is not None and entry.status in INSIDE

    @property
    def entitled(self) -> bool:
        return right_to(self.session, id_of(self.room), self.person.telegram_id, now=self.now) is not None

    def check(self) -> None:
        assert self.entitled or not self.inside
        for period in make_members.periods(self.session, self.held):
            if period.starts_at is None or period.ends_at is None:
                continue
            given = period.ends_at - period.starts_at - timedelta(seconds=period.paused_seconds)
            assert given.total_seconds() == period.seconds
            assert period.taken_back_at is not None or given == 30 * DAY


ACTS = ("pays", "refunds", "joins", "leaves", "cancels", "undoes", "pauses", "resumes", "waits", "waits")


@pytest.mark.parametrize("starts", ["payment", "entry"])
@settings(
    max_examples=12,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(acts=st.lists(st.tuples(st.sampled_from(ACTS), st.integers(1, 900)), min_size=6, max_size=12))
def test_a_life_of_one_membership_over_the_database(
    session: Session, starts: str, acts: list[tuple[str, Any]]
) -> None:
    with session.begin_nested() as example:
        shop = Shop(session, starts)
        for name, hours in acts:
            shop.act(name, hours)
        example.rollback()
    session.expire_all()
