"""Whether a plan may be sold to a person just now, or tried."""

import pytest
from sqlmodel import Session

from core.kit.errors import Refused
from core.kit.rows import id_of
from core.memberships import member_actions
from core.memberships.expiry import strike
from core.memberships.plans import (
    set_plan_status,
)
from core.payments.rails.stars.payments import invoice_payload, precheck
from tests.support import make, make_members
from tests.support.make_members import DAY

NOW = make.NOW


def test_a_purchase_that_would_double_something_is_refused_with_what_to_do(session: Session) -> None:
    item, person = make_members.plan(session), make.user(session)
    membership = make_members.member(session, item, person)
    for act, code in (
        (member_actions.cancel, "membership-cancelled"),
        (member_actions.pause, "membership-paused"),
    ):
        act(session, person, id_of(membership), now=NOW)
        with pytest.raises(Refused, match=code):
            make.order(session, item, person)
        (member_actions.undo_cancel if act is member_actions.cancel else member_actions.resume)(
            session, person, id_of(membership), now=NOW
        )
    waiting = make_members.plan(session, starts="entry")
    make_members.member(session, waiting, person)
    with pytest.raises(Refused, match="membership-waiting"):
        make.order(session, waiting, person)
    dated = make_members.plan(session, unit="until", count=0, until=NOW + 40 * DAY)
    make_members.member(session, dated, person)
    with pytest.raises(Refused, match="already-member"):
        make.order(session, dated, person)


def test_what_is_refused_when_ordering_is_refused_before_paying(session: Session) -> None:
    item, person = make_members.plan(session, places=1), make.user(session)
    order = make.order(session, item, person)
    make_members.member(session, item)
    with pytest.raises(Refused, match="plan-full"):
        precheck(
            session,
            payload=invoice_payload(order),
            user=person,
            amount=order.amount,
            currency=order.currency,
            now=NOW,
        )


def test_a_plan_is_sold_to_the_audience_it_is_for(session: Session) -> None:
    shop = make.seller(session)
    first = make_members.plan(session, shop=shop)
    newcomers = make_members.plan(session, shop=shop, audience="newcomers")
    active = make_members.plan(session, shop=shop, audience="active")
    past = make_members.plan(session, shop=shop, audience="past")
    nobody, member = make.user(session), make.user(session)
    membership = make_members.member(session, first, member)
    make.order(session, newcomers, nobody)
    make.order(session, active, member)
    for item, person in ((newcomers, member), (active, nobody), (past, nobody), (past, member)):
        with pytest.raises(Refused, match="plan-audience"):
            make.order(session, item, person)
    strike(session, id_of(membership), membership.turn, now=NOW + 30 * DAY)
    make.order(session, past, member)


def test_a_paused_sale_still_lets_members_renew(session: Session) -> None:
    item, person = make_members.plan(session), make.user(session)
    make_members.member(session, item, person)
    owner = make.owner_of(session, make_members.shop_of(session, item))
    set_plan_status(session, id_of(item), "paused", actor_user=owner, now=NOW)
    make.order(session, item, person)
    with pytest.raises(Refused, match="plan-closed"):
        make.order(session, item)


def test_members_and_plans_without_a_trial_get_none(session: Session) -> None:
    item, person = make_members.plan(session, trial_days=7), make.user(session)
    make_members.member(session, item, person)
    with pytest.raises(Refused, match="already-member"):
        member_actions.start_trial(session, person, id_of(item), now=NOW)
    with pytest.raises(Refused, match="no-trial"):
        member_actions.start_trial(session, person, id_of(make_members.plan(session)), now=NOW)
