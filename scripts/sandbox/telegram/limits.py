"""What Telegram refuses in a message, with the page that says so.

Lengths are counted in UTF-16 code units, the unit of entities (https://core.telegram.org/api/entities);
Telegram's pages say "characters", so this is the strict reading.
"""

import re
from typing import Any
from urllib.parse import urlsplit

from scripts.sandbox.telegram.tl import Refused, T

TEXT = 4096
"""https://core.telegram.org/bots/api#sendmessage"""
CAPTION = 1024
"""https://core.telegram.org/bots/api#senddocument"""
CALLBACK_BYTES = 64
"""https://core.telegram.org/bots/api#inlinekeyboardbutton"""
START_PARAMETER = re.compile(r"[A-Za-z0-9_-]{1,64}")
"""https://core.telegram.org/bots/features#deep-linking"""
ALBUM = range(2, 11)
"""https://core.telegram.org/bots/api#sendmediagroup"""
INLINE_RESULTS = 50
"""https://core.telegram.org/bots/api#answerinlinequery"""
INVITE_NAME = 32
SUBSCRIPTION_PERIOD = 2_592_000
SUBSCRIPTION_STARS = 10_000


def length(text: str) -> int:
    """The length of a text in UTF-16 code units, as Telegram counts."""
    return len(text.encode("utf-16-le")) // 2


def check_text(text: str) -> None:
    """Refuse a text that is empty or too long."""
    if not text.strip():
        raise Refused(400, "MESSAGE_EMPTY")
    if length(text) > TEXT:
        raise Refused(400, "MESSAGE_TOO_LONG")


def check_caption(text: str) -> None:
    """Refuse a caption that is too long."""
    if length(text) > CAPTION:
        raise Refused(400, "MEDIA_CAPTION_TOO_LONG")


def check_markup(markup: Any, *, invoice: bool = False) -> None:
    """Refuse buttons that Telegram would refuse (https://core.telegram.org/bots/api#inlinekeyboardbutton)."""
    if not isinstance(markup, T.ReplyInlineMarkup):
        return
    buttons = [button for row in markup.rows for button in row.buttons]
    if len(buttons) > 100:
        raise Refused(400, "REPLY_MARKUP_TOO_LONG")
    for position, button in enumerate(buttons):
        if not button.text:
            raise Refused(400, "BUTTON_TEXT_INVALID")
        # A pay button must be the first, and belongs to invoices only.
        if isinstance(button.type, T.InlineButtonTypeBuy) and not (invoice and position == 0):
            raise Refused(400, "BUTTON_TYPE_INVALID")
        _check_button(button.type)


def _check_button(kind: Any) -> None:
    if isinstance(kind, T.InlineButtonTypeCallback) and not 1 <= len(kind.data) <= CALLBACK_BYTES:
        raise Refused(400, "BUTTON_DATA_INVALID")
    if isinstance(kind, T.InlineButtonTypeUrl) and not valid_url(kind.url):
        raise Refused(400, "BUTTON_URL_INVALID")
    # A Mini App needs HTTPS: https://core.telegram.org/bots/api#webappinfo
    if isinstance(kind, T.InlineButtonTypeWebView) and not (
        valid_url(kind.url) and kind.url.startswith("https://")
    ):
        raise Refused(400, "BUTTON_URL_INVALID")
    if isinstance(kind, T.InlineButtonTypeCopy) and not 1 <= length(kind.copy_text) <= 256:
        raise Refused(400, "BUTTON_COPY_TEXT_INVALID")


def valid_url(url: str) -> bool:
    """http(s) with a dot in the host, or tg. `http://localhost` is refused, `http://127.0.0.1` is not
    (https://github.com/rubenlagus/TelegramBots/issues/302)."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    if parts.scheme == "tg":
        return bool(parts.netloc)
    host = parts.hostname or ""
    return parts.scheme in ("http", "https") and ("." in host or ":" in host) and " " not in url


def check_invoice(media: Any) -> None:
    """https://core.telegram.org/bots/api#sendinvoice; Stars take exactly one price and no provider."""
    if not 1 <= length(media.title) <= 32 or not 1 <= length(media.description) <= 255:
        raise Refused(400, "INVOICE_INVALID")
    if not 1 <= len(media.payload) <= 128:
        raise Refused(400, "INVOICE_PAYLOAD_INVALID")
    invoice = media.invoice
    if invoice.currency != "XTR":
        raise Refused(400, "PAYMENT_PROVIDER_INVALID")
    if media.provider or len(invoice.prices) != 1:
        raise Refused(400, "STARS_INVOICE_INVALID")
    if invoice.prices[0].amount < 1:
        raise Refused(400, "CURRENCY_TOTAL_AMOUNT_INVALID")
    if invoice.subscription_period is not None:
        check_subscription(invoice.subscription_period, invoice.prices[0].amount)


def check_subscription(period: int, stars: int) -> None:
    """30 days, at most 10,000 Stars (https://core.telegram.org/bots/api#createinvoicelink)."""
    if period != SUBSCRIPTION_PERIOD:
        raise Refused(400, "SUBSCRIPTION_PERIOD_INVALID")
    if not 1 <= stars <= SUBSCRIPTION_STARS:
        raise Refused(400, "PRICING_CHAT_INVALID")


def check_invite(query: Any, now: int, *, subscribable: bool) -> None:
    """https://core.telegram.org/bots/api#createchatinvitelink; and of a link with a price
    https://core.telegram.org/bots/api#createchatsubscriptioninvitelink, which has no other property."""
    if query.usage_limit and (query.request_needed or not 1 <= query.usage_limit <= 99_999):
        raise Refused(400, "USAGE_LIMIT_INVALID")
    if query.expire_date and query.expire_date <= now:
        raise Refused(400, "EXPIRE_DATE_INVALID")
    if length(query.title or "") > INVITE_NAME:
        raise Refused(400, "INVITE_HASH_INVALID")
    pricing = query.subscription_pricing
    if pricing is None:
        return
    if not subscribable or query.expire_date or query.usage_limit or query.request_needed:
        raise Refused(400, "PRICING_CHAT_INVALID")
    check_subscription(pricing.period, pricing.amount)
