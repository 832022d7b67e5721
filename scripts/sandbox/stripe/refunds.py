"""Refunds, and what they give back of the operator's fee.

https://docs.stripe.com/refunds, https://docs.stripe.com/connect/direct-charges#issue-refunds.
"""

from typing import Any

from scripts.sandbox.stripe.book import Account, Book, Thing
from scripts.sandbox.stripe.disputes import unwarn
from scripts.sandbox.stripe.errors import invalid
from scripts.sandbox.stripe.lists import Call, listing
from scripts.sandbox.stripe.money import move
from scripts.sandbox.stripe.values import ANY, ONE, PAGE, Table, merge

REASONS = ("duplicate", "fraudulent", "requested_by_customer")
CREATE: Table = {
    "amount": int,
    "charge": str,
    "payment_intent": str,
    "reason": REASONS,
    "refund_application_fee": bool,
    "metadata": ANY,
} | ONE
LIST: Table = PAGE | {"charge": str, "payment_intent": str}
FEE_LIST: Table = PAGE | {"charge": str}


def create(book: Book, call: Call) -> Thing:
    """POST /v1/refunds: whole, or the amount; only where the charge can be refunded."""
    params = call.read(CREATE)
    account = call.account
    charge = _charge(book, account, params)
    amount = _amount(book, account, charge, params)
    if params.get("refund_application_fee") and not charge["application_fee"]:
        message = f"Charge {charge['id']} has no application fee that could be refunded."
        raise invalid("parameter_invalid", message, "refund_application_fee")
    refund = {
        "id": book.id("re"),
        "object": "refund",
        "amount": amount,
        "balance_transaction": None,
        "charge": charge["id"],
        "created": book.now(),
        "currency": charge["currency"],
        "metadata": params.get("metadata", {}),
        "payment_intent": charge["payment_intent"],
        "reason": params.get("reason"),
        "receipt_number": None,
        "status": book.seller(account).refunds,
    }
    line = move(book, account, "refund", -amount, charge["currency"], refund["id"])
    refund["balance_transaction"] = line["id"]
    book.put(account, refund)
    before = {"amount_refunded": charge["amount_refunded"], "refunded": charge["refunded"]}
    charge["amount_refunded"] += amount
    charge["refunded"] = charge["amount_refunded"] == charge["amount"]
    if params.get("refund_application_fee"):
        _return_fee(book, charge, amount)
    book.emit(account, "refund.created", refund)
    book.emit(account, "charge.refunded", charge, before)
    unwarn(book, account, charge)
    return refund


def settle(book: Book, account: Account, refund: Thing, *, good: bool) -> Thing:
    """A refund that is pending, or one that a bank sends back later, comes to its end.

    A failed one puts the money back into the seller's balance (https://docs.stripe.com/refunds#failed-refunds).
    """
    before = {"status": refund["status"]}
    if good:
        refund["status"] = "succeeded"
        book.emit(account, "refund.updated", refund, before)
        return refund
    refund |= {"status": "failed", "failure_reason": "lost_or_stolen_card"}
    line = move(book, account, "refund_failure", refund["amount"], refund["currency"], refund["id"])
    refund["failure_balance_transaction"] = line["id"]
    charge = book.get(account, "charge", refund["charge"])
    charge |= {"amount_refunded": charge["amount_refunded"] - refund["amount"], "refunded": False}
    book.emit(account, "refund.updated", refund, before)
    book.emit(account, "refund.failed", refund)
    book.emit(account, "charge.updated", charge)
    return refund


def update(book: Book, call: Call) -> Thing:
    """POST /v1/refunds/{id}: its metadata."""
    params = call.read({"metadata": ANY} | ONE)
    refund = book.get(call.account, "refund", call.ids[0])
    refund["metadata"] = merge(refund["metadata"], params.get("metadata", {}))
    book.emit(call.account, "refund.updated", refund)
    return refund


def list_all(book: Book, call: Call) -> Thing:
    """GET /v1/refunds."""
    return listing(book, call, "refund", LIST)


def list_fees(book: Book, call: Call) -> Thing:
    """GET /v1/application_fees."""
    return listing(book, call, "application_fee", FEE_LIST)


def refund_fee(book: Book, call: Call) -> Thing:
    """POST /v1/application_fees/{id}/refunds: whole, or the amount."""
    params = call.read({"amount": int, "metadata": ANY} | ONE)
    fee = book.get(call.account, "application_fee", call.ids[0])
    left = fee["amount"] - fee["amount_refunded"]
    amount = params.get("amount", left)
    if not 0 < amount <= left:
        message = f"Refund amount ({amount}) is greater than unrefunded amount on the fee ({left})."
        raise invalid("amount_too_large", message, "amount")
    return _give_back(book, fee, amount, params.get("metadata", {}))


def _charge(book: Book, account: Account, params: dict[str, Any]) -> Thing:
    if "charge" in params:
        return book.get(account, "charge", params["charge"], "charge")
    if "payment_intent" not in params:
        message = "One of the following params should be provided for this request: payment_intent or charge."
        raise invalid("parameter_missing", message)
    intent = book.get(account, "payment_intent", params["payment_intent"], "payment_intent")
    if intent["status"] != "succeeded":
        message = f"This PaymentIntent ({intent['id']}) does not have a successful charge to refund."
        raise invalid("payment_intent_unexpected_state", message, "payment_intent")
    return book.get(account, "charge", intent["latest_charge"])


def _amount(book: Book, account: Account, charge: Thing, params: dict[str, Any]) -> int:
    disputes = [one for one in book.all(account, "dispute") if one["charge"] == charge["id"]]
    if any(not one["is_charge_refundable"] and one["status"] != "won" for one in disputes):
        message = f"Charge {charge['id']} has been charged back; cannot issue a refund."
        raise invalid("charge_disputed", message, "charge")
    left = charge["amount"] - charge["amount_refunded"]
    if left == 0:
        raise invalid("charge_already_refunded", f"Charge {charge['id']} has already been refunded.")
    amount: int = params.get("amount", left)
    if amount < 1:
        message = "This value must be greater than or equal to 1."
        raise invalid("parameter_invalid_integer", message, "amount")
    if amount > left:
        message = f"Refund amount ({amount}) is greater than unrefunded amount on charge ({left})"
        raise invalid("amount_too_large", message, "amount")
    return amount


def _return_fee(book: Book, charge: Thing, amount: int) -> None:
    """All of the fee where the charge is now wholly refunded, else in proportion."""
    fee = book.get(None, "application_fee", charge["application_fee"])
    left = fee["amount"] - fee["amount_refunded"]
    back = left if charge["refunded"] else min(left, fee["amount"] * amount // charge["amount"])
    if back:
        _give_back(book, fee, back, {})


def _give_back(book: Book, fee: Thing, amount: int, metadata: dict[str, str]) -> Thing:
    back: Thing = {"id": book.id("fr"), "object": "fee_refund", "amount": amount, "created": book.now()}
    back |= {"currency": fee["currency"], "fee": fee["id"], "metadata": metadata}
    line = move(book, None, "application_fee_refund", -amount, fee["currency"], back["id"])
    move(book, fee["account"], "application_fee_refund", amount, fee["currency"], back["id"])
    back["balance_transaction"] = line["id"]
    fee["refunds"]["data"].insert(0, back)
    before = {"amount_refunded": fee["amount_refunded"]}
    fee["amount_refunded"] += amount
    fee["refunded"] = fee["amount_refunded"] == fee["amount"]
    book.emit(None, "application_fee.refunded", fee, before)
    return back
