"""Mails as a worker finds them to be wanted still, or not any more."""

from collections.abc import Callable

import pytest
from sqlmodel import Session, select

from core.kit.errors import SettingError
from core.kit.rows import id_of
from core.notifications.addresses import confirm, forget_address, give_address, give_order_address, stop
from core.notifications.notify import notify
from core.notifications.outgoing import Outgoing, of_notification, of_order_news, of_question, sender_of
from core.process.settings import Settings
from schemas.notifications import MailAddress, Notification
from schemas.people import User
from tests.support import make

Make = Callable[..., Settings]


@pytest.fixture
def shop(settings: Make) -> Settings:
    return settings(public_url="https://shop.example", bot_username="atelier_bot", shop_name="Atelier")


@pytest.fixture
def address(session: Session) -> MailAddress:
    """That of somebody who has not said yet whether it is theirs."""
    return give_address(session, id_of(make.user(session)), "awa@example.org", now=make.NOW)


def asked(session: Session, address: MailAddress, shop: Settings) -> Outgoing | None:
    return of_question(session, id_of(address), address.issue, shop, now=make.NOW)


def confirmed(session: Session, address: MailAddress, shop: Settings) -> User:
    mail = asked(session, address, shop)
    assert mail is not None
    token = mail.letter.plain.partition("/mail/confirm/")[2].split()[0]
    confirm(session, token, now=make.NOW)
    return session.get_one(User, address.user_id)


def told(session: Session, person: User) -> int:
    """The number of what a person was told."""
    notify(session, id_of(person), "member-expired", {"title": "Couture"}, once="1")
    return id_of(session.exec(select(Notification).where(Notification.user_id == person.id)).one())


def test_a_new_address_is_asked_the_same_question_at_every_attempt(
    session: Session, address: MailAddress, shop: Settings
) -> None:
    first, again = asked(session, address, shop), asked(session, address, shop)
    assert first == again
    assert first is not None
    assert (first.address_id, first.issue, first.letter.address) == (address.id, 1, "awa@example.org")
    assert of_question(session, id_of(address), address.issue + 1, shop, now=make.NOW) is None


def test_nobody_is_asked_who_has_answered(session: Session, address: MailAddress, shop: Settings) -> None:
    confirmed(session, address, shop)
    assert asked(session, address, shop) is None


def test_a_notification_goes_to_the_confirmed_address_while_mail_is_wanted(
    session: Session, address: MailAddress, shop: Settings
) -> None:
    number = told(session, session.get_one(User, address.user_id))
    assert of_notification(session, number, shop) is None
    confirmed(session, address, shop)
    mail = of_notification(session, number, shop)
    assert mail is not None
    assert (mail.letter.address, mail.letter.identity) == ("awa@example.org", f"notification-{number}")
    stop(session, mail.letter.stop_url.rpartition("/")[2], now=make.NOW)
    assert of_notification(session, number, shop) is None


def test_what_is_gone_is_not_mailed(session: Session, address: MailAddress, shop: Settings) -> None:
    person = confirmed(session, address, shop)
    number = told(session, person)
    forget_address(session, id_of(person))
    assert of_notification(session, number, shop) is None
    assert of_notification(session, number + 1, shop) is None


def test_without_a_public_address_no_mail_is_written(settings: Make) -> None:
    with pytest.raises(SettingError, match="PUBLIC_URL"):
        sender_of(settings())


def test_news_of_a_web_order_go_to_its_confirmed_address(session: Session, shop: Settings) -> None:
    order = make.order(session, rail="manual", entry="web")
    params: dict[str, str | int] = {"number": "CMT-1", "title": "Cours", "note": "nothing came"}
    row = give_order_address(session, order, "awa@example.org", now=make.NOW)
    assert of_order_news(session, id_of(order), "payment-refused", params, shop, issue="1") is None
    row.confirmed_at = make.NOW
    session.add(row)
    session.flush()
    mail = of_order_news(session, id_of(order), "payment-refused", params, shop, issue="1")
    assert mail is not None
    assert (mail.letter.address, "nothing came" in mail.letter.plain) == ("awa@example.org", True)
    other = of_order_news(session, id_of(order), "payment-refused", params, shop, issue="2")
    assert other is not None
    assert other.letter.identity != mail.letter.identity  # a mail program shows both
