from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlmodel import Session

from core.kit.errors import NotFound, Refused, SettingError
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


@pytest.mark.parametrize(("hours", "words"), [(24, "24 heures"), (48, "48 heures"), (168, "7 jours")])
def test_the_mail_says_how_long_its_link_lives_and_what_to_do_after(
    session: Session, order: Order, settings: Make, hours: int, words: str
) -> None:
    shop = settings(
        public_url="https://shop.example", bot_username="ComptoirBot", start_link_ttl=hours * 3600
    )
    outgoing = claim_mail(session, id_of(order), shop, now=make.NOW)
    assert outgoing is not None
    assert f"Le lien est valable {words}" in outgoing.letter.plain
    assert "ensuite, la page de votre commande en donne un nouveau" in outgoing.letter.plain
    token = outgoing.letter.plain.partition("?start=c")[2][:43]
    with pytest.raises(Refused, match="claim-expired"):
        redeem(session, token, make.user(session), make.NOW + timedelta(hours=hours))


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
