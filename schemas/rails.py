"""The ways to pay. A module of its own: commands name them without loading any table."""

from typing import Literal

Rail = Literal["stars", "crypto", "manual", "card"]
Provider = Literal["nowpayments", "telegram", "stripe"]
"""Who tells of payments by inbound events, each to the rail that reads them."""
# Those of core.kit.money.EXPONENTS.
Currency = Literal["XTR", "EUR", "USD", "GBP", "CHF", "CAD", "JPY", "XAF", "XOF"]
