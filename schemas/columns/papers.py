"""Columns of `schemas.papers`."""

from schemas.columns.kinds import BOOKS, TableColumns, financial, personal, technical

COLUMNS: TableColumns = {
    "paper": (
        technical("id", "the secret part of the paper's address", BOOKS),
        financial("seller_id kind number", "the paper's number, which no other paper of the seller has"),
        financial("order_id part currency amount", "which sale or refund it is of, and the sum"),
        personal("facts", "who sold what to whom, as it stood on the day the paper was issued", BOOKS),
        financial("issued_at", "the date of the paper"),
        technical("stored_at", "since when the store has its PDF", BOOKS),
    ),
    "paper_series": (financial("seller_id kind last", "to number a seller's papers without a gap"),),
}
