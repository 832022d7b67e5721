"""What a worker reads to write one mail, in the transaction in which it is found to be wanted still."""

from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session, select

from core.kit.rows import id_of, must_get
from core.notifications import letters
from core.notifications.addresses import address_of, question, stop_token, usable
from core.notifications.letters import Recipient, Sender
from core.notifications.mailing import Letter
from core.orders.orders import order_number
from core.payments.order_claims import CLAIMABLE, issue_claim
from core.process.settings import Settings
from core.telegram.deep_links import bot_address
from schemas.catalogue import Product
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
    return Sender(settings.shop_name, settings.public_url, bot_address(settings.bot_username))


def of_notification(session: Session, notification_id: int, settings: Settings) -> Outgoing | None:
    """A notification as a mail; None where it, or the wish for mail, has gone since."""
    row = session.get(Notification, notification_id)
    address = address_of(session, row.user_id) if row else None
    if row is None or address is None or not usable(address):
        return None
    user = must_get(session, User, row.user_id, "person-unknown")
    to = _recipient(address, user.name, user.language, settings)
    letter = letters.notification(
        sender_of(settings), to, number=id_of(row), kind=row.kind, text_id=row.text, params=row.params
    )
    return _outgoing(address, letter)


def of_claim(session: Session, order_id: int, settings: Settings, *, now: datetime) -> Outgoing | None:
    """The way into an order that was paid on the web; None where nobody waits for it any more."""
    order = must_get(session, Order, order_id, "order-unknown")
    address = session.exec(select(MailAddress).where(MailAddress.order_id == order_id)).one_or_none()
    claimed = order.buyer_id is not None or order.status not in CLAIMABLE
    if claimed or address is None or not usable(address):
        return None
    settings.require("bot_username")
    sender = sender_of(settings)
    product = must_get(session, Product, order.product_id, "product-unknown")
    url = f"{sender.bot_url}?start=c{issue_claim(session, order, now=now)}"
    to = _recipient(address, "", order.language, settings)
    told = {"order_number": order_number(order), "title": product.title, "url": url}
    return _outgoing(address, letters.claim(sender, to, issue=str(order_id), **told))


def of_question(
    session: Session, address_id: int, issue: int, settings: Settings, *, now: datetime
) -> Outgoing | None:
    """The question to a new address; None where it was answered or withdrawn since."""
    sender = sender_of(settings)
    asked = question(session, address_id, issue, settings.link_secret, now=now)
    if asked is None:
        return None
    to = Recipient(asked.address, asked.name, asked.language, asked.stop_token)
    letter = letters.question(sender, to, identity=f"{address_id}.{issue}", confirm_token=asked.confirm_token)
    return Outgoing(letter, address_id, issue)


def _recipient(row: MailAddress, name: str, language: str, settings: Settings) -> Recipient:
    return Recipient(row.address, name, language, stop_token(row, settings.link_secret))


def _outgoing(row: MailAddress, letter: Letter) -> Outgoing:
    return Outgoing(letter, id_of(row), row.issue)
