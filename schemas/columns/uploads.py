"""Columns of `schemas.uploads`."""

from schemas.columns.kinds import PRODUCT, SHOP, TableColumns, personal, technical

SESSION = "until the Telegram launch that opened it is a day old"

COLUMNS: TableColumns = {
    "upload": (
        technical("id product_id purpose replaces_id asset_id", "for which product it is", PRODUCT),
        personal("user_id", "who sends it", PRODUCT),
        technical("name size content_type found_type sha256", "what it is, announced and found", PRODUCT),
        technical("fingerprint fingerprint_hash", "that the same file goes on after a break", PRODUCT),
        technical(
            "key part_size store_upload_id telegram_file_id etags", "where it goes and comes from", PRODUCT
        ),
        technical("policy state findings reason reason_params", "what was decided of it, and why", PRODUCT),
        technical("created_at expires_at completed_at verified_at", "how far it is", PRODUCT),
        technical("approved_at decided_at reclaimed_at reclaimed_bytes", "what became of it", PRODUCT),
    ),
    "mini_app_session": (
        personal("user_id", "who is signed in", SESSION),
        technical("id token_hash init_digest", "to know the token again; it is kept nowhere", SESSION),
        technical("signed_at created_at expires_at", "how long it lasts", SESSION),
    ),
    "blocked_file": (
        technical("sha256 created_at", "which file must not come back", SHOP),
        personal("reason added_by", "why, and which of the staff said so", SHOP),
    ),
}
