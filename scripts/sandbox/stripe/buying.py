"""What a buyer does on the page of a Checkout session, and what comes of it.

https://docs.stripe.com/payments/checkout/fulfill-orders,
https://docs.stripe.com/changelog/basil/2025-03-31/checkout-legacy-subscription-upgrade (no subscription
before the session is complete).
"""

from typing import Literal

from scripts.sandbox.stripe import payments
from scripts.sandbox.stripe.book import Account, Book, How, Thing
from scripts.sandbox.stripe.catalogue import new_card, new_customer
from scripts.sandbox.stripe.checkout import check_open
from scripts.sandbox.stripe.errors import invalid
from scripts.sandbox.stripe.subscriptions import subscribe

PaymentStatus = Literal["paid", "unpaid", "no_payment_required"]
NO_DETAILS = ("address", "business_name", "email", "individual_name", "name", "phone")


def pays(book: Book, account: Account, session: Thing, how: How, email: str) -> Thing:
    """The buyer fills the page in. Refused cards and authentication leave the session open."""
    check_open(session)
    note = book.note(session["id"])
    note["email"] = email
    if session["mode"] == "payment":
        intent = _intent(book, account, session)
        payments.attempt(book, account, intent, book.id("pm"), how)
        if intent["status"] in ("succeeded", "processing"):
            _complete_payment(book, account, session, intent)
    elif how == "later":
        raise invalid("parameter_invalid", "The stand-in debits no bank for subscriptions.")
    elif how == "action":
        note["authenticating"] = True
    elif how != "decline":
        _complete_subscription(book, account, session, how)
    return session


def authenticates(book: Book, account: Account, session: Thing, *, good: bool) -> Thing:
    """The buyer answers 3-D Secure, which the page asked for."""
    check_open(session)
    note = book.note(session["id"])
    if session["mode"] == "subscription":
        if not note.pop("authenticating", False):
            raise invalid("payment_intent_unexpected_state", "Nothing is to be authenticated.")
        if good:
            _complete_subscription(book, account, session, "ok")
        return session
    intent = _intent(book, account, session)
    if intent["status"] != "requires_action":
        raise invalid("payment_intent_unexpected_state", "Nothing is to be authenticated.")
    payments.authenticate(book, account, intent, good=good)
    if good:
        _complete_payment(book, account, session, intent)
    return session


def settles(book: Book, account: Account, session: Thing, *, good: bool) -> Thing:
    """A bank debit comes in, days later, or bounces."""
    intent = book.get(account, "payment_intent", session["payment_intent"] or "")
    if intent["status"] != "processing":
        raise invalid("payment_intent_unexpected_state", f"{intent['id']} is not on its way.")
    payments.settle(book, account, intent, good=good)
    if good:
        session["payment_status"] = "paid"
    book.emit(account, f"checkout.session.async_payment_{'succeeded' if good else 'failed'}", session)
    return session


def _intent(book: Book, account: Account, session: Thing) -> Thing:
    """The one intent of a session, made at the first try."""
    note = book.note(session["id"])
    if "intent" in note:
        return book.get(account, "payment_intent", note["intent"])
    intent_fields = note["params"].get("payment_intent_data", {})
    customer = session["customer"]
    if customer is None and note["params"].get("customer_creation") == "always":
        customer = new_customer(book, account, {"email": note["email"]})["id"]
        session["customer"] = customer
    intent = payments.open_intent(
        book,
        account,
        session["amount_total"],
        session["currency"],
        customer=customer,
        fee=intent_fields.get("application_fee_amount", 0),
        metadata=intent_fields.get("metadata"),
        description=intent_fields.get("description"),
    )
    note["intent"] = intent["id"]
    return intent


def _complete_payment(book: Book, account: Account, session: Thing, intent: Thing) -> None:
    session["payment_intent"] = intent["id"]
    _complete(book, account, session, "paid" if intent["status"] == "succeeded" else "unpaid")


def _complete_subscription(book: Book, account: Account, session: Thing, how: How) -> None:
    note = book.note(session["id"])
    customer = session["customer"] or new_customer(book, account, {"email": note["email"]})["id"]
    session["customer"] = customer
    subscription_fields, line = dict(note["params"].get("subscription_data", {})), note["line_items"][0]
    subscription_fields["automatic_tax"] = note["params"].get("automatic_tax", {})
    new_card(book, account, customer, "none" if how == "none" else "ok")
    subscription = subscribe(
        book, account, customer, line["price"], line["quantity"], subscription_fields, how
    )
    session |= {"subscription": subscription["id"], "invoice": subscription["latest_invoice"]}
    trial = subscription["status"] == "trialing"
    _complete(book, account, session, "no_payment_required" if trial else "paid")


def _complete(book: Book, account: Account, session: Thing, payment_status: PaymentStatus) -> None:
    details: Thing = dict.fromkeys(NO_DETAILS) | {"email": book.note(session["id"])["email"]}
    details |= {"tax_exempt": "none", "tax_ids": []}
    session |= {
        "status": "complete",
        "payment_status": payment_status,
        "customer_details": details,
        "url": None,
    }
    book.emit(account, "checkout.session.completed", session)
