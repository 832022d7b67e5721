"""Mails as pure functions of what they are about, and the port to the server that takes them.

Each has its words for every reader and the same as plain HTML. The catalogue's markup is Telegram HTML,
which mail programs read too; what people typed is escaped in it.
"""

from dataclasses import dataclass
from datetime import datetime
from html import escape
from typing import Protocol

from core.kit.errors import ComptoirError, ServerAway
from core.kit.money import Money
from core.kit.texts import Param, money, plain, text, unmarked
from core.notifications.telegram_messages import filled
from core.notifications.words import title_of

PAGE = """\
<!doctype html>
<html lang="{language}">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">\
<meta name="color-scheme" content="light dark"><title>{title}</title></head>
<body style="margin:0;padding:24px 12px;font:16px/1.5 system-ui,-apple-system,Segoe UI,Roboto,sans-serif">
<div style="max-width:34em;margin:0 auto">
<p style="margin:0 0 8px;opacity:.7">{shop}</p>
<h1 style="margin:0 0 16px;font-size:20px;line-height:1.3">{title}</h1>
<p style="margin:0 0 24px;overflow-wrap:anywhere">{body}</p>
{button}<hr style="margin:24px 0 12px;border:0;border-top:1px solid #8886">
<p style="margin:0;font-size:13px;opacity:.7">{foot}</p>
</div>
</body>
</html>
"""
BUTTON = """\
<p style="margin:0 0 24px"><a href="{url}" style="display:inline-block;padding:12px 20px;border-radius:8px;\
background:#1a5fb4;color:#fff;text-decoration:none">{label}</a></p>
"""


class AddressRefused(ComptoirError):
    """The mail server says for good that there is no such address, or not for us."""


class MailUnavailable(ServerAway):
    """The mail server did not answer, or not yes; worth another try."""


@dataclass(frozen=True)
class Letter:
    """One mail. `identity` is the same at every attempt; `stop_url` takes a one-click unsubscription."""

    identity: str
    address: str
    name: str
    language: str
    subject: str
    plain: str
    html: str
    stop_url: str


class Mailer(Protocol):
    """Whoever takes letters to their addresses."""

    def send(self, letter: Letter, *, now: datetime) -> None:
        """Hand a letter over; `now` is its date.

        Raises `AddressRefused`; `MailUnavailable`; `Permanent` where a setting must be mended first.
        A connection that breaks after the letter was taken means that it is sent again, with the same
        Message-ID: SMTP knows no other way (RFC 5321, 4.5.4.1).
        """


@dataclass(frozen=True)
class Sender:
    """Who writes: the shop's name and its web address."""

    shop: str
    public_url: str

    def confirm_url(self, token: str) -> str:
        """Where an address is confirmed."""
        return f"{self.public_url}/mail/confirm/{token}"

    def stop_url(self, token: str) -> str:
        """Where no more mail is wanted."""
        return f"{self.public_url}/mail/stop/{token}"


@dataclass(frozen=True)
class Recipient:
    """To whom; `stop_token` is that of the address."""

    address: str
    name: str
    language: str
    stop_token: str


def notification(
    sender: Sender, to: Recipient, *, number: int, kind: str, text_id: str, params: dict[str, Param], url: str
) -> Letter:
    """A notification, and the way to what it is about; "" for none."""
    button = (plain(to.language, "mail-open"), url) if url else None
    body = filled(to.language, text_id, params)
    return _letter(
        f"notification-{number}", sender, to, title_of(to.language, kind), body, button, "mail-why"
    )


def claim(
    sender: Sender,
    to: Recipient,
    *,
    order_number: str,
    title: str,
    url: str,
    seconds: int,
    issue: str,
    trial: tuple[Money, datetime] | None = None,
) -> Letter:
    """The way in, for so many seconds, for whoever paid on the web and has not opened it yet; `trial`: what
    is charged, and when, since nothing was paid."""
    named: dict[str, Param] = {"number": order_number, "title": title, "seconds": seconds}
    if trial is not None:
        named |= {"then": money(to.language, trial[0]), "ends": int(trial[1].timestamp())}
    body = text(to.language, "mail-claim-trial" if trial else "mail-claim", **named)
    button = (plain(to.language, "mail-claim-open"), url)
    subject = plain(to.language, "mail-claim-subject", number=order_number)
    return _letter(f"claim-{issue}", sender, to, subject, body, button, "mail-why-order")


def order_news(
    sender: Sender, to: Recipient, *, identity: str, order_number: str, text_id: str, params: dict[str, Param]
) -> Letter:
    """News of a web order, for whoever placed it."""
    subject = plain(to.language, "mail-order-subject", number=order_number)
    body = filled(to.language, text_id, params)
    return _letter(f"order-{identity}", sender, to, subject, body, None, "mail-why-order")


def answer(sender: Sender, to: Recipient, *, identity: str, order_number: str, words: str) -> Letter:
    """What support answered to whoever asked on the page of a web order."""
    body = filled(to.language, "mail-answer", {"number": order_number, "words": words})
    subject = plain(to.language, "mail-answer-subject", number=order_number)
    return _letter(f"answer-{identity}", sender, to, subject, body, None, "mail-why-order")


def question(sender: Sender, to: Recipient, *, identity: str, confirm_token: str) -> Letter:
    """Whether the address is its reader's. Whoever did not ask need not do anything."""
    body = text(to.language, "mail-confirm", shop=sender.shop)
    button = (plain(to.language, "mail-confirm-open"), sender.confirm_url(confirm_token))
    subject = plain(to.language, "mail-confirm-subject", shop=sender.shop)
    return _letter(f"confirm-{identity}", sender, to, subject, body, button, "mail-why-confirm")


def _letter(
    identity: str,
    sender: Sender,
    to: Recipient,
    title: str,
    body: str,
    button: tuple[str, str] | None,
    why: str,
) -> Letter:
    stop_url = sender.stop_url(to.stop_token)
    foot = text(to.language, why, shop=sender.shop)
    stop = plain(to.language, "mail-stop")
    words = [title, unmarked(body), *(f"{label}\n{url}" for label, url in filter(None, [button]))]
    words += ["-- ", unmarked(foot), f"{stop}\n{stop_url}"]
    html = PAGE.format(
        language=to.language,
        shop=escape(sender.shop),
        title=escape(title),
        body=_lines(body),
        button=BUTTON.format(url=escape(button[1]), label=escape(button[0])) if button else "",
        foot=f'{_lines(foot)}<br><a href="{escape(stop_url)}">{escape(stop)}</a>',
    )
    subject = " ".join(f"{title} · {sender.shop}".split())
    return Letter(
        identity, to.address, to.name, to.language, subject, "\n\n".join(words) + "\n", html, stop_url
    )


def _lines(html: str) -> str:
    return html.replace("\n", "<br>\n")
