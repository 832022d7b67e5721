"""The one permission table; bot, API and commands ask `allowed`."""

from collections.abc import Iterable
from typing import Literal, get_args

from core.kit.errors import NotAllowed
from schemas.people import Role

Act = Literal[
    "buy",
    "sell",
    "publish",
    "see_statement",
    "answer_support",
    "see_orders",
    "resend_order",
    "validate_payment",
    "refund_order",
    "replay_events",
    "approve_seller",
    "moderate",
    "revoke_access",
    "record_payout",
    "manage_staff",
    "ban_people",
    "see_figures",
    "ask_support",
    "end_renewal",
    "see_sale",
    "refund_sale",
    "answer_dispute",
    "set_up_cards",
]

OPEN: frozenset[Act] = frozenset({"ask_support", "end_renewal"})
"""What nobody is shut out of, not even by a ban: questions, and an end to being charged."""

TABLE: dict[Role, frozenset[Act]] = {
    "buyer": OPEN | {"buy"},
    # What is done to a shop's sales is asked of a shop: core.people.shop_rights.
    "seller": OPEN
    | {
        "buy",
        "sell",
        "publish",
        "see_sale",
        "refund_sale",
        "see_statement",
        "answer_dispute",
        "set_up_cards",
    },
    "support": OPEN
    | {
        "buy",
        "answer_support",
        "see_orders",
        "resend_order",
        "validate_payment",
        "refund_order",
        "see_sale",
        "refund_sale",
        "answer_dispute",
        "replay_events",
        "moderate",
        "revoke_access",
    },
    "admin": frozenset(get_args(Act)),
    "banned": OPEN,
}
STAFF: tuple[Role, ...] = ("support", "admin")


def roles_with(act: Act) -> list[Role]:
    """The roles that include the act."""
    return [role for role in TABLE if role != "banned" and act in TABLE[role]]


def staff_with(act: Act) -> list[Role]:
    """The roles of staff that include the act."""
    return [role for role in STAFF if act in TABLE[role]]


def allowed(roles: Iterable[Role], act: Act) -> bool:
    """Whether any of the roles includes the act. One ban outweighs all roles."""
    effective = set(roles)
    if "banned" in effective:
        effective = {"banned"}
    return any(act in TABLE.get(role, frozenset()) for role in effective)


def require(roles: Iterable[Role], act: Act) -> None:
    """Raise `NotAllowed` unless the roles include the act."""
    present = set(roles)
    if not allowed(present, act):
        raise NotAllowed("banned" if "banned" in present else "not-allowed", {"act": act})
