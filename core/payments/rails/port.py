"""The port of rails: how money comes for an order, and goes back.

A rail (Stars, crypto, transfers) is one object in a room of its own that registers itself here under its
name (`core.wiring`). Whoever sells, settles, refunds or reconciles asks the rail and never its name, so that
a new rail is one new room.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any, Literal, NamedTuple, Protocol, TypeVar

from sqlmodel import Session

from core.audit.details import RAILS
from core.kit.db import Database
from core.kit.errors import Permanent
from core.kit.money import Money
from core.orders.fulfilment import OrderLine
from core.payments.rails.stripe.api import StripeApi
from core.ports import ChannelGateway
from core.process.settings import Settings
from schemas.sales import Entry, EventState, OrderStatus, Payment, PaymentEvent

Holder = Literal["bot", "operator", "seller"]
"""On whose account the money lies. What the seller holds already, nobody owes them."""
Way = Literal["here", "site"]
"""How an entry leads to a payment: an order is placed right there, or on the page of the web checkout."""
LineKind = Literal["charge", "refund", "fee", "dispute", "dispute_fee"]
Report = TypeVar("Report")


class Verdict(NamedTuple):
    """What an inbound event did: its state from now on, and for people what was decided."""

    state: EventState
    outcome: str


@dataclass(frozen=True)
class Waiting:
    """An order that awaits its money, as its page shows it; `pay_url` is the provider's page.

    preparing: the way to pay is being opened; payable: it is open; transfer: the buyer sends the money and
    names the transaction; confirming: the money is on its way.
    """

    stage: Literal["preparing", "payable", "transfer", "confirming"]
    pay_url: str | None = None


@dataclass(frozen=True)
class Health:
    """A row of `comptoir doctor`: how a rail is set up, and how to mend what is wrong."""

    state: Literal["ok", "warn", "fail"]
    detail: str
    mend: str = ""


@dataclass(frozen=True)
class Invoice:
    """An open invoice of a payment provider."""

    provider_id: str
    pay_url: str


@dataclass(frozen=True)
class PaymentReport:
    """What a provider says of one payment; empty or None where it says nothing that can be read.

    `stage` is the provider's own word for how far it has come. `received` in minor units of the price's
    currency. `parent_id` is set for a further deposit to the address of an earlier payment. `coins`
    came where `coins_asked` of `coin` were asked. `at`: when it last changed.
    """

    provider_id: str
    order_number: str
    stage: str
    price: Money | None
    received: int | None
    raw: bytes
    parent_id: str = ""
    invoice_id: str = ""
    coins: Decimal | None = None
    coins_asked: Decimal | None = None
    coin: str = ""
    at: datetime | None = None


@dataclass(frozen=True)
class MoneyLine:
    """A line of books, the provider's or ours: what a buyer paid, what went back, what the operator took,
    and what a bank's dispute took (negative) or put back.

    `id` is the provider's name for the payment (of a fee too: that it was taken of) or for the refund.
    """

    kind: LineKind
    id: str
    order_number: str
    seller_id: int
    money: Money
    at: datetime


@dataclass(frozen=True)
class ProviderBooks:
    """What a provider has of our orders.

    `accounts`: of those that were read, where sellers have their own; None for the operator's one.
    `unread`: those that could not be. `refunds_named`: each refund has a name of its own; else it is whole,
    and has its payment's. `all_refunds`: money goes back by the provider alone, so it must know all of ours.
    """

    lines: list[MoneyLine]
    accounts: list[str] | None = None
    unread: list[str] = field(default_factory=list)
    refunds_named: bool = False
    all_refunds: bool = True


@dataclass(frozen=True)
class NoBooks:
    """Why a rail has no books to compare with, and what an operator may do about it."""

    why: str


class PaymentProvider(Protocol):
    """A provider of hosted invoices. Its faults are raised as `ProviderUnavailable`, to be tried again."""

    def open_invoice(self, order_number: str, price: Money, title: str, return_url: str) -> Invoice:
        """Open an invoice; asked again for one order, the caller keeps the first."""

    def reports(self, since: datetime, payment_ids: Iterable[str]) -> Iterator[PaymentReport]:
        """What became of the payments made since a moment, or at least of those with these ids."""


class Gateways(Protocol):
    """What a rail may ask the outside with; workers have it, and the command that compares books."""

    @property
    def settings(self) -> Settings:
        """How the shop is set up."""

    @property
    def stripe(self) -> StripeApi:
        """Stripe, by the operator's key."""

    @property
    def provider(self) -> PaymentProvider:
        """The provider of hosted invoices."""

    @property
    def channels(self) -> ChannelGateway:
        """The bot's account at Telegram."""


class Rail(Protocol[Report]):
    """One way to pay.

    `provider`: whose inbound events it reads, None where nobody tells of payments. `first_status`: that of a
    new order. `renews`: whether it can charge again by itself; `renewal_limit`: minor units that it charges
    again at most, None for any.
    """

    name: str
    provider: str | None
    holder: Holder
    first_status: OrderStatus
    renews: bool
    renewal_limit: int | None

    def offer(self, entry: Entry, settings: Settings) -> Way | None:
        """How it is offered at an entry; None where it cannot be, or the shop lacks what it needs."""

    def open(self, session: Session, line: OrderLine) -> None:
        """Prepare the payment of a line that was just ordered, in the order's own transaction."""

    def waiting(self, payments: Sequence[Payment]) -> Waiting:
        """How an unpaid order stands by what is known of its payments, oldest first."""

    def read(self, body: bytes) -> Report:
        """What the raw body of an event says."""

    def refresh(self, gateways: Gateways, report: Report) -> Report:
        """The same as its provider says it now, asked outside of any transaction; the report itself where an
        event says all there is."""

    def apply(self, session: Session, event: PaymentEvent, report: Report, *, now: datetime) -> Verdict:
        """Do what an event says, once, whatever came before it; `event` is locked.

        Which unmatched event alarms staff is for the rail to say (`payment_events.alarm_unmatched`).
        """

    def refund(
        self, session: Session, line: OrderLine, amount: int | None, *, reason: str, now: datetime
    ) -> None:
        """Give back a part in minor units, or all that is left (None); its order is locked and paid.

        The order is refunded at once, or when the provider has done it. Raises `Refused` for a part where
        the rail gives back whole payments only.
        """

    def reconcile(self, database: Database, gateways: Gateways, *, now: datetime) -> int:
        """Find what no event told of, and have it applied; how many things were news."""

    def books(
        self, database: Database, gateways: Gateways, *, since: datetime, until: datetime
    ) -> ProviderBooks | NoBooks:
        """What the provider has of our orders from `since` to `until`."""

    def catch_up(
        self, database: Database, gateways: Gateways, missed: Sequence[MoneyLine], *, now: datetime
    ) -> int:
        """Have lines of its books that we lack applied, as if their events had come; how many were news.
        Asked again for the same, there is none."""

    def doctor(self, settings: Settings) -> Health:
        """How it is set up."""


_RAILS: dict[str, Rail[Any]] = {}


def register(rail: Rail[Any]) -> None:
    """Make a rail known to this process; a second of the same name takes its place."""
    _RAILS[rail.name] = rail
    RAILS.add(rail.name)


def rails() -> list[Rail[Any]]:
    """All rails, in the order in which they were registered."""
    return list(_RAILS.values())


def rail_of(name: str) -> Rail[Any]:
    """The rail of this name."""
    assert name in _RAILS, f"no rail {name!r}: does this process call core.wiring.connect?"
    return _RAILS[name]


def rail_of_provider(provider: str) -> Rail[Any]:
    """The rail that reads the events of a provider. Raises `Permanent` where there is none."""
    for rail in _RAILS.values():
        if rail.provider == provider:
            return rail
    raise Permanent(f"No rail reads the events of {provider!r}. Its event is kept: replay it once one does.")
