"""A shop is closed while it has a reason to be, and open again once it has none."""

import pytest
from sqlmodel import Session, col, select

from core.kit.errors import NotFound
from core.kit.rows import id_of
from core.people.shop_doors import fit_doors
from schemas.audit import AuditEntry
from schemas.member_jobs import StopRenewals
from schemas.people import Seller, ShopStatus
from schemas.shop_fee import ShopFee
from tests.support import make

FINAL: list[ShopStatus] = ["pending", "refused"]


@pytest.fixture
def shop(session: Session) -> Seller:
    return make.seller(session)


def fit(session: Session, shop: Seller) -> ShopStatus:
    """Fit its doors; how it stands then."""
    fit_doors(session, id_of(shop), actor="cli")
    return shop.status


def lack(session: Session, shop: Seller) -> ShopFee:
    """A monthly fee that was not paid in time."""
    fee = ShopFee(
        seller_id=id_of(shop),
        product_id=id_of(make.product(session, shop)),
        paid_until=make.NOW,
        anchor_day=make.NOW.day,
        suspended_at=make.NOW,
        created_at=make.NOW,
    )
    session.add(fee)
    return fee


def bar(session: Session, shop: Seller, *, present: bool = True) -> None:
    """Ban its owner, or end the ban, with no more than the role."""
    owner = make.owner_of(session, shop)
    owner.roles = [*owner.roles, "banned"] if present else [role for role in owner.roles if role != "banned"]


def acts(session: Session, shop: Seller) -> list[str]:
    """What the audit log says of its doors, in order."""
    doors = col(AuditEntry.action).in_(("shop.suspended", "shop.approved"))
    of_shop = select(AuditEntry.action).where(AuditEntry.subject == f"seller:{shop.id}", doors)
    return list(session.exec(of_shop.order_by(col(AuditEntry.id))))


def test_either_reason_closes_and_only_the_end_of_both_opens(session: Session, shop: Seller) -> None:
    before = acts(session, shop)
    fee = lack(session, shop)
    assert fit(session, shop) == "suspended"
    bar(session, shop)
    assert fit(session, shop) == "suspended"
    fee.suspended_at = None
    assert fit(session, shop) == "suspended", "its owner is banned"
    bar(session, shop, present=False)
    assert fit(session, shop) == "approved"
    assert acts(session, shop) == [*before, "shop.suspended", "shop.approved"], "one entry for each change"


def test_nobody_is_charged_further_once_for_each_closing(session: Session, shop: Seller) -> None:
    fee = lack(session, shop)
    for _ in range(2):
        fit(session, shop)
    assert make.queued(session, StopRenewals) == [StopRenewals(seller_id=id_of(shop))]
    fee.suspended_at = None
    fit(session, shop)
    assert len(make.queued(session, StopRenewals)) == 1, "opening charges nobody again"


def test_a_fee_that_is_lacking_but_closes_nothing_yet_leaves_the_shop_open(
    session: Session, shop: Seller
) -> None:
    fee = lack(session, shop)
    fee.suspended_at, fee.days_lacked = None, 3
    assert (fit(session, shop), make.queued(session, StopRenewals)) == ("approved", [])


@pytest.mark.parametrize("status", FINAL)
def test_a_shop_that_was_never_open_stays_as_it_was_decided(
    session: Session, shop: Seller, status: ShopStatus
) -> None:
    fee = lack(session, shop)
    shop.status = status
    assert fit(session, shop) == status
    fee.suspended_at = None
    assert fit(session, shop) == status


def test_a_shop_that_does_not_exist_has_no_doors(session: Session) -> None:
    with pytest.raises(NotFound, match="shop-unknown"):
        fit_doors(session, 2**40, actor="cli")
