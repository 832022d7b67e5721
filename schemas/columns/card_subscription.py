"""Columns of `schemas.card_subscription`."""

from schemas.columns.kinds import BOOKS, TableColumns, financial, personal, technical

COLUMNS: TableColumns = {
    "card_subscription": (
        technical("id membership_id created_at", "of which membership it is", BOOKS),
        personal("account customer_id", "who is charged at Stripe, by whom", BOOKS),
        financial("order_id subscription_id status cancels held until", "what Stripe charges"),
        technical("wanted asked seen_at", "what was asked of Stripe, and when it was last looked at", BOOKS),
    ),
    "card_trial": (financial("order_id days amount ends_at", "what was promised with a free trial"),),
}
