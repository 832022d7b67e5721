"""Checkout sessions as the API makes them (https://docs.stripe.com/api/checkout/sessions)."""

from typing import Any

from scripts.sandbox.stripe.accounts import check_active
from scripts.sandbox.stripe.book import DAY, Account, Book, Thing
from scripts.sandbox.stripe.catalogue import PRICE_DATA, new_price
from scripts.sandbox.stripe.errors import invalid
from scripts.sandbox.stripe.lists import Call, listing, page
from scripts.sandbox.stripe.money import check_total
from scripts.sandbox.stripe.subscription_calls import TRIAL_SETTINGS
from scripts.sandbox.stripe.taxes import tax_of_session
from scripts.sandbox.stripe.values import ANY, ONE, PAGE, Table, merge

SOONEST, LATEST = 1800, DAY  # seconds until a session expires
INTENT_DATA: Table = {"application_fee_amount": int, "description": str, "metadata": ANY}
SUBSCRIPTION_DATA: Table = {
    "application_fee_percent": float,
    "description": str,
    "metadata": ANY,
    "trial_end": int,
    "trial_period_days": int,
    "trial_settings": TRIAL_SETTINGS,
}
CREATE: Table = {
    "automatic_tax": {"enabled!": bool},
    "billing_address_collection": ("auto", "required"),
    "cancel_url": str,
    "client_reference_id": str,
    "consent_collection": {"terms_of_service": ("none", "required")},
    "customer": str,
    "customer_creation": ("always", "if_required"),
    "customer_email": str,
    "expires_at": int,
    "line_items": [{"price": str, "price_data": PRICE_DATA, "quantity": int}],
    "locale": str,
    "metadata": ANY,
    "mode!": ("payment", "subscription"),
    "payment_intent_data": INTENT_DATA,
    "payment_method_collection": ("always", "if_required"),
    "payment_method_types": [str],
    "subscription_data": SUBSCRIPTION_DATA,
    "success_url": str,
    "ui_mode": ("hosted_page",),
} | ONE
STATUSES = ("open", "complete", "expired")
LIST: Table = PAGE | {"payment_intent": str, "subscription": str, "customer": str, "status": STATUSES}


def create(book: Book, call: Call) -> Thing:
    """POST /v1/checkout/sessions."""
    params = call.read(CREATE)
    check_active(book, call.account)
    if not params.get("success_url"):
        raise invalid("parameter_missing", "Missing required param: success_url.", "success_url")
    if "customer" in params:
        book.get(call.account, "customer", params["customer"], "customer")
    items = _items(book, call.account, params.get("line_items", []))
    _check_mode(params, items)
    subtotal = sum(line["amount_subtotal"] for line in items)
    inclusive = all(line["price"]["tax_behavior"] == "inclusive" for line in items)
    tax = tax_of_session(book, call.account, params, subtotal, inclusive=inclusive)
    added = 0 if inclusive else tax
    if params["mode"] == "payment":
        check_total(subtotal + added, items[0]["currency"])
    _check_fee(call.account, params, subtotal + added)
    session = _new(book, call.account, params, items[0]["currency"], subtotal, tax, subtotal + added)
    book.notes[session["id"]] = {"params": params, "line_items": items}
    return session


def update(book: Book, call: Call) -> Thing:
    """POST /v1/checkout/sessions/{id}: its metadata."""
    params = call.read({"metadata": ANY} | ONE)
    session = book.get(call.account, "checkout.session", call.ids[0])
    session["metadata"] = merge(session["metadata"], params.get("metadata", {}))
    return session


def expire(book: Book, call: Call) -> Thing:
    """POST /v1/checkout/sessions/{id}/expire. Raises `StripeError` where it is not open."""
    call.read(ONE)
    session = book.get(call.account, "checkout.session", call.ids[0])
    check_open(session)
    return expires(book, call.account, session)


def expires(book: Book, account: Account, session: Thing) -> Thing:
    """Its time is over."""
    session |= {"status": "expired", "url": None}
    book.emit(account, "checkout.session.expired", session)
    return session


def list_all(book: Book, call: Call) -> Thing:
    """GET /v1/checkout/sessions."""
    return listing(book, call, "checkout.session", LIST)


def line_items(book: Book, call: Call) -> Thing:
    """GET /v1/checkout/sessions/{id}/line_items."""
    params = call.read({name: kind for name, kind in PAGE.items() if name != "created"})
    session = book.get(call.account, "checkout.session", call.ids[0])
    return page(call, book.note(session["id"])["line_items"], params)


def check_open(session: Thing) -> None:
    """Raises `StripeError` where a session is complete or expired."""
    if session["status"] != "open":
        message = (
            f"Only Checkout Sessions with a status of open can be used; this one is {session['status']}."
        )
        raise invalid("parameter_invalid", message)


def _items(book: Book, account: Account, wishes: list[Thing]) -> list[Thing]:
    if not wishes:
        raise invalid("parameter_missing", "Missing required param: line_items.", "line_items")
    items = []
    for place, wish in enumerate(wishes):
        at = f"line_items[{place}]"
        if "price_data" in wish:
            price = new_price(book, account, wish["price_data"], f"{at}[price_data]")
        else:
            price = book.get(account, "price", wish.get("price", ""), f"{at}[price]")
        items.append(_item(book, account, price, wish.get("quantity", 1)))
    if len({line["currency"] for line in items}) > 1:
        raise invalid("parameter_invalid", "All line items must have the same currency.", "line_items")
    return items


def _item(book: Book, account: Account, price: Thing, quantity: int) -> Thing:
    total = price["unit_amount"] * quantity
    name = book.get(account, "product", price["product"])["name"]
    sums = {"amount_discount": 0, "amount_subtotal": total, "amount_tax": 0, "amount_total": total}
    details = {"currency": price["currency"], "description": name, "price": price, "quantity": quantity}
    return {"id": book.id("li"), "object": "item"} | sums | details


def _check_mode(params: dict[str, Any], items: list[Thing]) -> None:
    recurring = [line for line in items if line["price"]["recurring"]]
    if params["mode"] == "payment" and recurring:
        message = "You specified `payment` mode but passed a recurring price. Use `subscription` mode."
        raise invalid("parameter_invalid", message, "mode")
    if params["mode"] == "subscription" and (not recurring or len(items) != 1):
        message = "You must provide one recurring price in `subscription` mode."
        raise invalid("parameter_invalid", message, "line_items")
    wrong = "subscription_data" if params["mode"] == "payment" else "payment_intent_data"
    if wrong in params:
        raise invalid("parameter_invalid", f"You can not pass `{wrong}` in `{params['mode']}` mode.", wrong)


def _check_fee(account: Account, params: dict[str, Any], total: int) -> None:
    fee = params.get("payment_intent_data", {}).get("application_fee_amount")
    percent = params.get("subscription_data", {}).get("application_fee_percent")
    if fee is None and percent is None:
        return
    if account is None:
        message = "Can only apply an application_fee_amount when the request is made for a connected account."
        raise invalid("parameter_invalid", message, "payment_intent_data[application_fee_amount]")
    if fee is not None and not 0 < fee <= total:
        message = "application_fee_amount must be positive and at most the total."
        raise invalid("parameter_invalid", message, "payment_intent_data[application_fee_amount]")
    if percent is not None and (not 0 < percent <= 100 or round(percent, 2) != percent):
        message = "application_fee_percent must be between 0 and 100, with two decimals at most."
        raise invalid("parameter_invalid", message, "subscription_data[application_fee_percent]")


def _new(
    book: Book, account: Account, params: dict[str, Any], currency: str, subtotal: int, tax: int, total: int
) -> Thing:
    expires_at = params.get("expires_at", book.now() + LATEST)
    # A second of grace on each side: the client reckoned by its own clock.
    if not book.now() + SOONEST - 1 <= expires_at <= book.now() + LATEST + 1:
        message = "expires_at must be between 30 minutes and 24 hours from Checkout Session creation."
        raise invalid("parameter_invalid", message, "expires_at")
    taxed = bool(params.get("automatic_tax", {}).get("enabled"))
    session = book.make(
        account,
        "cs_test",
        "checkout.session",
        amount_subtotal=subtotal,
        amount_total=total,
        automatic_tax={"enabled": taxed, "liability": None, "provider": None, "status": None},
        cancel_url=params.get("cancel_url"),
        client_reference_id=params.get("client_reference_id"),
        currency=currency,
        custom_fields=[],
        custom_text={},
        customer=params.get("customer"),
        customer_details=None,
        customer_email=params.get("customer_email"),
        expires_at=expires_at,
        invoice=None,
        metadata=params.get("metadata", {}),
        mode=params["mode"],
        payment_intent=None,
        payment_method_types=params.get("payment_method_types", ["card"]),
        payment_status="unpaid",
        shipping_options=[],
        status="open",
        subscription=None,
        success_url=params["success_url"],
        total_details={"amount_discount": 0, "amount_shipping": 0, "amount_tax": tax},
        ui_mode="hosted_page",
    )
    session["url"] = f"{book.url}/pay/{session['id']}"
    return session
