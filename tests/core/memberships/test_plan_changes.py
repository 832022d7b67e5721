"""To which plans a membership by card may be changed, and how long an offer may be taken."""

from datetime import timedelta
from typing import Any

import pytest
from sqlmodel import Session, select

from core.kit.errors import NotFound, Refused
from core.kit.money import Money
from core.kit.rows import id_of
from core.memberships import member_actions, plan_changes
from core.memberships.plans import set_plan_status
from core.memberships.queries import card
from schemas.card_jobs import ChangePlan, PreviewPlan
from schemas.card_subscription import CardSubscription
from schemas.catalogue import Product
from schemas.membership import Membership
from schemas.people import Seller
from tests.support import make, make_members

NOW = make.NOW
EUROS: dict[str, list[Money]] = {"card": [Money(999, "EUR")], "crypto": [Money(999, "EUR")]}
OLD = timedelta(minutes=61)


@pytest.fixture
def shop(session: Session) -> Seller:
    shop = make.seller(session)
    shop.rails = [*shop.rails, "card"]
    session.flush()
    return shop


def plan(session: Session, shop: Seller, **terms: Any) -> int:
    months: dict[str, Any] = {"unit": "months", "count": 1, "prices": EUROS}
    return id_of(make_members.plan(session, shop=shop, **(months | terms)))


def charged(session: Session, shop: Seller) -> Membership:
    item = make_members.plan(session, shop=shop, prices=EUROS, unit="months", count=1)
    membership = make_members.member(session, item, rail="crypto")  # what counts is the currency
    make_members.charge_card(session, membership)
    return membership


def found(session: Session, membership: Membership) -> list[int]:
    return [one.plan_id for one in plan_changes.targets(session, membership, now=NOW)]


def test_plans_of_the_shop_that_a_card_renews_in_the_same_currency(session: Session, shop: Seller) -> None:
    membership = charged(session, shop)
    good = [plan(session, shop, count=count) for count in (1, 12)]
    good.append(plan(session, shop, prices={"card": [Money(1100, "USD"), Money(1500, "EUR")]}))
    plan(session, shop, prices={"card": [Money(999, "USD")]})
    plan(session, shop, prices={"card": [Money(999, "USD")], "manual": [Money(999, "EUR")]})
    plan(session, shop, prices={"stars": [Money(5, "XTR")]})
    plan(session, shop, unit="days", count=30)
    plan(session, shop, published=False)
    plan(session, make.seller(session))
    closed, held = plan(session, shop), plan(session, shop)
    owner = make.owner_of(session, shop)
    set_plan_status(session, closed, "closed", actor_user=owner, now=NOW)
    person = make_members.person_of(session, membership)
    other = session.get_one(Product, held)
    make_members.member(session, other, person, rail="crypto")
    assert found(session, membership) == good
    shown = plan_changes.targets(session, membership, now=NOW)
    assert [one.next_at == membership.ends_at for one in shown] == [True, False, True]
    assert shown[-1].price == Money(1500, "EUR"), "the one in the currency of the card"


@pytest.mark.parametrize(
    "changes",
    [{"status": "past_due"}, {"status": "trialing"}, {"cancels": True}, {"held": True}, {"wanted": "stop"}],
)
def test_what_is_owed_or_stops_is_not_changed(
    session: Session, shop: Seller, changes: dict[str, Any]
) -> None:
    membership = charged(session, shop)
    plan(session, shop)
    assert card(session, membership.user_id, id_of(membership), now=NOW).can_change
    row = session.exec(select(CardSubscription)).one()
    row.sqlmodel_update(changes)
    session.flush()
    assert found(session, membership) == []
    assert not card(session, membership.user_id, id_of(membership), now=NOW).can_change


def test_only_its_holder_asks_and_only_for_what_is_offered(session: Session, shop: Seller) -> None:
    membership, target = charged(session, shop), plan(session, shop)
    person, number = make_members.person_of(session, membership), id_of(membership)
    plan_changes.ask_preview(session, person, number, target, now=NOW)
    assert make.queued(session, PreviewPlan) == [PreviewPlan(membership_id=number, plan_id=target)]
    with pytest.raises(NotFound):
        plan_changes.ask_preview(session, make.user(session), number, target, now=NOW)
    with pytest.raises(Refused, match="plan-unchangeable"):
        plan_changes.ask_preview(session, person, number, membership.plan_id, now=NOW)
    member_actions.cancel(session, person, number, now=NOW)
    with pytest.raises(Refused, match="plan-unchangeable"):
        plan_changes.ask_preview(session, person, number, target, now=NOW)


def test_an_offer_is_taken_within_the_hour_and_once(session: Session, shop: Seller) -> None:
    membership, target = charged(session, shop), plan(session, shop)
    person, number = make_members.person_of(session, membership), id_of(membership)

    def take(moment: float) -> None:
        offer = ChangePlan(membership_id=number, plan_id=target, prorated_at=int(moment), due=100)
        plan_changes.ask_change(session, person, offer, now=NOW)

    for at in (NOW - OLD, NOW + OLD):
        with pytest.raises(Refused, match="offer-old"):
            take(at.timestamp())
    for _ in range(2):
        take(NOW.timestamp())
    assert len(make.queued(session, ChangePlan)) == 1
    assert not plan_changes.has_changed(session, person, target)
    assert plan_changes.has_changed(session, person, membership.plan_id)
