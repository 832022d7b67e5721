"""From a payment to the time it gives, and back by a refund."""

from datetime import timedelta

import pytest
from sqlmodel import Session, select

from core.kit.errors import Refused
from core.kit.rows import id_of
from core.memberships.expiry import strike
from core.memberships.transitions import right_to
from core.payments.order_claims import issue_claim, redeem
from core.payments.settle import settle
from schemas import member_jobs
from schemas.access import Grant
from schemas.membership import Membership
from schemas.sales import Order
from tests.support import make, make_members
from tests.support.make_members import DAY

NOW = make.NOW
HOUR = timedelta(hours=1)


def test_a_paid_plan_gives_a_grant_a_membership_and_its_clock(session: Session) -> None:
    membership = make_members.member(session)
    assert (membership.state, membership.ends_at, membership.clock_at) == (
        "active",
        NOW + 30 * DAY,
        NOW + 30 * DAY,
    )
    (period,) = make_members.periods(session, membership)
    assert period.order_id is not None
    assert make.queued(session, member_jobs.Admit) == [
        member_jobs.Admit(membership_id=id_of(membership), occasion="paid", order_id=period.order_id)
    ]
    assert make_members.due_of(session, "expire_member") == [NOW + 30 * DAY]
    assert make_members.due_of(session, "warn_member") == [NOW + 23 * DAY]
    assert session.exec(select(Grant.kind)).one() == "membership"


@pytest.mark.parametrize("rail", ["crypto", "manual"])
def test_a_plan_paid_on_the_web_opens_at_the_claim_for_whoever_opens_it(session: Session, rail: str) -> None:
    order = make.paid_order(session, make_members.plan(session), rail=rail)
    assert session.exec(select(Membership)).all() == []
    buyer = make.user(session)
    token = issue_claim(session, order, life=make.DAY, now=NOW)
    for _ in range(2):
        redeem(session, token, buyer, NOW + HOUR)
    (membership,) = session.exec(select(Membership)).all()
    assert (membership.user_id, membership.ends_at) == (buyer.id, NOW + HOUR + 30 * DAY)
    with pytest.raises(Refused, match="claim-taken"):
        redeem(session, token, make.user(session), NOW + HOUR)


def test_two_payments_for_one_order_give_its_time_once(session: Session) -> None:
    membership = make_members.member(session, rail="stars")
    order = session.get_one(Order, make_members.periods(session, membership)[0].order_id)
    settle(session, order, rail="stars", provider_id="again", received=order.amount, now=NOW)
    assert len(make_members.periods(session, membership)) == 1
    assert "staff-needs-support" not in make.sent_texts(session)  # there is no staff to tell
    assert order.needs_support_at == NOW


def test_renewing_early_adds_to_the_end_and_moves_the_clock(session: Session) -> None:
    item, person = make_members.plan(session), make.user(session)
    membership = make_members.member(session, item, person)
    turn = membership.turn
    make_members.member(session, item, person, now=NOW + 10 * DAY)
    assert (membership.ends_at, make.queued(session, member_jobs.Admit)[-1].occasion) == (
        NOW + 60 * DAY,
        "renewed",
    )
    strike(session, id_of(membership), turn, now=NOW + 30 * DAY)  # the first clock strikes and means nothing
    assert membership.state == "active"


def test_money_that_comes_after_the_plans_date_goes_to_support(session: Session) -> None:
    item, person = make_members.plan(session, unit="until", count=0, until=NOW + DAY), make.user(session)
    order = make.order(session, item, person)
    make.pay(session, order, now=NOW + 2 * DAY)
    membership = session.exec(select(Membership)).one()
    assert (order.status, order.needs_support_at) == ("paid", NOW + 2 * DAY)
    assert (
        right_to(session, id_of(make_members.channel_of(session, membership)), person.telegram_id, now=NOW)
        is None
    )


def test_an_order_is_placed_on_the_rails_that_the_policy_allows(session: Session) -> None:
    """When Stars fail, the web checkout takes the other rails (D18)."""
    item = make_members.plan(session, recurring=True)
    order = make.web_order(session, item, rail="crypto").order
    make.pay(session, order)
    assert order.status == "paid"
