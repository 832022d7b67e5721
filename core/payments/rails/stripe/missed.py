"""Events that no webhook brought: read from the connected accounts themselves, and stored as if it had.

Stripe tries a webhook for three days and keeps events for thirty (https://docs.stripe.com/api/events).
Until when an account was read stands in its row: a shop that was away for a week, or came back from a copy,
goes on from there.
"""

import logging
from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import islice
from typing import NamedTuple

import msgspec
from sqlmodel import Session, col, select

from core.jobs.ledger import enqueue
from core.jobs.single_statement import run
from core.kit.bad_rows import AWAY, note_bad_rows
from core.kit.db import Database
from core.kit.errors import RetryAfter, ServerAway
from core.payments.rails.stripe.accounts import get_row
from core.payments.rails.stripe.api import StripeApi
from core.payments.rails.stripe.inbox import HANDLED, keep
from core.payments.rails.stripe.objects import Event, is_name
from core.payments.rails.stripe.protocol import Fields, StripeRefused
from schemas.stripe import StripeAccount
from schemas.stripe_jobs import CheckStripeAccount

EVENTS = "/v1/events"
KEPT = timedelta(days=30)
OVERLAP = timedelta(hours=1)
"""What is read twice: our clock is not Stripe's, and what happened may be listed a little later."""
AT_A_TIME = 500  # events
MOST_TYPES = 20  # that one list may be asked for (https://docs.stripe.com/api/events/list)
LOOP = "accounts at Stripe"
GONE = "account_invalid"
"""Stripe's word for an account that does not let us in any more."""

log = logging.getLogger(__name__)


class _Unread(NamedTuple):
    row_id: int
    account_id: str
    since: datetime


def read_missed(database: Database, stripe: StripeApi, *, live: bool, now: datetime) -> int:
    """Store the events of all connected accounts that are ours and unknown; how many.

    `live`: whether the key moves real money; accounts of the other mode are not for it. An account that
    fails is noted (`core.kit.bad_rows`), or looked at where it let us go. Raises `RetryAfter` at once, and
    `ServerAway` once all others are read.
    """
    with database.transaction() as session:
        unread = list(_unread(session, live, now))
    news, failed = 0, dict[str, Exception]()
    away: ServerAway | None = None
    for account in unread:
        try:
            news += _read(database, stripe, account, now)
        except (RetryAfter, *AWAY):
            raise
        except ServerAway as error:
            away = error
        except Exception as error:  # noqa: BLE001 - the others are read, whatever it is
            if isinstance(error, StripeRefused) and error.code == GONE:
                with database.transaction() as session:
                    enqueue(session, CheckStripeAccount(row_id=account.row_id).now())
            else:
                failed[str(account.row_id)] = error
    with database.transaction() as session:
        note_bad_rows(session, LOOP, failed, now=now)
    if news:
        log.warning("%d events of Stripe came by no webhook", news)
    if away is not None:
        raise away
    return news


def _unread(session: Session, live: bool, now: datetime) -> Iterator[_Unread]:
    """The accounts that are connected, and since when each is to be read; who waits longest comes first."""
    rows = select(
        StripeAccount.id, StripeAccount.account_id, StripeAccount.events_read_at, StripeAccount.created_at
    ).where(
        StripeAccount.state != "disconnected",
        StripeAccount.livemode == live,
        col(StripeAccount.account_id).is_not(None),
    )
    for row_id, account_id, read_at, created_at in session.exec(
        rows.order_by(col(StripeAccount.events_read_at).nulls_first(), col(StripeAccount.id))
    ):
        assert row_id is not None, "it comes from the table"
        assert account_id is not None, "the statement asks for it"
        yield _Unread(row_id, account_id, max((read_at or created_at) - OVERLAP, now - KEPT))


def _read(database: Database, stripe: StripeApi, account: _Unread, now: datetime) -> int:
    """After news the same time is read again: a dispute is ours only once its payment is known."""
    news, types = 0, sorted(HANDLED)
    for place in range(0, len(types), MOST_TYPES):
        some = types[place : place + MOST_TYPES]
        query: Fields = {"types": some, "created": {"gte": int(account.since.timestamp())}}
        news += _store_all(
            database, stripe.pages(Event, EVENTS, query, account=account.account_id), account, now
        )
    if not news:
        with database.transaction() as session:
            row = get_row(session, account.row_id, lock=True)
            row.events_read_at = now
            session.add(row)
    return news


def _store_all(database: Database, events: Iterator[Event], account: _Unread, now: datetime) -> int:
    """So many at a time: most of them may be of the seller's other business."""
    news = 0
    while some := list(islice(events, AT_A_TIME)):
        with database.transaction() as session:
            news += sum(_store(session, event, account.account_id, now) for event in some)
    return news


def _store(session: Session, event: Event, account_id: str, now: datetime) -> bool:
    """Its names are all that is kept of it: what happened is looked at when it is applied."""
    if not is_name(event.id):
        return False
    named = msgspec.structs.replace(event, account=account_id)
    return run(session, keep(named, msgspec.json.encode(named), now=now)) is not None
