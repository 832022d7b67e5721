"""Memberships that a card is charged for: what becomes of that when access ends, or is paid otherwise."""

from datetime import datetime

import pytest
from sqlmodel import Session, select

from core.kit.errors import Refused
from core.kit.rows import id_of
from core.memberships import member_actions
from core.memberships.card_members import CardMemberships, stop_cards_of, unseen
from core.memberships.eligibility import check_sale
from core.memberships.plans import set_plan_status
from core.memberships.queries import card
from schemas.card_jobs import SetCardRenewal
from schemas.card_subscription import CardStatus, CardSubscription
from schemas.catalogue import Product
from schemas.member_jobs import StopRenewals
from schemas.membership import Membership
from schemas.people import Seller, User
from tests.support import make, make_members
from tests.support.make_members import DAY

NOW = make.NOW


def charged(session: Session, status: CardStatus = "active", seen_at: datetime = NOW) -> Membership:
    """A member of 30 days whose card is charged."""
    membership = make_members.member(session)
    make_members.charge_card(session, membership, status, seen_at=seen_at)
    return membership


def wish(session: Session) -> str:
    return session.exec(select(CardSubscription.wanted)).one()


def test_who_is_put_out_is_charged_no_more(session: Session) -> None:
    make_members.put_out(session, charged(session))
    assert wish(session) == "end"
    assert len(make.queued(session, SetCardRenewal)) == 1


def test_a_suspended_shop_charges_no_further(session: Session) -> None:
    membership = charged(session)
    seller = session.get_one(Seller, session.get_one(Product, membership.plan_id).seller_id)
    assert stop_cards_of(session, id_of(seller), now=NOW) == 0
    seller.status = "suspended"
    assert stop_cards_of(session, id_of(seller), now=NOW) == 1
    assert wish(session) == "stop"


def test_a_closed_plan_charges_no_further_and_nobody_can_undo_that(session: Session) -> None:
    membership = charged(session)
    item = session.get_one(Product, membership.plan_id)
    owner, person = make.owner_of(session, make_members.shop_of(session, item)), membership.user_id
    set_plan_status(session, id_of(item), "closed", actor_user=owner, now=NOW)
    (job,) = make.queued(session, StopRenewals)
    assert stop_cards_of(session, job.seller_id, now=NOW) == 1
    assert wish(session) == "stop"
    row = session.exec(select(CardSubscription)).one()
    row.cancels = True
    session.flush()
    CardMemberships().stopped(session, row, now=NOW)
    user = session.get_one(User, person)
    assert make.sent_texts(session, user)[-1] == "member-plan-closed"
    assert not card(session, person, id_of(membership), now=NOW).can_undo
    with pytest.raises(Refused, match="plan-closed"):
        member_actions.undo_cancel(session, user, id_of(membership), now=NOW)
    row.cancels = False  # taken back on Stripe's own page
    session.flush()
    CardMemberships().goes_on(session, row, now=NOW)
    assert (membership.state, row.wanted, row.asked) == ("cancelled", "stop", 2)


def test_paying_otherwise_takes_the_place_of_a_card_that_fails(session: Session) -> None:
    membership = charged(session, "past_due")
    item = session.get_one(Product, membership.plan_id)
    make.paid_order(session, item, make_members.person_of(session, membership), now=NOW + 31 * DAY)
    assert wish(session) == "end"


def test_nobody_buys_again_what_a_card_is_being_charged_for(session: Session) -> None:
    membership = charged(session)
    with pytest.raises(Refused, match="already-member"):
        check_sale(session, membership.user_id, membership.plan_id, now=NOW + DAY)


def test_cancelling_asks_stripe_first_and_a_change_of_mind_asks_again(session: Session) -> None:
    membership = charged(session)
    person = make_members.person_of(session, membership)
    member_actions.cancel(session, person, id_of(membership), now=NOW)
    assert (membership.state, wish(session)) == ("active", "stop")
    member_actions.undo_cancel(session, person, id_of(membership), now=NOW)
    assert (membership.state, wish(session)) == ("active", "renew")
    assert len(make.queued(session, SetCardRenewal)) == 2


def test_a_membership_is_not_ended_before_somebody_has_looked_at_stripe(session: Session) -> None:
    membership = charged(session)
    assert membership.ends_at is not None
    number, over = id_of(membership), membership.ends_at + 40 * DAY
    assert unseen(session, number, membership.turn, now=membership.ends_at - DAY) is None
    assert unseen(session, number, membership.turn, now=over) is not None
    assert unseen(session, number, membership.turn + 1, now=over) is None
    row = session.exec(select(CardSubscription)).one()
    row.seen_at = membership.ends_at + DAY
    assert unseen(session, number, membership.turn, now=over) is None
    membership.grace_days = 5  # a retry may have been paid since
    assert unseen(session, number, membership.turn, now=over) is not None
    row.seen_at = membership.ends_at + 5 * DAY
    assert unseen(session, number, membership.turn, now=over) is None


def test_a_charge_that_is_on_its_way_is_no_debt(session: Session) -> None:
    membership = charged(session)
    membership.grace_days, hour = 5, DAY / 24
    session.flush()
    assert membership.ends_at is not None
    shown = card(session, membership.user_id, id_of(membership), now=membership.ends_at + hour)
    assert shown.state == "active"
