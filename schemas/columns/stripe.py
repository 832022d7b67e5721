"""Columns of `schemas.stripe`."""

from schemas.columns.kinds import BOOKS, SHOP, TableColumns, personal, technical

COLUMNS: TableColumns = {
    "stripe_platform": (
        technical("name", "to tell what this shop made at Stripe from what another made", SHOP),
        technical("operator_id", "on whose account cards pay what sellers owe the operator", SHOP),
        technical("mode", "whether cards can be offered, for processes without the key", SHOP),
    ),
    "stripe_account": (
        technical(
            "id livemode state currency tax", "whether and how buyers can pay the seller by card", SHOP
        ),
        personal("seller_id account_id", "whose account at Stripe took the money of which sales", BOOKS),
        personal("missing", "which kinds of things Stripe still wants of the seller", SHOP),
        technical("ticket_hash ticket_until", "to know the seller's own browser on the way to Stripe", SHOP),
        technical(
            "created_at checked_at events_read_at disconnected_at",
            "since when it is so, as Stripe said",
            SHOP,
        ),
    ),
}
