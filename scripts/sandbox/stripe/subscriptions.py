"""Subscriptions: made, renewed, changed, paused, ended.

https://docs.stripe.com/billing/subscriptions/overview, https://docs.stripe.com/billing/subscriptions/trials.
"""

from typing import Any

from scripts.sandbox.stripe.book import DAY, Account, Book, How, Thing
from scripts.sandbox.stripe.errors import invalid
from scripts.sandbox.stripe.invoices import (
    DRAFT_SECONDS,
    ClosedStatus,
    close,
    collect,
    current_line,
    finalize,
    open_invoice,
)
from scripts.sandbox.stripe.periods import next_end
from scripts.sandbox.stripe.standing import become, end, item_of

CLOSED: dict[str, ClosedStatus] = {"void": "void", "mark_uncollectible": "uncollectible"}
"""What becomes of the invoices of a pause, by its behavior."""
NO_REASON = dict.fromkeys(("comment", "feedback", "feedback_option", "reason"))


def subscribe(
    book: Book,
    account: Account,
    customer: str,
    price: Thing,
    quantity: int,
    fields: dict[str, Any],
    how: How,
) -> Thing:
    """Begin a subscription and collect its first invoice. `data`: what `subscription_data` may say."""
    now = book.now()
    trial_end = fields.get("trial_end") or now + fields.get("trial_period_days", 0) * DAY
    trial = trial_end > now
    subscription = _new(book, account, customer, price, quantity, fields)
    finish = trial_end if trial else next_end(now, price["recurring"], now)
    item_of(subscription)["current_period_end"] = finish
    if trial:
        subscription |= {"trial_start": now, "trial_end": trial_end, "billing_cycle_anchor": trial_end}
    subscription["status"] = "trialing" if trial else "incomplete"
    book.emit(account, "customer.subscription.created", subscription)
    line = current_line(subscription)
    lines = [line if not trial else type(line)(line.price, line.quantity, 0, line.period)]
    invoice = finalize(book, account, open_invoice(book, account, subscription, "subscription_create", lines))
    collect(book, account, invoice, how)
    return subscription


def _new(
    book: Book, account: Account, customer: str, price: Thing, quantity: int, fields: dict[str, Any]
) -> Thing:
    now = book.now()
    card = book.get(account, "customer", customer)["invoice_settings"]["default_payment_method"]
    end_behavior = fields.get("trial_settings", {}).get("end_behavior", {})
    missing = end_behavior.get("missing_payment_method", "create_invoice")
    subscription = book.make(
        account,
        "sub",
        "subscription",
        application=book.application if account else None,
        application_fee_percent=fields.get("application_fee_percent"),
        automatic_tax={
            "disabled_reason": None,
            "enabled": fields.get("automatic_tax", {}).get("enabled", False),
            "liability": None,
        },
        billing_cycle_anchor=now,
        billing_mode={"type": "flexible", "flexible": {"proration_discounts": "included"}},
        billing_schedules=[],
        cancel_at=None,
        cancel_at_period_end=False,
        canceled_at=None,
        cancellation_details=dict(NO_REASON),
        collection_method="charge_automatically",
        currency=price["currency"],
        customer=customer,
        default_payment_method=card,
        description=fields.get("description"),
        discounts=[],
        ended_at=None,
        invoice_settings={
            "account_tax_ids": None,
            "custom_fields": None,
            "description": None,
            "footer": None,
            "issuer": {"type": "self"},
        },
        latest_invoice=None,
        metadata=fields.get("metadata", {}),
        pause_collection=None,
        start_date=now,
        status="incomplete",
        trial_end=None,
        trial_settings={"end_behavior": {"billing_cycle_anchor": None, "missing_payment_method": missing}},
        trial_start=None,
    )
    item = {
        "id": book.id("si"),
        "object": "subscription_item",
        "created": now,
        "current_period_start": now,
        "current_period_end": now,
        "discounts": [],
        "metadata": {},
        "plan": plan(price),
        "price": price,
        "quantity": quantity,
        "subscription": subscription["id"],
        "tax_rates": [],
    }
    url = f"/v1/subscription_items?subscription={subscription['id']}"
    subscription["items"] = {"object": "list", "data": [item], "has_more": False, "url": url}
    return subscription


def plan(price: Thing) -> Thing:
    """A price as the older object that items still show."""
    recurring = price["recurring"]
    same = ("active", "billing_scheme", "created", "currency", "livemode", "metadata", "nickname", "product")
    return {name: price[name] for name in same} | {
        "id": price["id"],
        "object": "plan",
        "amount": price["unit_amount"],
        "amount_decimal": price["unit_amount_decimal"],
        "interval": recurring["interval"],
        "interval_count": recurring["interval_count"],
        "meter": None,
        "tiers_mode": None,
        "transform_usage": None,
        "trial_period_days": None,
        "usage_type": "licensed",
    }


def turn(book: Book, account: Account, subscription: Thing) -> None:
    """A period ends: the next one begins with its invoice, or the subscription is over."""
    if subscription["cancel_at_period_end"]:
        end(book, account, subscription, "cancellation_requested")
        return
    trial_over = subscription["status"] == "trialing"
    card_missing = book.note(subscription["customer"]).get("how") == "none"
    if trial_over and card_missing and _ends_without_card(book, account, subscription):
        return
    item = item_of(subscription)
    start = item["current_period_end"]
    finish = next_end(start, item["price"]["recurring"], subscription["billing_cycle_anchor"])
    before: Thing = {"items": {"data": [{"current_period_end": start}]}}
    if trial_over:
        subscription["status"], before["status"] = "active", "trialing"
    item |= {"current_period_start": start, "current_period_end": finish}
    book.emit(account, "customer.subscription.updated", subscription, before)
    lines = [*book.note(subscription["id"]).pop("pending", []), current_line(subscription)]
    invoice = open_invoice(book, account, subscription, "subscription_cycle", lines)
    pause = subscription["pause_collection"]
    if subscription["status"] == "unpaid" or (pause and pause["behavior"] == "keep_as_draft"):
        invoice["auto_advance"] = False
    elif pause:  # nobody has to pay it (https://docs.stripe.com/billing/subscriptions/pause-payment)
        close(book, account, finalize(book, account, invoice), CLOSED[pause["behavior"]])
    else:
        invoice["automatically_finalizes_at"] = book.now() + DRAFT_SECONDS


def _ends_without_card(book: Book, account: Account, subscription: Thing) -> bool:
    behavior = subscription["trial_settings"]["end_behavior"]["missing_payment_method"]
    if behavior == "cancel":
        end(book, account, subscription, "cancellation_requested")
    if behavior == "pause":
        subscription["status"] = "paused"
        book.emit(account, "customer.subscription.paused", subscription)
    return bool(behavior != "create_invoice")


def due_invoice(book: Book, account: Account, invoice: Thing) -> None:
    """A draft's hour is over, or a retry is due."""
    if invoice["status"] == "draft":
        finalize(book, account, invoice)
    collect(book, account, invoice, book.note(invoice["customer"]).get("how", "ok"))


def trial_ends_soon(book: Book, account: Account, subscription: Thing) -> None:
    """Three days before a trial ends."""
    book.note(subscription["id"])["reminded"] = True
    book.emit(account, "customer.subscription.trial_will_end", subscription)


def expire(book: Book, account: Account, subscription: Thing) -> None:
    """The first invoice was not paid within 23 hours."""
    become(book, account, subscription, status="incomplete_expired", ended_at=book.now())


def cancel_at_end(book: Book, account: Account, subscription: Thing, *, wanted: bool) -> Thing:
    """End with the period, or go on after all."""
    period_end = item_of(subscription)["current_period_end"]
    reason = "cancellation_requested" if wanted else None
    return become(
        book,
        account,
        subscription,
        cancel_at_period_end=wanted,
        cancel_at=period_end if wanted else None,
        canceled_at=book.now() if wanted else None,
        cancellation_details=subscription["cancellation_details"] | {"reason": reason},
    )


def resume(book: Book, account: Account, subscription: Thing) -> Thing:
    """A paused subscription begins a new period, which is paid now."""
    if subscription["status"] != "paused":
        raise invalid("subscription_not_paused", "Only a paused subscription can be resumed.")
    now, item = book.now(), item_of(subscription)
    finish = next_end(now, item["price"]["recurring"], now)
    item |= {"current_period_start": now, "current_period_end": finish}
    subscription |= {"status": "active", "billing_cycle_anchor": now}
    book.emit(account, "customer.subscription.resumed", subscription)
    lines = [current_line(subscription)]
    invoice = finalize(book, account, open_invoice(book, account, subscription, "subscription_update", lines))
    collect(book, account, invoice, book.note(subscription["customer"]).get("how", "ok"))
    return subscription
