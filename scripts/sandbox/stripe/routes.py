"""The operations that the stand-in has, by their address. Any other is 404."""

import re
from collections.abc import Callable
from dataclasses import dataclass

from scripts.sandbox.stripe import (
    accounts,
    catalogue,
    changes,
    checkout,
    clock,
    connect,
    disputes,
    money,
    portal,
    refunds,
    subscription_calls,
    taxes,
)
from scripts.sandbox.stripe.book import Book, Thing
from scripts.sandbox.stripe.lists import Call, listing
from scripts.sandbox.stripe.values import ONE, PAGE, Table
from scripts.sandbox.stripe.webhooks import Webhooks

Handler = Callable[[Book, Call], Thing]


@dataclass(frozen=True)
class Route:
    """One operation; `*` in its address is an id."""

    verb: str
    address: str
    handler: Handler

    def ids(self, verb: str, path: str) -> tuple[str, ...] | None:
        """The ids in a path of this operation; None: it is another one."""
        pattern = re.escape(self.address).replace(r"\*", r"([\w.-]+)")
        match = re.fullmatch(pattern, path) if verb == self.verb else None
        return match.groups() if match else None


def retrieve(kind: str) -> Handler:
    """GET of one object by its id."""

    def get(book: Book, call: Call) -> Thing:
        call.read(ONE)
        return book.get(call.account, kind, call.ids[0])

    return get


def listed(kind: str, table: Table) -> Handler:
    """GET of a list, with filters."""

    def get(book: Book, call: Call) -> Thing:
        return listing(book, call, kind, PAGE | table)

    return get


def balance(book: Book, call: Call) -> Thing:
    """GET /v1/balance."""
    call.read(ONE)
    return money.balance(book, call.account)


def routes(webhooks: Webhooks) -> list[Route]:
    """All operations; those with a literal address stand before those with an id in its place."""
    table: dict[str, Handler] = {
        "POST /oauth/deauthorize": connect.deauthorize,
        "POST /oauth/token": connect.token,
        "GET /v1/accounts": accounts.list_legacy,
        "POST /v1/accounts": accounts.create_legacy,
        "GET /v1/accounts/*": accounts.retrieve_legacy,
        "POST /v1/account_links": connect.create_legacy_link,
        "GET /v1/application_fees": refunds.list_fees,
        "GET /v1/application_fees/*": retrieve("application_fee"),
        "POST /v1/application_fees/*/refunds": refunds.refund_fee,
        "GET /v1/balance": balance,
        "GET /v1/tax/settings": taxes.settings,
        "GET /v1/balance_transactions": listed(
            "balance_transaction", {"currency": str, "source": str, "type": str}
        ),
        "GET /v1/balance_transactions/*": retrieve("balance_transaction"),
        "GET /v1/billing_portal/configurations": portal.list_configurations,
        "POST /v1/billing_portal/configurations": portal.configure,
        "GET /v1/billing_portal/configurations/*": retrieve("billing_portal.configuration"),
        "POST /v1/billing_portal/sessions": portal.open_portal,
        "GET /v1/charges": listed("charge", {"customer": str, "payment_intent": str}),
        "GET /v1/charges/*": retrieve("charge"),
        "GET /v1/checkout/sessions": checkout.list_all,
        "POST /v1/checkout/sessions": checkout.create,
        "GET /v1/checkout/sessions/*": retrieve("checkout.session"),
        "POST /v1/checkout/sessions/*": checkout.update,
        "POST /v1/checkout/sessions/*/expire": checkout.expire,
        "GET /v1/checkout/sessions/*/line_items": checkout.line_items,
        "GET /v1/customers": catalogue.list_customers,
        "POST /v1/customers": catalogue.create_customer,
        "GET /v1/customers/*": retrieve("customer"),
        "POST /v1/customers/*": catalogue.update_customer,
        "GET /v1/disputes": disputes.list_all,
        "GET /v1/disputes/*": retrieve("dispute"),
        "POST /v1/disputes/*": disputes.update,
        "POST /v1/disputes/*/close": disputes.close,
        "GET /v1/events": webhooks.list_events,
        "GET /v1/events/*": webhooks.retrieve_event,
        "POST /v1/files": catalogue.create_file,
        "GET /v1/files/*": retrieve("file"),
        "GET /v1/invoice_payments": subscription_calls.list_invoice_payments,
        "GET /v1/invoice_payments/*": retrieve("invoice_payment"),
        "GET /v1/invoices": subscription_calls.list_invoices,
        "POST /v1/invoices/create_preview": changes.preview,
        "GET /v1/invoices/*": retrieve("invoice"),
        "POST /v1/invoices/*/mark_uncollectible": subscription_calls.mark_uncollectible,
        "POST /v1/invoices/*/pay": subscription_calls.pay,
        "POST /v1/invoices/*/void": subscription_calls.void,
        "GET /v1/payment_intents": listed("payment_intent", {"customer": str}),
        "GET /v1/payment_intents/*": retrieve("payment_intent"),
        "GET /v1/payment_methods": catalogue.list_cards,
        "GET /v1/payment_methods/*": retrieve("payment_method"),
        "GET /v1/payouts": listed("payout", {"status": str}),
        "GET /v1/payouts/*": retrieve("payout"),
        "GET /v1/prices": catalogue.list_prices,
        "POST /v1/prices": catalogue.create_price,
        "GET /v1/prices/*": retrieve("price"),
        "GET /v1/products": catalogue.list_products,
        "POST /v1/products": catalogue.create_product,
        "GET /v1/products/*": retrieve("product"),
        "GET /v1/radar/early_fraud_warnings": listed(
            "radar.early_fraud_warning", {"charge": str, "payment_intent": str}
        ),
        "GET /v1/radar/early_fraud_warnings/*": retrieve("radar.early_fraud_warning"),
        "GET /v1/refunds": refunds.list_all,
        "POST /v1/refunds": refunds.create,
        "GET /v1/refunds/*": retrieve("refund"),
        "POST /v1/refunds/*": refunds.update,
        "GET /v1/subscriptions": subscription_calls.list_all,
        "POST /v1/subscriptions": subscription_calls.create,
        "GET /v1/subscriptions/*": retrieve("subscription"),
        "POST /v1/subscriptions/*": subscription_calls.update,
        "DELETE /v1/subscriptions/*": subscription_calls.cancel,
        "POST /v1/subscriptions/*/resume": subscription_calls.resume,
        "GET /v1/test_helpers/test_clocks": clock.list_clocks,
        "POST /v1/test_helpers/test_clocks": clock.create,
        "GET /v1/test_helpers/test_clocks/*": retrieve("test_helpers.test_clock"),
        "POST /v1/test_helpers/test_clocks/*/advance": clock.advance_clock,
        "GET /v1/webhook_endpoints": webhooks.list_all,
        "POST /v1/webhook_endpoints": webhooks.create,
        "GET /v1/webhook_endpoints/*": retrieve("webhook_endpoint"),
        "POST /v1/webhook_endpoints/*": webhooks.update,
        "DELETE /v1/webhook_endpoints/*": webhooks.delete,
        "POST /v2/core/accounts": accounts.create,
        "GET /v2/core/accounts/*": accounts.retrieve,
        "POST /v2/core/account_links": connect.create_link,
        "GET /v2/core/events/*": webhooks.retrieve_thin,
    }
    return [Route(*_name(name), handler) for name, handler in table.items()]


def _name(name: str) -> tuple[str, str]:
    verb, _, address = name.partition(" ")
    return verb, address
