"""Columns of `schemas.member_imports`."""

from schemas.columns.kinds import SELLER, TableColumns, personal, technical

IMPORT = "until its lines are read, within minutes"

COLUMNS: TableColumns = {
    "member_import": (
        technical("id plan_id idempotency_key", "into which plan members are brought", SELLER),
        personal("user_id", "who sent the file", SELLER),
        personal("text", "the Telegram numbers and ends in the file", IMPORT),
        technical("done added skipped created_at finished_at", "how far it came", SELLER),
    ),
}
