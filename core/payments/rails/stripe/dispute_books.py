"""What an account lists of disputes: the lines of its balance (https://docs.stripe.com/api/disputes/list)."""

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta

import msgspec

from core.kit.money import EXPONENTS, Money
from core.kit.names import number_of
from core.payments.dispute_books import with_fee
from core.payments.rails.port import MoneyLine
from core.payments.rails.stripe.api import StripeApi
from core.payments.rails.stripe.disputes import DISPUTES
from core.payments.rails.stripe.objects import DisputeMoney

LONGEST = timedelta(days=400)
"""So long ago a dispute may have begun that moves money now: banks take months, and appeals come after."""


class ListedDispute(msgspec.Struct, frozen=True):
    """A dispute as a list shows it."""

    id: str
    balance_transactions: list[DisputeMoney]
    payment_intent: str | None = None


def read_disputes(
    stripe: StripeApi,
    account: str,
    orders: Mapping[str, int],
    sellers: Mapping[int, int],
    since: datetime,
    until: datetime,
) -> Iterator[MoneyLine]:
    """The lines of disputes of our orders (by the names of their payments) written until then."""
    created = {"gte": int((since - LONGEST).timestamp()), "lte": int(until.timestamp())}
    for dispute in stripe.pages(ListedDispute, DISPUTES, {"created": created}, account=account):
        order_id = orders.get(dispute.payment_intent or "")
        if order_id is None:
            continue
        for line in dispute.balance_transactions:
            if line.created <= created["lte"] and line.currency.upper() in EXPONENTS:
                yield from with_fee(_line(line, sellers[order_id], order_id), line.fee)


def _line(line: DisputeMoney, seller_id: int, order_id: int) -> MoneyLine:
    money = Money(line.amount, line.currency.upper())
    at = datetime.fromtimestamp(line.created, UTC)
    return MoneyLine("dispute", line.id, number_of(order_id), seller_id, money, at)
