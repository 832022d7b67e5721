"""Sends mail over SMTP (RFC 5321), one connection a mail. Imported by workers only."""

import re
import smtplib
import ssl
from datetime import datetime
from email.header import Header
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import EmailPolicy
from email.utils import format_datetime
from urllib.parse import urlsplit

from core.kit.errors import Permanent
from core.notifications.letters import AddressRefused, Letter, MailUnavailable
from core.process.settings import Settings

TIMEOUT = 20.0  # seconds for each answer of the server


class SmtpPolicy(EmailPolicy):
    """How mails are written for SMTP: lines as SMTP wants them, and a subject that keeps its spaces.

    EmailPolicy loses the space between two encoded words where it folds, before Python 3.13
    (github.com/python/cpython/issues/92081); the library's older `Header` folds as RFC 2047 says.
    """

    def fold(self, name: str, value: str) -> str:
        """One header, in lines of at most 78 characters; an address of the web stays in one line."""
        if name == "Subject":
            value = Header(str(value), "utf-8", header_name=name).encode(linesep=self.linesep)
        elif name != "List-Unsubscribe":
            return str(super().fold(name, value))
        return f"{name}: {value}{self.linesep}"

    def fold_binary(self, name: str, value: str) -> bytes:
        """One header, as bytes."""
        return self.fold(name, value).encode("ascii", "surrogateescape")


SMTP_POLICY = SmtpPolicy(linesep="\r\n")


class SmtpMailer:
    """Sends through the operator's mail server."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings

    def send(self, letter: Letter, *, now: datetime) -> None:
        """Hand a mail to the server. See `core.notifications.letters.Mailer`."""
        self._settings.require("smtp_host", "mail_from", "public_url")
        message = self.compose(letter, now=now)
        try:
            with self._connect() as connection:
                connection.send_message(message)
        except smtplib.SMTPRecipientsRefused as error:
            raise _recipient(error) from None
        except smtplib.SMTPAuthenticationError as error:
            raise Permanent(
                f"The mail server refuses the login ({_reason(error)}). Mend SMTP_USER and SMTP_PASSWORD, "
                "then retry the job."
            ) from None
        except (smtplib.SMTPException, OSError) as error:
            raise MailUnavailable(f"The mail server did not take the letter: {_reason(error)}") from None

    def compose(self, letter: Letter, *, now: datetime) -> EmailMessage:
        """Build the mail as it is sent: words and HTML, and an address that unsubscribes in one click.

        A `ValueError` of the library would mean a line end in a header: no text of ours lets one in.
        """
        message = EmailMessage(policy=SMTP_POLICY)
        message["From"] = Address(self._settings.shop_name, addr_spec=self._from)
        message["To"] = Address(letter.name, addr_spec=letter.address)
        message["Subject"] = letter.subject
        message["Date"] = format_datetime(now)
        # The same at every attempt, so that a mailbox may show a letter once that reached it twice.
        message["Message-ID"] = f"<{letter.identity}@{self._from.rpartition('@')[2]}>"
        message["Auto-Submitted"] = "auto-generated"  # RFC 3834: no holiday notices, please
        if letter.stop_url:
            message["List-Unsubscribe"] = f"<{letter.stop_url}>"
            message["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"  # RFC 8058
        message.set_content(letter.plain)
        message.add_alternative(letter.html, subtype="html")
        message["Content-Language"] = (
            letter.language
        )  # now: what was said of content before went to its parts
        return message

    @property
    def _from(self) -> str:
        return self._settings.mail_from

    def _connect(self) -> smtplib.SMTP:
        settings = self._settings
        host, port = settings.smtp_host, settings.smtp_port
        us = urlsplit(settings.public_url).hostname
        if settings.smtp_encryption == "tls":
            trusted = ssl.create_default_context()
            connection: smtplib.SMTP = smtplib.SMTP_SSL(
                host, port, local_hostname=us, timeout=TIMEOUT, context=trusted
            )
        else:
            connection = smtplib.SMTP(host, port, local_hostname=us, timeout=TIMEOUT)
        try:
            self._greet(connection)
        except BaseException:
            connection.close()
            raise
        return connection

    def _greet(self, connection: smtplib.SMTP) -> None:
        settings = self._settings
        connection.ehlo()
        if settings.smtp_encryption == "starttls":
            if not connection.has_extn("starttls"):
                raise Permanent(
                    "The mail server offers no encryption (STARTTLS), so nothing was sent. Set "
                    "SMTP_ENCRYPTION to tls, or to none for a server on this machine, and retry the job."
                )
            connection.starttls(context=ssl.create_default_context())
            connection.ehlo()
        if settings.smtp_user:
            connection.login(settings.smtp_user, settings.smtp_password)


def _recipient(error: smtplib.SMTPRecipientsRefused) -> Exception:
    """What a refusal of the address means. Enhanced codes (RFC 3463) tell an address that does not exist
    from a server that will not relay for us; without one, the code itself does (RFC 5321, 4.2.3)."""
    code, words = next(iter(error.recipients.values()))
    answer = f"{code} {_words(words)}"
    if code < 500:
        return MailUnavailable(f"The mail server does not take this address now: {answer}")
    enhanced = re.match(r"5\.\d{1,3}\.\d{1,3}", _words(words))
    missing = enhanced[0].startswith(("5.1.", "5.2.1")) if enhanced else code in (550, 551, 553)
    if missing:
        return AddressRefused(answer)
    return Permanent(
        f"The mail server will not send for us ({answer}). Mend its settings, then retry the job."
    )


def _reason(error: Exception) -> str:
    if isinstance(error, smtplib.SMTPResponseException):
        return f"{error.smtp_code} {_words(error.smtp_error)}"
    return f"{type(error).__name__}: {error}"[:300]


def _words(answer: bytes | str) -> str:
    text = answer.decode(errors="replace") if isinstance(answer, bytes) else answer
    return " ".join(text.split())[:300]
