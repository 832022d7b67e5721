"""Payment intents, their charges, and the operator's fee.

https://docs.stripe.com/payments/paymentintents/lifecycle, https://docs.stripe.com/connect/direct-charges.
"""

import secrets
from typing import Literal

from scripts.sandbox.stripe import disputes
from scripts.sandbox.stripe.book import Account, Book, How, Thing
from scripts.sandbox.stripe.money import fee_detail, move, processing_fee

ChargeStatus = Literal["pending", "succeeded", "failed"]
DECLINED = "Your card was declined."
UNAUTHENTICATED = (
    "We are unable to authenticate your payment method. "
    "Please choose a different payment method and try again."
)


def open_intent(
    book: Book,
    account: Account,
    amount: int,
    currency: str,
    *,
    customer: str | None = None,
    fee: int = 0,
    metadata: dict[str, str] | None = None,
    description: str | None = None,
) -> Thing:
    """An intent that waits for a way to pay. `fee`: the operator's share, in minor units."""
    intent = book.make(
        account,
        "pi",
        "payment_intent",
        amount=amount,
        amount_capturable=0,
        amount_received=0,
        application=book.application if account else None,
        application_fee_amount=fee or None,
        capture_method="automatic",
        client_secret=f"pi_secret_{secrets.token_hex(8)}",
        confirmation_method="automatic",
        currency=currency,
        customer=customer,
        description=description,
        last_payment_error=None,
        latest_charge=None,
        metadata=metadata or {},
        next_action=None,
        payment_method=None,
        payment_method_types=["card"],
        status="requires_payment_method",
    )
    book.emit(account, "payment_intent.created", intent)
    return intent


def attempt(book: Book, account: Account, intent: Thing, method: str | None, how: How) -> Thing:
    """Try to pay an intent once; how it went stands in its status."""
    intent["payment_method"] = method
    if how == "action":
        intent |= {
            "status": "requires_action",
            "next_action": {"type": "use_stripe_sdk", "use_stripe_sdk": {}},
        }
        book.emit(account, "payment_intent.requires_action", intent)
    elif how == "decline":
        _fail(book, account, intent, "card_declined", DECLINED)
    elif how == "later":
        _new_charge(book, account, intent, "pending")
        intent["status"] = "processing"
        book.emit(account, "payment_intent.processing", intent)
    else:
        charge = _new_charge(book, account, intent, "pending")
        _succeed(book, account, intent, charge)
        if how == "fraud":
            disputes.open_dispute(book, account, charge)
        if how == "warn":
            disputes.warn(book, account, charge)
    return intent


def authenticate(book: Book, account: Account, intent: Thing, *, good: bool) -> Thing:
    """The buyer answers 3-D Secure, or fails at it (https://docs.stripe.com/payments/3d-secure)."""
    intent["next_action"] = None
    if good:
        _succeed(book, account, intent, _new_charge(book, account, intent, "pending"))
    else:
        problem = {
            "type": "card_error",
            "code": "payment_intent_authentication_failure",
            "message": UNAUTHENTICATED,
        }
        intent |= {"status": "requires_payment_method", "last_payment_error": problem}
        book.emit(account, "payment_intent.payment_failed", intent)
    return intent


def settle(book: Book, account: Account, intent: Thing, *, good: bool) -> Thing:
    """A bank debit that was on its way comes in, or bounces."""
    charge = book.get(account, "charge", intent["latest_charge"])
    if good:
        _succeed(book, account, intent, charge)
        return intent
    charge |= {
        "status": "failed",
        "failure_code": "insufficient_funds",
        "failure_message": "Insufficient funds.",
    }
    problem = {"type": "card_error", "code": "payment_intent_payment_attempt_failed", "charge": charge["id"]}
    intent |= {"status": "requires_payment_method", "last_payment_error": problem}
    book.emit(account, "charge.failed", charge)
    book.emit(account, "payment_intent.payment_failed", intent)
    return intent


def _new_charge(book: Book, account: Account, intent: Thing, status: ChargeStatus) -> Thing:
    charge = book.make(
        account,
        "ch",
        "charge",
        amount=intent["amount"],
        amount_captured=0,
        amount_refunded=0,
        application=intent["application"],
        application_fee=None,
        application_fee_amount=intent["application_fee_amount"],
        balance_transaction=None,
        billing_details={"address": None, "email": None, "name": None, "phone": None, "tax_id": None},
        captured=False,
        currency=intent["currency"],
        customer=intent["customer"],
        description=intent["description"],
        disputed=False,
        failure_code=None,
        failure_message=None,
        metadata=dict(intent["metadata"]),
        paid=False,
        payment_intent=intent["id"],
        payment_method=intent["payment_method"],
        receipt_url=None,
        refunded=False,
        status=status,
    )
    intent["latest_charge"] = charge["id"]
    return charge


def _fail(book: Book, account: Account, intent: Thing, code: str, message: str) -> None:
    charge = _new_charge(book, account, intent, "failed")
    charge |= {"failure_code": code, "failure_message": message}
    problem = {"type": "card_error", "code": code, "message": message, "charge": charge["id"]}
    problem |= {"decline_code": "generic_decline"}
    intent |= {"status": "requires_payment_method", "last_payment_error": problem}
    book.emit(account, "charge.failed", charge)
    book.emit(account, "payment_intent.payment_failed", intent)


def _succeed(book: Book, account: Account, intent: Thing, charge: Thing) -> None:
    amount, currency, fee = intent["amount"], intent["currency"], intent["application_fee_amount"] or 0
    fees = [fee_detail("stripe_fee", processing_fee(amount), currency)]
    if fee:
        fees.append(fee_detail("application_fee", fee, currency, book.application))
    line = move(book, account, "charge", amount, currency, charge["id"], fees)
    charge |= {"status": "succeeded", "paid": True, "captured": True, "amount_captured": amount}
    charge["balance_transaction"] = line["id"]
    intent |= {"status": "succeeded", "amount_received": amount, "last_payment_error": None}
    if fee and account:
        charge["application_fee"] = _take_fee(book, account, charge, fee)["id"]
    book.emit(account, "charge.succeeded", charge)
    book.emit(account, "payment_intent.succeeded", intent)


def _take_fee(book: Book, account: Account, charge: Thing, amount: int) -> Thing:
    """The operator's fee, an object of the platform's (https://docs.stripe.com/api/application_fees)."""
    fee = book.make(
        None,
        "fee",
        "application_fee",
        account=account,
        amount=amount,
        amount_refunded=0,
        application=book.application,
        balance_transaction=None,
        charge=charge["id"],
        currency=charge["currency"],
        originating_transaction=charge["id"],
        refunded=False,
    )
    fee["refunds"] = {
        "object": "list",
        "data": [],
        "has_more": False,
        "url": f"/v1/application_fees/{fee['id']}/refunds",
    }
    line = move(book, None, "application_fee", amount, charge["currency"], fee["id"])
    fee["balance_transaction"] = line["id"]
    book.emit(None, "application_fee.created", fee)
    return fee
