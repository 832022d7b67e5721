"""The message that shows what is inside a file before it is bought."""

from html import escape

from bot.screens.catalogue import CAPTION_LIMIT
from core.catalogue.preview_words import contents, summary
from core.catalogue.previews import PreviewView
from core.kit.texts import MESSAGE_LIMIT, file_size, parsed_length, shorten, text, utf16_length
from core.notifications.telegram_messages import short_name
from core.ports import Message

LINE_LIMIT = 120  # characters


def preview(language: str, view: PreviewView) -> Message:
    """The preview of a file in words, short enough to stand under its pictures where it has some."""
    limit = CAPTION_LIMIT if view.file_ids else MESSAGE_LIMIT
    size = file_size(language, view.size)
    head = text(language, "preview-head", name=short_name(view.name), size=size)
    title = f"{head}\n{escape(shorten(summary(language, view), 300), quote=False)}"
    lines = _fit(contents(language, view), limit - parsed_length(title) - 2)
    body = escape("\n".join(lines), quote=False)
    return Message(f"{title}\n\n<pre>{body}</pre>" if body.strip() else title)


def _fit(lines: list[str], room: int) -> list[str]:
    """The first of the lines, as many as there is room for, the last of them saying that there is more."""
    fitting: list[str] = []
    room -= 2  # the mark of what is left out
    for line in lines:
        cut = shorten(line, LINE_LIMIT)
        room -= utf16_length(cut) + 1
        if room < 0:
            return [*fitting, "…"]
        fitting.append(cut)
    return fitting
