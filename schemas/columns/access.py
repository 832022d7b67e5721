"""Columns of `schemas.access`."""

from schemas.columns.kinds import BOOKS, DISPUTABLE, SHOP, TableColumns, personal, technical

CLAIM = "30 days after it ran out; one that was used as long as its order"

COLUMNS: TableColumns = {
    "access_grant": (
        technical("id order_id product_id kind", "what was bought, by which order", BOOKS),
        personal("buyer_id", "who may have it", BOOKS),
        technical("created_at revoked_at", "since and until when it may be had", BOOKS),
        personal("revoked_reason", "why it was taken back, which the person may ask", BOOKS),
    ),
    "download_link": (
        technical("id grant_id asset_id token_hash", "which file of which sale a link opens", SHOP),
        technical("max_downloads downloads", "how often it was used and may be", SHOP),
        technical("created_at expires_at revoked_at", "whether it still opens anything", SHOP),
    ),
    "download": (
        technical("id link_id", "which link was clicked", SHOP),
        personal("client", "a digest of address and browser, so that a resumed download counts once", SHOP),
        personal("network", "the /24 or /48 that it came from where a card paid, as proof", DISPUTABLE),
        technical("continued", "how often its client came back for the rest, which is bounded", SHOP),
        personal("minute", "when it was clicked, for figures and for disputes about delivery", SHOP),
    ),
    "claim": (
        technical("id order_id token_hash", "which web order is attached to whoever shows the token", CLAIM),
        technical("created_at expires_at claimed_at", "whether it was used", CLAIM),
        personal("claimed_by", "who took the order", CLAIM),
    ),
}
