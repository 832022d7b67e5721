"""Addresses that open the bot in Telegram: at its beginning, at a product, or at a paid web order."""

import re

from core.kit.tokens import TOKEN_LENGTH

PRODUCT = "p_"
"""Begins the start parameter that shows a product; its slug follows."""
CLAIM = "c"
"""Begins the start parameter that claims a web order; the token of the claim follows."""
_PARAMETER = r"[A-Za-z0-9_-]{1,62}"
_CLAIM_ITSELF = rf"{CLAIM}[A-Za-z0-9_-]{{{TOKEN_LENGTH}}}"
_CLAIM = rf"(?<![A-Za-z0-9_-]){_CLAIM_ITSELF}(?![A-Za-z0-9_-])"


def bot_address(bot_username: str) -> str:
    """The bot's own address; "" for a shop whose bot has no name yet."""
    return f"https://t.me/{bot_username}" if bot_username else ""


def product_link(bot_username: str, slug: str) -> str:
    """The address that shows a product in the bot."""
    return start_link(bot_username, f"{PRODUCT}{slug}")


def start_link(bot_username: str, parameter: str) -> str:
    """The address that opens the bot with a start parameter of ours."""
    # https://core.telegram.org/bots/features#deep-linking
    return f"{bot_address(bot_username)}?start={parameter}"


def claim_link(bot_username: str, token: str) -> str:
    """The address that hands a paid web order to whoever opens it."""
    return start_link(bot_username, f"{CLAIM}{token}")


def pasted_start(bot_username: str, words: str) -> str | None:
    """The start parameter in what somebody wrote, where Telegram did not pass it on: from a link to the bot,
    or a claim's code alone, broken over lines or among other words. None where there is neither.
    """
    name = re.escape(bot_username)
    link = rf"(?:https?://)?(?:t\.me/{name}/?|tg:(?://)?resolve)\?(?:domain={name}&)?start="
    product = re.search(rf"{link}({PRODUCT}{_PARAMETER})", words, re.IGNORECASE)
    claim = re.search(_CLAIM, words) or re.fullmatch(rf"(?:{link}|/?start)?({_CLAIM_ITSELF})", _joined(words))
    if product is not None:
        return product[1]
    return claim[claim.lastindex or 0] if claim is not None else None


def is_claim(parameter: str) -> bool:
    """Whether a start parameter claims a web order."""
    return re.fullmatch(_CLAIM_ITSELF, parameter) is not None


def _joined(words: str) -> str:
    """Without white space and what is not seen (U+200B and its like)."""
    return "".join(letter for letter in words if letter.isprintable() and not letter.isspace())
