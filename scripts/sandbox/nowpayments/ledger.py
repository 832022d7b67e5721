"""Invoices and payments as NOWPayments keeps them. One coin, at a fixed rate, so that sums can be checked."""

import itertools
import threading
from dataclasses import dataclass, field
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any, Literal

FIATS = ("usd", "eur", "gbp", "chf", "cad", "jpy", "xaf", "xof")
RATE = Decimal("3.75")  # coins for one unit of any currency
COIN = "trx"
ProviderStatus = Literal[
    "waiting",
    "confirming",
    "confirmed",
    "sending",
    "partially_paid",
    "finished",
    "failed",
    "refunded",
    "expired",
]
"""The statuses of a payment, in their words."""


class LedgerError(Exception):
    """A request that the real service refuses: HTTP status, its code, its message."""

    def __init__(self, status: int, code: str, message: str) -> None:
        super().__init__(message)
        self.status = status
        self.code = code


@dataclass
class Invoice:
    """An invoice as a shop asked for it."""

    id: str
    order_id: str
    description: str
    price: Decimal
    currency: str
    callback: str
    success_url: str
    created: datetime = field(default_factory=lambda: datetime.now(UTC))


@dataclass
class Payment:
    """One payment of an invoice.

    `due` and `paid` are in coins. `parent` is the payment whose address a further deposit was sent to.
    """

    id: int
    invoice: Invoice
    due: Decimal
    paid: Decimal = Decimal(0)
    status: ProviderStatus = "waiting"
    parent: int | None = None
    created: datetime = field(default_factory=lambda: datetime.now(UTC))
    updated: datetime = field(default_factory=lambda: datetime.now(UTC))

    def as_answered(self) -> dict[str, Any]:
        """The payment as their API answers it: with its moments as ISO 8601."""
        return self.as_sent() | {"created_at": iso(self.created), "updated_at": iso(self.updated)}

    def as_sent(self) -> dict[str, Any]:
        """The payment as JSON fields: the body of a notice."""
        return {
            "payment_id": self.id,
            "parent_payment_id": self.parent,
            "invoice_id": int(self.invoice.id),
            "payment_status": self.status,
            "pay_address": f"T{self.parent or self.id}",
            "payin_extra_id": None,
            "price_amount": _number(self.invoice.price),
            "price_currency": self.invoice.currency,
            "pay_amount": _number(self.due),
            "actually_paid": _number(self.paid),
            "actually_paid_at_fiat": 0,
            "pay_currency": COIN,
            "order_id": self.invoice.order_id,
            "order_description": self.invoice.description,
            "purchase_id": str(self.id + 1),
            "outcome_amount": _number(self.paid * Decimal("0.995")),
            "outcome_currency": COIN,
            "payment_extra_ids": None,
            "fee": {"currency": COIN, "depositFee": 0.0985, "withdrawalFee": 0, "serviceFee": 0},
            "updated_at": int(self.updated.timestamp() * 1000),
        }


class Ledger:
    """All invoices and payments of one account."""

    def __init__(self) -> None:
        self.invoices: dict[str, Invoice] = {}
        self.payments: dict[int, Payment] = {}
        self._lock = threading.Lock()
        self._ids = itertools.count(5_000_000_001, 7)

    def open_invoice(self, order: dict[str, Any]) -> Invoice:
        """Create an invoice, a second one for an order too. Raises `LedgerError` as the service refuses."""
        price, currency = order.get("price_amount"), str(order.get("price_currency", "")).lower()
        if isinstance(price, bool) or not isinstance(price, int | float) or price <= 0:
            raise LedgerError(400, "INVALID_REQUEST_PARAMS", "price_amount must be a positive number")
        if currency not in FIATS:
            raise LedgerError(400, "INVALID_REQUEST_PARAMS", "Currency was not found")
        texts = {name: order.get(name) or "" for name in TEXTS}
        if not all(isinstance(text, str) for text in texts.values()):
            raise LedgerError(400, "INVALID_REQUEST_PARAMS", f"{', '.join(TEXTS)} must be strings")
        for name in ("ipn_callback_url", "success_url", "cancel_url"):
            if texts[name] and not texts[name].startswith(("http://", "https://")):
                raise LedgerError(400, "INVALID_REQUEST_PARAMS", f"{name} must be a valid uri")
        with self._lock:
            invoice = Invoice(
                id=str(next(self._ids)),
                order_id=texts["order_id"],
                description=texts["order_description"],
                price=Decimal(str(price)),
                currency=currency,
                callback=texts["ipn_callback_url"],
                success_url=texts["success_url"],
            )
            self.invoices[invoice.id] = invoice
        return invoice

    def invoice(self, invoice_id: str) -> Invoice:
        """The invoice of this id. Raises `LedgerError` when there is none."""
        if invoice_id not in self.invoices:
            raise LedgerError(404, "INVOICE_NOT_FOUND", "Invoice not found")
        return self.invoices[invoice_id]

    def payment(self, payment_id: int) -> Payment:
        """The payment of this id. Raises `LedgerError` when there is none."""
        if payment_id not in self.payments:
            raise LedgerError(404, "PAYMENT_NOT_FOUND", "Payment not found")
        return self.payments[payment_id]

    def start_payment(self, invoice: Invoice, parent: int | None = None) -> Payment:
        """Create a payment that waits for its coins, once the buyer has chosen the coin."""
        with self._lock:
            payment = Payment(next(self._ids), invoice, due=invoice.price * RATE, parent=parent)
            self.payments[payment.id] = payment
        return payment

    def listed(self, since: datetime | None, until: datetime | None, invoice_id: str | None) -> list[Payment]:
        """The payments made since and until moments and of an invoice, where given, oldest first."""
        with self._lock:
            payments = list(self.payments.values())
        return [
            payment
            for payment in payments
            if (since is None or payment.created >= since)
            and (until is None or payment.created <= until)
            and invoice_id in (None, payment.invoice.id)
        ]


TEXTS = ("order_id", "order_description", "ipn_callback_url", "success_url", "cancel_url")


def iso(moment: datetime) -> str:
    """A moment as their API writes it."""
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _number(value: Decimal) -> int | float:
    """As JavaScript writes it: without a fraction where there is none."""
    return int(value) if value == value.to_integral_value() else float(value)
