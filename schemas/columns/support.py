"""Columns of `schemas.support`."""

from schemas.columns.kinds import SHOP, TableColumns, personal, technical

COLUMNS: TableColumns = {
    "support_question": (
        technical("id key state about", "that a question is asked once, and whether it is open", SHOP),
        personal("user_id order_id", "who asks, or about which web order", SHOP),
        personal("words", "what they want to know", SHOP),
        technical("asked_at answered_at closed_at", "how long they wait", SHOP),
    ),
    "support_answer": (
        technical("id question_id key created_at", "which question it answers, once, and when", SHOP),
        personal("staff_id", "who of the staff answered", SHOP),
        personal("words", "what they said", SHOP),
    ),
    "support_relay": (
        technical("id question_id created_at", "of which question it is, and when it was", SHOP),
        personal("user_id order_id", "whose words they were, about which order", SHOP),
        personal("staff_telegram_id staff_message_id", "which message a reply answers", SHOP),
    ),
}
