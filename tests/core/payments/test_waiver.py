"""The waiver of the right of withdrawal: asked for, refused where absent, kept with the order."""

import pytest
from sqlmodel import Session, select

from core.kit.errors import Refused
from core.payments.placing import place
from core.payments.waiver import NOT_ASKED, Waiver, version_of
from schemas.catalogue import Product
from schemas.people import User
from schemas.sales import Order
from tests.support import make


def bought(session: Session, item: Product, buyer: User, waiver: Waiver) -> Order:
    return place(
        session,
        product_id=item.id or 0,
        rail="stars",
        currency="XTR",
        entry="bot",
        buyer=buyer,
        language="en",
        policy=make.POLICY,
        order_ttl=make.HOUR,
        now=make.NOW,
        waiver=waiver,
    ).order


@pytest.mark.parametrize("given", ["", "en-000000000000", "yes", "en"])
def test_where_it_is_asked_for_an_order_without_it_is_refused(session: Session, given: str) -> None:
    item, ann = make.product(session), make.user(session)
    with pytest.raises(Refused, match="waiver-missing"):
        bought(session, item, ann, Waiver(True, given))
    assert session.exec(select(Order)).all() == []


@pytest.mark.parametrize("language", ["en", "fr"])
def test_it_is_kept_with_the_order_when_and_in_which_words(session: Session, language: str) -> None:
    order = bought(session, make.product(session), make.user(session), Waiver(True, version_of(language)))
    assert (order.waived_at, order.waiver) == (make.NOW, version_of(language))
    assert order.waiver.startswith(f"{language}-")


def test_an_order_that_is_still_open_takes_the_waiver_that_comes_later(session: Session) -> None:
    item, ann = make.product(session), make.user(session)
    before = bought(session, item, ann, NOT_ASKED)
    assert (before.waived_at, before.waiver) == (None, "")
    after = bought(session, item, ann, Waiver(True, version_of("en")))
    assert after.id == before.id
    assert (after.waived_at, after.waiver) == (make.NOW, version_of("en"))


def test_who_pays_the_operator_to_sell_is_asked_for_nothing() -> None:
    assert Waiver(True).kept("listing") == ""


def test_a_shop_that_does_not_ask_keeps_nothing() -> None:
    assert NOT_ASKED.kept("file") == ""
    assert Waiver(False, version_of("en")).kept("file") == ""
