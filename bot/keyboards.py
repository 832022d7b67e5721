"""Buttons that call a handler of the bot: callback data under a label."""

from collections.abc import Sequence

from bot.callbacks import pack
from core.kit.texts import plain, shorten
from core.notifications.telegram_messages import LABEL_LIMIT
from core.ports import Button

Rows = list[list[Button]]


def button(label: str, name: str, *arguments: int | str) -> Button:
    """A callback button; a long label is cut."""
    return Button(shorten(label, LABEL_LIMIT), data=pack(name, *arguments))


def labelled(language: str, label: str, name: str, *arguments: int | str) -> Button:
    """A callback button whose label is the text `button-{label}`."""
    return button(plain(language, f"button-{label}"), name, *arguments)


def in_pairs(buttons: Sequence[Button]) -> Rows:
    """Rows of two."""
    return [list(buttons[start : start + 2]) for start in range(0, len(buttons), 2)]


def pager(number: int, pages: int, name: str, *arguments: int | str) -> list[Button]:
    """Buttons to the neighbouring pages; the page number is the first argument."""
    around = []
    if number > 1:
        around.append(button(f"« {number - 1}", name, number - 1, *arguments))
    if number < pages:
        around.append(button(f"{number + 1} »", name, number + 1, *arguments))
    return around
