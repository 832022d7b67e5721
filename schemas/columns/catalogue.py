"""Columns of `schemas.catalogue`."""

from schemas.columns.kinds import PRODUCT, TableColumns, financial, technical

COLUMNS: TableColumns = {
    "product": (
        technical("id slug kind idempotency_key", "to name it, and make it once", PRODUCT),
        technical("seller_id", "which shop sells it", PRODUCT),
        technical("title description picture_key picture_file_id", "what buyers are shown", PRODUCT),
        technical("status created_at published_at", "whether it is for sale", PRODUCT),
        technical("text_held_at text_accepted text_refused", "whether staff look at its words", PRODUCT),
        financial("listing_of listing_paid_at", "for which product a listing fee is, and whether it is paid"),
    ),
    "price": (
        technical("id product_id", "of which product it is", PRODUCT),
        financial("rail currency amount", "what it costs, by each way to pay", PRODUCT),
    ),
    "asset": (
        technical("id product_id key replaces_id position", "where the file is, and in what order", PRODUCT),
        technical("name size content_type sha256", "what is delivered, and that it is still that", PRODUCT),
        technical("status created_at accepted_at", "whether it is delivered", PRODUCT),
        technical("preview_choice sample_key", "what is shown of it before it is bought", PRODUCT),
    ),
    "asset_preview": (
        technical("asset_id outcome reason made_at rules", "whether there is a preview, or why not", PRODUCT),
        technical("description pictures", "what the preview shows of the file", PRODUCT),
    ),
}
