"""Notices of NOWPayments for a shop's orders, signed by the sandbox's own code, ready to be sent."""

import secrets
from collections.abc import Sequence
from decimal import Decimal

from sqlalchemy import text
from sqlmodel import Session

from core.kit.names import number_of
from core.kit.rail_policy import parse_policy
from core.kit.rows import id_of
from core.payments.placing import place
from schemas.base import utc_now
from scripts.bench.load import Request
from scripts.bench.running_stack import BATCH, RunningStack
from scripts.bench.sales import POLICY, PRICES
from scripts.embedded.process import wait_until
from scripts.sandbox.nowpayments.ledger import RATE, Invoice, Payment
from scripts.sandbox.nowpayments.notices import Sender
from scripts.sandbox.telegram.driver import Person

OPENING = 300.0  # seconds for all invoices
FIRST_PAYMENT = 7_000_000_001


def order_on_web(system: RunningStack, count: int) -> list[Request]:
    """Place so many web orders and open their invoices; the notices that they are paid."""
    return notices_of(system, place_on_web(system, count))


def place_on_web(system: RunningStack, count: int) -> list[int]:
    """Place so many web orders, each with a job that opens its invoice; the orders' ids."""
    orders: list[int] = []
    while len(orders) < count:
        with system.database.transaction() as session:
            orders += [_place(system, session) for _ in range(min(BATCH, count - len(orders)))]
    return orders


def order_in_bot(system: RunningStack, buyers: Sequence[Person]) -> list[Request]:
    """Place an order for each of these people, delivered once it is paid; the notices that it is."""
    return notices_of(system, system.place(buyers, "crypto"))


def _place(system: RunningStack, session: Session) -> int:
    placed = place(
        session,
        product_id=system.product_id,
        rail="crypto",
        currency=PRICES["crypto"][0].currency,
        entry="web",
        buyer=None,
        language="en",
        policy=parse_policy(POLICY),
        order_ttl=system.stack.settings.order_ttl,
        now=utc_now(),
        idempotency_key=secrets.token_urlsafe(32),
    )
    return id_of(placed.order)


def notices_of(system: RunningStack, orders: Sequence[int]) -> list[Request]:
    """The notices that these orders are paid, once all their invoices are open."""
    wait_until(lambda: len(_invoices(system, orders)) == len(orders), OPENING, "not all invoices were opened")
    invoices = _invoices(system, orders)
    sender = Sender(system.stack.settings.nowpayments_ipn_secret)
    return [_notice(sender, order, invoices[order]) for order in orders]


def _invoices(system: RunningStack, orders: Sequence[int]) -> dict[int, str]:
    query = text(
        "SELECT order_id, split_part(provider_id, ':', 2) FROM payment "
        "WHERE order_id = ANY (:orders) AND provider_id LIKE 'invoice:%'"
    )
    with system.database.engine.connect() as connection:
        rows = connection.execute(query, {"orders": list(orders)})
        return {int(order): str(invoice) for order, invoice in rows}


def _notice(sender: Sender, order: int, invoice_id: str) -> Request:
    """Distinct for each order; all coins have come."""
    price = Decimal(PRICES["crypto"][0].amount) / 100
    currency = PRICES["crypto"][0].currency.lower()
    invoice = Invoice(invoice_id, number_of(order), "", price, currency, callback="", success_url="")
    coins = price * RATE
    payment = Payment(FIRST_PAYMENT + order, invoice, due=coins, paid=coins, status="finished")
    notice = sender.sign("", payment.as_sent())
    headers = {"content-type": "application/json", "x-nowpayments-sig": notice.signature}
    return Request("POST", "/webhooks/nowpayments", headers, notice.body.decode())
