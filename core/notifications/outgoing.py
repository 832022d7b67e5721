"""What a worker reads to write one mail, in the transaction in which it is found to be wanted still."""

from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session, select

from core.kit.names import number_of
from core.kit.rows import id_of, must_get
from core.notifications import letters
from core.notifications.addresses import address_of, question, stop_token, usable
from core.notifications.letters import Letter, Recipient, Sender
from core.notifications.subjects import action_url
from core.process.settings import Settings
from schemas.notifications import MailAddress, Notification
from schemas.people import User
from schemas.sales import Order


@dataclass(frozen=True)
class Outgoing:
    """A letter, and the address (with its issue) that it goes to."""

    letter: Letter
    address_id: int
    issue: int


def sender_of(settings: Settings) -> Sender:
    """The shop as mails name it. Raises `SettingError` without what a mail needs."""
    settings.require("public_url", "link_secret")
    return Sender(settings.shop_name, settings.public_url)


def of_notification(session: Session, notification_id: int, settings: Settings) -> Outgoing | None:
    """A notification as a mail; None where it, or the wish for mail, has gone since."""
    row = session.get(Notification, notification_id)
    address = address_of(session, row.user_id) if row else None
    if row is None or address is None or not usable(address):
        return None
    user = must_get(session, User, row.user_id, "person-unknown")
    to = recipient_of(address, user.name, user.language, settings)
    letter = letters.notification(
        sender_of(settings),
        to,
        number=id_of(row),
        kind=row.kind,
        text_id=row.text,
        params=row.params,
        url=action_url(row.kind, row.params, settings),
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


def of_order_news(
    session: Session,
    order_id: int,
    text: str,
    params: dict[str, str | int],
    settings: Settings,
    *,
    issue: str,
) -> Outgoing | None:
    """News of a web order as a mail; None where its address has gone, or mail is wanted no more.

    `issue` tells it from other news of the order that have the same text: mail programs show what has one
    Message-ID once.
    """
    order = must_get(session, Order, order_id, "order-unknown")
    address = session.exec(select(MailAddress).where(MailAddress.order_id == order_id)).one_or_none()
    if address is None and order.buyer_id is not None:  # claimed since: the address is the person's
        address = address_of(session, order.buyer_id)
    if address is None or not usable(address):
        return None
    letter = letters.order_news(
        sender_of(settings),
        recipient_of(address, "", order.language, settings),
        identity=f"{order_id}-{text}-{issue}",
        order_number=number_of(order_id),
        text_id=text,
        params=dict(params),
    )
    return outgoing_to(address, letter)


def recipient_of(row: MailAddress, name: str, language: str, settings: Settings) -> Recipient:
    """Whom a mail to this address greets, in which language, and how they stop it."""
    return Recipient(row.address, name, language, stop_token(row, settings.link_secret))


def outgoing_to(row: MailAddress, letter: Letter) -> Outgoing:
    """A letter on its way to this address, as it stands now."""
    return Outgoing(letter, id_of(row), row.issue)
