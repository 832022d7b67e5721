"""A fourth rail comes in as one object: nobody who sells, settles, refunds or reconciles is changed for it.

It works as card payments do: a provider tells of payments and refunds, and the money is the seller's at once,
or lies with the operator.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any
from uuid import uuid4

import msgspec
import pytest
from sqlmodel import Session, select

from core.kit.db import Database
from core.kit.errors import Permanent, Refused
from core.kit.rows import id_of
from core.orders.fulfilment import OrderLine
from core.orders.orders import by_number, move
from core.payments.balances import owed
from core.payments.payment_events import handle_event, store_event
from core.payments.payment_rows import find_payment
from core.payments.placing import place
from core.payments.rails import port
from core.payments.rails.port import (
    Gateways,
    Health,
    Holder,
    MoneyLine,
    NoBooks,
    ProviderBooks,
    Verdict,
    Waiting,
    Way,
)
from core.payments.refunds import finish_part, finish_refund, request_refund
from core.payments.settle import settle
from core.process.settings import Settings
from schemas import jobs
from schemas.access import Grant
from schemas.audit import AuditEntry
from schemas.catalogue import Price, Product
from schemas.sales import BalanceEntry, Entry, Order, OrderStatus, Payment, PaymentEvent
from scripts.doctor.machine import payments as rail_rows
from tests.support import make

POLICY = {"bot": ("cards",), "web": ("cards",)}


class Notice(msgspec.Struct):
    """What the provider of cards says: of a payment, or of a part of it that went back."""

    order: int
    charge: str
    amount: int
    refund: str = ""


class Cards:
    """The rail. `silent`: notices that the provider never sent."""

    name = "cards"
    provider: str | None = "acquirer"
    first_status: OrderStatus = "created"
    renews = True
    renewal_limit: int | None = None

    def __init__(self, holder: Holder) -> None:
        self.holder: Holder = holder
        self.opened: list[OrderLine] = []
        self.asked_back: list[tuple[int | None, str]] = []
        self.silent: list[Notice] = []

    def offer(self, entry: Entry, settings: Settings) -> Way | None:
        return "here" if entry == "web" else "site"

    def open(self, session: Session, line: OrderLine) -> None:
        self.opened.append(line)
        move(session, line.order, "awaiting_payment", now=make.NOW)

    def waiting(self, payments: Sequence[Payment]) -> Waiting:
        return Waiting("payable", "https://cards.example/pay")

    def read(self, body: bytes) -> Notice:
        return msgspec.json.decode(body, type=Notice)

    def refresh(self, gateways: Gateways, report: Notice) -> Notice:
        return report

    def apply(self, session: Session, event: PaymentEvent, report: Notice, *, now: datetime) -> Verdict:
        if report.order == 0:
            return Verdict("unmatched", "the seller's other business")  # which is no alarm
        order = by_number(session, report.order, lock=True)
        event.order_id = order.id
        if report.refund:
            finish_part(session, order, report.amount, part=report.refund, reason="cards", now=now)
            return Verdict("handled", "a part went back")
        charge = {"rail": self.name, "provider_id": report.charge}
        settle(session, order, received=report.amount, now=now, **charge)
        return Verdict("handled", order.status)

    def refund(
        self, session: Session, line: OrderLine, amount: int | None, *, reason: str, now: datetime
    ) -> None:
        self.asked_back.append((amount, reason))

    def reconcile(self, database: Database, gateways: Gateways, *, now: datetime) -> int:
        with database.transaction() as session:
            return sum(tell(session, notice) is not None for notice in self.silent)

    def books(
        self, database: Database, gateways: Gateways, *, since: datetime, until: datetime
    ) -> ProviderBooks | NoBooks:
        return NoBooks("The acquirer has none.")

    def catch_up(
        self, database: Database, gateways: Gateways, missed: Sequence[MoneyLine], *, now: datetime
    ) -> int:
        return 0

    def doctor(self, settings: Settings) -> Health:
        return Health("warn", "no key", "Set one.")


def tell(session: Session, notice: Notice) -> Any:
    """Store a notice as a webhook does, and handle it as its job does; its state, None if it is known."""
    body, name = msgspec.json.encode(notice), notice.refund or notice.charge
    event = store_event(session, provider="acquirer", event_id=name, body=body, now=make.NOW)
    return handle_event(session, event, now=make.NOW) if event else None


@pytest.fixture(params=["seller", "operator"])
def cards(request: pytest.FixtureRequest) -> Iterator[Cards]:
    """The rail, known to this process; the money lies with the seller, then with the operator."""
    rail = Cards(request.param)
    port.register(rail)
    yield rail
    del port._RAILS[rail.name]


@pytest.fixture
def item(session: Session) -> Product:
    """A product for 9.99 EUR by card, of a seller who takes cards."""
    shop = make.seller(session)
    shop.rails = [*shop.rails, "cards"]
    item = make.product(session, shop)
    session.add(Price(product_id=id_of(item), rail="cards", currency="EUR", amount=999))
    session.flush()
    return item


def order_of(session: Session, item: Product) -> Order:
    return place(
        session,
        product_id=id_of(item),
        rail="cards",
        currency="EUR",
        entry="bot",
        buyer=make.user(session),
        language="fr",
        policy=POLICY,
        order_ttl=3600,
        now=make.NOW,
    ).order


def status(order: Order) -> str:
    """How it stands now."""
    return order.status


def lines(session: Session, order: Order) -> list[tuple[str, int, str]]:
    entries = session.exec(select(BalanceEntry).where(BalanceEntry.order_id == order.id))
    return sorted((entry.kind, entry.amount, entry.part) for entry in entries)


def test_a_fourth_rail_sells_delivers_and_gives_back_in_parts(
    session: Session, cards: Cards, item: Product
) -> None:
    order = order_of(session, item)
    number = id_of(order)
    assert [line.product.id for line in cards.opened] == [item.id]
    assert cards.opened[0].recipient_id == order.buyer_id
    assert status(order) == "awaiting_payment"

    assert tell(session, Notice(number, "ch_1", 999)) == "handled"
    assert tell(session, Notice(number, "ch_1", 999)) is None
    assert status(order) == "paid"
    assert make.queued(session, jobs.Deliver) == [jobs.Deliver(order_id=number)]

    for amount in (300, 200):
        request_refund(session, number, actor="cli", reason="late", amount=amount, now=make.NOW)
    assert cards.asked_back == [(300, "late"), (200, "late")]
    for name, amount in (("re_1", 300), ("re_2", 200), ("re_2", 200)):
        tell(session, Notice(number, "ch_1", amount, refund=name))
    assert status(order) == "paid"
    parts = [("refund", -300, "re_1"), ("refund", -200, "re_2"), ("sale", 999, "")]
    assert lines(session, order) == ([] if cards.holder == "seller" else parts)
    with pytest.raises(Refused, match="not-refundable"):
        request_refund(session, number, actor="cli", reason="more", amount=500, now=make.NOW)

    request_refund(session, number, actor="cli", reason="rest", amount=499, now=make.NOW)
    assert cards.asked_back[-1] == (None, "rest")
    tell(session, Notice(number, "ch_1", 499, refund="re_3"))
    assert status(order) == "refunded"
    assert session.exec(select(Grant.revoked_at)).one() == make.NOW
    assert sum(line.owed for line in owed(session)) == 0
    assert session.exec(select(AuditEntry).where(AuditEntry.action == "order.part-refunded")).all()


def test_what_the_operator_holds_is_owed_less_what_went_back(session: Session, item: Product) -> None:
    port.register(Cards("operator"))
    order = order_of(session, item)
    tell(session, Notice(id_of(order), "ch_1", 999))
    tell(session, Notice(id_of(order), "ch_1", 100, refund="re_1"))
    assert [(line.rail, line.owed) for line in owed(session)] == [("cards", 899)]
    finish_refund(session, order, reason="whole", now=make.NOW)
    assert lines(session, order) == [("refund", -899, ""), ("refund", -100, "re_1"), ("sale", 999, "")]


def test_what_is_no_business_of_the_shop_alarms_nobody(session: Session, cards: Cards) -> None:
    admin = make.user(session, roles=("admin",))
    assert tell(session, Notice(0, "ch_other", 5)) == "unmatched"
    assert make.sent_texts(session, admin) == []


def test_a_provider_that_no_rail_reads_is_a_clear_error(session: Session) -> None:
    event = store_event(session, provider="stranger", event_id="1", body=b"{}", now=make.NOW)
    assert event is not None
    with pytest.raises(Permanent, match="No rail reads the events of 'stranger'"):
        handle_event(session, event, now=make.NOW)


def test_what_no_notice_told_is_found_by_reconciliation(database: Database, cards: Cards) -> None:
    with database.transaction() as session:
        shop = make.seller(session)
        shop.rails = [*shop.rails, "cards"]
        item = make.product(session, shop)
        session.add(Price(product_id=id_of(item), rail="cards", currency="EUR", amount=999))
        session.flush()
        number = id_of(order_of(session, item))
    cards.silent = [Notice(number, f"ch_{uuid4()}", 999)]
    gateways: Any = None  # this provider is asked in no other way
    assert [port.rail_of("cards").reconcile(database, gateways, now=make.NOW) for _ in range(2)] == [1, 0]
    with database.transaction() as session:
        assert session.get_one(Order, number).status == "paid"
        payment = find_payment(session, "cards", cards.silent[0].charge)
        assert payment is not None
        assert payment.status == "confirmed"


def test_the_doctor_has_a_row_for_each_rail(settings: Any, cards: Cards) -> None:
    rows = {row.name: row for row in rail_rows(settings())}
    assert (rows["rail cards"].state, rows["rail cards"].mend) == ("warn", "Set one.")
