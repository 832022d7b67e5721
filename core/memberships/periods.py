"""The time that a payment bought: its length, its place in the calendar, what pauses and refunds do to it.

Pure. Whatever is moved, a period of n months keeps between 28n and 31n days, a period of days exactly those,
a period until a date ends on that date, and a lifetime has no end.
"""

import calendar
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from core.kit.months import months_later
from schemas.membership import PeriodUnit, Source

NONE = timedelta(0)
DAY = timedelta(days=1)


@dataclass(frozen=True)
class Length:
    """How much is bought: `count` days or calendar months, all time until a date, or a lifetime: for ever."""

    unit: PeriodUnit
    count: int = 0
    until: datetime | None = None


@dataclass(frozen=True)
class Period:
    """One payment's time. Without `starts_at` it waits for the entry.

    `ends_at` - `starts_at` - `paused` = `duration`, all whole seconds; a lifetime that runs has no end and no
    duration. `anchor_day` keeps a chain of months that began on the 31st from drifting. `id` is the row's,
    None for a new one. `held`: what a dispute or a refund of its payment has put aside, None where nothing
    is.
    """

    length: Length
    source: Source = "order"
    order_id: int | None = None
    id: int | None = None
    starts_at: datetime | None = None
    ends_at: datetime | None = None
    duration: timedelta = NONE
    paused: timedelta = NONE
    anchor_day: int = 0
    taken_back: bool = False
    held: timedelta | None = None


def place(period: Period, start: datetime, *, after: Period | None = None) -> Period:
    """Give a period its moments; `after` is the one that it follows without a gap."""
    if period.length.unit == "lifetime":
        return replace(period, starts_at=start, ends_at=None, duration=NONE)
    anchor = after.anchor_day if after is not None and _keeps_anchor(after, start) else start.day
    end = max(start, _advance(start, period.length, anchor))
    return replace(period, starts_at=start, ends_at=end, duration=end - start, anchor_day=anchor)


def whole(moment: datetime) -> datetime:
    """The next whole second, or the moment itself when it is one."""
    return moment if not moment.microsecond else moment.replace(microsecond=0) + timedelta(seconds=1)


def cut(period: Period, at: datetime, between: timedelta = NONE) -> tuple[Period, timedelta]:
    """The period without what is ahead of `at`, and how much that is; of a lifetime nobody can say.

    `between`: how much of the time until its end is that of others, which run before the rest of it.
    """
    if period.starts_at is None:
        return replace(period, taken_back=True), NONE
    if period.ends_at is None:
        end = max(at, period.starts_at)
        return replace(period, ends_at=end, duration=end - period.starts_at, taken_back=True), NONE
    ahead = max(NONE, period.ends_at - max(at, period.starts_at) - between)
    used = replace(period, ends_at=period.ends_at - ahead, duration=period.duration - ahead, taken_back=True)
    return used, ahead


def without(periods: Sequence[Period], target: Period, at: datetime) -> tuple[tuple[Period, ...], timedelta]:
    """All periods once `target` keeps only what was used of it before `at`, and by how much the end moves.

    What came after it begins earlier, and so does the rest of one that was given back and waits behind it.
    """
    others = [period for period in periods if period is not target and not period.taken_back]
    inside = [period for period in others if _goes_on_behind(target, period)]
    shortened, ahead = cut(target, at, _covered(inside, at))
    moved, by = _move(others, target.ends_at, -ahead)
    for period in others:
        if _goes_on_behind(period, target) and period.ends_at and id(period) not in moved:
            moved[id(period)] = replace(period, ends_at=period.ends_at + by, paused=period.paused + by)
    return tuple(shortened if old is target else moved.get(id(old), old) for old in periods), by


def stretched(
    periods: Sequence[Period], stopped: datetime, away: timedelta
) -> tuple[tuple[Period, ...], timedelta]:
    """All periods after a pause, and by how much the end moves.

    The one that ran has the pause in it, what was ahead comes later.
    """
    moved, by = _move(periods, stopped, away)
    return tuple(moved.get(id(old)) or _with_pause(old, stopped, away) for old in periods), by


def is_waiting(period: Period) -> bool:
    """Whether it has no moments yet: its time begins at the person's entry."""
    return period.starts_at is None and not period.taken_back


def is_ahead(period: Period, at: datetime) -> bool:
    """Whether some of it is left at this moment."""
    ends_later = period.ends_at is not None and period.ends_at > at
    return not period.taken_back and (ends_later or is_endless(period))


def is_endless(period: Period) -> bool:
    """Whether it was bought for ever, has its beginning, and was not taken back."""
    return period.length.unit == "lifetime" and period.starts_at is not None and not period.taken_back


def last_of(periods: Iterable[Period]) -> Period | None:
    """The one that ends last, of those that end and whose time was not taken back."""
    ended = [(period.ends_at, period) for period in periods if period.ends_at and not period.taken_back]
    return max(ended, key=lambda pair: pair[0])[1] if ended else None


def _goes_on_behind(period: Period, other: Period) -> bool:
    """Whether the rest of a period that was begun, disputed and given back runs when `other` is over."""
    if period.starts_at is None or other.starts_at is None or period.ends_at is None or other.ends_at is None:
        return False
    return period.starts_at < other.starts_at and other.ends_at <= period.ends_at


def _covered(periods: Iterable[Period], at: datetime) -> timedelta:
    """How much of the time after a moment is that of any of these."""
    covered, until = NONE, at
    for period in sorted(periods, key=lambda each: each.starts_at or at):
        if period.starts_at and period.ends_at and period.ends_at > until:
            covered += period.ends_at - max(until, period.starts_at)
            until = period.ends_at
    return covered


def _keeps_anchor(after: Period, start: datetime) -> bool:
    """Whether months still follow the day on which their chain began.

    A pause or a refund moves a period's end to another day of the month: counted from the old day, the next
    month would be too short or too long by as much.
    """
    chained = after.length.unit == "months" and after.anchor_day > 0
    return chained and start.day == min(after.anchor_day, calendar.monthrange(start.year, start.month)[1])


def _advance(start: datetime, length: Length, anchor_day: int) -> datetime:
    if length.unit == "until":
        assert length.until is not None, "a plan of this kind has its date"
        return length.until
    if length.unit == "days":
        return start + length.count * DAY
    return months_later(start, length.count, anchor_day=anchor_day)


def _move(
    periods: Sequence[Period], since: datetime | None, by: timedelta
) -> tuple[dict[int, Period], timedelta]:
    """Every standing period that begins at `since` or later, moved, by the `id` of the old one; and by how
    much the end of all moves.

    One that runs to a date keeps its end and takes the move up, so that what follows it stays.
    """
    standing = [
        (p.starts_at, p.ends_at, p) for p in periods if p.starts_at and p.ends_at and not p.taken_back
    ]
    moved: dict[int, Period] = {}
    for start, end, period in sorted(standing, key=lambda row: row[:2]):
        if since is None or start < since:
            continue
        until = period.length.until
        new_end = end + by if until is None else max(start + by, until)
        duration = period.duration + (new_end - end) - by
        moved[id(period)] = replace(period, starts_at=start + by, ends_at=new_end, duration=duration)
        by = new_end - end
    return moved, by


def _with_pause(period: Period, stopped: datetime, away: timedelta) -> Period:
    if not is_ahead(period, stopped) or period.ends_at is None:
        return period
    return replace(period, ends_at=period.ends_at + away, paused=period.paused + away)
