"""Invoices of subscriptions, and how they are collected.

https://docs.stripe.com/billing/invoices/subscription, https://docs.stripe.com/billing/revenue-recovery/smart-retries.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

from scripts.sandbox.stripe import payments
from scripts.sandbox.stripe.book import DAY, Account, Book, How, Thing
from scripts.sandbox.stripe.errors import invalid
from scripts.sandbox.stripe.money import share
from scripts.sandbox.stripe.standing import become, end, item_of
from scripts.sandbox.stripe.taxes import tax_of_line

ClosedStatus = Literal["void", "uncollectible"]
RETRIES = (3 * DAY, 5 * DAY, 7 * DAY)
"""Seconds until the next try; Smart Retries would choose them (8 in 2 weeks are recommended)."""

DRAFT_SECONDS = 3600
"""An invoice of a renewal stays a draft for about an hour."""


@dataclass(frozen=True)
class Line:
    """One line of an invoice; `period` in seconds since 1970."""

    price: Thing
    quantity: int
    amount: int
    period: tuple[int, int]
    proration: bool = False
    description: str | None = None


def current_line(subscription: Thing) -> Line:
    """The line of the period that a subscription is in."""
    item = item_of(subscription)
    amount = item["price"]["unit_amount"] * item["quantity"]
    period = item["current_period_start"], item["current_period_end"]
    return Line(item["price"], item["quantity"], amount, period)


def draft(book: Book, account: Account, subscription: Thing, why: str, lines: Sequence[Line]) -> Thing:
    """An invoice as it would be, which is kept nowhere; what the customer has too much is set against it."""
    subtotal = sum(line.amount for line in lines)
    taxes = [tax_of_line(book, account, subscription, line.price, line.amount) for line in lines]
    total = subtotal + sum(tax["amount"] for tax in taxes if tax and tax["tax_behavior"] == "exclusive")
    credit = book.note(subscription["customer"]).get("credit", 0)
    due = max(0, total - credit)
    item, identity = item_of(subscription), book.id("in")
    parent = {"metadata": dict(subscription["metadata"]), "subscription": subscription["id"]}
    invoice = {
        "id": identity,
        "object": "invoice",
        "amount_due": due,
        "amount_overpaid": 0,
        "amount_paid": 0,
        "amount_remaining": due,
        "amount_shipping": 0,
        "attempt_count": 0,
        "attempted": False,
        "auto_advance": True,
        "automatic_tax": {
            "disabled_reason": None,
            "enabled": subscription["automatic_tax"]["enabled"],
            "liability": None,
            "provider": None,
            "status": None,
        },
        "automatically_finalizes_at": None,
        "billing_reason": why,
        "collection_method": "charge_automatically",
        "created": book.now(),
        "currency": subscription["currency"],
        "customer": subscription["customer"],
        "default_tax_rates": [],
        "discounts": [],
        "hosted_invoice_url": None,
        "invoice_pdf": None,
        "issuer": {"type": "self"},
        "livemode": False,
        "metadata": {},
        "next_payment_attempt": None,
        "number": None,
        "parent": {"type": "subscription_details", "quote_details": None, "subscription_details": parent},
        "payment_settings": {
            "default_mandate": None,
            "payment_method_options": None,
            "payment_method_types": None,
        },
        "period_start": item["current_period_start"],
        "period_end": item["current_period_end"],
        "post_payment_credit_notes_amount": 0,
        "pre_payment_credit_notes_amount": 0,
        "starting_balance": -credit,
        "status": "draft",
        "status_transitions": dict.fromkeys(
            ("finalized_at", "marked_uncollectible_at", "paid_at", "voided_at")
        ),
        "subtotal": subtotal,
        "total": total,
        "total_taxes": [tax for tax in taxes if tax],
    }
    invoice_lines = [
        _line(book, subscription, identity, line) | {"taxes": [tax] if tax else []}
        for line, tax in zip(lines, taxes, strict=True)
    ]
    url = f"/v1/invoices/{identity}/lines"
    return invoice | {"lines": {"object": "list", "data": invoice_lines, "has_more": False, "url": url}}


def open_invoice(book: Book, account: Account, subscription: Thing, why: str, lines: Sequence[Line]) -> Thing:
    """A draft that is kept, and told of."""
    invoice = book.put(account, draft(book, account, subscription, why, lines))
    subscription["latest_invoice"] = invoice["id"]
    book.emit(account, "invoice.created", invoice)
    return invoice


def finalize(book: Book, account: Account, invoice: Thing) -> Thing:
    """Give it its number and its page, and use up the customer's credit."""
    customer = book.note(invoice["customer"])
    customer["credit"] = max(0, customer.get("credit", 0) - invoice["total"])
    invoice |= {
        "status": "open",
        "number": f"SANDBOX-{book.number():07d}",
        "automatically_finalizes_at": None,
    }
    invoice["hosted_invoice_url"] = f"{book.url}/invoice/{invoice['id']}"
    invoice["invoice_pdf"] = f"{book.url}/invoice/{invoice['id']}/pdf"
    invoice["status_transitions"] = invoice["status_transitions"] | {"finalized_at": book.now()}
    book.emit(account, "invoice.finalized", invoice)
    return invoice


def collect(book: Book, account: Account, invoice: Thing, how: How) -> Thing:
    """Try once to be paid for an open invoice; what follows for it and its subscription."""
    subscription = subscription_of(book, account, invoice)
    invoice |= {"attempted": True}
    if invoice["amount_due"] == 0:
        return _paid(book, account, invoice, subscription, None)
    invoice["attempt_count"] += 1
    intent = _intent(book, account, invoice, subscription)
    card = book.get(account, "customer", invoice["customer"])["invoice_settings"]["default_payment_method"]
    payments.attempt(book, account, intent, card, "decline" if how == "none" else how)
    if intent["status"] == "succeeded":
        return _paid(book, account, invoice, subscription, intent)
    return _failed(book, account, invoice, subscription, intent)


def confirm(book: Book, account: Account, invoice: Thing, *, good: bool) -> Thing:
    """The buyer answers 3-D Secure on the invoice's page."""
    intent = book.get(account, "payment_intent", book.note(invoice["id"])["intent"])
    if intent["status"] != "requires_action":
        raise invalid("payment_intent_unexpected_state", f"{intent['id']} asks for no authentication.")
    payments.authenticate(book, account, intent, good=good)
    if good:
        return _paid(book, account, invoice, subscription_of(book, account, invoice), intent)
    return invoice


def close(book: Book, account: Account, invoice: Thing, status: ClosedStatus) -> Thing:
    """`void` or `uncollectible`: nothing is tried any more."""
    if invoice["status"] not in ("open", "uncollectible"):
        raise invalid(
            "invoice_not_editable", f"This invoice is {invoice['status']}; it cannot become {status}."
        )
    moment = {"void": "voided_at", "uncollectible": "marked_uncollectible_at"}[status]
    invoice |= {"status": status, "next_payment_attempt": None}
    invoice["status_transitions"] = invoice["status_transitions"] | {moment: book.now()}
    kind = {"void": "invoice.voided", "uncollectible": "invoice.marked_uncollectible"}[status]
    book.emit(account, kind, invoice)
    return invoice


def subscription_of(book: Book, account: Account, invoice: Thing) -> Thing:
    """The subscription that an invoice is of."""
    return book.get(account, "subscription", invoice["parent"]["subscription_details"]["subscription"])


def _intent(book: Book, account: Account, invoice: Thing, subscription: Thing) -> Thing:
    note = book.note(invoice["id"])
    if "intent" in note:
        return book.get(account, "payment_intent", note["intent"])
    percent = subscription["application_fee_percent"]
    fee = share(invoice["amount_due"], percent) if percent else 0
    customer, currency = invoice["customer"], invoice["currency"]
    intent = payments.open_intent(book, account, invoice["amount_due"], currency, customer=customer, fee=fee)
    note["intent"] = intent["id"]
    payment: dict[str, Any] = {
        "amount_paid": None,
        "amount_requested": invoice["amount_due"],
        "currency": currency,
        "invoice": invoice["id"],
        "is_default": True,
        "payment": {"type": "payment_intent", "payment_intent": intent["id"]},
        "status": "open",
        "status_transitions": {"canceled_at": None, "paid_at": None},
    }
    note["payment"] = book.make(account, "inpay", "invoice_payment", **payment)["id"]
    return intent


def _paid(book: Book, account: Account, invoice: Thing, subscription: Thing, intent: Thing | None) -> Thing:
    if invoice["total"] < 0:
        note = book.note(invoice["customer"])
        note["credit"] = note.get("credit", 0) - invoice["total"]
    paid = {"amount_paid": invoice["amount_due"], "amount_remaining": 0}
    invoice |= {"status": "paid", "next_payment_attempt": None} | paid
    invoice["status_transitions"] = invoice["status_transitions"] | {"paid_at": book.now()}
    if intent is not None:
        _write_payment(book, account, invoice)
    book.emit(account, "invoice.paid", invoice)
    book.emit(account, "invoice.payment_succeeded", invoice)
    if subscription["status"] in ("incomplete", "past_due", "unpaid"):
        become(book, account, subscription, status="active")
    return invoice


def _write_payment(book: Book, account: Account, invoice: Thing) -> None:
    payment = book.get(account, "invoice_payment", book.note(invoice["id"])["payment"])
    payment |= {"status": "paid", "amount_paid": invoice["amount_due"]}
    payment["status_transitions"] = payment["status_transitions"] | {"paid_at": book.now()}
    book.emit(account, "invoice_payment.paid", payment)


def _failed(book: Book, account: Account, invoice: Thing, subscription: Thing, intent: Thing) -> Thing:
    tries, again = invoice["attempt_count"], None
    if tries <= len(RETRIES) and subscription["status"] not in ("incomplete", "canceled"):
        again = book.now() + RETRIES[tries - 1]
    if not book.note(account or "platform").get("connected", True):
        again = None  # invoices of an account that has left are not tried again
    invoice["next_payment_attempt"] = again
    if intent["status"] == "requires_action":
        book.emit(account, "invoice.payment_action_required", invoice)
    book.emit(account, "invoice.payment_failed", invoice)
    if subscription["status"] == "active":
        become(book, account, subscription, status="past_due")
    if again is None and subscription["status"] == "past_due":
        _give_up(book, account, invoice, subscription)
    return invoice


def _give_up(book: Book, account: Account, invoice: Thing, subscription: Thing) -> None:
    final = book.seller(account).final
    if final == "canceled":
        end(book, account, subscription, "payment_failed")
    elif final != subscription["status"]:
        become(book, account, subscription, status=final)


def _line(book: Book, subscription: Thing, invoice: str, line: Line) -> Thing:
    price = {"price": line.price["id"], "product": line.price["product"]}
    details = {
        "invoice_item": None,
        "proration": line.proration,
        "proration_details": None,
        "subscription": subscription["id"],
        "subscription_item": item_of(subscription)["id"],
    }
    parent = {"type": "subscription_item_details", "invoice_item_details": None}
    return {
        "id": book.id("il"),
        "object": "line_item",
        "amount": line.amount,
        "currency": subscription["currency"],
        "description": line.description,
        "discount_amounts": [],
        "discountable": True,
        "discounts": [],
        "invoice": invoice,
        "livemode": False,
        "metadata": dict(subscription["metadata"]),
        "parent": parent | {"subscription_item_details": details},
        "period": {"start": line.period[0], "end": line.period[1]},
        "pricing": {
            "type": "price_details",
            "price_details": price,
            "unit_amount_decimal": str(line.price["unit_amount"]),
        },
        "quantity": line.quantity,
        "subscription": subscription["id"],
        "subtotal": line.amount,
    }
