"""The membership machine: what time, money and people do to one membership. Pure; no row is touched here.
What money that goes back does stands in `core.memberships.returns`.

Moments are rounded up to whole seconds where something begins, so that what was paid and what was given
are the same whole number of seconds. What is not in `MOVES` does not happen.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from core.kit.errors import Refused
from core.memberships.periods import (
    NONE,
    Period,
    cut,
    is_ahead,
    is_endless,
    is_waiting,
    last_of,
    place,
    stretched,
    whole,
)
from schemas.membership import MembershipState

MOVES: dict[MembershipState, frozenset[MembershipState]] = {
    "pending": frozenset({"trialing", "active", "revoked"}),
    "trialing": frozenset({"active", "past_due", "cancelled", "expired", "revoked"}),
    "active": frozenset({"trialing", "past_due", "paused", "cancelled", "expired", "revoked"}),
    "past_due": frozenset({"active", "expired", "revoked"}),
    "paused": frozenset({"active", "revoked"}),
    "cancelled": frozenset({"trialing", "active", "expired", "revoked"}),
    "expired": frozenset({"pending", "trialing", "active"}),
    "revoked": frozenset({"pending", "trialing", "active"}),
}
RUNNING: tuple[MembershipState, ...] = ("trialing", "active", "cancelled")
"""Paid time passes."""
ENTITLED: tuple[MembershipState, ...] = (*RUNNING, "past_due")
"""The person may be in, in grace as well."""
OVER: tuple[MembershipState, ...] = ("expired", "revoked")
HOLDING: tuple[MembershipState, ...] = ("pending", "trialing", "active", "past_due", "paused", "cancelled")
"""States that take one of a plan's places."""
OUTSIDE: tuple[MembershipState, ...] = (*OVER, "paused")
"""Without the right to be in."""


@dataclass(frozen=True)
class Standing:
    """All that the machine knows of a membership; without anything, one that gives no right."""

    state: MembershipState = "expired"
    periods: tuple[Period, ...] = ()
    started_at: datetime | None = None
    ends_at: datetime | None = None
    grace: timedelta = NONE
    paused_at: datetime | None = None

    @property
    def is_endless(self) -> bool:
        """Whether it is held for ever: it runs, and nothing is its end."""
        return self.state in RUNNING and self.ends_at is None

    @property
    def grace_until(self) -> datetime | None:
        """When access ends where there is grace after the paid time, or after a trial that a card goes on
        with; None where there is none."""
        graced = self.ends_at is not None and self.grace and self.state in ("trialing", "active", "past_due")
        return self.ends_at + self.grace if graced and self.ends_at else None

    @property
    def access_until(self) -> datetime | None:
        """The moment at which the person has to be out, None while no time passes, for ever or once over."""
        return (self.grace_until or self.ends_at) if self.state in ENTITLED else None

    @property
    def is_cancellable(self) -> bool:
        """Whether something would be charged at its end: it runs to one; a trial, if a card is for it."""
        charged = self.state == "active" or (self.state == "trialing" and bool(self.grace))
        return charged and self.ends_at is not None

    @property
    def clock_at(self) -> datetime | None:
        """When time itself moves the state next."""
        return (
            self.grace_until if self.state == "past_due" else self.ends_at if self.state in RUNNING else None
        )


def can_move(source: MembershipState, target: MembershipState) -> bool:
    """Whether a membership may go from one state to another; staying is no move."""
    return source == target or target in MOVES[source]


def may_be_in(standing: Standing, now: datetime) -> bool:
    """Whether the person may be in the plan's channels, or enter them, at this moment."""
    if standing.state == "pending" or standing.is_endless:
        return True
    return standing.access_until is not None and standing.access_until > now


def lapse(standing: Standing, now: datetime) -> Standing:
    """What time alone has made of it: never early, and nothing when asked again."""
    if standing.clock_at is None or standing.clock_at > now:
        return standing
    if standing.state in ("trialing", "active") and standing.grace_until and standing.grace_until > now:
        return replace(standing, state="past_due")
    return replace(standing, state="expired")


def pay(
    standing: Standing,
    bought: Period,
    *,
    now: datetime,
    waits: bool,
    grace: timedelta,
    follows: bool = False,
    until: datetime | None = None,
) -> Standing:
    """Add what was bought: after what is left, or from now; where it `waits`, from the entry. `until`: it
    ends then, being less than a whole period.

    In grace it counts from now: the days of grace are a present; unless it `follows` by itself what was paid
    before, so that its end stays where the next charge is. Paused, it comes after what is left. A lifetime
    counts from now in any case, beside what is left.
    """
    standing = replace(standing, grace=grace)
    if standing.state == "pending" or (waits and standing.state in OVER):
        waiting = replace(standing, state="pending", ends_at=None, periods=(*standing.periods, bought))
        return waiting if waits else enter(waiting, now)
    if bought.length.unit == "lifetime" or standing.is_endless:
        return hold_for_ever(standing, bought, now)
    start, previous = whole(now), None
    going = (*RUNNING, "paused", "past_due") if follows else (*RUNNING, "paused")
    if standing.state in going and standing.ends_at is not None:
        start, previous = standing.ends_at, last_of(standing.periods)
    placed = place(bought, start, after=previous)
    if until is not None:
        day = bought.anchor_day or until.day
        placed = replace(placed, ends_at=max(start, until), duration=max(until - start, NONE), anchor_day=day)
    fresh = standing.state in (*OVER, "trialing")
    going_on: MembershipState = "paused" if standing.state == "paused" else "active"
    state = running_state((placed,)) if fresh else going_on
    return replace(
        standing,
        state=state,
        periods=(*standing.periods, placed),
        started_at=standing.started_at or start,
        ends_at=placed.ends_at,
    )


def hold_for_ever(standing: Standing, bought: Period, now: datetime) -> Standing:
    """Add a lifetime, or other time to one; nothing is the end from now on.

    What is left of other time goes on beside it, not as more of it: should the money for the lifetime go
    back, it is there still.
    """
    if standing.state == "paused":
        standing = resume(standing, now)
    start, previous = bought.starts_at or whole(now), None
    if bought.length.unit != "lifetime":
        start, previous = behind(standing, now)
    return replace(
        standing,
        state="active",
        periods=(*standing.periods, place(bought, start, after=previous)),
        started_at=standing.started_at or start,
        ends_at=None,
    )


def behind(standing: Standing, now: datetime) -> tuple[datetime, Period | None]:
    """When time begins that comes behind what is paid for, and after which period; now where none runs."""
    latest = last_of(standing.periods)
    if standing.is_endless and latest is not None and latest.ends_at is not None:
        return max(whole(now), latest.ends_at), latest
    if standing.state in (*RUNNING, "paused") and standing.ends_at is not None:
        return standing.ends_at, latest
    return whole(now), None


def enter(standing: Standing, now: datetime) -> Standing:
    """The person is in: what waited for that begins."""
    if standing.state != "pending":
        return standing
    start = whole(now)
    placed: list[Period] = []
    for period in filter(is_waiting, standing.periods):
        latest = last_of(placed)  # a lifetime among them lies beside
        placed.append(place(period, latest.ends_at if latest and latest.ends_at else start, after=latest))
    if not placed:
        return standing
    periods = (*(period for period in standing.periods if not is_waiting(period)), *placed)
    first = standing.started_at or start
    latest = last_of(placed)
    ends_at = latest.ends_at if latest and not any(map(is_endless, placed)) else None
    return replace(standing, state=running_state(placed), periods=periods, started_at=first, ends_at=ends_at)


def pause(standing: Standing, now: datetime) -> Standing:
    """Stop the clock; what is left is kept. Raises `Refused`: not running, to a date, or for ever."""
    _must_be(standing, "active", "not-pausable")
    _must_end(standing, "not-pausable")
    if any(is_ahead(period, now) and period.length.unit == "until" for period in standing.periods):
        raise Refused("not-pausable", {"state": "until"})
    return replace(standing, state="paused", paused_at=min(whole(now), standing.ends_at or now))


def resume(standing: Standing, now: datetime) -> Standing:
    """Let the clock go on with all that was left. Raises `Refused` unless it is paused."""
    _must_be(standing, "paused", "not-resumable")
    assert standing.paused_at is not None, "it is paused"
    assert standing.ends_at is not None, "only paid time is paused"
    stopped, away = standing.paused_at, max(whole(now) - standing.paused_at, NONE)
    periods, by = stretched(standing.periods, stopped, away)
    return replace(standing, state="active", periods=periods, paused_at=None, ends_at=standing.ends_at + by)


def cancel(standing: Standing) -> Standing:
    """Run to the end and no further. Raises `Refused` where nothing would be charged then, or is no end."""
    _must_end(standing, "not-cancellable")
    if not standing.is_cancellable:
        raise Refused("not-cancellable", {"state": standing.state})
    return replace(standing, state="cancelled")


def undo_cancel(standing: Standing) -> Standing:
    """As if it had not been cancelled. Raises `Refused` unless it is cancelled and not over."""
    _must_be(standing, "cancelled", "not-cancelled")
    latest = last_of(standing.periods)
    return replace(standing, state=running_state((latest,) if latest else ()))


def revoke(standing: Standing, now: datetime) -> Standing:
    """End everything at once; a membership that is over stays as it is."""
    if standing.state in OVER:
        return standing
    at = standing.paused_at or whole(now)
    periods = tuple(cut(p, at)[0] if is_waiting(p) or is_ahead(p, at) else p for p in standing.periods)
    end = _end_by(standing, at)
    return replace(standing, state="revoked", periods=periods, ends_at=end, paused_at=None)


def leave(standing: Standing, now: datetime) -> Standing:
    """What is left was traded in for another plan: it is over now. Whatever does not run stays as it is."""
    if standing.state not in ENTITLED:
        return standing
    at = whole(now)
    periods = tuple(cut(period, at)[0] if is_ahead(period, at) else period for period in standing.periods)
    return replace(standing, state="expired", periods=periods, ends_at=_end_by(standing, at))


def running_state(periods: Sequence[Period]) -> MembershipState:
    """As what somebody holds who has this time left."""
    return "trialing" if periods and all(period.source == "trial" for period in periods) else "active"


def _must_be(standing: Standing, state: MembershipState, code: str) -> None:
    if standing.state != state:
        raise Refused(code, {"state": standing.state})


def _must_end(standing: Standing, code: str) -> None:
    if standing.is_endless:
        raise Refused(code, {"state": "lifetime"})


def _end_by(standing: Standing, at: datetime) -> datetime | None:
    """The end of what is over at a moment; None where nothing had begun."""
    if standing.is_endless:
        return at
    return min(standing.ends_at, at) if standing.ends_at else None
