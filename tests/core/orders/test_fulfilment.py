from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
from sqlmodel import Session

from core.catalogue.catalogue import ProductView, view
from core.kit.errors import NotAllowed, Refused
from core.kit.rows import id_of
from core.orders import fulfilment
from core.orders.file_goods import FileGoods
from core.orders.fulfilment import Description, Fact, OrderLine, check_buyer, goods_of, line_of
from core.orders.grants import grant_line, owned
from core.payments.refunds import finish_refund
from core.people.people import set_role
from schemas.catalogue import Product
from schemas.people import Seller, User
from tests.support import make


class LicenceKeyGoods(FileGoods):
    """A kind of goods that nobody but this module knows: one key for each buyer, whose name begins with A."""

    def may_buy(self, session: Session, product: Product, person: User | None, *, now: datetime) -> None:
        if person is not None and not person.name.startswith("A"):
            raise Refused("not-an-a")

    def on_paid(self, session: Session, line: OrderLine, *, now: datetime) -> bool:
        grant_line(session, line, now=now)
        line.order.note = f"key-{line.order.id}"
        return True

    def on_refunded(self, session: Session, line: OrderLine, *, now: datetime) -> None:
        super().on_refunded(session, line, now=now)
        line.order.note = "the key has ended"

    def renewal_period(self, session: Session, product: Product) -> timedelta | None:
        return timedelta(days=365)

    def describe(self, session: Session, product: ProductView) -> Description:
        return Description([], [Fact("plan-from-entry")])


@pytest.fixture
def licence_keys(session: Session) -> Iterator[LicenceKeyGoods]:
    usual, goods = goods_of("file"), LicenceKeyGoods()
    fulfilment.register(goods)
    yield goods
    fulfilment.register(usual)


def test_another_kind_of_goods_is_sold_and_taken_back_without_a_change_to_any_caller(
    session: Session, licence_keys: LicenceKeyGoods
) -> None:
    buyer = make.user(session, name="Awa")
    order = make.paid_order(session, buyer=buyer)
    assert (order.status, order.note) == ("paid", f"key-{order.id}")
    assert owned(session, id_of(buyer), order.product_id) is not None
    finish_refund(session, order, reason="", now=make.NOW)
    assert (order.status, order.note) == ("refunded", "the key has ended")
    assert owned(session, id_of(buyer), order.product_id) is None


def test_the_rules_of_the_goods_are_asked_before_an_order(
    session: Session, licence_keys: LicenceKeyGoods
) -> None:
    with pytest.raises(Refused, match="not-an-a"):
        make.order(session, buyer=make.user(session, name="Bea"))


def test_who_buys_is_no_banned_person_and_not_the_seller(session: Session) -> None:
    item = make.product(session)
    seller = session.get_one(Seller, item.seller_id)
    with pytest.raises(Refused, match="own-product"):
        check_buyer(session, item, seller, make.owner_of(session, seller), now=make.NOW)
    banned = make.user(session)
    set_role(session, banned.telegram_id, "banned", actor="cli")
    with pytest.raises(NotAllowed):
        check_buyer(session, item, seller, banned, now=make.NOW)


def test_a_line_names_its_recipient_once_somebody_has_claimed_it(session: Session) -> None:
    order = make.web_order(session).order
    line = line_of(session, order)
    assert (line.product.id, line.recipient_id) == (order.product_id, None)
    with pytest.raises(AssertionError, match="nobody has claimed"):
        line.recipient  # noqa: B018 - reading it is what fails


def test_a_kind_that_no_process_knows_is_named(session: Session) -> None:
    with pytest.raises(AssertionError, match="'gold'"):
        goods_of("gold")


def test_files_are_described_by_name_and_size(session: Session) -> None:
    item = make.product(session, files=("a.pdf", "b.zip"))
    card = view(session, product_id=item.id, viewer=None)
    described = goods_of("file").describe(session, card)
    assert [file.name for file in described.files] == ["a.pdf", "b.zip"]
    assert described.facts == []
