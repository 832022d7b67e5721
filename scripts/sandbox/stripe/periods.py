"""Periods of subscriptions (https://docs.stripe.com/billing/subscriptions/billing-cycle)."""

from calendar import monthrange
from datetime import UTC, datetime

from scripts.sandbox.stripe.book import DAY, Thing


def next_end(start: int, recurring: Thing, anchor: int) -> int:
    """When the period that starts at `start` ends, seconds since 1970.

    Months end on the anchor's day, or their last one: 31 January, 28 February, 31 March.
    """
    count, unit = recurring["interval_count"], recurring["interval"]
    if unit in ("day", "week"):
        return int(start + count * DAY * (7 if unit == "week" else 1))
    moment, day = datetime.fromtimestamp(start, UTC), datetime.fromtimestamp(anchor, UTC).day
    months = moment.month - 1 + count * (12 if unit == "year" else 1)
    year, month = moment.year + months // 12, months % 12 + 1
    last = monthrange(year, month)[1]
    return int(moment.replace(year=year, month=month, day=min(day, last)).timestamp())
