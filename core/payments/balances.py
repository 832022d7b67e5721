"""What each seller is owed, and what has been paid out: a ledger of lines that are never changed.

Where a rail's money lies with the bot or the operator, the operator owes it to the seller; where the rail
pays the seller directly, nobody owes anything and no line is written.
"""

import csv
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, TextIO

from sqlalchemy import case, func
from sqlalchemy import select as select_columns
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import Session, col, select

from core.audit.record import record
from core.kit.errors import Refused
from core.kit.money import EXPONENTS, Money
from core.kit.names import canonical, spreadsheet_text, visible_text
from core.kit.readable_rows import build_readable
from core.kit.rows import must_get
from core.notifications.notify import notify
from core.payments.rails.port import rail_of
from schemas.people import Seller
from schemas.sales import BalanceEntry, Order

OrderLineKind = Literal["sale", "refund"]
AT_A_TIME = 500  # lines of an export
COLUMNS = ("date", "seller", "kind", "rail", "currency", "amount", "minor_units", "order", "reference")


@dataclass(frozen=True)
class Balance:
    """What one seller is owed on one rail, and has been paid, in minor units of `currency`.

    `owed` is what is still open; a refund after a payout may make it negative.
    """

    seller_id: int
    seller_name: str
    rail: str
    currency: str
    owed: int
    paid_out: int


def owed(session: Session, seller_id: int | None = None) -> list[Balance]:
    """The balances of all sellers, or of one."""
    paid_out = func.sum(case((col(BalanceEntry.kind) == "payout", -col(BalanceEntry.amount)), else_=0))
    groups = (col(Seller.id), col(Seller.name), col(BalanceEntry.rail), col(BalanceEntry.currency))
    statement = (
        select(*groups)
        .add_columns(func.sum(BalanceEntry.amount), paid_out)
        .join(Seller, col(Seller.id) == BalanceEntry.seller_id)
        .group_by(*groups)
        .order_by(*groups)
    )
    if seller_id is not None:
        statement = statement.where(col(BalanceEntry.seller_id) == seller_id)
    return [
        Balance(number, name, rail, currency, int(total), int(paid))
        for number, name, rail, currency, total, paid in session.execute(statement)
    ]


def add_order_line(
    session: Session, order: Order, kind: OrderLineKind, amount: int, now: datetime, *, part: str = ""
) -> None:
    """Write a sale (+) or a refund (-) of an order, in minor units; a repetition writes nothing.

    A sale is one line; so is each part that is refunded, by the name that its rail gives it. Nobody owes the
    seller what they hold already: of that nothing is written.
    """
    if rail_of(order.rail).holder == "seller":
        return
    session.execute(
        insert(BalanceEntry)
        .values(
            seller_id=order.seller_id,
            kind=kind,
            rail=order.rail,
            currency=order.currency,
            amount=amount,
            order_id=order.id,
            part=part,
            created_at=now,
        )
        .on_conflict_do_nothing(index_elements=["order_id", "kind", "part"])
    )


def record_payout(
    session: Session,
    *,
    seller_id: int,
    rail: str,
    amount: Money,
    reference: str,
    actor: str,
    now: datetime,
) -> BalanceEntry:
    """Note that the operator has paid a seller; the same reference again is the same payout.

    Raises `Refused`: more than is owed, a reference already used for another payout, none given, a currency
    that we do not take.
    """
    reference, key = visible_text(reference), canonical(reference)
    if not key:
        raise Refused("reference-missing")
    if amount.currency not in EXPONENTS:
        raise Refused("bad-currency", {"currency": amount.currency})
    seller = must_get(session, Seller, seller_id, "shop-unknown", lock=True)
    entry = BalanceEntry(
        seller_id=seller_id,
        kind="payout",
        rail=rail,
        currency=amount.currency,
        amount=-amount.amount,
        reference=reference,
        reference_key=key,
        created_at=now,
    )
    earlier = session.exec(select(BalanceEntry).where(BalanceEntry.reference_key == key)).one_or_none()
    if earlier is not None:
        return _same_payout(earlier, entry)
    open_amount = _owed_on(session, seller_id, rail, amount.currency)
    if not 0 < amount.amount <= open_amount:
        raise Refused("payout-too-large", {"owed": str(Money(open_amount, amount.currency))})
    session.add(entry)
    session.flush()
    record(session, actor, "payout.recorded", f"seller:{seller_id}", amount=amount, balance_entry=entry.id)
    params = {"amount": str(amount), "rail": rail, "reference": reference}
    notify(session, seller.user_id, "payout-made", params)
    session.flush()
    return entry


def export_csv(session: Session, out: TextIO) -> None:
    """Write every line of the ledger that can be read, oldest first, for a spreadsheet."""
    writer = csv.writer(out)
    writer.writerow(COLUMNS)
    oldest_first = (col(BalanceEntry.created_at), col(BalanceEntry.id))
    ids = session.exec(select(BalanceEntry.id).order_by(*oldest_first)).all()
    for start in range(0, len(ids), AT_A_TIME):
        some = (
            select_columns(*_OF_A_LINE)
            .join(Seller, col(Seller.id) == BalanceEntry.seller_id)
            .where(col(BalanceEntry.id).in_(ids[start : start + AT_A_TIME]))
            .order_by(*oldest_first)
        )
        writer.writerows(build_readable(session, some, lambda rows: [_cells(*row) for row in rows]))


_OF_A_LINE = (
    col(BalanceEntry.created_at),
    col(Seller.name),
    col(BalanceEntry.kind),
    col(BalanceEntry.rail),
    col(BalanceEntry.currency),
    col(BalanceEntry.amount),
    col(BalanceEntry.order_id),
    col(BalanceEntry.reference),
)


def _cells(
    at: datetime,
    seller: str,
    kind: str,
    rail: str,
    currency: str,
    amount: int,
    order_id: int | None,
    reference: str | None,
) -> tuple[str | int, ...]:
    written = f"{Money(amount, currency).decimal():f}"
    line = (at.isoformat(), spreadsheet_text(seller), kind, rail, currency, written, amount)
    return (*line, order_id or "", spreadsheet_text(reference or ""))


def _same_payout(earlier: BalanceEntry, again: BalanceEntry) -> BalanceEntry:
    fields = ("seller_id", "rail", "currency", "amount")
    if any(getattr(earlier, name) != getattr(again, name) for name in fields):
        raise Refused("reference-taken", {"reference": again.reference or ""})
    return earlier


def _owed_on(session: Session, seller_id: int, rail: str, currency: str) -> int:
    lines = owed(session, seller_id)
    return sum(line.owed for line in lines if (line.rail, line.currency) == (rail, currency))
