from collections.abc import Callable

import pytest
from sqlmodel import Session

from core.kit.errors import NotFound, SettingError
from core.kit.rows import id_of
from core.notifications.addresses import give_order_address
from core.payments.claim_mail import claim_mail
from core.payments.order_claims import redeem
from core.process.settings import Settings
from schemas.notifications import MailAddress
from schemas.sales import Order
from tests.support import make

Make = Callable[..., Settings]


@pytest.fixture
def order(session: Session) -> Order:
    """A web order that was paid, whose buyer has confirmed a mail address."""
    placed = make.web_order(session).order
    address = give_order_address(session, placed, "awa@example.org", now=make.NOW)
    address.confirmed_at = make.NOW
    make.pay(session, placed)
    return placed


@pytest.fixture
def shop(settings: Make) -> Settings:
    return settings(public_url="https://shop.example", bot_username="ComptoirBot")


def test_the_mail_opens_the_order_in_telegram(session: Session, order: Order, shop: Settings) -> None:
    outgoing = claim_mail(session, id_of(order), shop, now=make.NOW)
    assert outgoing is not None
    assert outgoing.letter.address == "awa@example.org"
    token = outgoing.letter.plain.partition("?start=c")[2][:43]
    person = make.user(session)
    assert redeem(session, token, person, make.NOW).order is order
    assert claim_mail(session, id_of(order), shop, now=make.NOW) is None, "it has found its person"


def test_nobody_is_written_to_who_did_not_confirm_or_has_not_paid(session: Session, shop: Settings) -> None:
    unpaid = make.web_order(session).order
    give_order_address(session, unpaid, "bea@example.org", now=make.NOW)
    assert claim_mail(session, id_of(unpaid), shop, now=make.NOW) is None
    make.pay(session, unpaid)
    assert claim_mail(session, id_of(unpaid), shop, now=make.NOW) is None
    assert session.get(MailAddress, 0) is None


def test_what_a_mail_needs_is_named(session: Session, order: Order, settings: Make) -> None:
    with pytest.raises(SettingError, match="BOT_USERNAME"):
        claim_mail(session, id_of(order), settings(public_url="https://shop.example"), now=make.NOW)
    with pytest.raises(NotFound, match="order-unknown"):
        claim_mail(session, 0, settings(), now=make.NOW)
