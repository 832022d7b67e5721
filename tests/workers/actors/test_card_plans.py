"""A change of plan in the chat: what it costs is shown, agreed to and charged, with the loopback Stripe."""

from dataclasses import replace
from typing import Any

import pytest

from core.kit.errors import Refused
from core.kit.money import Money
from core.kit.rows import id_of
from schemas.card_jobs import ChangePlan, PreviewPlan
from schemas.ephemeral_jobs import PricePlan
from schemas.membership import Membership
from schemas.people import Seller
from scripts.sandbox.telegram.driver import Person
from tests.support import make_members
from tests.support.card_club import CardClub
from tests.workers.actors.test_card_subscriptions import club
from workers.actors.card_plans import price_plan

__all__ = ["club"]

DEARER = Money(2999, "EUR")


def add_plan(club: CardClub, price: Money) -> int:
    with club.database.transaction() as session:
        shop = session.get_one(Seller, club.shop.seller_id)
        return id_of(
            make_members.plan(
                session, shop=shop, title="Salon", prices={"card": [price]}, unit="months", count=1
            )
        )


@pytest.fixture
def dearer(club: CardClub) -> int:
    return add_plan(club, DEARER)


def offered(club: CardClub, ann: Person, plan_id: int, *, after: int = 0) -> tuple[int, ChangePlan]:
    """What is offered in the chat: the message, and what its button agrees to."""
    club.shop.worker.do(PreviewPlan(membership_id=number(club), plan_id=plan_id))
    message = ann.wait_for(lambda one: any("plan_agree" in each.value for each in one.buttons), after=after)
    data = next(one.value for one in message.buttons if "plan_agree" in one.value)
    membership_id, plan, moment, due = map(int, data.removeprefix("plan_agree:").split(":"))
    return message.id, ChangePlan(membership_id=membership_id, plan_id=plan, prorated_at=moment, due=due)


def number(club: CardClub) -> int:
    return min(id_of(row) for row in club.shop.rows(Membership))


def states(club: CardClub) -> dict[int, str]:
    return {row.plan_id: row.state for row in club.shop.rows(Membership)}


def test_what_was_shown_is_charged_once(club: CardClub, ann: Person, dearer: int) -> None:
    _, taken = offered(club, ann, dearer)
    assert 1900 < taken.due <= 2000
    job = club.shop.worker.do(taken)
    assert job.state == "done"
    assert states(club) == {club.plan_id: "expired", dearer: "active"}
    assert [order.amount for order in club.orders()] == [999, taken.due]
    assert club.shop.worker.repeat(job.id).state == "done"
    club.hand_over()
    assert len(club.orders()) == 2


def test_who_waits_in_the_app_is_answered_what_it_costs(club: CardClub, dearer: int) -> None:
    services, job = club.shop.worker.services, PricePlan(membership_id=number(club), plan_id=dearer)
    answer = price_plan(services, job)
    assert 1900 < answer["due"]["amount"] <= 2000
    taken = ChangePlan(
        membership_id=number(club),
        plan_id=dearer,
        prorated_at=answer["prorated_at"],
        due=answer["due"]["amount"],
    )
    assert club.shop.worker.do(taken).state == "done"
    with pytest.raises(Refused, match="plan-unchangeable"):
        price_plan(services, job)
    with pytest.raises(Refused, match="cards-off"):
        price_plan(replace(services, settings=replace(services.settings, stripe_secret_key="")), job)


def test_another_sum_than_was_shown_is_offered_anew(club: CardClub, ann: Person, dearer: int) -> None:
    last, taken = offered(club, ann, dearer)
    changed: dict[str, Any] = {"membership_id": taken.membership_id, "plan_id": dearer}
    club.shop.worker.do(ChangePlan(**changed, prorated_at=taken.prorated_at, due=1))
    ann.wait_for("Salon", after=last)
    assert states(club) == {club.plan_id: "active"}


def test_a_card_that_is_refused_is_told_with_the_way_to_another(
    club: CardClub, ann: Person, dearer: int
) -> None:
    _, taken = offered(club, ann, dearer)
    club.stripe.perform("next_card", {"customer": club.customer, "how": "decline"})
    assert club.shop.worker.do(taken).state == "done"
    message = ann.wait_for("Your card was not charged")
    assert message.buttons[0].value == f"card_portal:{taken.membership_id}"
    assert states(club) == {club.plan_id: "active"}


def test_nothing_is_changed_for_nothing(club: CardClub, ann: Person) -> None:
    """What a button says may be anything: a plan that costs less is never taken in for its rest."""
    cheaper = add_plan(club, Money(100, "EUR"))
    moment = club.stripe.book.now()
    free = ChangePlan(membership_id=number(club), plan_id=cheaper, prorated_at=moment, due=0)
    assert club.shop.worker.do(free).state == "done"
    ann.wait_for("More is left of your present plan")
    (item,) = club.at_stripe()["items"]["data"]
    assert (item["price"]["unit_amount"], states(club)) == (999, {club.plan_id: "active"})


def test_a_fee_that_the_operator_takes_no_more_is_taken_no_more(
    club: CardClub, ann: Person, dearer: int
) -> None:
    club.stripe.book.get(club.shop.account, "subscription", club.subscription.subscription_id)[
        "application_fee_percent"
    ] = 10.0
    _, taken = offered(club, ann, dearer)
    club.shop.worker.do(taken)
    assert club.at_stripe()["application_fee_percent"] is None


def test_a_cheaper_plan_is_refused_in_words_and_so_is_one_that_went(
    club: CardClub, ann: Person, dearer: int
) -> None:
    cheaper = add_plan(club, Money(100, "EUR"))
    club.shop.worker.do(PreviewPlan(membership_id=number(club), plan_id=cheaper))
    ann.wait_for("More is left of your present plan")
    club.stripe.pages.press(club.portal(), "cancel_at_end")
    club.hand_over()
    club.shop.worker.do(PreviewPlan(membership_id=number(club), plan_id=dearer))
    ann.wait_for("You cannot change to this plan any more")
    assert states(club) == {club.plan_id: "cancelled"}
