"""E-mail addresses: taken as mail servers take them, and used only once their reader has said yes."""

from datetime import timedelta
from typing import Any

import pytest
from sqlmodel import Session, select

from core.kit.errors import NotFound, Refused
from core.kit.rows import id_of
from core.notifications.addresses import (
    CONFIRM_TTL,
    Question,
    address_of,
    clean_address,
    confirm,
    forget_address,
    give_address,
    give_order_address,
    question,
    refused,
    state_of,
    stop,
    usable,
)
from core.payments.order_claims import issue_claim, redeem
from schemas.notification_jobs import ConfirmMail, MailClaim
from schemas.notifications import MailAddress
from schemas.people import User
from schemas.sales import Order
from tests.support import make


def asked(session: Session, row: MailAddress) -> Question:
    """What the worker writes to a new address."""
    found = question(session, id_of(row), row.issue, make.SECRET, now=make.NOW)
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("typed", "clean"),
    [
        ("awa@example.org", "awa@example.org"),
        ("  Awa.Diop+shop@Example.ORG ", "Awa.Diop+shop@example.org"),
        ("awa@exämple.org", "awa@xn--exmple-cua.org"),
        ("o'neil@mail.example.co.uk.", "o'neil@mail.example.co.uk"),
    ],
)
def test_an_address_is_taken_as_mail_servers_take_it(typed: str, clean: str) -> None:
    assert clean_address(typed) == clean


@pytest.mark.parametrize(
    "typed",
    [
        *("", "awa", "awa@", "@example.org", "awa@localhost", "a b@example.org", "awa@exa mple.org"),
        *("awa@example.org\r\nBcc: all@example.org", "awa@-example.org", ".awa@example.org", "awa@1.2.3.4"),
        *("a..b@example.org", "awa@[127.0.0.1]", "<awa@example.org>", "a@b@example.org", "awa,b@example.org"),
        *("é@example.org", "a" * 65 + "@example.org", "a@" + "b." * 130 + "org", "a@" + "b" * 64 + ".org"),
    ],
)
def test_what_is_no_address_is_refused(typed: str) -> None:
    with pytest.raises(Refused, match="mail-address-wrong"):
        clean_address(typed)


def test_nothing_is_usable_before_the_reader_says_yes(session: Session) -> None:
    person = make.user(session, name="Awa", language="en")
    row = give_address(session, id_of(person), "awa@example.org", now=make.NOW)
    assert make.queued(session, ConfirmMail) == [ConfirmMail(address_id=id_of(row), issue=1)]
    mail = asked(session, row)
    assert (mail.address, mail.name, mail.language) == ("awa@example.org", "Awa", "en")
    assert not usable(row)
    for _ in range(2):
        assert usable(confirm(session, mail.confirm_token, now=make.NOW))
    assert question(session, id_of(row), row.issue, make.SECRET, now=make.NOW) is None


def test_every_attempt_to_ask_sends_the_same_links(session: Session) -> None:
    row = give_address(session, id_of(make.user(session)), "awa@example.org", now=make.NOW)
    assert asked(session, row) == asked(session, row)


def test_a_link_that_is_too_late_says_so(session: Session) -> None:
    row = give_address(session, id_of(make.user(session)), "awa@example.org", now=make.NOW)
    mail = asked(session, row)
    with pytest.raises(Refused, match="mail-link-expired"):
        confirm(session, mail.confirm_token, now=make.NOW + CONFIRM_TTL)
    assert not usable(row)


def test_another_address_ends_the_links_of_the_one_before(session: Session) -> None:
    person = make.user(session)
    old = asked(session, give_address(session, id_of(person), "old@example.org", now=make.NOW))
    row = give_address(session, id_of(person), "new@example.org", now=make.NOW)
    with pytest.raises(NotFound, match="mail-link-unknown"):
        confirm(session, old.confirm_token, now=make.NOW)
    assert usable(confirm(session, asked(session, row).confirm_token, now=make.NOW))
    assert row.address == "new@example.org"


@pytest.mark.parametrize("token", ["", "short", "x" * 43, "é" * 43])
def test_a_guessed_link_is_unknown(session: Session, token: str) -> None:
    for use in (confirm, stop):
        with pytest.raises(NotFound, match="mail-link-unknown"):
            use(session, token, now=make.NOW)


def test_an_address_that_is_confirmed_is_not_asked_again_but_one_that_stopped_is(session: Session) -> None:
    person = make.user(session)
    row = give_address(session, id_of(person), "awa@example.org", now=make.NOW)
    mail = asked(session, row)
    confirm(session, mail.confirm_token, now=make.NOW)
    give_address(session, id_of(person), "awa@example.org", now=make.NOW)
    assert len(make.queued(session, ConfirmMail)) == 1
    stop(session, mail.stop_token, now=make.NOW)
    again = give_address(session, id_of(person), "awa@example.org", now=make.NOW)
    assert len(make.queued(session, ConfirmMail)) == 2
    assert usable(confirm(session, asked(session, again).confirm_token, now=make.NOW))


def test_an_address_that_does_not_exist_is_not_used_again_until_it_is_given_again(session: Session) -> None:
    person = make.user(session)
    row = give_address(session, id_of(person), "awa@example.org", now=make.NOW)
    confirm(session, asked(session, row).confirm_token, now=make.NOW)
    refused(session, id_of(row), row.issue + 1, "550 of another address", now=make.NOW)
    session.refresh(row)
    assert usable(row)
    refused(session, id_of(row), row.issue, "550 no such user", now=make.NOW)
    session.refresh(row)
    assert not usable(row)


def test_a_forgotten_address_is_gone(session: Session) -> None:
    person = make.user(session)
    row = give_address(session, id_of(person), "awa@example.org", now=make.NOW)
    mail = asked(session, row)
    forget_address(session, id_of(person))
    session.expire_all()
    assert address_of(session, id_of(person)) is None
    with pytest.raises(NotFound):
        confirm(session, mail.confirm_token, now=make.NOW)


def web_order(session: Session) -> tuple[Order, MailAddress]:
    order = make.order(session, rail="manual", entry="web")
    return order, give_order_address(session, order, "awa@example.org", now=make.NOW)


def test_a_web_order_mails_its_way_in_once_paid_and_confirmed_in_either_order(session: Session) -> None:
    first, row = web_order(session)
    confirm(session, asked(session, row).confirm_token, now=make.NOW)
    assert make.queued(session, MailClaim) == []
    make.pay(session, first)
    second, row = web_order(session)
    make.pay(session, second)
    assert make.queued(session, MailClaim) == [MailClaim(order_id=id_of(first))]
    confirm(session, asked(session, row).confirm_token, now=make.NOW)
    assert make.queued(session, MailClaim)[1:] == [MailClaim(order_id=id_of(second))]


def claimed(session: Session, order: Order, person: User) -> None:
    redeem(
        session,
        issue_claim(session, order, life=make.DAY, now=make.NOW),
        person,
        make.NOW + timedelta(hours=1),
    )


def test_the_address_of_an_order_becomes_the_address_of_whoever_claims_it(session: Session) -> None:
    order, row = web_order(session)
    make.pay(session, order)
    confirm(session, asked(session, row).confirm_token, now=make.NOW)
    person = make.user(session)
    claimed(session, order, person)
    mine = address_of(session, id_of(person))
    assert mine is not None
    assert (mine.id, mine.order_id, usable(mine)) == (row.id, None, True)
    with pytest.raises(Refused, match="mail-order-claimed"):
        give_order_address(session, order, "other@example.org", now=make.NOW)


def test_whoever_has_an_address_keeps_it_when_claiming(session: Session) -> None:
    person = make.user(session)
    own = give_address(session, id_of(person), "own@example.org", now=make.NOW)
    order, _ = web_order(session)
    make.pay(session, order)
    claimed(session, order, person)
    assert session.exec(select(MailAddress.id)).all() == [own.id]


@pytest.mark.parametrize(
    ("moments", "state"),
    [
        (None, "none"),
        ((), "asked"),
        (("confirmed_at",), "confirmed"),
        (("confirmed_at", "stopped_at"), "stopped"),
        (("confirmed_at", "refused_at"), "refused"),
        (("stopped_at", "refused_at"), "refused"),
    ],
)
def test_why_no_mail_goes_to_an_address_is_known(moments: tuple[str, ...] | None, state: str) -> None:
    values: dict[str, Any] = dict.fromkeys(moments or (), make.NOW)
    row = None if moments is None else MailAddress(**values)
    assert state_of(row) == state
