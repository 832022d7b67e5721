"""What people see of a file before they buy it."""

from html import escape

from bot.screens.catalogue import CAPTION_LIMIT
from core.catalogue.preview_words import contents, summary
from core.catalogue.previews import PreviewView
from core.kit.texts import MESSAGE_LIMIT, file_size, parsed_length, shorten, text, utf16_length
from core.notifications.telegram_messages import short_name
from core.ports import Message

LINE_LIMIT = 120  # characters


def preview(language: str, found: PreviewView) -> Message:
    """The preview in words, short enough to stand under its pictures where it has some."""
    limit = CAPTION_LIMIT if found.file_ids else MESSAGE_LIMIT
    size = file_size(language, found.size)
    head = text(language, "preview-head", name=short_name(found.name), size=size)
    told = f"{head}\n{escape(shorten(summary(language, found), 300), quote=False)}"
    lines = _fit(contents(language, found), limit - parsed_length(told) - 2)
    body = escape("\n".join(lines), quote=False)
    return Message(f"{told}\n\n<pre>{body}</pre>" if body.strip() else told)


def _fit(lines: list[str], room: int) -> list[str]:
    """The first of the lines, as many as there is room for, the last of them saying that there is more."""
    kept: list[str] = []
    room -= 2  # the mark of what is left out
    for line in lines:
        cut = shorten(line, LINE_LIMIT)
        room -= utf16_length(cut) + 1
        if room < 0:
            return [*kept, "…"]
        kept.append(cut)
    return kept
