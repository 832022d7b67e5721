"""The waiver of the right of withdrawal, which buyers give before they pay where the shop asks for it.

A consumer in the Union may withdraw from a distance contract for 14 days; digital content that is supplied at
once is excepted only where the buyer asked for that and acknowledged the loss of the right (Directive
2011/83/EU, art. 16 (m)), which the seller must be able to show.
"""

import hashlib
from dataclasses import dataclass
from functools import cache

from core.kit.errors import Refused
from core.kit.languages import LANGUAGES
from core.kit.texts import plain
from core.orders.fulfilment import goods_of

WORDS = "waiver-words"


@dataclass(frozen=True)
class Waiver:
    """Whether the shop asks for it, and the version of the words that the buyer agreed to ("" for none)."""

    asked: bool
    given: str = ""

    def kept(self, kind: str) -> str:
        """The version to keep with an order of this kind of goods; "" where none is asked for.

        Raises `Refused` "waiver-missing": not given, or of words that have changed since. Who pays the
        operator to sell is no consumer.
        """
        if not self.asked or goods_of(kind).payee == "operator":
            return ""
        if self.given not in map(version_of, LANGUAGES):
            raise Refused("waiver-missing")
        return self.given


NOT_ASKED = Waiver(asked=False)


@cache
def version_of(language: str) -> str:
    """Which words these are: their language and the beginning of their SHA-256, so that any change shows."""
    return f"{language}-{hashlib.sha256(plain(language, WORDS).encode()).hexdigest()[:12]}"
