"""The status of a subscription, and how it changes (https://docs.stripe.com/billing/subscriptions/overview)."""

from scripts.sandbox.stripe.book import Account, Book, Thing

LIVING = ("active", "trialing", "past_due", "unpaid", "paused", "incomplete")
ENDED = ("canceled", "incomplete_expired")


def become(book: Book, account: Account, subscription: Thing, **changes: object) -> Thing:
    """Change fields of a subscription and tell of it with what they were."""
    before = {name: subscription[name] for name, part in changes.items() if subscription.get(name) != part}
    subscription |= changes
    book.emit(account, "customer.subscription.updated", subscription, before)
    return subscription


def end(book: Book, account: Account, subscription: Thing, reason: str) -> Thing:
    """It is canceled for good. `reason`: cancellation_requested, payment_failed or payment_disputed."""
    now = book.now()
    subscription |= {"status": "canceled", "ended_at": now, "canceled_at": subscription["canceled_at"] or now}
    subscription["cancellation_details"] = subscription["cancellation_details"] | {"reason": reason}
    for invoice in book.all(account, "invoice"):  # what is open stays so, and is not tried again
        if invoice["parent"]["subscription_details"]["subscription"] == subscription["id"]:
            invoice |= {"auto_advance": False, "next_payment_attempt": None}
            invoice["automatically_finalizes_at"] = None
    book.emit(account, "customer.subscription.deleted", subscription)
    return subscription


def item_of(subscription: Thing) -> Thing:
    """Its one item: the stand-in has no subscriptions of several."""
    item: Thing = subscription["items"]["data"][0]
    return item
