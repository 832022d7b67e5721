"""Text that comes from outside, whichever way: over HTTP, from Telegram, in a file, on a command line.

PostgreSQL keeps no NUL, and UTF-8 has no half of a surrogate pair (RFC 3629, 3): both are refused where they
come in, once, instead of failing somewhere behind. Every field says besides how long it may be.
"""

import re
from typing import Annotated

import msgspec

# All of Unicode's characters but NUL and surrogates.
CLEAN = "^[\x01-\ud7ff\ue000-\U0010ffff]*$"
# The same on one line: without controls. `$` alone would let a line end follow.
ONE_LINE = "^[\x20-\ud7ff\ue000-\U0010ffff]+$(?!\n)"
Text = Annotated[str, msgspec.Meta(pattern=CLEAN)]
"""To be given a `max_length`: `Annotated[Text, msgspec.Meta(max_length=200)]`."""

Line = Annotated[Text, msgspec.Meta(max_length=1000)]
"""A few words: a title, a reason, a search."""
Secret = Annotated[Text, msgspec.Meta(max_length=128)]
"""A token, a key, a number of an order: what is looked up as it is."""

_clean = re.compile(CLEAN)


def is_clean(text: str) -> bool:
    """Whether a text has neither NUL nor surrogates."""
    return _clean.match(text) is not None
