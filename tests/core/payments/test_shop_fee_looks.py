"""Reminders of the monthly fee, and what keeps a shop open that seems not to have paid."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlmodel import Session, select

from core.kit.money import Money
from core.kit.rail_policy import parse_policy
from core.kit.rows import id_of
from core.payments.payment_events import store_event
from core.payments.rails.manual.transfers import submit_manual
from core.payments.shop_fee_looks import look_at_fees
from core.people.bans import ban
from core.people.shop_fees import set_fee
from core.process.settings import Settings
from schemas.catalogue import Product
from schemas.member_jobs import StopRenewals
from schemas.people import Seller
from schemas.shop_fee import ShopFee
from tests.support import make

NOW, DAY, GRACE = make.NOW, timedelta(days=1), 5
POLICY = parse_policy("bot:stars;web:manual")


class Office:
    """A shop whose fee is due on the third day, and the looks at it."""

    def __init__(self, session: Session, settings: Settings) -> None:
        self.session = session
        self.settings = replace(settings, shop_fee_grace_days=GRACE, public_url="https://shop.example")
        self.boss = make.user(session, roles=("admin",))
        self.shop = make.seller(session)
        self.fee = set_fee(
            session,
            id_of(self.shop),
            {"stars": [Money(500, "XTR")], "manual": [Money(1000, "EUR")]},
            paid_until=NOW + 3 * DAY,
            actor="cli",
            now=NOW,
        )

    def days(self, count: int, *, begin: datetime = NOW, **how: Any) -> list[str]:
        """What the seller has been told after so many days, with a look every six hours."""
        policy = how.get("policy", POLICY)
        for number in range(count * 4):
            now = begin + number * timedelta(hours=6)
            look_at_fees(self.session, policy=policy, settings=self.settings, now=now)
        told = make.sent_texts(self.session, make.owner_of(self.session, self.shop))
        return [text for text in told if text.startswith("shop-fee")]

    @property
    def item(self) -> Product:
        return self.session.get_one(Product, self.fee.product_id)

    @property
    def status(self) -> str:
        return self.session.exec(select(Seller.status).where(Seller.id == self.shop.id)).one()


@pytest.fixture
def office(session: Session, settings: Callable[..., Settings]) -> Office:
    return Office(session, settings())


def test_a_seller_hears_of_each_step_once_and_the_shop_closes_last(office: Office) -> None:
    assert office.days(3) == ["shop-fee-soon"]
    assert office.days(GRACE, begin=NOW + 3 * DAY) == ["shop-fee-soon", "shop-fee-lacks", "shop-fee-last-day"]
    assert office.status == "approved"
    assert office.days(1, begin=NOW + (3 + GRACE) * DAY)[-1] == "shop-fee-suspended"
    assert office.status == "suspended"
    assert make.queued(office.session, StopRenewals) == [StopRenewals(seller_id=id_of(office.shop))]
    assert make.sent_texts(office.session, office.boss).count("staff-shop-fee-suspended") == 1


def test_who_pays_in_time_hears_of_no_lack(office: Office) -> None:
    bought = make.order(office.session, office.item, make.owner_of(office.session, office.shop))
    make.pay(office.session, bought)
    assert office.days(25) == ["shop-fee-paid"]
    assert office.status == "approved"


def transfer(office: Office) -> None:
    """The seller has sent the money, and staff have not looked."""
    placed = make.placed(office.session, office.item, None, rail="manual", entry="web", ttl=10**7, now=NOW)
    submit_manual(office.session, placed.order, "VIR-1", NOW)


def unread(office: Office) -> None:
    """A provider told of some payment, and the job that applies it fails."""
    store_event(office.session, provider="telegram", event_id="charge-1", body=b"{}", now=NOW, payer=None)


HOLDS: dict[str, Callable[[Office], object]] = {
    "a transfer that nobody has decided": transfer,
    "an event that nobody has applied": unread,
}


@pytest.mark.parametrize("hold", HOLDS)
def test_a_payment_that_may_be_on_its_way_keeps_the_shop_open(office: Office, hold: str) -> None:
    HOLDS[hold](office)
    assert office.days(40) == ["shop-fee-soon"]
    assert office.status == "approved"


@pytest.mark.parametrize("policy", ["web:crypto", "bot:manual", "web:manual"])
def test_a_fee_that_its_seller_is_shown_no_way_to_pay_closes_nothing_and_staff_hear_of_it(
    office: Office, policy: str
) -> None:
    """The last: what is told in the chat can be paid from there, or is not told to be due."""
    assert office.days(40, policy=parse_policy(policy)) == ["shop-fee-soon"]
    assert office.status == "approved"
    assert make.sent_texts(office.session, office.boss).count("staff-shop-fee-unpayable") == 1


def test_the_shop_of_a_banned_person_is_not_reminded(office: Office) -> None:
    ban(office.session, office.shop.user_id, actor="cli", reason="fraud", now=NOW)
    assert office.days(20) == []
    assert office.session.get_one(ShopFee, office.shop.id).suspended_at is None
