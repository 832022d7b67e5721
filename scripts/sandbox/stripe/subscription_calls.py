"""What the API lets a platform do with subscriptions and their invoices.

https://docs.stripe.com/api/subscriptions, https://docs.stripe.com/api/invoices.
"""

from typing import Any

from scripts.sandbox.stripe import changes, invoices, standing, subscriptions
from scripts.sandbox.stripe.book import Book, How, Thing
from scripts.sandbox.stripe.catalogue import PRICE_DATA, new_price
from scripts.sandbox.stripe.errors import StripeError, invalid
from scripts.sandbox.stripe.lists import Call, page
from scripts.sandbox.stripe.values import ANY, ONE, PAGE, Table, card_error, merge

TRIAL_SETTINGS: Table = {"end_behavior!": {"missing_payment_method!": ("cancel", "create_invoice", "pause")}}
CREATE: Table = {
    "customer!": str,
    "items!": [{"price": str, "price_data": PRICE_DATA, "quantity": int}],
    "application_fee_percent": float,
    "description": str,
    "metadata": ANY,
    "trial_period_days": int,
    "trial_end": int,
    "trial_settings": TRIAL_SETTINGS,
    "payment_behavior": ("allow_incomplete", "default_incomplete", "error_if_incomplete"),
} | ONE
FEEDBACK = ("customer_service", "low_quality", "missing_features", "other", "too_complex", "unused")
CANCELLATION: Table = {"comment": str, "feedback": FEEDBACK}
UPDATE: Table = {
    "application_fee_percent": float,
    "cancel_at_period_end": bool,
    "cancellation_details": CANCELLATION,
    "default_payment_method": str,
    "description": str,
    "items": [changes.ITEM],
    "metadata": ANY,
    "pause_collection": {"behavior!": ("keep_as_draft", "mark_uncollectible", "void"), "resumes_at": int},
    "payment_behavior": ("allow_incomplete", "error_if_incomplete", "pending_if_incomplete"),
    "proration_behavior": changes.BEHAVIORS,
    "proration_date": int,
    "trial_end": int,
} | ONE
CANCEL: Table = {"cancellation_details": CANCELLATION, "invoice_now": bool, "prorate": bool} | ONE
RESUME: Table = {"billing_cycle_anchor": ("now", "unchanged"), "proration_behavior": changes.BEHAVIORS} | ONE
STATUSES = (*standing.LIVING, *standing.ENDED, "all", "ended")
LIST: Table = PAGE | {"customer": str, "price": str, "status": STATUSES}
PAY: Table = {"off_session": bool, "payment_method": str, "paid_out_of_band": bool} | ONE
INVOICES: Table = PAGE | {
    "customer": str,
    "status": ("draft", "open", "paid", "uncollectible", "void"),
    "subscription": str,
}
INVOICE_PAYMENTS: Table = PAGE | {
    "invoice": str,
    "status": ("canceled", "open", "paid"),
    "payment": {"type!": ("payment_intent",), "payment_intent": str},
}
EMPTIABLE = ("application_fee_percent", "pause_collection")
SIMPLE = ("application_fee_percent", "description", "default_payment_method")


def create(book: Book, call: Call) -> Thing:
    """POST /v1/subscriptions, for a customer whose card is known."""
    params = call.read(CREATE)
    book.get(call.account, "customer", params["customer"], "customer")
    if len(params["items"]) != 1:
        raise invalid("parameter_invalid", "The stand-in has subscriptions of one item.", "items")
    line = params["items"][0]
    if "price_data" in line:
        price = new_price(book, call.account, line["price_data"], "items[0][price_data]")
    else:
        price = book.get(call.account, "price", line.get("price", ""), "items[0][price]")
    if price["recurring"] is None:
        raise invalid(
            "parameter_invalid", "The price specified is set to `type=one_time`.", "items[0][price]"
        )
    waits = params.get("payment_behavior") == "default_incomplete"
    how: How = "none" if waits else book.note(params["customer"]).get("how", "ok")
    quantity = line.get("quantity", 1)
    return subscriptions.subscribe(book, call.account, params["customer"], price, quantity, params, how)


def update(book: Book, call: Call) -> Thing:
    """POST /v1/subscriptions/{id}."""
    emptied = {name for name in EMPTIABLE if call.params.get(name) == ""}
    given = {name: each for name, each in call.params.items() if name not in emptied}
    params = Call(call.account, call.path, call.ids, given).read(UPDATE) | dict.fromkeys(emptied)
    subscription = book.get(call.account, "subscription", call.ids[0])
    _check_own(book, call, subscription)
    if subscription["status"] in standing.ENDED:
        message = "A canceled subscription can only update its cancellation_details and metadata."
        raise invalid("resource_missing", message)
    _change_fields(book, call, subscription, params)
    if "cancel_at_period_end" in params:
        at_period_end = params["cancel_at_period_end"]
        subscriptions.cancel_at_end(book, call.account, subscription, wanted=at_period_end)
    if "pause_collection" in params:
        changes.pause_collection(book, call.account, subscription, params["pause_collection"])
    if "trial_end" in params:
        changes.move_charge(book, call.account, subscription, params)
    if "items" in params:
        _check_payable(book, subscription, params)
        changes.change_plan(book, call.account, subscription, params)
    return subscription


def _change_fields(book: Book, call: Call, subscription: Thing, params: dict[str, Any]) -> None:
    plain: dict[str, Any] = {name: params[name] for name in SIMPLE if name in params}
    if "metadata" in params:
        plain["metadata"] = merge(subscription["metadata"], params["metadata"])
    if "cancellation_details" in params:
        plain["cancellation_details"] = subscription["cancellation_details"] | params["cancellation_details"]
    if plain:
        standing.become(book, call.account, subscription, **plain)


def _check_payable(book: Book, subscription: Thing, params: dict[str, Any]) -> None:
    """A change that is paid at once or not made (https://docs.stripe.com/api/subscriptions/update). Raises
    `StripeError` 402."""
    how = book.note(subscription["customer"]).get("how", "ok")
    if params.get("payment_behavior") == "error_if_incomplete" and how in ("decline", "none", "action"):
        raise _refusal(how)


def cancel(book: Book, call: Call) -> Thing:
    """DELETE /v1/subscriptions/{id}: at once."""
    params = call.read(CANCEL)
    subscription = book.get(call.account, "subscription", call.ids[0])
    _check_own(book, call, subscription)
    if subscription["status"] in standing.ENDED:
        raise invalid("resource_missing", f"No active subscription: '{subscription['id']}'", "id")
    subscription["cancellation_details"] |= params.get("cancellation_details", {})
    return standing.end(book, call.account, subscription, "cancellation_requested")


def resume(book: Book, call: Call) -> Thing:
    """POST /v1/subscriptions/{id}/resume."""
    call.read(RESUME)
    return subscriptions.resume(book, call.account, book.get(call.account, "subscription", call.ids[0]))


def list_all(book: Book, call: Call) -> Thing:
    """GET /v1/subscriptions: without `status` those that are not canceled."""
    params = call.read(LIST)
    status = params.get("status")
    statuses = {None: standing.LIVING, "all": STATUSES, "ended": standing.ENDED}.get(status, (status,))
    matches = [one for one in book.all(call.account, "subscription") if one["status"] in statuses]
    if "customer" in params:
        matches = [one for one in matches if one["customer"] == params["customer"]]
    if "price" in params:
        matches = [one for one in matches if standing.item_of(one)["price"]["id"] == params["price"]]
    return page(call, matches, params)


def list_invoices(book: Book, call: Call) -> Thing:
    """GET /v1/invoices."""
    params = call.read(INVOICES)
    matches = book.all(call.account, "invoice")
    for name in ("customer", "status"):
        matches = [one for one in matches if params.get(name) in (None, one[name])]
    if "subscription" in params:
        matches = [one for one in matches if _subscription(one) == params["subscription"]]
    return page(call, matches, params)


def list_invoice_payments(book: Book, call: Call) -> Thing:
    """GET /v1/invoice_payments."""
    params = call.read(INVOICE_PAYMENTS)
    payments = book.all(call.account, "invoice_payment")
    for name in ("invoice", "status"):
        payments = [one for one in payments if params.get(name) in (None, one[name])]
    intent = params.get("payment", {}).get("payment_intent")
    payments = [one for one in payments if intent in (None, one["payment"]["payment_intent"])]
    return page(call, payments, params)


def pay(book: Book, call: Call) -> Thing:
    """POST /v1/invoices/{id}/pay: try now. Raises `StripeError` 402 where the card is refused."""
    call.read(PAY)
    invoice = book.get(call.account, "invoice", call.ids[0])
    if invoice["status"] == "draft":
        invoices.finalize(book, call.account, invoice)
    if invoice["status"] != "open":
        raise invalid("invoice_already_paid", f"Invoice is {invoice['status']}; it cannot be paid.")
    how = book.note(invoice["customer"]).get("how", "ok")
    invoices.collect(book, call.account, invoice, how)
    if invoice["status"] != "paid":
        raise _refusal(how)
    return invoice


def void(book: Book, call: Call) -> Thing:
    """POST /v1/invoices/{id}/void."""
    call.read(ONE)
    return invoices.close(book, call.account, book.get(call.account, "invoice", call.ids[0]), "void")


def mark_uncollectible(book: Book, call: Call) -> Thing:
    """POST /v1/invoices/{id}/mark_uncollectible."""
    call.read(ONE)
    return invoices.close(book, call.account, book.get(call.account, "invoice", call.ids[0]), "uncollectible")


def _refusal(how: str) -> StripeError:
    if how == "action":
        return card_error("invoice_payment_intent_requires_action", "This payment requires an action.")
    return card_error("card_declined", "Your card was declined.")


def _subscription(invoice: Thing) -> str:
    identity: str = invoice["parent"]["subscription_details"]["subscription"]
    return identity


def _check_own(book: Book, call: Call, subscription: Thing) -> None:
    """A platform cannot change what it did not make (https://docs.stripe.com/connect/subscriptions)."""
    if book.note(subscription["id"]).get("foreign"):
        message = "This subscription was not created by your application and cannot be changed by it."
        raise StripeError(403, "application_not_permitted", message)
