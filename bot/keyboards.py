"""The inline keyboards under the bot's messages."""

from collections.abc import Sequence

from pyrogram.types import InlineKeyboardButton, InlineKeyboardMarkup, WebAppInfo

from bot.callbacks import pack
from core.kit.texts import plain, shorten
from core.ports import Button

LABEL_LIMIT = 60
"""Characters of a label; a phone shows about 35 on a row of its own."""

Rows = list[list[Button]]


def markup(rows: Sequence[Sequence[Button]]) -> InlineKeyboardMarkup | None:
    """The inline keyboard of a message, None without buttons."""
    keyboard = [[_button(button) for button in row] for row in rows if row]
    return InlineKeyboardMarkup(keyboard) if keyboard else None


def button(label: str, name: str, *arguments: int | str) -> Button:
    """A callback button; a long label is cut."""
    return Button(shorten(label, LABEL_LIMIT), data=pack(name, *arguments))


def labelled(language: str, label: str, name: str, *arguments: int | str) -> Button:
    """A callback button whose label is the text `button-{label}`."""
    return button(plain(language, f"button-{label}"), name, *arguments)


def pager(number: int, pages: int, name: str, *arguments: int | str) -> list[Button]:
    """Buttons to the neighbouring pages; the page number is the first argument."""
    around = []
    if number > 1:
        around.append(button(f"« {number - 1}", name, number - 1, *arguments))
    if number < pages:
        around.append(button(f"{number + 1} »", name, number + 1, *arguments))
    return around


def _button(button: Button) -> InlineKeyboardButton:
    if button.url:
        return InlineKeyboardButton(button.label, url=button.url)
    if button.web_app:
        return InlineKeyboardButton(button.label, web_app=WebAppInfo(url=button.web_app))
    return InlineKeyboardButton(button.label, callback_data=button.data)
