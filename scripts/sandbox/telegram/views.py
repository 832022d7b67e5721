"""Messages as people see them, as plain values that travel as JSON."""

from dataclasses import dataclass, field
from typing import Any

from scripts.sandbox.telegram.entities import Entry
from scripts.sandbox.telegram.tl import T


@dataclass(frozen=True)
class Button:
    """A button under a message.

    `kind` is callback, url, web_app, copy, inline, pay or text; `value` is its data, address or query.
    """

    text: str
    kind: str
    value: str = ""


@dataclass(frozen=True)
class Message:
    """One message of a chat. `date` and `at` in Unix seconds, sizes in bytes, totals in minor units."""

    id: int
    text: str
    outgoing: bool
    """True when the bot wrote it."""
    bot: str
    date: int
    at: float = 0.0
    """When it came to be, by the sandbox process's clock, for measuring."""
    kind: str = "text"
    """text, photo, document, invoice or service."""
    links: list[str] = field(default_factory=list)
    entities: list[dict[str, Any]] = field(default_factory=list)
    rows: list[list[Button]] = field(default_factory=list)
    file: dict[str, Any] | None = None
    """name, mime_type, size, id."""
    invoice: dict[str, Any] | None = None
    """title, description, currency, total, payload."""
    service: dict[str, Any] | None = None
    """What a service message says: action, and charge, currency, total of a payment."""
    reply_to: int | None = None
    album: int | None = None
    edits: int = 0
    deleted: bool = False
    no_preview: bool = False
    """The bot asked Telegram not to fetch the message's links."""

    @property
    def buttons(self) -> list[Button]:
        return [button for row in self.rows for button in row]

    def __str__(self) -> str:
        rows = "".join("\n    " + " ".join(f"[{b.text}]" for b in row) for row in self.rows)
        mark = " (deleted)" if self.deleted else f" (edited {self.edits})" if self.edits else ""
        what = "" if self.kind == "text" else f" <{self.kind}>"
        return f"{'<' if self.outgoing else '>'} #{self.id}{what} {self.text!r}{mark}{rows}"


def load_message(data: dict[str, Any]) -> Message:
    """A `Message` from its JSON form."""
    rows = [[Button(**button) for button in row] for row in data["rows"]]
    return Message(**{**data, "rows": rows})


def describe_message(entry: Entry) -> dict[str, Any]:
    """The JSON form of a message."""
    raw = entry.raw
    common = {
        "id": raw.id,
        "outgoing": entry.outgoing,
        "bot": entry.bot.username,
        "date": raw.date,
        "at": entry.at,
        "edits": entry.edits,
        "deleted": entry.deleted,
        "reply_to": raw.reply_to.reply_to_msg_id if raw.reply_to else None,
    }
    if isinstance(raw, T.MessageService):
        return {**common, "text": "", "kind": "service", "rows": [], "service": _describe_action(raw.action)}
    return {
        **common,
        "text": raw.message,
        "kind": _kind(raw.media),
        "entities": [_describe_entity(raw.message, entity) for entity in raw.entities or []],
        "links": [url for entity in raw.entities or [] if (url := _link(raw.message, entity))],
        "rows": describe_buttons(raw.reply_markup),
        "file": _describe_file(raw.media),
        "invoice": _describe_invoice(entry.invoice),
        "album": raw.grouped_id,
        "no_preview": entry.no_preview,
    }


def _kind(media: Any) -> str:
    names: dict[type, str] = {
        T.MessageMediaPhoto: "photo",
        T.MessageMediaDocument: "document",
        T.MessageMediaInvoice: "invoice",
    }
    return names.get(type(media), "text")


def _slice(text: str, entity: Any) -> str:
    """The part an entity covers; its offsets count UTF-16 code units."""
    encoded = text.encode("utf-16-le")
    return encoded[entity.offset * 2 : (entity.offset + entity.length) * 2].decode("utf-16-le")


def _link(text: str, entity: Any) -> str | None:
    if isinstance(entity, T.MessageEntityTextUrl):
        return str(entity.url)
    return _slice(text, entity) if isinstance(entity, T.MessageEntityUrl) else None


def _describe_entity(text: str, entity: Any) -> dict[str, Any]:
    name = type(entity).__name__.removeprefix("MessageEntity")
    described = {"type": name[0].lower() + name[1:], "text": _slice(text, entity)}
    return {**described, "url": entity.url} if isinstance(entity, T.MessageEntityTextUrl) else described


def _describe_file(media: Any) -> dict[str, Any] | None:
    if isinstance(media, T.MessageMediaPhoto):
        photo: Any = media.photo
        return {"id": photo.id, "name": None, "mime_type": "image/jpeg", "size": photo.sizes[0].size}
    if isinstance(media, T.MessageMediaDocument):
        document: Any = media.document
        names = [a.file_name for a in document.attributes if isinstance(a, T.DocumentAttributeFilename)]
        return {
            "id": document.id,
            "name": names[0] if names else None,
            "mime_type": document.mime_type,
            "size": document.size,
        }
    return None


def _describe_invoice(invoice: Any) -> dict[str, Any] | None:
    if invoice is None:
        return None
    return {
        "title": invoice.title,
        "description": invoice.description,
        "currency": invoice.invoice.currency,
        "total": sum(price.amount for price in invoice.invoice.prices),
        "payload": invoice.payload.decode(),
    }


def _describe_action(action: Any) -> dict[str, Any]:
    if isinstance(action, T.MessageActionPaymentSentMe):
        name = "paid"
    elif isinstance(action, T.MessageActionPaymentRefunded):
        name = "refunded"
    else:
        return {"action": type(action).__name__}
    return {
        "action": name,
        "charge": action.charge.id,
        "currency": action.currency,
        "total": action.total_amount,
    }


def describe_buttons(markup: Any) -> list[list[dict[str, Any]]]:
    """Buttons as a person sees them: the text, and what pressing does."""
    if isinstance(markup, T.ReplyInlineMarkup):
        return [[_describe_button(button) for button in row.buttons] for row in markup.rows]
    if isinstance(markup, T.ReplyKeyboardMarkup):
        return [[{"text": button.text, "kind": "text"} for button in row.buttons] for row in markup.rows]
    return []


_KINDS: dict[type, tuple[str, str]] = {
    T.InlineButtonTypeCallback: ("callback", "data"),
    T.InlineButtonTypeUrl: ("url", "url"),
    T.InlineButtonTypeWebView: ("web_app", "url"),
    T.InlineButtonTypeCopy: ("copy", "copy_text"),
    T.InlineButtonTypeSwitchInline: ("inline", "query"),
    T.InlineButtonTypeBuy: ("pay", ""),
}


def _describe_button(button: Any) -> dict[str, Any]:
    kind, attribute = _KINDS.get(type(button.type), (type(button.type).__name__, ""))
    value = getattr(button.type, attribute) if attribute else ""
    return {"text": button.text, "kind": kind, "value": value.decode() if isinstance(value, bytes) else value}
