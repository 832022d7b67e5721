"""Columns of `schemas.people`."""

from schemas.columns.kinds import ACCOUNT, BOOKS, SHOP, TableColumns, financial, personal, technical

COLUMNS: TableColumns = {
    "person": (
        technical("id", "the number by which all other tables name the person", SHOP),
        personal("telegram_id", "who it is: what Telegram never changes, and where to write to", ACCOUNT),
        personal("name username", "how staff and sellers know a person when they help", ACCOUNT),
        personal("language language_chosen", "in which language to speak to the person", ACCOUNT),
        personal("roles", "what the person may do", ACCOUNT),
        personal("blocked_at", "that messages would not arrive, so none are tried", ACCOUNT),
        personal("created_at", "since when the person is known", ACCOUNT),
    ),
    "seller": (
        technical("id", "the number by which products and sales name the seller", SHOP),
        personal("user_id", "whose shop it is", ACCOUNT),
        personal("name", "what buyers see as the seller", ACCOUNT),
        personal("about", "what the seller tells buyers of who sells, and where to reach them", ACCOUNT),
        personal("about_waiting", "the same, as staff are to look at it or have refused it", ACCOUNT),
        technical("about_held_at", "since when staff are to look at it", SHOP),
        personal("legal_name legal_address vat_number", "how invoices name the seller, as law asks", BOOKS),
        technical("status rails", "whether and how the seller may sell", SHOP),
        financial("card_fee_rate card_fee_sums", "what the operator takes of the seller's sales by card"),
        personal("terms_accepted_at created_at", "proof of what the seller agreed to, and when", SHOP),
    ),
    "access_token": (
        technical("id role token_hash", "to know a token again; the token itself is kept nowhere", SHOP),
        personal("name user_id", "whose token it is, so that it can be withdrawn", SHOP),
        technical("created_at expires_at revoked_at", "whether it still opens anything", SHOP),
    ),
}
