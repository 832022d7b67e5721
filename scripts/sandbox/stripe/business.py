"""What a connected account does besides us: its other sales and subscriptions, and payouts to its bank.

https://docs.stripe.com/connect/webhooks (a Connect endpoint hears of all of it), https://docs.stripe.com/payouts.
"""

from scripts.sandbox.stripe import payments, subscriptions
from scripts.sandbox.stripe.book import DAY, Account, Book, Thing
from scripts.sandbox.stripe.catalogue import new_card, new_customer, new_price
from scripts.sandbox.stripe.errors import invalid
from scripts.sandbox.stripe.money import move


def sell(book: Book, account: str, amount: int) -> Thing:
    """A sale without metadata of ours, by no application."""
    customer = new_customer(book, account, {"email": "stranger@example.com"})["id"]
    intent = payments.open_intent(book, account, amount, "eur", customer=customer)
    intent["application"] = None
    return payments.attempt(book, account, intent, book.id("pm"), "ok")


def subscribe(book: Book, account: str) -> Thing:
    """A subscription that another made."""
    customer = new_customer(book, account, {"email": "stranger@example.com"})["id"]
    new_card(book, account, customer, "ok")
    fields = {"currency": "eur", "unit_amount": 500, "product_data": {"name": "Elsewhere"}}
    price = new_price(book, account, fields | {"recurring": {"interval": "month"}})
    subscription = subscriptions.subscribe(book, account, customer, price, 1, {}, "ok")
    subscription["application"] = None
    book.note(subscription["id"])["foreign"] = True
    return subscription


def pay_out(book: Book, account: Account, currency: str) -> Thing:
    """All that is available in a currency, to the bank."""
    lines = book.all(account, "balance_transaction")
    due = [line for line in lines if line["available_on"] <= book.now() and line["currency"] == currency]
    amount = sum(line["net"] for line in due)
    if amount <= 0:
        raise invalid("balance_insufficient", f"Nothing is available in {currency}.")
    payout = book.make(
        account,
        "po",
        "payout",
        amount=amount,
        arrival_date=book.now() + 2 * DAY,
        automatic=True,
        balance_transaction=None,
        currency=currency,
        description=None,
        destination=None,
        failure_code=None,
        metadata={},
        method="standard",
        reconciliation_status="completed",
        source_type="card",
        status="in_transit",
        type="bank_account",
    )
    line = move(book, account, "payout", -amount, currency, payout["id"])
    line["available_on"] = book.now()
    payout["balance_transaction"] = line["id"]
    book.emit(account, "payout.created", payout)
    payout["status"] = "paid"
    book.emit(account, "payout.paid", payout)
    return payout
