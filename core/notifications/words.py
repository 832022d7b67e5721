"""A notification in words: its title and its message, without markup."""

from core.kit.texts import UnknownText, plain, unmarked
from core.notifications.telegram_messages import filled
from schemas.notifications import Notification


def title_of(language: str, kind: str) -> str:
    """What a kind is called, in a list and as the subject of a mail."""
    return plain(language, f"notification-{kind}")


def words_of(language: str, row: Notification) -> tuple[str, str]:
    """Title and message. One whose text a newer version no longer has keeps its title."""
    title = title_of(language, row.kind)
    try:
        return title, unmarked(filled(language, row.text, row.params))
    except UnknownText:
        return title, title
