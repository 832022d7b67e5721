"""Every text that a seller writes and buyers read is looked at by staff, or left out here with a reason.

A new column of words in any table fails until it stands in one of the three lists.
"""

from typing import cast, get_args

from sqlalchemy import ARRAY, String, Table
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import SQLModel
from sqlmodel.sql.sqltypes import AutoString

from core.orders.shown_texts import SHOWN_TEXTS
from core.orders.text_review import TextKind
from scripts.data_page import tables

HOW = """new columns of words. Do buyers read there what a seller wrote? Then have it looked at, as the kinds
of core.orders.shown_texts are, and add it to REVIEWED; or say in EXEMPT why not. If not, add it to OTHERS."""

REVIEWED: dict[str, TextKind | None] = {
    "product.title": "product",
    "product.description": "product",
    "seller.about": "about",
    "channel.title": "channel",
    "seller.name": None,  # with the whole shop: core.people.sellers.open_shop
}
"""What sellers write and buyers read, and the kind of text as which staff look at it."""

EXEMPT = {
    "asset.name": "staff look at it with its file (core.uploads.moderation), and only a new file changes it",
    "asset_preview.description": "nobody writes it: it is made of a file that was looked at",
    "product.slug": "letters of a title, which it follows until staff accept it (core.orders.publication)",
    "refund.reason": "it is written to the one buyer whose money goes back, and nobody else reads it",
    "membership.reason": "it is written to the one person whose membership ends, and nobody else reads it",
    "paper.facts": "the legal identity below, and copies of the columns above, as of that day",
    "seller.legal_name": "who sells, by law, on papers that each have one buyer; a false one is forgery",
    "seller.legal_address": "as legal_name: without it at once, a sale made meanwhile would have no invoice",
    "seller.vat_number": "as legal_name; letters and digits of a register",
    "notification.params": "copies of the columns above, as they could be read then",
}

OTHERS = {
    "access_code": "code",  # buyers type it; no page shows it
    "access_grant": "revoked_reason",
    "access_token": "name",
    "alert": "subject",
    "asset": "key content_type sha256 sample_key",
    "asset_preview": "reason pictures",
    "audit_entry": "actor action subject correlation_id details",
    "audit_seal": "signed_by",
    "backup": "name revision error",
    "bad_row": "loop name error",
    "balance_entry": "rail currency part reference reference_key",
    "blocked_file": "sha256 reason added_by",
    "bot_beat": "name",
    "card_subscription": "account subscription_id customer_id",
    "channel": "title_waiting missing",  # the first is what waits
    "channel_event": "occasion details",  # the seller's own list
    "dispute": "provider_id reason currency",  # the bank's
    "dispute_line": "provider_id currency",
    "download": "client network",
    "invite": "name url",  # named by us, after a membership
    "job": "actor args unique_key worker correlation_id error_class error_message fingerprint",
    "job_attempt": "worker error_class error_message traceback fingerprint",
    "job_trash": "job attempts",
    "mail_address": "address",
    "member_import": "idempotency_key text",  # a list of members; no page shows it
    "notification": "occasion text",
    "paper": "part currency",
    "payment": "rail provider_id reference currency pay_url details",
    "payment_event": "provider event_id account outcome",
    "person": "name username language",  # who somebody is at Telegram; sellers are shown by their shop's name
    "price": "rail currency",
    "product": "picture_key picture_file_id text_accepted text_refused idempotency_key",
    "purchase": "rail currency idempotency_key language note waiver correlation_id",  # the note is staff's
    "queue_act": "filter actor options",
    "queue_pause": "paused_by",
    "refund": "provider_id currency idempotency_key",
    "schedule": "name actor cron time_zone",
    "seller": "rails card_fee_sums about_waiting",  # the last is what waits
    "staff_note": "actor subject words",
    "star_subscription": "charge_id",
    "stripe_account": "account_id currency",
    "stripe_platform": "name",  # made up by the database
    "support_answer": "key words",  # staff's
    "support_question": "key words",  # a buyer's
    "telegram_slot": "name owner",
    "upload": "name content_type fingerprint key store_upload_id telegram_file_id etags sha256 found_type"
    " findings reason reason_params",  # the name is buyers' once it is an asset's
    "worker_beat": "name queue_group queues",
}
"""What is written by us, staff, buyers or a provider, or is shown to no buyer."""


def columns_of_words() -> set[str]:
    """Every column that may hold words of any kind, as table.column; those with a closed list may not."""
    known = tables()  # before the mappers: it imports them all
    mappers = SQLModel._sa_registry.mappers
    classes = {cast(Table, each.local_table).name: each.class_ for each in mappers}
    return {
        f"{table.name}.{column.name}"
        for table in known
        for column in table.columns
        if isinstance(column.type, String | AutoString | ARRAY | JSONB)
        and "Literal" not in str(classes[table.name].model_fields[column.name].annotation)
    }


def others() -> set[str]:
    return {f"{table}.{name}" for table, names in OTHERS.items() for name in names.split()}


def test_no_column_of_words_is_shown_unread_without_a_reason() -> None:
    listed = {*REVIEWED, *EXEMPT, *others()}
    assert sorted(columns_of_words() - listed) == [], HOW
    assert sorted(listed - columns_of_words()) == [], "there are no such columns of words any more"
    assert len(listed) == len(REVIEWED) + len(EXEMPT) + len(others()), "each stands in one list"


def test_what_is_called_reviewed_has_a_kind_that_reads_this_very_column() -> None:
    assert {kind for kind in REVIEWED.values() if kind} == set(get_args(TextKind))
    for kind, shown in SHOWN_TEXTS.items():
        assert REVIEWED[f"{shown.table.__tablename__}.{shown.shown}"] == kind


def test_exemptions_say_why() -> None:
    assert all(len(reason.split()) > 5 for reason in EXEMPT.values())
