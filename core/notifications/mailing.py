"""The port to a mail server: what a letter is, and what may become of it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from core.kit.errors import ComptoirError


class AddressRefused(ComptoirError):
    """The mail server says for good that there is no such address, or not for us."""


class MailUnavailable(ComptoirError):
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
