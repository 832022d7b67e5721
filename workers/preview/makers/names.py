"""Cleans names inside archives so that they may be shown; nothing is ever written to such a path."""

from schemas.preview import MOST, Entry

LONGEST = 300  # characters
_BIDI = dict.fromkeys((*range(0x202A, 0x202F), *range(0x2066, 0x206A)))


def shown_name(name: str) -> str:
    """The name without controls, direction overrides and lone surrogates, cut in the middle when long."""
    cleaned = "".join(
        "\ufffd" if 0xD800 <= ord(character) < 0xE000 else character if character.isprintable() else " "
        for character in name.translate(_BIDI)
    )
    if len(cleaned) <= LONGEST:
        return cleaned
    # The end says what kind of file it is.
    return f"{cleaned[: LONGEST - 41]}…{cleaned[-40:]}"


def entry(name: str, size: int | None, *, folder: bool = False, encrypted: bool = False) -> Entry:
    """An entry with a name that may be shown; folders have no size, nor has what says an impossible one."""
    shown_size = None if folder or size is None or not 0 <= size <= MOST else size
    return Entry(shown_name(name), shown_size, folder=folder, encrypted=encrypted)
