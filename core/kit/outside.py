"""Text from outside that comes by no struct: messages, button data, files, arguments of commands."""

from core.kit.errors import Refused
from schemas.text import is_clean


def accept(text: str, limit: int) -> str:
    """The text itself. Raises `Refused`: "text-unreadable" (NUL or a surrogate in it), "text-too-long"
    (`limit` in characters)."""
    if len(text) > limit:
        raise Refused("text-too-long", {"length": len(text), "limit": limit})
    if not is_clean(text):
        raise Refused("text-unreadable")
    return text
