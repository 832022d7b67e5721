"""Columns of `schemas.notifications`."""

from schemas.columns.kinds import ACCOUNT, NOTICES, TableColumns, personal, technical

ADDRESS = "until the person removes it; one that was not confirmed is dropped within two weeks"

COLUMNS: TableColumns = {
    "notification": (
        technical("id kind occasion created_at", "that it is told once", NOTICES),
        personal("user_id", "who is told", NOTICES),
        personal("text params", "what they were told, to be read again in the Mini App", NOTICES),
        personal("read_at", "whether they have seen it", NOTICES),
    ),
    "notification_choice": (
        personal("user_id kind way wanted", "what the person wants to be told, by which way", ACCOUNT),
    ),
    "mail_address": (
        technical("id issue confirm_hash stop_hash", "to know the links in mails again", ADDRESS),
        personal("user_id order_id address", "where to send mail, and about whose affairs", ADDRESS),
        personal(
            "confirm_until confirmed_at stopped_at", "that the person agreed, or no longer does", ADDRESS
        ),
        technical("refused_at created_at", "whether mail arrives there", ADDRESS),
    ),
}
