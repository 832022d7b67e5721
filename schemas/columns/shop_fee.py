"""Columns of `schemas.shop_fee`."""

from schemas.columns.kinds import SHOP, TableColumns, financial, technical

COLUMNS: TableColumns = {
    "shop_fee": (
        financial("seller_id product_id", "which shop owes the operator a monthly fee"),
        financial("paid_until anchor_day created_at ended_at", "until when it is paid"),
        technical("days_lacked counted_at", "how long it has lacked, so that nobody is closed at once", SHOP),
        financial("suspended_at", "since when the shop is closed for it"),
    ),
    "shop_fee_month": (
        financial("order_id seller_id starts_at ends_at", "which month of a shop an order paid"),
        financial("taken_back_at", "whether its money went back"),
    ),
}
