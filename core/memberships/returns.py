"""What money that goes back, or is disputed, does to one membership. Pure, as the machine is."""

from dataclasses import replace
from datetime import datetime

from core.memberships.machine import OVER, RUNNING, Standing, behind, enter, hold_for_ever, running_state
from core.memberships.periods import (
    NONE,
    is_ahead,
    is_endless,
    is_waiting,
    last_of,
    place,
    whole,
    without,
)


def take_back(standing: Standing, order_id: int, now: datetime) -> Standing:
    """An order was refunded: what is left of its time goes, what other orders paid for stays whole.

    Where nothing is left, access ends at once; so it does in grace, when the refunded time was the last.
    """
    at = standing.paused_at or whole(now)
    target = next((p for p in standing.periods if p.order_id == order_id and not p.taken_back), None)
    if target is None:
        return standing
    periods, by = without(standing.periods, target, at)
    changed = replace(standing, periods=periods)
    if standing.state in OVER:
        return changed
    if standing.state == "pending":
        return changed if any(map(is_waiting, periods)) else replace(changed, state="revoked")
    if standing.is_endless:
        return _without_lifetime(changed, at)
    assert standing.ends_at is not None, "it has begun"
    ends_at = standing.ends_at + by
    if ends_at <= at and (by or target.ends_at == standing.ends_at):
        return replace(changed, state="revoked", ends_at=ends_at, paused_at=None)
    ahead = [period for period in periods if is_ahead(period, at)]
    state = running_state(ahead) if standing.state == "active" else standing.state
    return replace(changed, state=state, ends_at=ends_at)


def put_aside(standing: Standing, order_id: int, now: datetime) -> Standing:
    """A bank disputes an order's money: its time goes as by `take_back`, and is kept for `give_back`."""
    changed = take_back(standing, order_id, now)
    kept = zip(standing.periods, changed.periods, strict=True)
    periods = (
        replace(after, held=max(before.duration - after.duration, NONE))
        if after.taken_back and not before.taken_back
        else after
        for before, after in kept
    )
    return replace(changed, periods=tuple(periods))


def give_back(standing: Standing, order_id: int, now: datetime) -> Standing:
    """The money is good after all: what was put aside goes on, behind what is paid for or from now.

    What waited for the entry waits again; time until a date runs until then, a lifetime for ever.
    """
    target = next((p for p in standing.periods if p.order_id == order_id and p.held is not None), None)
    if target is None or target.held is None:
        return standing
    if standing.state == "pending" and target.starts_at is not None:
        standing = enter(standing, now)
    back = replace(target, taken_back=False, held=None)
    waits = target.starts_at is None and standing.state in ("pending", *OVER)
    if target.length.unit == "lifetime" and not waits:
        others = tuple(period for period in standing.periods if period is not target)
        return hold_for_ever(replace(standing, periods=others), back, now)
    start, previous = behind(standing, now)
    if target.starts_at is None or target.ends_at is None:
        back = back if waits else place(back, start, after=previous)
    elif target.duration == NONE and target.length.until is None:  # nothing of it was used
        back = replace(back, starts_at=start, ends_at=start + target.held, duration=target.held, paused=NONE)
    else:
        until = target.length.until
        start = start if until is None else max(whole(now), target.ends_at)
        end = start + target.held if until is None else max(start, until)
        away = start - target.ends_at
        back = replace(
            back, ends_at=end, duration=target.duration + (end - start), paused=target.paused + away
        )
    periods = tuple(back if old is target else old for old in standing.periods)
    if waits:
        return replace(standing, state="pending", periods=periods, ends_at=None)
    assert back.ends_at is not None, "it is placed"
    ends_at = (
        max(back.ends_at, standing.ends_at)
        if standing.state in RUNNING and standing.ends_at
        else None
        if standing.is_endless
        else back.ends_at
    )
    state = standing.state if standing.state in ("paused", "cancelled", "active") else "active"
    started_at = standing.started_at or back.starts_at
    return replace(standing, state=state, periods=periods, ends_at=ends_at, started_at=started_at)


def _without_lifetime(changed: Standing, at: datetime) -> Standing:
    """What is left of one that was held for ever, once a period of it is taken back: another lifetime, or the
    time that went on beside it."""
    if any(map(is_endless, changed.periods)):
        return changed
    latest = last_of(changed.periods)
    if latest is None or latest.ends_at is None or latest.ends_at <= at:
        return replace(changed, state="revoked", ends_at=at)
    ahead = [period for period in changed.periods if is_ahead(period, at)]
    return replace(changed, state=running_state(ahead), ends_at=latest.ends_at)
