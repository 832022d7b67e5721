"""A seller's month in sums, which agree with the ledger of balances."""

from datetime import UTC, datetime

import pytest
from sqlmodel import Session

from core.kit.errors import NotFound, Refused
from core.kit.rows import id_of
from core.payments.balances import owed
from core.payments.month_sums import month_of, month_sums, named_month, seller_to_state
from schemas.people import Role, Seller, ShopStatus
from tests.core.payments.test_statements import a_month
from tests.support import make


def test_the_sums_of_a_month_are_those_of_its_papers_and_of_the_ledger(session: Session) -> None:
    shop = a_month(session)
    sums = {each.rail: each for each in month_sums(session, id_of(shop), "2026-11")}
    euros = sums["manual"]
    assert (euros.sales, euros.sold, euros.refunds, euros.given_back) == (2, 1998, 1, 300)
    assert (euros.net, euros.paid_out) == (1698, 500)
    assert (sums["stars"].sold, sums["stars"].currency) == (500, "XTR")
    for line in owed(session, id_of(shop)):
        assert line.owed == sums[line.rail].net - sums[line.rail].paid_out


def test_another_month_and_another_seller_have_nothing(session: Session) -> None:
    shop = a_month(session)
    assert month_sums(session, id_of(shop), "2026-10") == []
    assert month_sums(session, id_of(make.seller(session, name="Other")), "2026-11") == []


def test_a_year_ends_where_the_next_begins() -> None:
    assert month_of("2026-12") == (datetime(2026, 12, 1, tzinfo=UTC), datetime(2027, 1, 1, tzinfo=UTC))
    assert named_month(datetime(2026, 12, 31, 23, 59, tzinfo=UTC)) == "2026-12"


@pytest.mark.parametrize("month", ["", "2026", "2026-13", "november", "0000-01", "0001-01", "9999-12"])
def test_what_is_no_month_is_refused(month: str) -> None:
    with pytest.raises(Refused, match="bad-month"):
        month_of(month)


@pytest.mark.parametrize(
    ("roles", "status", "may"),
    [
        (["buyer", "seller"], "approved", True),
        (["buyer", "seller"], "suspended", True),
        (["buyer", "seller"], "pending", False),
        (["buyer", "seller", "banned"], "approved", False),
        (["admin"], "approved", True),
    ],
)
def test_a_statement_is_asked_of_the_permission_table(
    session: Session, roles: list[Role], status: ShopStatus, may: bool
) -> None:
    owner = make.user(session)
    shop: Seller = make.seller(session, owner)
    owner.roles, shop.status = roles, status
    session.flush()
    if may:
        assert seller_to_state(session, owner).id == shop.id
    else:
        with pytest.raises(Refused):
            seller_to_state(session, owner)


def test_who_has_no_shop_has_no_statement(session: Session) -> None:
    with pytest.raises(NotFound, match="shop-unknown"):
        seller_to_state(session, make.user(session))
