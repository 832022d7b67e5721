"""What listing a product costs, and how its payment stands."""

import pytest

from core.catalogue.listing_fee import parse_fee
from core.kit.errors import SettingError
from core.kit.money import Money


def test_fees_are_read_by_rail() -> None:
    assert parse_fee("stars=100; manual=5.00 EUR") == {
        "stars": Money(100, "XTR"),
        "manual": Money(500, "EUR"),
    }
    assert parse_fee("") == {}


@pytest.mark.parametrize("text", ["stars", "stars=1 EUR", "manual=5", "gold=1", "stars=0", "stars=x"])
def test_a_fee_that_makes_no_sense_names_its_setting(text: str) -> None:
    with pytest.raises(SettingError, match="LISTING_FEE is wrong"):
        parse_fee(text)
