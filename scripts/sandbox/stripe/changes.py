"""Another plan for a running subscription, with what is credited and charged for the rest of its period.

https://docs.stripe.com/billing/subscriptions/prorations, https://docs.stripe.com/api/invoices/create_preview.
"""

from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from scripts.sandbox.stripe import invoices
from scripts.sandbox.stripe.book import DAY, Account, Book, Thing
from scripts.sandbox.stripe.errors import invalid, missing
from scripts.sandbox.stripe.invoices import Line
from scripts.sandbox.stripe.lists import Call
from scripts.sandbox.stripe.periods import next_end
from scripts.sandbox.stripe.standing import ENDED, become, item_of
from scripts.sandbox.stripe.subscriptions import plan
from scripts.sandbox.stripe.values import ONE, Table

BEHAVIORS = ("always_invoice", "create_prorations", "none")
FURTHEST = 730 * DAY  # seconds from the anchor of a cycle to the end of a trial
ITEM: Table = {"id": str, "price": str, "quantity": int}
PREVIEW: Table = {
    "customer": str,
    "subscription!": str,
    "subscription_details": {
        "items": [ITEM],
        "proration_behavior": BEHAVIORS,
        "proration_date": int,
        "cancel_at_period_end": bool,
    },
} | ONE


def change_plan(book: Book, account: Account, subscription: Thing, params: dict[str, Any]) -> Thing:
    """Take another price or quantity. A new interval begins a new period, which is paid now."""
    item = item_of(subscription)
    price, quantity = _wanted(book, account, subscription, params["items"])
    moment = params.get("proration_date", book.now())
    behavior = params.get("proration_behavior", "create_prorations")
    lines = _prorated(subscription, price, quantity, moment) if behavior != "none" else []
    restarts = _interval(price) != _interval(item["price"])
    was = {"items": {"data": [{"price": {"id": item["price"]["id"]}, "quantity": item["quantity"]}]}}
    item |= {"price": price, "plan": plan(price), "quantity": quantity}
    if restarts:
        now = book.now()
        item |= {"current_period_start": now, "current_period_end": next_end(now, price["recurring"], now)}
        subscription["billing_cycle_anchor"] = now
    book.emit(account, "customer.subscription.updated", subscription, was)
    if restarts or behavior == "always_invoice":
        _invoice_now(book, account, subscription, lines or [invoices.current_line(subscription)])
    elif lines:
        book.note(subscription["id"]).setdefault("pending", []).extend(lines)
    return subscription


def preview(book: Book, call: Call) -> Thing:
    """POST /v1/invoices/create_preview: the invoice that a change would make, which is kept nowhere."""
    params = call.read(PREVIEW)
    subscription = book.get(call.account, "subscription", params["subscription"], "subscription")
    if subscription["status"] in ENDED:
        raise invalid("invoice_upcoming_none", "No upcoming invoices for this subscription.", "subscription")
    details = params.get("subscription_details", {})
    lines = list(book.note(subscription["id"]).get("pending", []))
    if "items" in details and details.get("proration_behavior") != "none":
        price, quantity = _wanted(book, call.account, subscription, details["items"])
        lines += _prorated(subscription, price, quantity, details.get("proration_date", book.now()))
    else:
        lines.append(invoices.current_line(subscription))
    invoice = invoices.draft(book, call.account, subscription, "upcoming", lines)
    return invoice | {"id": f"upcoming_{invoice['id']}"}


def pause_collection(book: Book, account: Account, subscription: Thing, wish: dict[str, Any] | None) -> Thing:
    """Make invoices that nobody has to pay; the status stays what it is."""
    pause = {"behavior": wish["behavior"], "resumes_at": wish.get("resumes_at")} if wish else None
    return become(book, account, subscription, pause_collection=pause)


def move_charge(book: Book, account: Account, subscription: Thing, params: dict[str, Any]) -> Thing:
    """Begin a trial in the middle: the next charge is at its end, where the cycle begins anew.

    Its invoice of nothing is made at once
    (https://docs.stripe.com/billing/subscriptions/billing-cycle#add-a-trial-to-change-the-billing-cycle).
    """
    now, finish = book.now(), params["trial_end"]
    if finish <= now:
        raise invalid("parameter_invalid", "The trial must end in the future.", "trial_end")
    if finish > subscription["billing_cycle_anchor"] + FURTHEST:
        message = "The trial can end at most two years after the billing cycle's anchor."
        raise invalid("parameter_invalid", message, "trial_end")
    if params.get("proration_behavior") != "none" or subscription["status"] not in ("active", "trialing"):
        message = "The stand-in moves the charge of what is paid, and without proration."
        raise invalid("parameter_invalid", message, "proration_behavior")
    item = item_of(subscription)
    item |= {"current_period_start": now, "current_period_end": finish}
    moved = {"trial_start": now, "trial_end": finish, "billing_cycle_anchor": finish, "status": "trialing"}
    become(book, account, subscription, **moved)
    line = Line(item["price"], item["quantity"], 0, (now, finish), description="Trial period")
    _invoice_now(book, account, subscription, [line])
    return subscription


def _wanted(book: Book, account: Account, subscription: Thing, items: list[Thing]) -> tuple[Thing, int]:
    item = item_of(subscription)
    if len(items) != 1 or items[0].get("id") != item["id"]:
        raise missing("subscription_item", str(items[0].get("id")), "items[0][id]")
    price = book.get(account, "price", items[0].get("price", item["price"]["id"]), "items[0][price]")
    if price["recurring"] is None or price["currency"] != subscription["currency"]:
        raise invalid("parameter_invalid", "The price must recur, in the subscription's currency.", "items")
    quantity: int = items[0]["quantity"] if "quantity" in items[0] else item["quantity"]
    return price, quantity


def _interval(price: Thing) -> tuple[str, int]:
    return price["recurring"]["interval"], price["recurring"]["interval_count"]


def _prorated(subscription: Thing, price: Thing, quantity: int, moment: int) -> list[Line]:
    """The unused rest of the old plan as a credit, and the new plan: its rest, or a whole new period."""
    item = item_of(subscription)
    start, finish = item["current_period_start"], item["current_period_end"]
    rest = Decimal(max(0, finish - moment)) / Decimal(finish - start)
    trial = subscription["status"] == "trialing"
    old = 0 if trial else item["price"]["unit_amount"] * item["quantity"]
    new = price["unit_amount"] * quantity
    credit = Line(item["price"], item["quantity"], -_part(old, rest), (moment, finish), True, "Unused time")
    if _interval(price) != _interval(item["price"]):
        whole = (moment, next_end(moment, price["recurring"], moment))
        return [credit, Line(price, quantity, new, whole)]
    charge = 0 if trial else _part(new, rest)
    return [credit, Line(price, quantity, charge, (moment, finish), True, "Remaining time")]


def _part(amount: int, rest: Decimal) -> int:
    return int((amount * rest).quantize(Decimal(1), ROUND_HALF_UP))


def _invoice_now(book: Book, account: Account, subscription: Thing, lines: list[Line]) -> None:
    invoice = invoices.open_invoice(book, account, subscription, "subscription_update", lines)
    invoices.finalize(book, account, invoice)
    invoices.collect(book, account, invoice, book.note(subscription["customer"]).get("how", "ok"))
