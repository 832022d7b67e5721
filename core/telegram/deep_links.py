"""Addresses that open the bot in Telegram: at its beginning, at a product, or at a paid web order."""

PRODUCT = "p_"
"""Begins the start parameter that shows a product; its slug follows."""
CLAIM = "c"
"""Begins the start parameter that claims a web order; the token of the claim follows."""


def bot_address(bot_username: str) -> str:
    """The bot's own address; "" for a shop whose bot has no name yet."""
    return f"https://t.me/{bot_username}" if bot_username else ""


def product_link(bot_username: str, slug: str) -> str:
    """The address that shows a product in the bot."""
    return _start(bot_username, f"{PRODUCT}{slug}")


def claim_link(bot_username: str, token: str) -> str:
    """The address that hands a paid web order to whoever opens it."""
    return _start(bot_username, f"{CLAIM}{token}")


def _start(bot_username: str, parameter: str) -> str:
    # https://core.telegram.org/bots/features#deep-linking
    return f"{bot_address(bot_username)}?start={parameter}"
