"""Our buttons as Telegram's: the inline keyboard under a message of the bot or of a worker."""

from collections.abc import Sequence

from pyrogram.types import InlineKeyboardButton, InlineKeyboardMarkup, WebAppInfo

from core.ports import Button


def markup(rows: Sequence[Sequence[Button]]) -> InlineKeyboardMarkup | None:
    """The inline keyboard of a message, None without buttons."""
    keyboard = [[_button(button) for button in row] for row in rows if row]
    return InlineKeyboardMarkup(keyboard) if keyboard else None


def _button(button: Button) -> InlineKeyboardButton:
    if button.url:
        return InlineKeyboardButton(button.label, url=button.url)
    if button.web_app:
        return InlineKeyboardButton(button.label, web_app=WebAppInfo(url=button.web_app))
    return InlineKeyboardButton(button.label, callback_data=button.data)
