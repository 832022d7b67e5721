"""What NOWPayments lists of our orders: coins that came, and payments that it gave back.

https://documenter.getpostman.com/view/7907941/2s93JusNJt ("Get list of payments")
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from itertools import islice

from sqlmodel import Session, col, select

from core.kit.db import Database
from core.kit.money import Money
from core.orders.orders import order_id_of, order_number
from core.payments.rails.nowpayments.payments import RAIL, worth_of
from core.payments.rails.port import MoneyLine, NoBooks, PaymentReport
from core.process.settings import Settings
from schemas.sales import Order

GIVEN_BACK = "refunded"
HAVE_COME = ("partially_paid", "finished", GIVEN_BACK)
"""Their words for a payment by which coins have come."""
AT_A_TIME = 500  # reports


def unlisted(settings: Settings) -> NoBooks | None:
    """Why their list cannot be asked for; None where it can."""
    if not settings.nowpayments_api_key:
        return NoBooks("NOWPAYMENTS_API_KEY is empty: there is no account to read.")
    if not (settings.nowpayments_email and settings.nowpayments_password):
        return NoBooks(
            "NOWPAYMENTS_EMAIL or NOWPAYMENTS_PASSWORD is empty: NOWPayments lists payments to the account's "
            "login alone. Set both."
        )
    return None


def read_lines(database: Database, listed: Iterable[PaymentReport], until: datetime) -> list[MoneyLine]:
    """The lines of our orders, without what changed after a moment."""
    reports = (report for report in listed if report.stage in HAVE_COME and not _is_later(report, until))
    lines: list[MoneyLine] = []
    # So many at a time: no transaction of ours stays open while they are asked for the next page.
    while some := list(islice(reports, AT_A_TIME)):
        with database.transaction() as session:
            lines.extend(_lines(session, some))
    return lines


def reports_of(listed: Iterable[PaymentReport], lines: Sequence[MoneyLine]) -> list[PaymentReport]:
    """Those reports that these lines were made of."""
    named = {line.id for line in lines}
    return [report for report in listed if report.provider_id in named]


def made_since(session: Session, lines: Sequence[MoneyLine]) -> datetime:
    """When the first of the orders of these lines was placed: no payment for them is older."""
    ids = [order_id_of(line.order_number) for line in lines]
    return min(session.exec(select(Order.created_at).where(col(Order.id).in_(ids))))


def _lines(session: Session, reports: Sequence[PaymentReport]) -> Iterator[MoneyLine]:
    orders = _orders(session, reports)
    for report in reports:
        order = orders.get(report.order_number)
        worth = None if order is None else worth_of(session, report)
        if order is None or not worth:
            continue
        # A further deposit says a price of its own, whose coins are counted in the order's currency.
        priced = report.price is not None and not report.parent_id
        currency = report.price.currency if report.price is not None and priced else order.currency
        line = MoneyLine(
            kind="charge",
            id=report.provider_id,
            order_number=report.order_number,
            seller_id=order.seller_id,
            money=Money(worth, currency),
            at=report.at or order.created_at,
        )
        yield line
        if report.stage == GIVEN_BACK:
            yield replace(line, kind="refund")


def _orders(session: Session, reports: Sequence[PaymentReport]) -> dict[str, Order]:
    ids = [order_id_of(report.order_number) for report in reports]
    rows = select(Order).where(Order.rail == RAIL, col(Order.id).in_([each for each in ids if each]))
    return {order_number(order): order for order in session.exec(rows)}


def _is_later(report: PaymentReport, until: datetime) -> bool:
    return report.at is not None and report.at > until
