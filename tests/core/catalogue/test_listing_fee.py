"""What listing a product costs, and how its payment stands."""

import pytest
from sqlmodel import Session

from core.catalogue.catalogue import prices_of
from core.catalogue.listing_fee import SLUG, fee_of, is_due, parse_fee
from core.kit.errors import SettingError
from core.kit.money import Money
from core.kit.rows import id_of
from tests.support import make


def test_fees_are_read_by_rail() -> None:
    assert parse_fee("stars=100; manual=5.00 EUR") == {
        "stars": [Money(100, "XTR")],
        "manual": [Money(500, "EUR")],
    }
    assert parse_fee("") == {}


@pytest.mark.parametrize("text", ["stars", "stars=1 EUR", "manual=5", "gold=1", "stars=0", "stars=x"])
def test_a_fee_that_makes_no_sense_names_its_setting(text: str) -> None:
    with pytest.raises(SettingError, match="LISTING_FEE is wrong"):
        parse_fee(text)


FEES = {"stars": [Money(100, "XTR")], "manual": [Money(500, "EUR")]}


def test_a_product_owes_its_fee_until_it_is_paid(session: Session) -> None:
    item = make.product(session)
    assert is_due(item, FEES)
    assert not is_due(item, {})
    item.listing_paid_at = make.NOW
    assert not is_due(item, FEES)


def test_the_fee_is_one_product_at_todays_price(session: Session) -> None:
    item = make.product(session, title="Robe")
    first = fee_of(session, item, FEES, now=make.NOW)
    again = fee_of(session, item, {"manual": [Money(700, "EUR")]}, now=make.NOW)
    assert (again.id, again.kind, again.listing_of, again.slug) == (
        first.id,
        "listing",
        item.id,
        f"{SLUG}{item.id}",
    )
    assert "Robe" in again.title
    assert prices_of(session, [id_of(again)])[id_of(again)] == {"manual": [Money(700, "EUR")]}
