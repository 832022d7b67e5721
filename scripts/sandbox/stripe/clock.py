"""Time that passes when a driver says so: what is due happens at its own moment, in order.

Stripe's test clocks (https://docs.stripe.com/billing/testing/test-clocks) hold customers of their own; here
is one clock, which they all move.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from scripts.sandbox.stripe import checkout, disputes, subscriptions
from scripts.sandbox.stripe.book import DAY, Account, Book, Thing
from scripts.sandbox.stripe.errors import invalid
from scripts.sandbox.stripe.lists import Call, listing
from scripts.sandbox.stripe.standing import item_of
from scripts.sandbox.stripe.values import ONE, PAGE, Table

INCOMPLETE_SECONDS = 23 * 3600
REMINDER = 3 * DAY
CREATE: Table = {"frozen_time!": int, "name": str} | ONE
ADVANCE: Table = {"frozen_time!": int} | ONE


@dataclass(frozen=True)
class Due:
    """Something that happens at a moment, seconds since 1970."""

    moment: int
    act: Callable[[Book, Account, Thing], object]
    account: Account
    thing: Thing


def advance(book: Book, seconds: int) -> None:
    """Let so much time pass: renewals, retries, ends, expiries."""
    goal = book.now() + seconds
    while (due := min(_due(book), key=lambda one: one.moment, default=None)) and due.moment <= goal:
        book.shift += max(0, due.moment - book.now())
        due.act(book, due.account, due.thing)
    book.shift += max(0, goal - book.now())


def _due(book: Book) -> Iterator[Due]:
    for account in list(book.things):
        yield from _of_subscriptions(book, account)
        for invoice in book.all(account, "invoice"):
            moment = invoice["automatically_finalizes_at"] or invoice["next_payment_attempt"]
            if moment and invoice["status"] in ("draft", "open"):
                yield Due(moment, subscriptions.due_invoice, account, invoice)
        for session in book.all(account, "checkout.session"):
            if session["status"] == "open":
                yield Due(session["expires_at"], checkout.expires, account, session)
        for dispute in book.all(account, "dispute"):
            if dispute["status"].endswith("needs_response"):
                yield Due(dispute["evidence_details"]["due_by"], disputes.overdue, account, dispute)


def _of_subscriptions(book: Book, account: Account) -> Iterator[Due]:
    for subscription in book.all(account, "subscription"):
        status, item = subscription["status"], item_of(subscription)
        if status in ("active", "trialing", "past_due", "unpaid"):
            yield Due(item["current_period_end"], subscriptions.turn, account, subscription)
        if status == "trialing" and not book.note(subscription["id"]).get("reminded"):
            moment = subscription["trial_end"] - REMINDER
            yield Due(moment, subscriptions.trial_ends_soon, account, subscription)
        if status == "incomplete":
            moment = subscription["created"] + INCOMPLETE_SECONDS
            yield Due(moment, subscriptions.expire, account, subscription)


def create(book: Book, call: Call) -> Thing:
    """POST /v1/test_helpers/test_clocks. It may begin ahead of the stand-in's clock, which it then moves."""
    params = call.read(CREATE)
    _move_to(book, params["frozen_time"])
    clock = book.make(
        call.account,
        "clock",
        "test_helpers.test_clock",
        deletes_after=book.now() + 30 * DAY,
        frozen_time=params["frozen_time"],
        name=params.get("name"),
        status="ready",
        status_details={},
    )
    book.emit(call.account, "test_helpers.test_clock.created", clock)
    return clock


def advance_clock(book: Book, call: Call) -> Thing:
    """POST /v1/test_helpers/test_clocks/{id}/advance: forwards only."""
    params = call.read(ADVANCE)
    clock = book.get(call.account, "test_helpers.test_clock", call.ids[0])
    if params["frozen_time"] <= clock["frozen_time"]:
        raise invalid("parameter_invalid", "frozen_time must be after the clock's own.", "frozen_time")
    _move_to(book, params["frozen_time"])
    clock["frozen_time"] = params["frozen_time"]
    book.emit(call.account, "test_helpers.test_clock.ready", clock)
    return clock


def list_clocks(book: Book, call: Call) -> Thing:
    """GET /v1/test_helpers/test_clocks."""
    return listing(book, call, "test_helpers.test_clock", PAGE)


def _move_to(book: Book, moment: int) -> None:
    if moment > book.now():
        advance(book, moment - book.now())
