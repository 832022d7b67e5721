"""Customers, their cards, products, prices, and files.

https://docs.stripe.com/api/customers, /payment_methods, /products, /prices; https://docs.stripe.com/file-upload.
"""

from typing import Any

from scripts.sandbox.stripe.book import Account, Book, How, Thing
from scripts.sandbox.stripe.errors import invalid
from scripts.sandbox.stripe.lists import Call, listing
from scripts.sandbox.stripe.money import check_amount, check_currency
from scripts.sandbox.stripe.standing import ENDED, become
from scripts.sandbox.stripe.values import ANY, ONE, PAGE, Table, merge

CUSTOMER: Table = {"email": str, "name": str, "description": str, "metadata": ANY, "test_clock": str} | ONE
PRODUCT: Table = {"name!": str, "description": str, "metadata": ANY} | ONE
RECURRING: Table = {"interval!": ("day", "week", "month", "year"), "interval_count": int}
PRODUCT_DATA: Table = {"name!": str, "description": str, "metadata": ANY, "tax_code": str}
PRICE_DATA: Table = {
    "currency!": str,
    "product": str,
    "product_data": PRODUCT_DATA,
    "recurring": RECURRING,
    "tax_behavior": ("exclusive", "inclusive", "unspecified"),
    "unit_amount!": int,
}
PRICE: Table = PRICE_DATA | {"nickname": str, "metadata": ANY} | ONE
LARGEST_FILE = 5_000_000  # bytes of one piece of evidence (https://docs.stripe.com/disputes/api)
FILE_KINDS = {b"%PDF": "pdf", b"\x89PNG": "png", b"\xff\xd8\xff": "jpg"}
LONGEST_INTERVAL = {"day": 1095, "week": 156, "month": 36, "year": 3}


def create_customer(book: Book, call: Call) -> Thing:
    """POST /v1/customers."""
    return new_customer(book, call.account, call.read(CUSTOMER))


def new_customer(book: Book, account: Account, params: dict[str, Any]) -> Thing:
    """A customer of an account, without a card."""
    customer = book.make(
        account,
        "cus",
        "customer",
        description=params.get("description"),
        email=params.get("email"),
        invoice_settings={
            "custom_fields": None,
            "default_payment_method": None,
            "footer": None,
            "rendering_options": None,
        },
        metadata=params.get("metadata", {}),
        name=params.get("name"),
    )
    book.note(customer["id"])["how"] = "ok"
    book.emit(account, "customer.created", customer)
    return customer


def update_customer(book: Book, call: Call) -> Thing:
    """POST /v1/customers/{id}."""
    params = call.read(CUSTOMER)
    customer = book.get(call.account, "customer", call.ids[0])
    params["metadata"] = merge(customer["metadata"], params.get("metadata", {}))
    customer |= {name: part for name, part in params.items() if name != "expand"}
    book.emit(call.account, "customer.updated", customer)
    return customer


def list_customers(book: Book, call: Call) -> Thing:
    """GET /v1/customers."""
    return listing(book, call, "customer", PAGE | {"email": str})


def new_card(book: Book, account: Account, customer: str, how: How, expires: str = "12/2034") -> Thing | None:
    """The card of a buyer, which becomes the customer's own; what comes of it is remembered."""
    book.note(customer)["how"] = how
    month, _, year = expires.partition("/")
    if how == "none":
        return None
    card = book.make(
        account,
        "pm",
        "payment_method",
        billing_details={"address": None, "email": None, "name": None, "phone": None, "tax_id": None},
        card={
            "brand": "visa",
            "exp_month": int(month),
            "exp_year": int(year),
            "funding": "credit",
            "last4": "4242",
        },
        customer=customer,
        metadata={},
        type="card",
    )
    own = book.get(account, "customer", customer)
    own["invoice_settings"]["default_payment_method"] = card["id"]
    book.emit(account, "payment_method.attached", card)
    book.emit(account, "customer.updated", own)
    for subscription in book.all(account, "subscription"):
        if subscription["customer"] == customer and subscription["status"] not in ENDED:
            become(book, account, subscription, default_payment_method=card["id"])
    return card


def list_cards(book: Book, call: Call) -> Thing:
    """GET /v1/payment_methods."""
    return listing(book, call, "payment_method", PAGE | {"customer": str, "type": str})


def create_product(book: Book, call: Call) -> Thing:
    """POST /v1/products."""
    return new_product(book, call.account, call.read(PRODUCT))


def new_product(book: Book, account: Account, params: dict[str, Any]) -> Thing:
    """A product of an account."""
    product = book.make(
        account,
        "prod",
        "product",
        active=True,
        description=params.get("description"),
        images=[],
        marketing_features=[],
        metadata=params.get("metadata", {}),
        name=params["name"],
        type="service",
        updated=book.now(),
    )
    book.emit(account, "product.created", product)
    return product


def create_price(book: Book, call: Call) -> Thing:
    """POST /v1/prices."""
    return new_price(book, call.account, call.read(PRICE))


def new_price(book: Book, account: Account, params: dict[str, Any], at: str = "") -> Thing:
    """A price of an account, with its product where that is not there yet. Raises `StripeError`."""
    currency = check_currency(params["currency"])
    amount = check_amount(params["unit_amount"], currency, f"{at}[unit_amount]" if at else "unit_amount")
    if ("product" in params) == ("product_data" in params):
        raise invalid("parameter_missing", "You must specify either `product` or `product_data`.", at or None)
    product = params.get("product") or new_product(book, account, params["product_data"])["id"]
    book.get(account, "product", product, "product")
    recurring = _recurring(params.get("recurring"))
    return book.make(
        account,
        "price",
        "price",
        active=True,
        billing_scheme="per_unit",
        currency=currency,
        lookup_key=None,
        metadata=params.get("metadata", {}),
        nickname=params.get("nickname"),
        product=product,
        recurring=recurring,
        tax_behavior=params.get("tax_behavior", "unspecified"),
        type="recurring" if recurring else "one_time",
        unit_amount=amount,
        unit_amount_decimal=str(amount),
    )


def _recurring(params: dict[str, Any] | None) -> Thing | None:
    if params is None:
        return None
    count = params.get("interval_count", 1)
    if not 1 <= count <= LONGEST_INTERVAL[params["interval"]]:
        raise invalid("parameter_invalid_integer", "The interval may be three years at most.", "recurring")
    fixed = {"meter": None, "trial_period_days": None, "usage_type": "licensed"}
    return {"interval": params["interval"], "interval_count": count} | fixed


def list_products(book: Book, call: Call) -> Thing:
    """GET /v1/products."""
    return listing(book, call, "product", PAGE | {"active": bool})


def list_prices(book: Book, call: Call) -> Thing:
    """GET /v1/prices."""
    return listing(book, call, "price", PAGE | {"product": str, "active": bool, "currency": str})


def create_file(book: Book, call: Call) -> Thing:
    """POST /v1/files, multipart: evidence is a PDF, PNG or JPEG of at most 5 MB."""
    file = call.params.get("file")
    if not isinstance(file, tuple):
        raise invalid("parameter_missing", "Missing required param: file.", "file")
    params = Call(call.account, call.path, (), {"purpose": call.params.get("purpose")}).read(
        {"purpose!": str}
    )
    name, content = file
    kind = next((kind for head, kind in FILE_KINDS.items() if content.startswith(head)), None)
    if kind is None or len(content) > LARGEST_FILE:
        message = "Evidence must be a PDF, PNG or JPEG of at most 5 MB."
        raise invalid("invalid_file_type" if kind is None else "file_too_large", message, "file")
    described = {"filename": name, "purpose": params["purpose"], "size": len(content), "type": kind}
    fixed = {"expires_at": None, "title": None, "url": None, "links": None}
    stored = {"id": book.id("file"), "object": "file", "created": book.now()} | described | fixed
    return book.put(call.account, stored)
