"""What the bot's Stars account lists of our orders: charges, and those that Telegram gave back.

https://core.telegram.org/method/payments.getStarsTransactions: a refund has the id of its charge.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from itertools import islice

from sqlmodel import Session, col, select

from core.kit.db import Database
from core.kit.money import Money
from core.kit.names import number_of
from core.orders.orders import order_id_of
from core.payments.rails.port import LineKind, MoneyLine
from core.payments.rails.stars.payments import PAYLOAD_PREFIX, RAIL
from core.ports import StarsTransaction
from schemas.sales import Order, Payment

AT_A_TIME = 500  # transactions


def read_lines(database: Database, listed: Iterable[StarsTransaction], until: datetime) -> list[MoneyLine]:
    """The lines of our orders until a moment; gifts, and what is paid to the bot otherwise, are none."""
    transactions = (transaction for transaction in listed if transaction.at <= until)
    lines: list[MoneyLine] = []
    # So many at a time: no transaction of ours stays open while Telegram is asked for the next page.
    while some := list(islice(transactions, AT_A_TIME)):
        with database.transaction() as session:
            lines.extend(_lines(session, some))
    return lines


def transactions_of(listed: Iterable[StarsTransaction], lines: Sequence[MoneyLine]) -> list[StarsTransaction]:
    """Those of the account's transactions that these lines were made of."""
    named = {(line.kind, line.id) for line in lines}
    return [transaction for transaction in listed if (_kind(transaction), transaction.id) in named]


def _lines(session: Session, transactions: Sequence[StarsTransaction]) -> Iterator[MoneyLine]:
    known = _orders_by_charge(session, [transaction.id for transaction in transactions])
    named = {transaction.id: _named(transaction) for transaction in transactions}
    sellers = _sellers(session, {*known.values(), *named.values()})
    for transaction in transactions:
        # A charge of a subscription names its first order, and pays one of its own.
        order_id = known.get(transaction.id) or named[transaction.id]
        if order_id not in sellers:
            continue
        assert order_id is not None, "a seller was found by it"
        yield MoneyLine(
            kind=_kind(transaction),
            id=transaction.id,
            order_number=number_of(order_id),
            seller_id=sellers[order_id],
            money=Money(abs(transaction.stars), "XTR"),
            at=transaction.at,
        )


def _kind(transaction: StarsTransaction) -> LineKind:
    return "refund" if transaction.refunded or transaction.stars < 0 else "charge"


def _named(transaction: StarsTransaction) -> int | None:
    """The order that the invoice of a charge was made for."""
    payload = transaction.payload
    return order_id_of(payload.removeprefix(PAYLOAD_PREFIX)) if payload.startswith(PAYLOAD_PREFIX) else None


def _orders_by_charge(session: Session, charges: Sequence[str]) -> dict[str, int]:
    rows = select(Payment.provider_id, Payment.order_id).where(
        Payment.rail == RAIL, col(Payment.provider_id).in_(charges)
    )
    return dict(session.exec(rows).all())


def _sellers(session: Session, order_ids: Iterable[int | None]) -> dict[int | None, int]:
    rows = select(Order.id, Order.seller_id).where(
        Order.rail == RAIL, col(Order.id).in_([order_id for order_id in order_ids if order_id is not None])
    )
    return dict(session.exec(rows).all())
