"""How often what may be done: one table of named classes for the API and the bot.

Whoever adds a way in takes a class from here, or adds one; nothing else decides a number. The setting LIMITS
changes them.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Literal

Counted = Literal["address", "token", "person", "everybody"]
_CHANGE = re.compile(r"([a-z-]+)=(?:(\d{1,9})/(\d{1,9})|off)")


@dataclass(frozen=True)
class Limit:
    """At most `most` tries in `seconds`, from the first one; `most` 0: as many as come.

    `counted`: whose tries they are. A person is one in Telegram or of a session.
    """

    name: str
    most: int
    seconds: int
    counted: Counted


# Of every request, by its route (api.limits says which is which).
EVERYTHING = Limit("everything", 0, 60, "everybody")
OPEN = Limit("open", 0, 60, "everybody")  # who watches the process, and providers that tell of payments
WATCHING = Limit("watching", 600, 60, "address")
CALLS_FROM = Limit("call-from", 300, 60, "address")  # behind one address there may be many people
CALLS = Limit("call", 120, 60, "token")
CLICKS = Limit("click", 300, 60, "address")
PICTURES = Limit("picture", 300, 60, "address")  # of previews too: a flood of them takes no click's place
ASSETS = Limit("asset", 1200, 60, "address")
NOWHERE = Limit("nowhere", 60, 60, "address")  # addresses that lead nowhere: who asks for them is searching

# Of some acts, beside the class of their route.
GUESSES = Limit("guess", 30, 60, "address")  # unknown links, order pages, mail links, sessions, staff tokens
ORDERS = Limit("order", 30, 600, "address")
CLAIMS = Limit("claim", 30, 600, "address")
TRANSFERS = Limit("transfer", 20, 600, "address")
RETURNS = Limit("return", 30, 600, "address")  # from a payment, by a browser that does not know the order
QUESTIONS = Limit("question", 20, 600, "address")  # to support, from the page of a web order
UPLOADS = Limit("upload", 600, 3600, "person")
MAILS = Limit("mail", 5, 86_400, "person")  # questions whether an e-mail address is its reader's

# Of a person in the bot.
MESSAGES = Limit("message", 10, 60, "person")  # that answer no question of ours: commands, searches
STEPS = Limit("step", 60, 60, "person")  # what we asked for: pressed buttons, answers, files
INLINE = Limit("inline", 120, 60, "person")  # Telegram asks at each key that is pressed
SECRETS = Limit("secret", 20, 3600, "person")  # wrong start links and codes

LIMITS: tuple[Limit, ...] = (
    EVERYTHING,
    OPEN,
    WATCHING,
    CALLS_FROM,
    CALLS,
    CLICKS,
    PICTURES,
    ASSETS,
    NOWHERE,
    GUESSES,
    ORDERS,
    CLAIMS,
    TRANSFERS,
    RETURNS,
    QUESTIONS,
    UPLOADS,
    MAILS,
    MESSAGES,
    STEPS,
    INLINE,
    SECRETS,
)
BY_NAME: Mapping[str, Limit] = MappingProxyType({limit.name: limit for limit in LIMITS})


def parse_limits(text: str) -> dict[str, Limit]:
    """The classes that the setting LIMITS changes, by name: `message=20/60;everything=1000/60;click=off`.

    Raises `ValueError`, which says what it expected.
    """
    changed: dict[str, Limit] = {}
    for part in filter(None, (piece.strip() for piece in text.split(";"))):
        fit = _CHANGE.fullmatch(part)
        if fit is None or (fit[2] is not None and not (int(fit[2]) and int(fit[3]))):
            raise ValueError(f"expected name=count/seconds or name=off with ; between, not {part!r}")
        limit = BY_NAME.get(fit[1])
        if limit is None or limit is OPEN:
            names = ", ".join(sorted(BY_NAME.keys() - {OPEN.name}))
            raise ValueError(f"there is no class {fit[1]!r}; there are {names}")
        changed[limit.name] = replace(limit, most=int(fit[2] or 0), seconds=int(fit[3] or limit.seconds))
    return changed


def checked_limits(text: str) -> str:
    """The text itself, where `parse_limits` can read it. Raises `ValueError`."""
    parse_limits(text)
    return text
