"""Months of the calendar, counted from a day of the month."""

import calendar
from datetime import datetime


def months_later(start: datetime, count: int, *, anchor_day: int) -> datetime:
    """The moment so many months after `start`, on `anchor_day` or the last day of a shorter month.

    The day is that on which a chain of months began: from the 31st it leads over 28 February to 31 March.
    """
    year, month = divmod(start.year * 12 + start.month - 1 + count, 12)
    last = calendar.monthrange(year, month + 1)[1]
    return start.replace(year=year, month=month + 1, day=min(anchor_day, last))
