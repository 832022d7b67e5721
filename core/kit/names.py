"""Names that people give to files and products, made safe for stores, headers, addresses and pages."""

import re
import unicodedata
from typing import TypeVar
from urllib.parse import quote
from uuid import UUID

from core.kit.errors import Refused

Choice = TypeVar("Choice", bound=str)

TITLE_LIMIT = 200  # characters
FILE_NAME_LIMIT = 255  # bytes of UTF-8: the limit of common file systems
SLUG_LIMIT = 60  # leaves room for a prefix in Telegram's 64-character start parameter
KEY_NAME_LIMIT = 100  # characters; a store on a file system adds suffixes of its own

# Invisible characters that turn the text around them (Unicode TR9): "exe.gpj" shown for "gpj.exe".
_BIDI_CONTROLS = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
# Default_Ignorable_Code_Point (Unicode Annex 44): format characters, fillers, variation selectors.
_IGNORABLE = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f"
    "\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufff8\U0001bca0-\U0001bca3\U0001d173-\U0001d17a"
    "\U000e0000-\U000e0fff]"
)
# RFC 8187 section 3.2.1: attr-char, besides letters and digits.
_ATTR_CHARS = "!#$&+-.^_`|~"


def clean_text(text: str, *, lines: bool = False) -> str:
    """The text without controls, bidirectional overrides and lone surrogates; line ends kept if `lines`."""
    clean = []
    for character in text.replace("\r\n", "\n").replace("\r", "\n"):
        category = unicodedata.category(character)
        if character == "\n" and lines:
            clean.append(character)
        elif category == "Cc":
            clean.append(" ")
        elif category != "Cs" and character not in _BIDI_CONTROLS:
            clean.append(character)
    return "".join(clean).strip()


def visible_text(text: str) -> str:
    """The text on one line, without what takes no place on a screen."""
    return "".join(character for character in clean_text(text) if not _IGNORABLE.match(character)).strip()


def canonical(text: str) -> str:
    """What a person typed, as all its spellings: two texts that a reader takes for one have one form.

    NFKC and case folding (Unicode Standard Annex 15 and section 3.13), without spaces and what is invisible.
    """
    folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold())
    letters = (c for c in folded if unicodedata.category(c)[0] not in "ZC" and not _IGNORABLE.match(c))
    return "".join(letters)


def bounded(text: str, code: str, limit: int) -> str:
    """The text itself. Raises `Refused` "{code}-empty" or "{code}-too-long" (limit in characters)."""
    if not text:
        raise Refused(f"{code}-empty")
    if len(text) > limit:
        raise Refused(f"{code}-too-long", {"length": len(text), "limit": limit})
    return text


def one_of(text: str, choices: tuple[Choice, ...], refusal: Refused) -> Choice:
    """The choice that a text names. Raises `refusal` where it names none."""
    for choice in choices:
        if choice == text:
            return choice
    raise refusal


def clean_title(title: str) -> str:
    """A title as typed, markup and emoji included, on one line. Raises `Refused`: empty, too long."""
    return bounded(clean_text(title), "title", TITLE_LIMIT)


def clean_file_name(name: str) -> str:
    """A name without folders and controls, at most 255 bytes of UTF-8, that keeps its extension."""
    flat = clean_text(name.replace("/", "_").replace("\\", "_")).lstrip(". ").rstrip(". ")
    stem, dot, extension = flat.rpartition(".")
    if not dot or not 0 < len(extension.encode()) <= 20:
        stem, extension = flat, ""
    ending = f".{extension}" if extension else ""
    stem = _cut(stem, FILE_NAME_LIMIT - len(ending.encode()))
    return f"{stem}{ending}" if stem else f"file{ending}"


def slug_for(title: str) -> str:
    """A public name for a title: 1 to 60 characters of [a-z0-9-]; "product" when nothing Latin is left."""
    ascii_only = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode().lower()
    slug = re.sub(r"[^a-z0-9]+", "-", ascii_only).strip("-")[:SLUG_LIMIT].strip("-")
    return slug or "product"


def number_of(order_id: int) -> str:
    """What people say to support: CMT-000042."""
    return f"CMT-{order_id:06d}"


def object_key(seller_id: int, upload_id: UUID, name: str) -> str:
    """Where an uploaded file lives in the store, for ever: an object never moves."""
    ascii_only = unicodedata.normalize("NFKD", clean_file_name(name)).encode("ascii", "ignore").decode()
    safe = re.sub(r"[^A-Za-z0-9._-]+", "_", ascii_only).strip("._") or "file"
    return f"uploads/{seller_id}/{upload_id}/{safe[-KEY_NAME_LIMIT:]}"


def content_disposition(name: str) -> str:
    """The header that makes a browser save a file under its name (RFC 6266 section 4.3, RFC 8187).

    Old readers get an ASCII form without quotes and percent signs (RFC 6266 appendix D).
    """
    clean = clean_file_name(name)
    plain = re.sub(r'[^\x20-\x7e]|["\\%]', "_", clean)
    return f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(clean, safe=_ATTR_CHARS)}"


def _cut(text: str, limit: int) -> str:
    """At most `limit` bytes of UTF-8, never half a character."""
    return text.encode()[:limit].decode(errors="ignore")


def spreadsheet_text(cell: str) -> str:
    """Keep a spreadsheet from running what a person typed (OWASP, CSV injection)."""
    return f"'{cell}" if cell.startswith(("=", "+", "-", "@", "\t", "\r")) else cell
