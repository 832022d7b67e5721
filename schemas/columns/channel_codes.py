"""Columns of `schemas.channel_codes`."""

from schemas.columns.kinds import SELLER, TableColumns, technical

COLUMNS: TableColumns = {
    "channel_code": (
        technical(
            "seller_id code_hash created_at expires_at used_at",
            "by what the shop may connect a channel, once, within minutes",
            SELLER,
        ),
    ),
}
