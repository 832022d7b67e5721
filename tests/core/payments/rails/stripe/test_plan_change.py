"""Another plan for a running subscription, on a loopback Stripe: previewed, then charged for just that."""

from datetime import timedelta
from typing import Any

import msgspec
import pytest
from sqlmodel import select

from core.kit.money import Money
from core.kit.rows import id_of
from core.memberships import plan_changes
from core.payments.rails.stripe.objects import Found
from core.payments.rails.stripe.plan_change import Made, Preview, Proration, WantedPlan, change_plan, preview
from core.payments.rails.stripe.protocol import StripeRefused
from core.payments.rails.stripe.subscription_look import SUBSCRIPTIONS
from schemas.membership import Membership
from schemas.people import Seller, User
from tests.contract.paths import absent
from tests.contract.source import find
from tests.support import make_members
from tests.support.card_club import DAY, CardClub
from tests.support.cards import CardShop

DEARER = Money(2999, "EUR")


@pytest.mark.parametrize(
    ("struct", "module", "name"), [(Made, "_price", "Price"), (Preview, "_invoice", "Invoice")]
)
def test_every_field_that_is_read_exists(struct: type[msgspec.Struct], module: str, name: str) -> None:
    assert absent(struct, find(module, name)) == []


@pytest.fixture
def club(shop: CardShop) -> CardClub:
    club = CardClub(shop)
    club.join()
    return club


def add_plan(club: CardClub, price: Money = DEARER, **terms: Any) -> int:
    """Another plan of the shop, of a month unless the terms differ."""
    with club.database.transaction() as session:
        seller = session.get_one(Seller, club.shop.seller_id)
        months: dict[str, Any] = {"unit": "months", "count": 1}
        plan = make_members.plan(session, shop=seller, prices={"card": [price]}, **(months | terms))
        return id_of(plan)


def wanted(club: CardClub, plan_id: int) -> WantedPlan:
    with club.database.transaction() as session:
        person = session.get_one(User, club.ann_id)
        number = id_of(club.membership)
        _, target = plan_changes.target(session, person, number, plan_id, now=club.now)
    moment = int(club.now.timestamp())
    return WantedPlan(plan_id, target.title, target.price, target.every, "", moment, club.shop.name)


def look(club: CardClub, plan: WantedPlan, visit: str = "1") -> Proration:
    return preview(club.api, club.subscription, plan, visit=visit)


def change(club: CardClub, plan_id: int) -> int:
    """Change the plan, and be told of it by events; what it cost."""
    plan = wanted(club, plan_id)
    cost = look(club, plan)
    change_plan(club.api, club.subscription, plan, cost, visit="1")
    club.hand_over()
    return cost.due.amount


def states(club: CardClub) -> dict[int, str]:
    return {row.plan_id: row.state for row in club.shop.rows(Membership)}


def test_what_is_left_is_traded_in_and_the_new_plan_renews(club: CardClub) -> None:
    dearer = add_plan(club)
    club.leap(15)
    end = club.subscription.until
    cost = change(club, dearer)
    assert 900 < cost < 1100  # half of the dearer less half of the cheaper
    assert states(club) == {club.plan_id: "expired", dearer: "active"}
    first, second = club.orders()
    assert (second.amount, second.product_id, second.status) == (cost, dearer, "paid")
    old, new = club.periods()
    assert (old.taken_back_at is not None, new.ends_at) == (True, end)
    with club.database.transaction() as session:
        number = session.exec(select(Membership.id).where(Membership.plan_id == dearer)).one()
    assert club.subscription.membership_id == number
    club.renew()
    assert states(club) == {club.plan_id: "expired", dearer: "active"}
    renewed = club.orders()[-1]
    assert (renewed.amount, renewed.product_id) == (DEARER.amount, dearer)
    assert club.periods()[-1].starts_at == end
    charged = sum(one["amount"] for one in club.stripe.book.all(club.shop.account, "charge") if one["paid"])
    assert sum(order.amount for order in club.orders()) == charged
    assert first.status == "paid"


def test_another_rhythm_begins_a_new_period_now(club: CardClub) -> None:
    yearly = add_plan(club, Money(9999, "EUR"), count=12)
    club.leap(10)
    change(club, yearly)
    assert states(club)[yearly] == "active"
    new = club.periods()[-1]
    assert new.ends_at is not None
    assert abs(new.ends_at - club.subscription.until) < DAY
    assert new.ends_at - club.now > timedelta(days=360)


def test_its_events_may_come_twice_and_in_any_order(club: CardClub) -> None:
    dearer = add_plan(club)
    plan = wanted(club, dearer)
    change_plan(club.api, club.subscription, plan, look(club, plan), visit="1")
    events = club.shop.waiting()
    club.hand_over(events[::-1])
    club.hand_over([event | {"id": f"{event['id']}2"} for event in events])
    assert len(club.orders()) == len(club.periods()) == 2
    assert {order.odd_money_at for order in club.orders()} == {None}


def test_a_card_that_is_refused_changes_nothing(club: CardClub) -> None:
    dearer = add_plan(club)
    plan = wanted(club, dearer)
    cost = look(club, plan)
    club.stripe.perform("next_card", {"customer": club.customer, "how": "decline"})
    with pytest.raises(StripeRefused) as refused:
        change_plan(club.api, club.subscription, plan, cost, visit="1")
    assert refused.value.code == "card_declined"
    club.hand_over()
    assert states(club) == {club.plan_id: "active"}
    assert len(club.orders()) == 1


def test_a_cheaper_plan_costs_nothing_now(club: CardClub) -> None:
    cost = look(club, wanted(club, add_plan(club, Money(100, "EUR"))))
    assert (cost.due.amount, cost.total < 0) == (0, True)


def test_what_the_seller_changes_at_stripe_is_no_change_of_plan_here(club: CardClub) -> None:
    """A price of the seller's own, or one that names a plan of another shop."""
    dearer = add_plan(club)
    plan = wanted(club, dearer)
    named: tuple[dict[str, str], ...] = (
        {},
        {"plan": str(dearer), "shop": "another"},
        {"plan": "x", "shop": club.shop.name},
    )
    for number, metadata in enumerate(named):
        item = club.at_stripe()["items"]["data"][0]["id"]
        price = {**plan.new_price, "metadata": metadata}
        made = club.api.post(Made, "/v1/prices", price, key=f"own:{number}", account=club.shop.account)
        fields = {"items": [{"id": item, "price": made.id}], "proration_behavior": "always_invoice"}
        path = f"{SUBSCRIPTIONS}/{club.subscription.subscription_id}"
        club.api.post(Found, path, fields, key=f"change:{number}", account=club.shop.account)
        club.hand_over()
        assert states(club) == {club.plan_id: "active"}
    assert club.orders()[0].odd_money_at is not None
