"""Columns of `schemas.sales`."""

from schemas.columns.kinds import BOOKS, EVENTS, RAW, TableColumns, financial, personal, technical

COLUMNS: TableColumns = {
    "purchase": (
        financial("id", "the number of the order, in all papers about it"),
        personal("buyer_id", "who bought, and so who may have it", BOOKS),
        financial("product_id seller_id", "what was sold, and who sold it"),
        financial("entry rail currency amount status", "the price, how it is paid, and what became of it"),
        financial("created_at expires_at paid_at delivered_at refunded_at", "when each of it happened"),
        personal("waived_at waiver", "proof that the buyer gave up the right of withdrawal, and when", BOOKS),
        personal("note", "staff's reason for a refusal or refund, which the buyer is shown", BOOKS),
        personal("language", "in which language its page and mails are", BOOKS),
        technical("page_hash idempotency_key", "to open the order page, and place the order once", BOOKS),
        technical(
            "delivery_attempts needs_support_at odd_money_at", "whether a person must look at it", BOOKS
        ),
        technical("correlation_id", "which click, jobs and log lines belong to it", BOOKS),
    ),
    "payment": (
        technical("id", "to name the row", BOOKS),
        financial("order_id rail provider_id", "which payment of which provider it is: refunds need both"),
        financial("reference", "a transfer's reference in one spelling, so that it pays one order alone"),
        financial("status currency amount received", "what was asked and what came"),
        technical("pay_url checked_at", "where to pay, and when the provider was last asked", BOOKS),
        financial("details", "amounts, coin and stage as the provider told them; part refunds"),
        financial("created_at confirmed_at", "when it was asked and when it came"),
    ),
    "refund": (
        technical("id attempt idempotency_key", "to name the row, and to ask the provider once", BOOKS),
        financial("payment_id provider_id status currency amount", "what goes back of which payment"),
        personal("reason", "why it went back, which the buyer is shown", BOOKS),
        financial("created_at done_at", "when it was decided, and when it was done"),
    ),
    "payment_event": (
        technical("id provider event_id", "to take in each event once", EVENTS),
        personal("body", "the event as it came, to be read again after a mistake of ours", RAW),
        personal("payer", "whose money came, where no order says it", EVENTS),
        personal("account", "on which seller's account at the provider it happened", EVENTS),
        financial("order_id livemode state outcome", "what was decided of the event", EVENTS),
        technical("received_at handled_at", "when it came and was handled", EVENTS),
    ),
    "balance_entry": (
        technical("id", "to name the row", BOOKS),
        financial("seller_id kind rail currency amount", "what a seller is owed, and why"),
        financial("reference_key", "a payout's reference in one spelling, so that it is noted once"),
        financial("order_id part reference created_at", "which sale, refund or payout it is of, and when"),
    ),
}
