from decimal import Decimal

import pytest
from sqlmodel import Session, select

from core.kit.errors import NotFound, Refused
from core.kit.money import Money
from core.kit.rows import id_of
from core.payments.rails.stripe.fees import fee_of, percent_of, read_percent, read_sums, set_fee
from schemas.audit import AuditEntry
from schemas.people import Seller
from tests.support import make


def seller(rate: int = 0, **sums: int) -> Seller:
    return Seller(user_id=1, name="Atelier", card_fee_rate=rate, card_fee_sums=sums)


@pytest.mark.parametrize(
    ("terms", "price", "fee"),
    [
        (seller(), Money(999, "EUR"), 0),
        (seller(500), Money(1000, "EUR"), 50),
        (seller(250), Money(999, "EUR"), 25),  # 24.975
        (seller(50), Money(100, "EUR"), 1),  # 0.5, half up
        (seller(500, EUR=30), Money(1000, "EUR"), 80),
        (seller(500, EUR=30), Money(1000, "USD"), 50),
        (seller(0, JPY=10), Money(500, "JPY"), 10),
        (seller(0, EUR=500), Money(300, "EUR"), 300),  # never more than the price
        (seller(10_000), Money(300, "EUR"), 300),
    ],
)
def test_a_fee_is_a_share_and_a_sum_and_at_most_the_price(terms: Seller, price: Money, fee: int) -> None:
    assert fee_of(terms, price) == fee


def test_staff_set_the_fee_of_a_seller_and_the_audit_log_has_it(session: Session) -> None:
    shop = make.seller(session)
    set_fee(session, id_of(shop), percent=Decimal("2.5"), sums={"EUR": 30, "USD": 0}, actor="cli")
    session.refresh(shop)
    assert (shop.card_fee_rate, shop.card_fee_sums) == (250, {"EUR": 30})
    assert percent_of(shop) == Decimal("2.5")
    entry = session.exec(select(AuditEntry).where(AuditEntry.action == "seller.card_fee")).one()
    assert entry.details == {"rate": 250, "sums": {"EUR": {"amount": 30, "currency": "EUR"}}}


@pytest.mark.parametrize(
    ("percent", "sums", "code"),
    [
        ("-1", {}, "bad-fee"),
        ("100.01", {}, "bad-fee"),
        ("1.234", {}, "bad-fee"),
        ("1", {"XTR": 5}, "bad-currency"),
        ("1", {"ABC": 5}, "bad-currency"),
        ("1", {"EUR": -5}, "bad-amount"),
    ],
)
def test_what_is_no_fee_is_refused(session: Session, percent: str, sums: dict[str, int], code: str) -> None:
    shop = make.seller(session)
    with pytest.raises(Refused, match=code):
        set_fee(session, id_of(shop), percent=Decimal(percent), sums=sums, actor="cli")


def test_the_fee_of_no_seller_is_refused(session: Session) -> None:
    with pytest.raises(NotFound, match="shop-unknown"):
        set_fee(session, 10**9, percent=Decimal(1), sums={}, actor="cli")


def test_a_fee_is_read_as_people_type_it() -> None:
    assert (read_percent(" 2,5 % "), read_percent("5")) == (Decimal("2.5"), Decimal(5))
    assert read_sums(["0.30EUR", "35 jpy"]) == {"EUR": 30, "JPY": 35}
    for words in ("five", ""):
        with pytest.raises(Refused, match="bad-fee"):
            read_percent(words)
    with pytest.raises(Refused, match="bad-currency"):
        read_sums(["0.30 ABC"])


def test_a_share_that_is_no_number_is_refused(session: Session) -> None:
    shop = make.seller(session)
    with pytest.raises(Refused, match="bad-fee"):
        set_fee(session, id_of(shop), percent=read_percent("NaN"), sums={}, actor="cli")
