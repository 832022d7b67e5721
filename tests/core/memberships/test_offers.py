"""A plan as one person may take it: the price, or why not."""

from collections.abc import Callable

import pytest
from sqlmodel import Session, select

from core.kit.errors import NotFound
from core.kit.rows import id_of
from core.memberships.offers import PlanOffer, offer_of
from core.memberships.plans import set_plan_status
from core.process.settings import Settings
from schemas.audit import AuditEntry
from schemas.catalogue import Product
from schemas.people import User
from tests.support import make, make_members

NOW = make.NOW


Offer = Callable[[Session, User, Product], PlanOffer]


@pytest.fixture
def offer(settings: Callable[..., Settings]) -> Offer:
    """A plan as a person may take it in the chat."""
    shop = settings(public_url="https://shop.example")

    def make_offer(session: Session, person: User, item: Product) -> PlanOffer:
        return offer_of(
            session, person, id_of(item), place="chat", policy=make.POLICY, settings=shop, now=NOW
        )

    return make_offer


def test_a_newcomer_sees_the_rails_and_the_trial(session: Session, offer: Offer) -> None:
    seen = offer(session, make.user(session), make_members.plan(session, trial_days=7))
    assert (seen.own, seen.card, seen.rails, seen.refused, seen.trial_days) == (
        False,
        None,
        ("stars", "manual"),
        "",
        7,
    )
    assert [fact.text for fact in seen.facts] == ["plan-channels", "plan-access"]


def test_a_member_sees_the_membership_and_gets_no_trial(session: Session, offer: Offer) -> None:
    item, person = make_members.plan(session, trial_days=7), make.user(session)
    membership = make_members.member(session, item, person)
    seen = offer(session, person, item)
    assert seen.card is not None
    assert (seen.card.membership_id, seen.trial_days, seen.refused) == (membership.id, 0, "")


def test_who_may_not_buy_reads_why_and_no_rail(session: Session, offer: Offer) -> None:
    item, person = make_members.plan(session, places=1), make.user(session)
    make_members.member(session, item)
    seen = offer(session, person, item)
    assert (seen.refused, seen.rails) == ("plan-full", ())


def test_the_seller_is_offered_nothing(session: Session, offer: Offer) -> None:
    item = make_members.plan(session)
    seen = offer(session, make.owner_of(session, make_members.shop_of(session, item)), item)
    assert (seen.own, seen.rails, seen.refused) == (True, (), "")


def test_a_plan_that_is_not_on_sale_is_shown_to_its_members_alone(session: Session, offer: Offer) -> None:
    item, member = make_members.plan(session), make.user(session)
    make_members.member(session, item, member)
    owner = make.owner_of(session, make_members.shop_of(session, item))
    set_plan_status(session, id_of(item), "closed", actor_user=owner, now=NOW)
    assert offer(session, member, item).refused == "plan-closed"
    with pytest.raises(NotFound, match="plan-unknown"):
        offer(session, make.user(session), item)


def test_what_is_offered_is_logged_once_for_each_time_it_is_shown(session: Session, offer: Offer) -> None:
    person, item = make.user(session), make_members.plan(session)
    offer(session, person, item)
    session.flush()
    entry = session.exec(select(AuditEntry).where(AuditEntry.action == "rail.offered")).one()
    assert (entry.actor, entry.subject) == (f"user:{person.id}", f"product:{item.id}")
    assert (entry.details["place"], entry.details["offered"]) == ("chat", "stars,manual")
