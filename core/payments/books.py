"""Our books beside those of payment providers: each payment, refund and fee, to the cent."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from sqlmodel import Session, col, or_, select

from core.kit.db import Database
from core.kit.money import Money
from core.notifications.notify import notify_staff
from core.orders.orders import order_number
from core.payments.rails.port import BookGateways, LineKind, MoneyLine, rails
from schemas.sales import Order, Payment, Refund

Fault = Literal["unknown-here", "unknown-there", "differs"]
COMPARED = timedelta(days=31)
UNDER_WAY = timedelta(hours=1)
"""What happened so lately may still be on its way to us."""
DELAYED = timedelta(days=14)
"""So long a bank may take between a charge and its money, by which we count."""
MOST_TOLD = 50  # messages to staff of one comparison; the command lists all
NONE = "-"


@dataclass(frozen=True)
class Difference:
    """A line that only one side has, or that is of another amount there."""

    fault: Fault
    kind: LineKind
    id: str
    order_number: str
    seller_id: int
    at: datetime
    theirs: Money | None
    ours: Money | None


@dataclass(frozen=True)
class BookSum:
    """What both sides have of one seller in one currency, in minor units."""

    seller_id: int
    currency: str
    kind: LineKind
    theirs: int
    ours: int


@dataclass(frozen=True)
class Comparison:
    """A rail's books beside ours; `unread` are the accounts that the provider did not show."""

    rail: str
    sums: list[BookSum]
    differences: list[Difference]
    unread: list[str]


def compare_books(database: Database, gateways: BookGateways, *, now: datetime) -> list[Comparison]:
    """Compare the books of every provider that has some, of the last 31 days.

    Raises as the rails' gateways do.
    """
    since, until = now - COMPARED, now - UNDER_WAY
    compared = []
    for rail in rails():
        books = rail.books(database, gateways, since=since - DELAYED, until=until)
        if books is None:
            continue
        with database.transaction() as session:
            ours = our_lines(session, rail.name, books.accounts, books.lines, since, until)
        sums, differences = add_up(books.lines, ours), compare(books.lines, ours)
        compared.append(Comparison(rail.name, sums, differences, books.unread))
    return compared


def compare(theirs: Iterable[MoneyLine], ours: Iterable[MoneyLine]) -> list[Difference]:
    """Where two books differ, by seller, order and kind."""
    there = {(line.kind, line.id): line for line in theirs}
    here = {(line.kind, line.id): line for line in ours}
    found = []
    for key in there.keys() | here.keys():
        their, our = there.get(key), here.get(key)
        if their and our and their.money == our.money:
            continue
        fault: Fault = "unknown-here" if our is None else "unknown-there" if their is None else "differs"
        line = our or their
        assert line is not None, "the key is of one of them"
        found.append(
            Difference(
                fault,
                line.kind,
                line.id,
                line.order_number,
                line.seller_id,
                line.at,
                theirs=their.money if their else None,
                ours=our.money if our else None,
            )
        )
    return sorted(found, key=lambda each: (each.seller_id, each.order_number, each.kind, each.id))


def add_up(theirs: Iterable[MoneyLine], ours: Iterable[MoneyLine]) -> list[BookSum]:
    """The sums of both books by seller, currency and kind."""
    sums: dict[tuple[int, str, LineKind], list[int]] = defaultdict(lambda: [0, 0])
    for side, lines in enumerate((theirs, ours)):
        for line in lines:
            sums[line.seller_id, line.money.currency, line.kind][side] += line.money.amount
    return [BookSum(*key, theirs=both[0], ours=both[1]) for key, both in sorted(sums.items())]


def our_lines(
    session: Session,
    rail: str,
    accounts: list[str],
    theirs: Iterable[MoneyLine],
    since: datetime,
    until: datetime,
) -> list[MoneyLine]:
    """What we have of a rail's payments on these accounts: those of `theirs`, and all that came or went back
    from `since` to `until`."""
    names: dict[LineKind, list[str]] = {"charge": [], "refund": [], "fee": []}
    for line in theirs:
        names[line.kind].append(line.id)
    on_account = (Payment.rail == rail, col(Payment.details)["account"].astext.in_(accounts))
    payments = (
        select(Payment, Order)
        .join(Order)
        .where(
            *on_account,
            col(Payment.status).in_(("confirmed", "refunded")),
            col(Payment.received).is_not(None),
            or_(
                col(Payment.provider_id).in_(names["charge"]),
                col(Payment.confirmed_at).between(since, until),
            ),
        )
    )
    lines = []
    for payment, order in session.exec(payments):
        charge = _line("charge", payment.provider_id, order, payment.received or 0, payment)
        lines.append(charge)
        if fee := payment.details.get("fee"):
            lines.append(_line("fee", payment.provider_id, order, fee, payment))
    refunds = (
        select(Refund, Payment, Order)
        .join(Payment, col(Payment.id) == Refund.payment_id)
        .join(Order)
        .where(
            *on_account,
            Refund.status == "succeeded",
            or_(col(Refund.provider_id).in_(names["refund"]), col(Refund.done_at).between(since, until)),
        )
    )
    for refund, payment, order in session.exec(refunds):
        lines.append(
            _line("refund", refund.provider_id or f"ours:{refund.id}", order, refund.amount, payment)
        )
    return lines


def tell_differences(session: Session, compared: Iterable[Comparison]) -> None:
    """Tell staff of each difference once."""
    for comparison in compared:
        for each in comparison.differences[:MOST_TOLD]:
            params = {
                "rail": comparison.rail,
                "number": each.order_number,
                "id": each.id,
                "theirs": str(each.theirs or NONE),
                "ours": str(each.ours or NONE),
            }
            once = f"{comparison.rail}:{each.fault}:{each.kind}:{each.id}"
            notify_staff(session, "staff-books-differ", params, once=once)


def _line(kind: LineKind, name: str, order: Order, amount: int, payment: Payment) -> MoneyLine:
    return MoneyLine(
        kind=kind,
        id=name,
        order_number=order_number(order),
        seller_id=order.seller_id,
        money=Money(amount, payment.currency),
        at=payment.confirmed_at or payment.created_at,
    )
