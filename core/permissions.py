"""The one permission table; bot, API and commands ask `allowed`."""

from collections.abc import Iterable
from typing import Literal, get_args

from core.errors import NotAllowed

Act = Literal[
    "buy",
    "sell",
    "publish",
    "answer_support",
    "see_orders",
    "resend_order",
    "validate_payment",
    "refund_order",
    "approve_seller",
    "moderate",
    "record_payout",
    "manage_staff",
]

TABLE: dict[str, frozenset[Act]] = {
    "buyer": frozenset({"buy"}),
    "seller": frozenset({"buy", "sell", "publish"}),
    "support": frozenset(
        {
            "buy",
            "answer_support",
            "see_orders",
            "resend_order",
            "validate_payment",
            "refund_order",
            "moderate",
        }
    ),
    "admin": frozenset(get_args(Act)),
    "banned": frozenset(),
}
STAFF = ("support", "admin")


def allowed(roles: Iterable[str], act: Act) -> bool:
    """Whether any of the roles includes the act. One ban outweighs all roles."""
    held = set(roles)
    return "banned" not in held and any(act in TABLE.get(role, frozenset()) for role in held)


def require(roles: Iterable[str], act: Act) -> None:
    """Raise `NotAllowed` unless the roles include the act."""
    held = set(roles)
    if not allowed(held, act):
        raise NotAllowed("banned" if "banned" in held else "not-allowed", {"act": act})
