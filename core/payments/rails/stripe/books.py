"""What the accounts of sellers list of our orders: charges, refunds, and the fees that the operator took.

Charges and refunds, not balance transactions: those are in the currency that an account is settled in
(https://docs.stripe.com/api/charges/list, https://docs.stripe.com/api/refunds/list).
"""

import logging
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime

import msgspec
from sqlmodel import Session, col, select

from core.kit.db import Database
from core.kit.errors import RetryAfter, ServerAway
from core.kit.money import Money
from core.kit.names import number_of
from core.orders.orders import order_id_of
from core.payments.rails.port import MoneyLine, ProviderBooks
from core.payments.rails.stripe.api import StripeApi
from core.payments.rails.stripe.dispute_books import read_disputes
from core.payments.rails.stripe.inbox import RAIL
from core.payments.rails.stripe.platform import mark, shop_name
from core.payments.rails.stripe.protocol import Fields
from schemas.sales import Order, Payment
from schemas.stripe import StripeAccount

CHARGES, REFUNDS = "/v1/charges", "/v1/refunds"
DONE = "succeeded"

log = logging.getLogger(__name__)


class ListedCharge(msgspec.Struct, frozen=True):
    """A charge as a list shows it; amounts in minor units."""

    id: str
    amount: int
    currency: str
    created: int  # seconds since 1970
    status: str
    payment_intent: str | None = None
    application_fee_amount: int | None = None
    metadata: dict[str, str] | None = None


class ListedRefund(msgspec.Struct, frozen=True):
    """A refund as a list shows it; amounts in minor units."""

    id: str
    amount: int
    currency: str
    created: int  # seconds since 1970
    status: str | None = None
    payment_intent: str | None = None


@dataclass(frozen=True)
class _Account:
    """An account, the orders that are ours there by the names of their payments, their sellers (on the
    account of the operator's own shop others pay what they owe), and the mark of what was made for each."""

    id: str
    orders: dict[str, int]
    sellers: dict[int, int]
    marks: dict[int, str]

    def line_of(self, listed: ListedCharge | ListedRefund, order_id: int) -> MoneyLine:
        is_charge = isinstance(listed, ListedCharge)
        return MoneyLine(
            kind="charge" if is_charge else "refund",
            id=(listed.payment_intent or listed.id) if is_charge else listed.id,
            order_number=number_of(order_id),
            seller_id=self.sellers[order_id],
            money=Money(listed.amount, listed.currency.upper()),
            at=datetime.fromtimestamp(listed.created, UTC),
        )


def read_books(
    database: Database, stripe: StripeApi, live: bool, since: datetime, until: datetime
) -> ProviderBooks:
    """The lines of all connected accounts. `live`: whether the key moves real money; an account of the other
    mode is not for it. One that Stripe refuses to show stops no other."""
    with database.transaction() as session:
        connected = _accounts(session, live)
    lines, read, unread = list[MoneyLine](), list[str](), list[str]()
    created: Fields = {"created": {"gte": int(since.timestamp()), "lte": int(until.timestamp())}}
    for account_id in connected:
        with database.transaction() as session:
            account = _account(session, account_id)
        try:
            found = [*_lines(stripe, account, created)]
            found += read_disputes(stripe, account.id, account.orders, account.sellers, since, until)
            lines.extend(found)
        except (RetryAfter, ServerAway):
            raise
        except Exception as error:  # noqa: BLE001 - the others are read, whatever it is
            log.warning("the books of %s cannot be read: %s", account_id, error)
            unread.append(account_id)
        else:
            read.append(account_id)
    return ProviderBooks(lines, accounts=read, unread=unread, refunds_named=True)


def _lines(stripe: StripeApi, account: _Account, created: Fields) -> Iterator[MoneyLine]:
    """Those of our orders alone: a seller may sell elsewhere too."""
    ours = dict(account.orders)
    for charge in stripe.pages(ListedCharge, CHARGES, created, account=account.id):
        order_id = ours.get(charge.payment_intent or "") or _named(account, charge)
        if order_id is None or charge.status != DONE:
            continue
        ours[charge.payment_intent or charge.id] = order_id
        line = account.line_of(charge, order_id)
        yield line
        if charge.application_fee_amount:
            fee = Money(charge.application_fee_amount, line.money.currency)
            yield replace(line, kind="fee", money=fee)
    for refund in stripe.pages(ListedRefund, REFUNDS, created, account=account.id):
        order_id = ours.get(refund.payment_intent or "")
        if order_id is not None and refund.status == DONE:
            yield account.line_of(refund, order_id)


def _named(account: _Account, charge: ListedCharge) -> int | None:
    """The order of this shop that a charge names, if it is one that is paid on this account."""
    metadata = charge.metadata or {}
    order_id = order_id_of(metadata.get("order", "")) or 0
    return order_id if metadata.get("shop", "") == account.marks.get(order_id) else None


def _accounts(session: Session, live: bool) -> list[str]:
    rows = select(StripeAccount.account_id).where(
        StripeAccount.state != "disconnected",
        StripeAccount.livemode == live,
        col(StripeAccount.account_id).is_not(None),
    )
    return [account_id for account_id in session.exec(rows) if account_id is not None]


def _account(session: Session, account_id: str) -> _Account:
    """An account with the orders that are paid on it, by the names of their pages and payments."""
    account = col(Payment.details)["account"].astext == account_id
    rows = select(Payment.provider_id, Payment.order_id, Order.seller_id, Order.created_at)
    paid = rows.join(Order, col(Order.id) == Payment.order_id).where(Payment.rail == RAIL, account)
    orders, sellers, marks = dict[str, int](), dict[int, int](), dict[int, str]()
    shop = shop_name(session)
    for name, order_id, seller_id, created_at in session.exec(paid):
        orders[name], sellers[order_id], marks[order_id] = order_id, seller_id, mark(shop, created_at)
    return _Account(account_id, orders, sellers, marks)
