"""How often somebody may have an e-mail address asked whether it is its reader's, wherever they ask."""

import hashlib

from core.process.limiter import Limiter
from core.process.limits import MAILS


async def count_question(limiter: Limiter, who: str, address: str) -> None:
    """Count a question to an address, by who has it asked and by whom it reaches. Raises `TooMany`.

    Nobody can have strangers written to again and again.
    """
    reached = hashlib.sha256(address.lower().encode()).hexdigest()[:32]
    await limiter.count(MAILS, who)
    await limiter.count(MAILS, f"to:{reached}")
