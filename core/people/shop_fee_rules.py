"""When the lack of a monthly fee closes a shop. Pure.

Closing a shop that pays does more harm than a month too many of one that does not. So the days without
payment are counted, one at a look and a day after the last: looks that never were count nothing, and a clock
that jumps counts one day at most. A look at which the fee is paid, or at a moment before the last one (one of
the two clocks was wrong), begins the count again. The first counted look is the one that tells the seller.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

DAY = timedelta(days=1)
SOON = timedelta(days=3)
"""So long before its end a month is reminded of."""
Step = Literal["nothing", "remind", "tell", "warn", "suspend"]
"""What a look leads to. remind: the month ends soon; tell: it has ended, and how long the shop stays open;
warn: one day is left."""


@dataclass(frozen=True)
class Lack:
    """How many whole days without payment were counted since the seller was told, and when the last was."""

    days: int = 0
    counted_at: datetime | None = None


def look(
    lack: Lack, paid_until: datetime, now: datetime, *, grace_days: int, is_held: bool
) -> tuple[Lack, Step]:
    """The count after a look, and what it leads to. `is_held`: payment may be on its way, or cannot be made;
    nothing is counted then."""
    if now < paid_until:
        return Lack(), "remind" if paid_until - now <= SOON else "nothing"
    if lack.counted_at is not None and now < lack.counted_at:
        return Lack(), "nothing"
    if is_held:
        return lack, "nothing"
    if lack.counted_at is None:
        return Lack(0, now), "tell"
    if now - lack.counted_at < DAY:
        return lack, "nothing"
    counted = Lack(lack.days + 1, now)
    if counted.days >= grace_days:
        return counted, "suspend"
    return counted, "warn" if counted.days == grace_days - 1 else "nothing"
