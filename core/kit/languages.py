"""Which of our languages a person reads, from the tags that Telegram or a browser names (BCP 47).

Two answers are the operator's: DEFAULT_LANGUAGE where nothing is known, FALLBACK_LANGUAGE where what is
known has no texts here. A process takes them once, as it takes its logs, since whoever meets a person asks.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:  # a module of tables: the texts are read by commands that need none
    from schemas.people import Language

LANGUAGES: "tuple[Language, ...]" = ("fr", "en")


@dataclass
class Unspoken:
    """The languages for whom none of ours is named: `unknown` names nothing, `foreign` names others."""

    unknown: "Language" = "fr"
    foreign: "Language" = "en"


unspoken = Unspoken()


def use_languages(*, unknown: "Language", foreign: "Language") -> None:
    """Take the operator's choice for this process."""
    unspoken.unknown, unspoken.foreign = unknown, foreign


def best_language(tags: Iterable[str]) -> "Language":
    """The first of ours among tags such as `en-GB`, best first; else what stands for an unspoken one."""
    named = False
    for tag in tags:
        primary = tag.strip().lower().partition("-")[0]
        for language in LANGUAGES:
            if primary == language:
                return language
        named = named or primary not in ("", "*")
    return unspoken.foreign if named else unspoken.unknown
