"""How the bank's case stands, and what follows from it for access and refunds. Pure.

https://docs.stripe.com/disputes/how-disputes-work
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from schemas.disputes import DisputeAccess, DisputeStatus

CLOSED: tuple[DisputeStatus, ...] = ("won", "lost", "warning_closed", "prevented")
ANSWERABLE: tuple[DisputeStatus, ...] = ("needs_response", "warning_needs_response", "appeal_needs_response")
"""Evidence can be submitted."""
CONTESTED: tuple[DisputeStatus, ...] = (
    "needs_response",
    "under_review",
    "appeal_needs_response",
    "appeal_under_review",
)
"""The money is with the bank, and may come back. An inquiry (warning_…) has moved none."""


@dataclass(frozen=True)
class DisputePolicy:
    """What the operator has chosen. `access`: what a dispute does to access until the bank has decided;
    `fees`: what a dispute costs, in minor units by currency."""

    access: DisputeAccess = "suspend"
    fees: Mapping[str, int] = field(default_factory=dict)


def costs_less_refunded(amount: int, currency: str, fees: Mapping[str, int]) -> bool:
    """Whether a sale, in minor units, is worth less than a dispute costs, which takes it as well."""
    return 0 < amount < fees.get(currency, 0)


def holds_access(status: DisputeStatus, policy: DisputeAccess, *, lost: bool) -> bool:
    """Whether nobody may use what the payment bought: it is `lost`, or contested where that suspends.

    An appeal against what was lost gives nothing back before it is won.
    """
    if status in CONTESTED:
        return lost or policy == "suspend"
    return status == "lost"


def blocks_refund(status: DisputeStatus, *, refundable: bool) -> bool:
    """Whether a refund would send the money out twice: the bank has it, or has given it to the buyer."""
    return status in (*CONTESTED, "lost") and not refundable
