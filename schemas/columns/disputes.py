"""Columns of `schemas.disputes`."""

from schemas.columns.kinds import BOOKS, TableColumns, financial, technical

COLUMNS: TableColumns = {
    "dispute": (
        technical("id turn checked_at", "to name the row, and tell news from what was known", BOOKS),
        financial("payment_id provider_id currency amount", "which payment a bank disputes, and how much"),
        financial("status reason refundable lost", "why, and how the bank's case stands"),
        financial("credited", "how much of the price a lost one gave back, which a credit note says"),
        technical("evidence_id staged_at submit_asked_at", "to show the proof and hand it in once", BOOKS),
        financial("answer_by answered", "until when evidence counts, and whether it was submitted"),
        financial("held_at created_at closed_at", "since when access is put aside, and how long it went on"),
    ),
    "dispute_line": (
        technical("id", "to name the row", BOOKS),
        financial("dispute_id provider_id currency amount fee created_at", "what it took and gave back"),
    ),
}
