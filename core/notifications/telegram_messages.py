"""The messages that workers send, as pure functions of what they are about.

File names and titles come from sellers: they are escaped by `core.kit.texts` and cut to fit. Links stand in
the text and, where Telegram accepts the address, on a button as well.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Literal

from core.kit.texts import Param, plain, shorten, text
from core.ports import Button, Message

Occasion = Literal["paid", "library", "replaced", "resend"]
File = tuple[str, int, str]
"""Name, size in bytes, link."""

FILES_A_MESSAGE = 30
"""Keeps a message under 4,096 UTF-16 units and 100 entities (core.telegram.org/api/entities), whatever the
names: a line is at most 112 units and one entity, the text around the lines at most 720."""
NAME_LIMIT = 48  # characters; of two units each at worst
TITLE_LIMIT = 400  # UTF-16 units: the 200 characters that a title may have
WORDS_LIMIT = 3000
LABEL_LIMIT = 60  # characters; a phone shows about 35 on a row of its own
LARGE = 2**30
"""Bytes from which a file's button leads to the page where a download can be resumed, not to the file."""


def delivery(
    language: str,
    title: str,
    order_number: str,
    files: Sequence[File],
    ttl: int,
    occasion: Occasion,
    *,
    pages: bool = False,
) -> list[Message]:
    """The links to the files of one order, valid `ttl` seconds; several messages for many files (A17, A23).

    `pages`: the links are ours and have a page each, to which the buttons of large files lead.
    The text depends on the arguments alone, so that a repeated attempt sends the same content.
    """
    chunks = list(_chunks(files))
    return [
        _delivery_part(language, title, order_number, chunk, ttl, occasion, part, len(chunks), pages)
        for part, chunk in enumerate(chunks, start=1)
    ]


def notification(
    language: str, text_id: str, params: dict[str, Param], buttons: Sequence[Sequence[str]] = ()
) -> Message:
    """A `Notify` job as a message: each button is [label's text id, callback data or link]."""
    rows = []
    for label, target in buttons:
        is_link = "://" in target
        caption = plain(language, label)
        rows.append([Button(caption, url=target) if is_link else Button(caption, data=target)])
    return Message(filled(language, text_id, params), rows)


def filled(language: str, text_id: str, params: Mapping[str, Param]) -> str:
    """A text as Telegram HTML, its blanks filled with no more than a message holds. Raises `UnknownText`."""
    blanks = {name: shorten(v, WORDS_LIMIT) if isinstance(v, str) else v for name, v in params.items()}
    return text(language, text_id, **blanks)


def short_name(name: str, limit: int = NAME_LIMIT) -> str:
    """A file name cut in its middle, so that its type stays in sight."""
    if len(name) <= limit:
        return name
    tail = limit // 3
    return f"{name[: limit - tail - 1]}…{name[-tail:]}"


def link_button(label: str, url: str) -> Button | None:
    """A button for the link; none where Telegram would refuse the whole message (BUTTON_URL_INVALID).

    Telegram takes https addresses with a domain. A shop without a public address has text links only.
    """
    return Button(shorten(label, LABEL_LIMIT), url=url) if url.startswith("https://") else None


def library_button(language: str) -> Button:
    """Back to the library (A19)."""
    return Button(plain(language, "button-library"), data="library_menu")


def support_button(language: str) -> Button:
    """To support (A20)."""
    return Button(plain(language, "button-support"), data="support_menu")


def _chunks(files: Sequence[File]) -> Iterator[Sequence[File]]:
    for start in range(0, len(files), FILES_A_MESSAGE):
        yield files[start : start + FILES_A_MESSAGE]


def _delivery_part(
    language: str,
    title: str,
    order_number: str,
    files: Sequence[File],
    ttl: int,
    occasion: Occasion,
    part: int,
    parts: int,
    pages: bool,
) -> Message:
    head = text(language, f"delivery-{occasion}", title=shorten(title, TITLE_LIMIT), number=order_number)
    if parts > 1:
        head += " " + text(language, "delivery-part", part=part, parts=parts)
    lines = [
        text(language, "delivery-file", name=short_name(name), size=size, url=_href(url))
        for name, size, url in files
    ]
    foot = text(language, "delivery-foot", seconds=ttl)
    buttons = [[button] for file in files if (button := _file_button(language, file, pages))]
    return Message(f"{head}\n\n" + "\n".join(lines) + f"\n\n{foot}", [*buttons, [library_button(language)]])


def _file_button(language: str, file: File, pages: bool) -> Button | None:
    name, size, url = file
    if pages and size >= LARGE:
        return link_button(plain(language, "button-file-resumable", name=short_name(name)), f"{url}/page")
    return link_button(plain(language, "button-file", name=short_name(name)), url)


def _href(url: str) -> str:
    """An address that cannot end its attribute early; `text` escapes the rest."""
    return url.replace('"', "%22")
