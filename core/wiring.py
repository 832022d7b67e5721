"""Where rooms that must not import each other meet: each kind of goods is made known to the seams.

The one module of `core` that sees all rooms. Every process calls `connect` before it serves.
"""

from core.memberships.charges import StarRenewals
from core.payments.rails.stars import renewals


def connect() -> None:
    """Register every kind of goods; may be called again."""
    renewals.register(StarRenewals())
