"""Sessions that receive updates, and what is kept for them while they have no connection."""

from collections import deque
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from scripts.sandbox.telegram.wire import Link

BACKLOG = 2000
"""Updates kept for a session whose connection is gone, as Telegram keeps what was not acknowledged."""


@dataclass
class Subscription:
    """A session that receives updates. It outlives its connection."""

    login: str
    key_id: int
    backlog: deque[bytes] = field(default_factory=lambda: deque(maxlen=BACKLOG))
    link: "Link | None" = None
    forgotten: bool = False  # until it is back
