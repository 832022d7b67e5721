import csv
import io

import pytest
from sqlmodel import Session, col, select

from core.kit.errors import NotFound, Refused
from core.kit.money import Money
from core.kit.rows import id_of
from core.payments.balances import COLUMNS, Balance, add_order_line, export_csv, owed, record_payout
from core.payments.refunds import finish_refund
from schemas.people import Seller
from schemas.sales import BalanceEntry
from tests.support import make


def pay_out(session: Session, shop: Seller, amount: Money, reference: str = "VIR-1") -> BalanceEntry:
    return record_payout(
        session,
        seller_id=id_of(shop),
        rail="crypto",
        amount=amount,
        reference=reference,
        actor="cli",
        now=make.NOW,
    )


def shop_with_sales(session: Session, name: str = "Atelier") -> Seller:
    """A shop that sold twice for 9.99 EUR by crypto and once for 500 Stars."""
    shop = make.seller(session, name=name)
    item = make.product(session, shop)
    for rail in ("crypto", "crypto", "stars"):
        make.paid_order(session, item, rail=rail)
    return shop


def test_each_rail_and_currency_is_owed_apart(session: Session) -> None:
    shop = shop_with_sales(session)
    assert owed(session, id_of(shop)) == [
        Balance(id_of(shop), "Atelier", "crypto", "EUR", 1998, 0),
        Balance(id_of(shop), "Atelier", "stars", "XTR", 500, 0),
    ]
    make.paid_order(session)
    assert len(owed(session)) == 3


def test_a_payout_lowers_what_is_owed_and_the_seller_is_told(session: Session) -> None:
    shop = shop_with_sales(session)
    pay_out(session, shop, Money(1500, "EUR"))
    assert owed(session, id_of(shop))[0] == Balance(id_of(shop), "Atelier", "crypto", "EUR", 498, 1500)
    assert make.sent_texts(session, make.owner_of(session, shop))[-1] == "payout-made"


def test_a_payout_recorded_twice_is_one(session: Session) -> None:
    shop = shop_with_sales(session)
    first, again = (pay_out(session, shop, Money(1500, "EUR")) for _ in range(2))
    assert first.id == again.id
    assert owed(session, id_of(shop))[0].paid_out == 1500


def test_a_reference_names_one_payout(session: Session) -> None:
    shop = shop_with_sales(session)
    pay_out(session, shop, Money(100, "EUR"))
    with pytest.raises(Refused, match="reference-taken"):
        pay_out(session, shop, Money(200, "EUR"))
    with pytest.raises(Refused, match="reference-missing"):
        pay_out(session, shop, Money(200, "EUR"), reference="  ")


@pytest.mark.parametrize(
    "amount", [Money(1999, "EUR"), Money(0, "EUR"), Money(-5, "EUR"), Money(1, "USD"), Money(1, "XTR")]
)
def test_no_more_is_paid_out_than_is_owed_on_that_rail(session: Session, amount: Money) -> None:
    with pytest.raises(Refused, match="payout-too-large"):
        pay_out(session, shop_with_sales(session), amount)


def test_a_currency_that_nobody_counts_in_is_refused(session: Session) -> None:
    with pytest.raises(Refused, match="bad-currency"):
        pay_out(session, shop_with_sales(session), Money(1, "AAA"))


def test_an_unknown_shop_cannot_be_paid(session: Session) -> None:
    with pytest.raises(NotFound, match="shop-unknown"):
        pay_out(session, Seller(id=0, user_id=0, name=""), Money(1, "EUR"))


def test_a_refund_after_the_payout_leaves_the_seller_in_debt(session: Session) -> None:
    shop = make.seller(session)
    order = make.paid_order(session, make.product(session, shop), rail="crypto")
    pay_out(session, shop, Money(999, "EUR"))
    finish_refund(session, order, reason="", now=make.NOW)
    assert owed(session, id_of(shop))[0].owed == -999


def test_the_export_has_every_line_with_exact_amounts(session: Session) -> None:
    shop = shop_with_sales(session)
    pay_out(session, shop, Money(1500, "EUR"))
    out = io.StringIO()
    export_csv(session, out)
    header, *lines = csv.reader(io.StringIO(out.getvalue()))
    assert tuple(header) == COLUMNS
    assert [(line[2], line[4], line[5], line[6]) for line in lines] == [
        ("sale", "EUR", "9.99", "999"),
        ("sale", "EUR", "9.99", "999"),
        ("sale", "XTR", "500", "500"),
        ("payout", "EUR", "-15.00", "-1500"),
    ]


def test_a_shop_name_cannot_become_a_formula_in_a_spreadsheet(session: Session) -> None:
    shop_with_sales(session, name='=HYPERLINK("http://x")')
    out = io.StringIO()
    export_csv(session, out)
    _, first, *_ = csv.reader(io.StringIO(out.getvalue()))
    assert first[1] == '\'=HYPERLINK("http://x")'


def test_parts_that_go_back_are_lines_of_their_own_and_once_each(session: Session) -> None:
    order = make.paid_order(session, rail="crypto")
    for part, amount in (("a", -100), ("a", -100), ("b", -200), ("", -699), ("", -699)):
        add_order_line(session, order, "refund", amount, make.NOW, part=part)
    assert [line.owed for line in owed(session)] == [0]
    assert [entry.part for entry in session.exec(select(BalanceEntry).order_by(col(BalanceEntry.id)))] == [
        "",
        "a",
        "b",
        "",
    ]


def test_a_payout_recorded_in_another_spelling_of_its_reference_is_one(session: Session) -> None:
    shop = shop_with_sales(session)
    first, again = (
        pay_out(session, shop, Money(500, "EUR"), reference=typed) for typed in ("VIR-9", "vir\u200b-9 ")
    )
    assert first.id == again.id
    assert owed(session, id_of(shop))[0].paid_out == 500
