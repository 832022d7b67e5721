"""The Mini App's views of a shop: what its seller and its buyers see, and what it sold by day."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlmodel import Session

from core.catalogue.products import set_prices
from core.kit.errors import NotFound
from core.kit.money import Money
from core.kit.rows import id_of
from core.payments.refunds import finish_refund
from core.people.seller_view import (
    MOST_DAYS,
    own_product,
    own_products,
    own_shop,
    sales_report,
    shown_product,
)
from tests.support import make
from tests.support.uploader import uploader_of

NOW = make.NOW


def test_a_seller_sees_what_is_on_its_way_and_what_was_earned(session: Session) -> None:
    uploader = uploader_of(session)
    upload = uploader.open()
    uploader.verify(uploader.send("done.pdf"))
    item = make.product(session, own_shop(session, uploader.owner))
    make.paid_order(session, item)
    sold, draft = own_products(session, uploader.owner, page=1).items
    assert (sold.product.id, sold.revenue, sold.uploads) == (item.id, [Money(500, "XTR")], [])
    assert (draft.product.id, [row.id for row in draft.uploads]) == (uploader.product.id, [upload.id])
    assert [file.name for file in draft.product.files] == ["done.pdf"]


def test_who_has_no_shop_has_an_empty_page_and_no_product(session: Session) -> None:
    person, item = make.user(session), make.product(session)
    assert own_products(session, person, page=1).total == 0
    with pytest.raises(NotFound, match="shop-unknown"):
        own_shop(session, person)
    stranger = make.owner_of(session, make.seller(session))
    with pytest.raises(NotFound, match="product-unknown"):
        own_product(session, stranger, id_of(item))


def test_a_buyer_sees_by_slug_or_number_whether_they_have_it(session: Session) -> None:
    item, buyer = make.product(session), make.user(session)
    assert not shown_product(session, buyer, item.slug, now=make.NOW).owned
    make.grant(session, item, buyer)
    assert shown_product(session, buyer, str(item.id), now=make.NOW).owned
    for name in ("no-such-slug", "9" * 18, "9" * 30):
        with pytest.raises(NotFound, match="product-unknown"):
            shown_product(session, buyer, name, now=make.NOW)


def test_each_day_has_its_sales_and_refunds_are_none(session: Session) -> None:
    shop = make.seller(session)
    item, owner = make.product(session, shop), make.owner_of(session, shop)
    make.paid_order(session, item)
    make.paid_order(session, item, rail="crypto", now=NOW - timedelta(days=1))
    finish_refund(session, make.paid_order(session, item), reason="", now=NOW)
    report = sales_report(session, owner, days=3, now=NOW)
    assert [(day.date.day, day.orders, day.revenue) for day in report.days] == [
        (18, 0, {}),
        (19, 1, {"crypto": [Money(999, "EUR")]}),
        (20, 1, {"stars": [Money(500, "XTR")]}),
    ]
    assert [(total.rail, total.revenue, total.orders) for total in report.totals] == [
        ("crypto", Money(999, "EUR"), 1),
        ("stars", Money(500, "XTR"), 1),
    ]


def test_what_a_rail_brought_in_two_currencies_on_one_day_is_told_in_both(session: Session) -> None:
    """Case: of a day the larger sum alone was shown, as if the other had not been paid."""
    shop = make.seller(session)
    several = {"manual": [Money(999, "EUR"), Money(6500, "XAF")]}
    item = make.product(session, shop, prices=several)
    make.paid_order(session, item, rail="manual")
    set_prices(session, id_of(item), {"manual": several["manual"][1:]})
    make.paid_order(session, item, rail="manual")
    report = sales_report(session, make.owner_of(session, shop), days=1, now=NOW)
    (day,) = report.days
    assert day.orders == 2
    assert day.revenue == several
    assert [(total.revenue, total.orders) for total in report.totals] == [
        (price, 1) for price in several["manual"]
    ]


def test_a_report_covers_a_leap_year_at_most_and_a_day_at_least(session: Session) -> None:
    owner = make.owner_of(session, make.seller(session))
    assert len(sales_report(session, owner, days=10_000, now=NOW).days) == MOST_DAYS
    assert [day.date for day in sales_report(session, owner, days=0, now=NOW).days] == [NOW.date()]


def test_a_day_is_one_of_utc(session: Session) -> None:
    shop = make.seller(session)
    late = datetime(2026, 11, 19, 23, 59, tzinfo=UTC)
    make.paid_order(session, make.product(session, shop), now=late)
    report = sales_report(session, make.owner_of(session, shop), days=2, now=NOW)
    assert [day.orders for day in report.days] == [1, 0]
