import pytest
from sqlmodel import Session

from core.kit.rows import id_of
from core.orders.orders import need_support, order_number
from core.orders.receipts import find, orders_of, receipt
from tests.support import make


def found(session: Session, words: str) -> list[int]:
    return [line.id for line in find(session, words, page=1).items]


def test_staff_find_an_order_by_number_person_title_or_provider_id(session: Session) -> None:
    buyer = make.user(session, name="Zora Diop", username="Awa_D")
    order = make.paid_order(session, make.product(session, title="Guitare 100%"), buyer)
    make.paid_order(session)
    ways = (
        order_number(order),
        str(buyer.telegram_id),
        "@awa_d",
        "awa_d",
        "zora",
        "Diop",
        "guitare",
        "100%",
        f"charge-{order.id}",
    )
    for words in ways:
        assert found(session, words) == [order.id], words


@pytest.mark.parametrize("words", ["%", "_", "@aw%", "CMT-999999999", "9" * 60, "9" * 5000, "';--", "\\"])
def test_a_search_that_names_nothing_finds_nothing(session: Session, words: str) -> None:
    make.paid_order(session, buyer=make.user(session, username="awa"))
    assert found(session, words) == []


def test_without_words_orders_that_need_support_come_first(session: Session) -> None:
    odd, plain = make.paid_order(session), make.paid_order(session)
    need_support(session, odd, reason="overpaid", now=make.NOW)
    assert found(session, " ") == [odd.id, plain.id]


def test_an_unclaimed_web_order_is_listed_without_a_buyer(session: Session) -> None:
    order = make.paid_order(session, rail="crypto")
    (line,) = find(session, order_number(order), page=1).items
    assert (line.buyer, line.status, line.price) == ("", "paid", make.PRICES["crypto"][0])


def test_a_person_sees_his_own_paid_orders_only(session: Session) -> None:
    buyer = make.user(session)
    order = make.paid_order(session, buyer=buyer)
    make.order(session, buyer=buyer)
    make.paid_order(session)
    assert [line.id for line in orders_of(session, id_of(buyer), page=1).items] == [order.id]


def test_a_receipt_says_what_was_paid_to_whom_when_and_under_which_charge(session: Session) -> None:
    shop = make.seller(session, name="Chez Moussa")
    order = make.paid_order(session, make.product(session, shop, title="Guitare"))
    lines = receipt(session, order)
    assert (lines.number, lines.title, lines.seller_name) == (order_number(order), "Guitare", "Chez Moussa")
    assert (lines.price, lines.rail, lines.provider_id) == (
        make.PRICES["stars"][0],
        "stars",
        f"charge-{order.id}",
    )
    assert (lines.paid_at, lines.status) == (make.NOW, "paid")


def test_an_unpaid_order_has_a_receipt_without_a_charge(session: Session) -> None:
    order = make.order(session)
    assert (receipt(session, order).provider_id, receipt(session, order).paid_at) == ("", None)
