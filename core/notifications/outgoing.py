"""What a worker reads to write one mail, in the transaction in which it is found to be wanted still."""

from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session

from core.kit.rows import id_of, must_get
from core.notifications import letters
from core.notifications.addresses import address_of, question, stop_token, usable
from core.notifications.letters import Letter, Recipient, Sender
from core.process.settings import Settings
from core.telegram.deep_links import bot_address
from schemas.notifications import MailAddress, Notification
from schemas.people import User


@dataclass(frozen=True)
class Outgoing:
    """A letter, and the address (with its issue) that it goes to."""

    letter: Letter
    address_id: int
    issue: int


def sender_of(settings: Settings) -> Sender:
    """The shop as mails name it. Raises `SettingError` without what a mail needs."""
    settings.require("public_url", "link_secret")
    return Sender(settings.shop_name, settings.public_url, bot_address(settings.bot_username))


def of_notification(session: Session, notification_id: int, settings: Settings) -> Outgoing | None:
    """A notification as a mail; None where it, or the wish for mail, has gone since."""
    row = session.get(Notification, notification_id)
    address = address_of(session, row.user_id) if row else None
    if row is None or address is None or not usable(address):
        return None
    user = must_get(session, User, row.user_id, "person-unknown")
    to = recipient_of(address, user.name, user.language, settings)
    letter = letters.notification(
        sender_of(settings), to, number=id_of(row), kind=row.kind, text_id=row.text, params=row.params
    )
    return outgoing_to(address, letter)


def of_question(
    session: Session, address_id: int, issue: int, settings: Settings, *, now: datetime
) -> Outgoing | None:
    """The question to a new address; None where it was answered or withdrawn since."""
    sender = sender_of(settings)
    mail = question(session, address_id, issue, settings.link_secret, now=now)
    if mail is None:
        return None
    to = Recipient(mail.address, mail.name, mail.language, mail.stop_token)
    letter = letters.question(sender, to, identity=f"{address_id}.{issue}", confirm_token=mail.confirm_token)
    return Outgoing(letter, address_id, issue)


def recipient_of(row: MailAddress, name: str, language: str, settings: Settings) -> Recipient:
    """Whom a mail to this address greets, in which language, and how they stop it."""
    return Recipient(row.address, name, language, stop_token(row, settings.link_secret))


def outgoing_to(row: MailAddress, letter: Letter) -> Outgoing:
    """A letter on its way to this address, as it stands now."""
    return Outgoing(letter, id_of(row), row.issue)
