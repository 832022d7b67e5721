"""Columns of `schemas.membership`."""

from schemas.columns.kinds import (
    BOOKS,
    MEMBERSHIP,
    PRODUCT,
    SELLER,
    SHOP,
    TableColumns,
    financial,
    personal,
    technical,
)

COLUMNS: TableColumns = {
    "channel": (
        technical("id seller_id telegram_id title kind", "which channel it is, and whose", SELLER),
        technical("title_waiting title_held_at", "its newest title, while staff look at it", SELLER),
        technical("state missing lost_at", "whether the bot can still work there", SELLER),
        technical(
            "enforcement created_at checked_at", "what is done about strangers, and when it was", SELLER
        ),
    ),
    "plan": (
        technical(
            "product_id status created_at closed_at", "which product it is, and whether it is sold", PRODUCT
        ),
        technical("unit count until starts trial_days grace_days", "how long it lasts", PRODUCT),
        technical("places audience joining", "for whom it is, and how one gets in", PRODUCT),
        financial("recurring", "whether Telegram charges again every 30 days", PRODUCT),
    ),
    "plan_channel": (technical("plan_id channel_id", "which channels a plan opens", PRODUCT),),
    "membership": (
        technical(
            "id plan_id turn clock_at", "which plan it is of, and when time changes it next", MEMBERSHIP
        ),
        personal("user_id", "whose it is", MEMBERSHIP),
        personal("state started_at ends_at grace_days paused_at ended_at", "when they may be in", MEMBERSHIP),
        personal("ended_by ended_for reason", "who revoked it and why, as the person is shown", MEMBERSHIP),
        personal("barred_at", "that nothing of the shop is sold to them again", MEMBERSHIP),
        technical("created_at", "when it was first thought of", MEMBERSHIP),
    ),
    "membership_period": (
        technical("id membership_id created_at", "of which membership it is", BOOKS),
        financial(
            "order_id source taken_back_at held_seconds",
            "what it was given for, and whether it was given back",
        ),
        financial("unit count until anchor_day seconds", "how long was bought"),
        financial("starts_at ends_at paused_seconds", "how much of it was used"),
    ),
    "trial": (
        personal("user_id", "who has had the one trial in a shop", SHOP),
        technical("seller_id plan_id created_at", "in which shop, of which plan, when", SHOP),
    ),
    "access_code": (
        technical("id plan_id code uses_left expires_at created_at", "a word that opens a plan", PRODUCT),
    ),
    "code_holder": (
        personal("user_id", "who gave the code, and so may buy", PRODUCT),
        technical("plan_id code_id created_at", "which code it was, of which plan", PRODUCT),
    ),
    "invite": (
        technical(
            "id channel_id membership_id kind name url", "a way into a channel, for one member", MEMBERSHIP
        ),
        technical("created_at expires_at used_at revoked_at", "whether it still opens", MEMBERSHIP),
        personal("used_by", "who came in by it, to be compared with who may", MEMBERSHIP),
    ),
    "roster": (
        technical(
            "channel_id invite_id checked_at removing_since", "where, by which link, and our work", SELLER
        ),
        personal("telegram_id membership_id", "who was seen in the channel, and by what right", SELLER),
        personal("status requested_at joined_at left_at removed_at", "since when they are in or out", SELLER),
        personal("paid_until", "that they pay the channel itself, and until when", SELLER),
    ),
    "channel_event": (
        technical(
            "id channel_id kind occasion details created_at resolved_at", "what its seller is to know", SELLER
        ),
        personal("telegram_id membership_id", "whom it is about", SELLER),
    ),
}
