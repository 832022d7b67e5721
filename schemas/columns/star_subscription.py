"""Columns of `schemas.star_subscription`."""

from schemas.columns.kinds import BOOKS, TableColumns, financial, technical

COLUMNS: TableColumns = {
    "star_subscription": (
        technical("id membership_id created_at", "of which membership it is", BOOKS),
        financial("order_id charge_id stars until renews wanted", "what Telegram charges, and until when"),
    ),
}
