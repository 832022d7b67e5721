"""The kinds of notifications: which texts belong to each, and by which ways it comes unless chosen otherwise.

In the app a notification always stands: that is its record.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import get_args

from schemas.notifications import Kind, Way

WAYS: tuple[Way, ...] = get_args(Way)


@dataclass(frozen=True)
class Traits:
    """`ways` are those that the kind may take, each with whether it does by itself.

    What is for `admins` alone is no choice of anybody else.
    """

    texts: tuple[str, ...]
    ways: Mapping[Way, bool]
    admins: bool = False


QUIET: Mapping[Way, bool] = {"telegram": True, "email": False}
LOUD: Mapping[Way, bool] = {"telegram": True, "email": True}

KINDS: Mapping[Kind, Traits] = {
    # In Telegram the delivery itself says it.
    "payment_verified": Traits(("payment-verified", "paper-ready"), {"email": True}),
    "payment_problem": Traits(
        (
            "payment-failed",
            "payment-partial",
            "payment-refused",
            "payment-odd",
            "payment-short",
            "payment-held",
            "order-put-aside",
            "order-given-back",
            "card-declined",
            "card-authenticate",
            "card-expiring",
        ),
        LOUD,
    ),
    "payment_refunded": Traits(
        (
            "order-refunded",
            "order-refunded-membership",
            "order-refunded-listing",
            "order-refunded-shop_fee",
            "order-part-refunded",
            "order-charged-back",
            "payment-returned",
            "payment-refund-failed",
        ),
        LOUD,
    ),
    "sale_disputed": Traits(
        ("sale-disputed", "sale-dispute-due", "sale-fraud-warning", "sale-fraud-refunded"), LOUD
    ),
    "shop_fee": Traits(
        (
            "shop-fee-soon",
            "shop-fee-lacks",
            "shop-fee-last-day",
            "shop-fee-suspended",
            "shop-fee-paid",
            "shop-fee-returned",
        ),
        LOUD,
    ),
    "access_granted": Traits(("member-joined",), QUIET),
    "access_refused": Traits(("join-declined", "join-failed", "stranger-removed"), QUIET),
    "access_expiring": Traits(("member-warned", "trial-warned", "card-trial-ends"), LOUD),
    "access_grace": Traits(("member-grace",), LOUD),
    "access_expired": Traits(("member-expired", "trial-ended"), LOUD),
    "access_revoked": Traits(("member-revoked", "member-let-in"), LOUD),
    "membership_changed": Traits(
        (
            "member-paused",
            "member-cancelled",
            "member-plan-closed",
            "member-held-for-ever",
            "member-uncancelled",
            "member-restorable",
        ),
        QUIET,
    ),
    "channel_unreachable": Traits(("member-channel-gone",), LOUD),
    "channel_alarm": Traits(("channel-rights-lost", "channel-rights-back", "channel-gone"), LOUD),
    "support_answer": Traits(("support-answer", "support-closed"), LOUD),
    "shop_alarm": Traits(
        (
            "alert-promise",
            "alert-dead",
            "alert-late",
            "alert-workers",
            "alert-memory",
            "alert-disk",
            "alert-store",
            "alert-rows",
            "alert-questions",
            "alert-bot",
            "alert-audit",
            "alert-over",
        ),
        LOUD,
        admins=True,
    ),
}
KIND_OF: Mapping[str, Kind] = {text: kind for kind, traits in KINDS.items() for text in traits.texts}
"""The kind of a text; a text without one is a plain message of the bot, which is not kept."""
