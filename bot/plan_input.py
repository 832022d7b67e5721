"""Reads what sellers type or press while they set up a plan: lengths and other terms."""

import re
from dataclasses import replace
from datetime import UTC, datetime, time
from typing import get_args

from core.kit.errors import Refused
from core.kit.names import one_of
from core.memberships.plans import STAR_PERIOD, Terms
from schemas.membership import Audience, Joining, Starts

NONE = "none"
"""Of a button: no limit, the default."""
_LENGTH = re.compile(r"([0-9]{1,4}) *(days?|jours?|j|d|months?|mois|m|years?|ans?|y|a)", re.IGNORECASE)
_DATE = re.compile(r"([0-9]{4})-([0-9]{1,2})-([0-9]{1,2})|([0-9]{1,2})[/.]([0-9]{1,2})[/.]([0-9]{4})")
_LIFETIME = re.compile(r"lifetime|for ?ever|(pour )?toujours|[àa] vie", re.IGNORECASE)


def read_length(words: str) -> Terms:
    """Read how long a plan lasts: "30 days", "2 mois", "1 an", "for ever", or to the end of a day (UTC):
    "31/01/2027".

    Raises `Refused` "plan-terms" otherwise.
    """
    words = words.strip()
    if match := _LENGTH.fullmatch(words):
        count, unit = int(match[1]), match[2][0].lower()
        if unit in "ya":
            return Terms(unit="months", count=12 * count)
        return Terms(unit="months" if unit == "m" else "days", count=count)
    if match := _DATE.fullmatch(words):
        year, month, day = (int(part) for part in (match.groups()[:3] if match[1] else match.groups()[:2:-1]))
        try:
            date = datetime(year, month, day, tzinfo=UTC)
        except ValueError:
            raise _wrong("until") from None
        until = datetime.combine(date, time(23, 59, 59), UTC)
        return Terms(unit="until", count=0, until=until)
    if _LIFETIME.fullmatch(words):
        return Terms(unit="lifetime", count=0)
    raise _wrong("count")


def change(terms: Terms, field: str, value: str) -> Terms:
    """The terms with one field changed to what was typed or pressed. Raises `Refused` "plan-terms"."""
    if field == "length":
        return _with_length(terms, read_length(value))
    if field == "recurring":
        if value != "yes":
            return replace(terms, recurring=False)
        return replace(terms, recurring=True, unit="days", count=STAR_PERIOD, until=None, starts="payment")
    if field == "trial_days":
        return replace(terms, trial_days=_number(value, field) or 0)
    if field == "grace_days":
        return replace(terms, grace_days=_number(value, field))
    if field == "places":
        return replace(terms, places=_number(value, field))
    if field == "audience":
        return replace(terms, audience=one_of(value, get_args(Audience), _wrong(field)))
    if field == "joining":
        return replace(terms, joining=one_of(value, get_args(Joining), _wrong(field)))
    if field == "starts":
        return replace(terms, starts=one_of(value, get_args(Starts), _wrong(field)))
    raise Refused("button-outdated")


def _with_length(terms: Terms, new: Terms) -> Terms:
    """The terms with another length, and without what cannot go with it."""
    fixed = new.unit in ("until", "lifetime")
    return replace(
        terms,
        unit=new.unit,
        count=new.count,
        until=new.until,
        recurring=terms.recurring and (new.unit, new.count) == ("days", STAR_PERIOD),
        starts="payment" if fixed else terms.starts,
        trial_days=0 if fixed else terms.trial_days,
        grace_days=None if new.unit == "lifetime" else terms.grace_days,
    )


def _number(words: str, field: str) -> int | None:
    if words == NONE:
        return None
    if not re.fullmatch(r" *[0-9]{1,6} *", words):
        raise _wrong(field)
    return int(words)


def _wrong(field: str) -> Refused:
    return Refused("plan-terms", {"field": field})
