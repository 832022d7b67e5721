"""The bot's Stars account as lines, beside ours."""

from dataclasses import replace
from datetime import timedelta

import msgspec

from core.kit.db import Database
from core.kit.money import Money
from core.payments.books import compare
from core.payments.our_books import our_lines
from core.payments.rails.port import ProviderBooks
from core.payments.rails.stars.books import read_lines, transactions_of
from core.payments.rails.stars.payments import confirm_stars, invoice_payload
from core.payments.refunds import finish_refund
from core.ports import StarsTransaction
from schemas.people import User
from schemas.sales import Order
from tests.support import make

NOW = make.NOW
DAY = timedelta(days=1)


def transaction_of(order: Order, **changes: object) -> StarsTransaction:
    whole = StarsTransaction(f"charge-{order.id}", 7, order.amount, NOW, invoice_payload(order), None, False)
    return replace(whole, **changes)  # type: ignore[arg-type]


def faults(database: Database, *listed: StarsTransaction) -> list[tuple[str, str]]:
    books = ProviderBooks(read_lines(database, listed, NOW + DAY))
    with database.transaction() as session:
        ours = our_lines(session, "stars", books, NOW - DAY, NOW + DAY)
    return [(each.fault, each.line.kind) for each in compare(books.lines, ours)]


def test_charges_and_refunds_of_our_orders_are_lines_and_nothing_else(database: Database) -> None:
    with database.transaction() as session:
        order = make.paid_order(session)
        charge = transaction_of(order)
    refund = replace(charge, stars=-500, refunded=True, payload="")  # it is known by its charge
    gift = replace(charge, id="gift", payload="")
    foreign = replace(charge, id="foreign", payload="order:99999")
    late = replace(charge, id="late", at=NOW + 2 * DAY)
    lines = read_lines(database, [late, foreign, gift, refund, charge], NOW + DAY)
    assert [(line.kind, line.id, line.money) for line in lines] == [
        ("refund", charge.id, Money(500, "XTR")),
        ("charge", charge.id, Money(500, "XTR")),
    ]
    assert {line.seller_id for line in lines} == {order.seller_id}
    assert transactions_of([gift, refund, charge], lines[:1]) == [refund]


def test_what_only_one_side_knows_differs(database: Database) -> None:
    with database.transaction() as session:
        order = make.paid_order(session)
        charge = transaction_of(order)
    assert faults(database, charge) == []
    assert faults(database) == [("unknown-there", "charge")]
    assert faults(database, replace(charge, stars=499)) == [("differs", "charge")]
    back = replace(charge, stars=-500, refunded=True)
    assert faults(database, back, charge) == [("unknown-here", "refund")]
    with database.transaction() as session:
        finish_refund(session, session.get_one(Order, order.id), reason="late", now=NOW)
    assert faults(database, back, charge) == []
    assert faults(database, charge) == [("unknown-there", "refund")]


def test_a_charge_that_support_decides_about_is_known_here(database: Database) -> None:
    with database.transaction() as session:
        order = make.order(session)
        buyer = session.get_one(User, order.buyer_id)
        confirm_stars(session, msgspec.structs.replace(make.charge(order, "odd"), amount=100), buyer, now=NOW)
    assert faults(database, transaction_of(order, id="odd", stars=100)) == []
