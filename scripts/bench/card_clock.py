"""Our clock, moved with that of the loopback Stripe: two years pass in seconds."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta, tzinfo
from typing import cast

from schemas import base
from scripts.sandbox.stripe.book import Book

MOVED = "datetime"  # the name by which `utc_now` reads the time


@contextmanager
def clock_of(book: Book) -> Iterator[None]:
    """Within, `schemas.base.utc_now` is as far ahead as the stand-in is. PostgreSQL keeps its own time."""

    class Moved(datetime):
        @classmethod
        def now(cls, tz: tzinfo | None = None) -> "Moved":
            return cast(Moved, datetime.now(tz) + timedelta(seconds=book.shift))

    setattr(base, MOVED, Moved)
    try:
        yield
    finally:
        setattr(base, MOVED, datetime)
