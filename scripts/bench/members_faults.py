"""What is lost or done twice when a part dies while people buy, join, renew, are warned and are removed.

In each run members do all of it at once for some seconds, and the part is killed in the middle. People whose
payment fails meanwhile try again, as people do.
"""

import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Any, TypeVar

from sqlalchemy import text
from sqlalchemy.exc import OperationalError
from sqlmodel import Session, select

from core.kit.rows import id_of
from core.memberships.clocks import ask_warning
from core.memberships.periods import DAY
from core.memberships.putting_out import end_access
from core.memberships.transitions import Ending, standing_of
from schemas.base import utc_now
from schemas.membership import Membership, MembershipState, RosterStatus
from schemas.people import User
from scripts.bench.faults import SETTLE, Strike, kill_part, kill_workers
from scripts.bench.members_channel import PLAN, ROOM, PaidChannel, says
from scripts.bench.report import Report
from scripts.bench.running_stack import RunningStack
from scripts.embedded.process import StackError
from scripts.sandbox.telegram.driver import Person

COUNT = 20  # people a step in each run
WINDOW = 6.0  # seconds in which they act; the part is killed in the middle
LEAD = 2.0  # seconds until they begin, once all is prepared
AGAIN = 0.5  # seconds until somebody tries again
MONTH = 30 * DAY

STATES = text(
    """
    SELECT telegram_id, state, ends_at, (
        SELECT status FROM roster WHERE roster.telegram_id = person.telegram_id AND channel_id = :channel
    ) AS status
    FROM membership JOIN person ON person.id = user_id WHERE plan_id = :plan
    """
)

T = TypeVar("T")


@dataclass(frozen=True)
class Seen:
    """What stands at one moment: database rows by Telegram id, who is in the channel, the bot's acts."""

    rows: dict[int, Any]
    inside: set[int]
    acts: dict[int, list[str]]

    def put_out(self, person: Person, state: MembershipState) -> bool:
        """Whether somebody's membership is in this state and the bot removed them exactly once."""
        out = self.acts.get(person.id) == ["banned", "left"] and person.id not in self.inside
        return out and self.is_in_state(person, state)

    def is_in_state(self, person: Person, state: MembershipState) -> bool:
        """Whether somebody's membership is known and in this state."""
        return person.id in self.rows and self.rows[person.id].state == state

    def is_inside_as(self, person: Person, status: RosterStatus) -> bool:
        """Whether somebody is in the channel, and the shop knows them there by this status."""
        return person.id in self.inside and self.rows[person.id].status == status


@dataclass(frozen=True)
class Step:
    """One thing that some people go through.

    `words`: the message that each has to get once. `act`: what they do themselves, if anything.
    """

    name: str
    people: list[Person]
    words: str
    holds: Callable[[Seen, Person], bool]
    act: Callable[[int], None] | None = None


@dataclass(frozen=True)
class Outcome:
    """What came of one step: people without what they should have, and people who got something twice."""

    lost: int
    twice: int


def kill_bot(system: RunningStack) -> None:
    """Kill the bot, who hears of requests to join and of payments."""
    kill_part(system, "bot")


def kill_redis(system: RunningStack) -> None:
    """Kill Redis, which carries jobs; what it has not written down is lost."""
    kill_part(system, "redis")


def kill_postgres(system: RunningStack) -> None:
    """Kill PostgreSQL as a crash would."""
    kill_part(system, "postgres")
    system.database.dispose()


STRIKES: dict[str, Strike] = {
    "bot": kill_bot,
    "workers": kill_workers,
    "redis": kill_redis,
    "postgres": kill_postgres,
}


def measure(
    report: Report, paid_channel: PaidChannel, count: int = COUNT, strikes: Sequence[str] = tuple(STRIKES)
) -> None:
    """Kill each part in turn, with `count` people a step. Raises `StackError` for an unknown part."""
    if unknown := set(strikes) - STRIKES.keys():
        raise StackError(f"There is no part {unknown.pop()!r}: choose among {', '.join(STRIKES)}.")
    for name in strikes:
        outcomes, seconds = suffer(paid_channel, STRIKES[name], count)
        for step, outcome in outcomes.items():
            report.equal(
                f"{name} killed, {step}: of {count}, lost and twice", (0, 0), (outcome.lost, outcome.twice)
            )
        report.at_most(f"{name} killed: settled after", SETTLE, seconds, "s")
    report.equal("messages that somebody got twice", 0, len(paid_channel.system.telegram.remote.duplicates()))


def suffer(paid_channel: PaidChannel, strike: Strike, count: int) -> tuple[dict[str, Outcome], float]:
    """Let people act, kill a part in the middle, wait until all is settled.

    Returns what came of each step, and the seconds from when the part was back.
    """
    begin, steps = _steps(paid_channel, count)
    with ThreadPoolExecutor(len(steps) * count) as pool:
        moments = [begin + timedelta(seconds=WINDOW * number / count) for number in range(count)]
        acting = [
            pool.submit(_at, moment, partial(step.act, number))
            for step in steps
            if step.act is not None
            for number, moment in enumerate(moments)
        ]
        _at(begin + timedelta(seconds=WINDOW / 2), lambda: strike(paid_channel.system))
        back = time.monotonic()
        for act in acting:
            act.result()
    while _waiting(paid_channel, steps) and time.monotonic() < back + 2 * SETTLE:
        time.sleep(0.5)
    seconds = time.monotonic() - back
    reached = {step.name: paid_channel.system.telegram.remote.reached(step.words) for step in steps}
    seen = _insist(lambda: _look(paid_channel))
    return {step.name: _judge(step, seen, reached[step.name]) for step in steps}, seconds


def _steps(paid_channel: PaidChannel, count: int) -> tuple[datetime, list[Step]]:
    """When they begin, and what they go through."""
    far = utc_now() + 9 * DAY
    buying, renewing = _buying(paid_channel, count), _renewing(paid_channel, count, far)
    joining, removing = _joining(paid_channel, count, far), _removing(paid_channel, count, far)
    begin = utc_now() + timedelta(seconds=LEAD)
    ending = paid_channel.members(count, first=begin, spread=WINDOW)
    warned = paid_channel.members(count, first=begin + DAY / 2, spread=WINDOW)
    _warn(paid_channel, warned, begin)
    warning = Step("warn", warned, "ends in 1 day", lambda seen, person: person.id in seen.inside)
    expiring = Step(
        "expire",
        ending,
        says("member-expired", title=PLAN),
        lambda seen, person: seen.put_out(person, "expired"),
    )
    return begin, [buying, joining, warning, expiring, removing, renewing]


def _buying(paid_channel: PaidChannel, count: int) -> Step:
    buyers = paid_channel.system.crowd(count)
    invoices = paid_channel.invoices(buyers)
    return Step(
        "buy",
        buyers,
        says("admit-paid", title=PLAN),
        lambda seen, person: seen.is_in_state(person, "active"),
        lambda number: _pay(buyers[number], invoices[number]),
    )


def _joining(paid_channel: PaidChannel, count: int, ends_at: datetime) -> Step:
    members = paid_channel.members(count, first=ends_at, spread=WINDOW, inside=False)
    return Step(
        "join",
        members,
        says("member-joined", channel=ROOM, title=PLAN, ends=0),
        lambda seen, person: seen.is_inside_as(person, "member"),
        lambda number: members[number].requests_to_join(paid_channel.link),
    )


def _removing(paid_channel: PaidChannel, count: int, ends_at: datetime) -> Step:
    members = paid_channel.members(count, first=ends_at, spread=WINDOW)
    return Step(
        "remove",
        members,
        says("member-revoked", title=PLAN, why="other", reason=""),
        lambda seen, person: seen.put_out(person, "revoked"),
        lambda number: _insist(lambda: _revoke(paid_channel, members[number])),
    )


def _renewing(paid_channel: PaidChannel, count: int, ends_at: datetime) -> Step:
    members = paid_channel.members(count, first=ends_at, spread=WINDOW)
    invoices = paid_channel.invoices(members)
    before = paid_channel.ends()
    return Step(
        "renew",
        members,
        says("admit-renewed", title=PLAN),
        lambda seen, person: seen.rows[person.id].ends_at == before[person.id] + MONTH,
        lambda number: _pay(members[number], invoices[number]),
    )


def _warn(paid_channel: PaidChannel, people: Sequence[Person], begin: datetime) -> None:
    """Have each warned at a moment of the window."""
    with paid_channel.system.database.transaction() as session:
        for number, person in enumerate(people):
            member = _membership(session, paid_channel, person)
            due_at = begin + timedelta(seconds=WINDOW * number / len(people))
            ask_warning(session, id_of(member), standing_of(session, member), 1, due_at=due_at)


def _pay(person: Person, invoice: str) -> None:
    while person.pays(invoice).error is not None:
        time.sleep(AGAIN)


def _revoke(paid_channel: PaidChannel, person: Person) -> None:
    with paid_channel.system.database.transaction() as session:
        member = id_of(_membership(session, paid_channel, person))
        end_access(session, member, ending=Ending("staff", "other"), actor="cli", now=utc_now())


def _membership(session: Session, paid_channel: PaidChannel, person: Person) -> Membership:
    query = (
        select(Membership)
        .join(User)
        .where(User.telegram_id == person.id, Membership.plan_id == paid_channel.plan_id)
    )
    return session.exec(query).one()


def _at(moment: datetime, act: Callable[[], None]) -> None:
    time.sleep(max(0.0, (moment - utc_now()).total_seconds()))
    act()


def _insist(act: Callable[[], T]) -> T:
    """What it gives, tried again while the database is away."""
    deadline = time.monotonic() + SETTLE
    while True:
        try:
            return act()
        except OperationalError:
            if time.monotonic() > deadline:
                raise
            time.sleep(AGAIN)


def _waiting(paid_channel: PaidChannel, steps: Sequence[Step]) -> bool:
    """Whether anybody lacks anything still, or anything is left to do."""
    seen = _insist(lambda: _look(paid_channel))
    reached = paid_channel.system.telegram.remote.reached
    return any(_judge(step, seen, reached(step.words)).lost for step in steps) or not _insist(
        paid_channel.idle
    )


def _look(paid_channel: PaidChannel) -> Seen:
    with paid_channel.system.database.engine.connect() as connection:
        states = connection.execute(
            STATES, {"plan": paid_channel.plan_id, "channel": paid_channel.channel_id}
        )
        rows = {row.telegram_id: row for row in states}
    acts: dict[int, list[str]] = {}
    for change in paid_channel.changes():
        if change["after"] != "participant":
            acts.setdefault(change["person"], []).append(change["after"])
    return Seen(rows, set(paid_channel.room.members), acts)


def _judge(step: Step, seen: Seen, reached: dict[int, int]) -> Outcome:
    lost = sum(not step.holds(seen, person) or person.id not in reached for person in step.people)
    often = [reached.get(person.id, 0) > 1 or len(seen.acts.get(person.id, ())) > 2 for person in step.people]
    return Outcome(lost, sum(often))
