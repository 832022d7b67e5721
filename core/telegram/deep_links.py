"""Addresses that open the bot in Telegram."""


def bot_address(bot_username: str) -> str:
    """The bot's own address; "" for a shop whose bot has no name yet."""
    return f"https://t.me/{bot_username}" if bot_username else ""


def deep_link(bot_username: str, start: str) -> str:
    """The address that starts the bot with a parameter (core.telegram.org/bots/features#deep-linking)."""
    return f"{bot_address(bot_username)}?start={start}"
