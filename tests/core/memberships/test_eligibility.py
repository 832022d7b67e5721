"""Whether a plan may be sold to a person just now, or tried."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlmodel import Session

from core.kit.errors import Refused
from core.kit.rows import id_of
from core.memberships import member_actions
from core.memberships.eligibility import check_sale
from core.memberships.expiry import strike
from core.memberships.plans import (
    set_plan_status,
)
from core.memberships.queries import card
from core.payments.rails.stars.payments import invoice_payload, precheck
from schemas.membership import Membership, Plan, PlanStatus
from schemas.people import User
from tests.support import make, make_members
from tests.support.make_members import DAY

NOW = make.NOW
STATUSES: tuple[PlanStatus, ...] = ("open", "paused", "closed")


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


@pytest.mark.parametrize("status", STATUSES)
def test_the_card_offers_a_renewal_exactly_where_the_rule_sells_one(
    session: Session, status: PlanStatus
) -> None:
    """A paused sale stops newcomers alone, whichever state the member is in."""
    item = make_members.plan(session)
    membership = make_members.member(session, item)
    plan = session.get_one(Plan, item.id)
    plan.status = status
    session.flush()
    for days, state, may in (
        (1, "active", status != "closed"),
        (31, "expired", status == "open"),
    ):
        now = make.NOW + timedelta(days=days)
        seen = card(session, membership.user_id, id_of(membership), now=now)
        assert (seen.state, seen.can_renew) == (state, may)
        try:
            check_sale(session, membership.user_id, id_of(item), now=now)
        except Refused:
            assert not may
        else:
            assert may


ACTS: dict[str, Callable[[Session, User, int], object]] = {
    "nothing": lambda session, person, number: None,
    "cancel": lambda session, person, number: member_actions.cancel(session, person, number, now=NOW),
    "pause": lambda session, person, number: member_actions.pause(session, person, number, now=NOW),
    "bar": lambda session, person, number: make_members.put_out(session, session.get_one(Membership, number)),
}


@pytest.mark.parametrize("act", [*ACTS])
@pytest.mark.parametrize("terms", [{}, {"starts": "entry"}, {"audience": "code"}, {"places": 1}])
def test_the_card_offers_to_renew_what_the_rule_sells(
    session: Session, act: str, terms: dict[str, Any]
) -> None:
    item = make_members.plan(session, grace_days=5, **{k: v for k, v in terms.items() if k != "audience"})
    membership = make_members.member(session, item)
    person = make_members.person_of(session, membership)
    plan = session.get_one(Plan, item.id)
    plan.audience = terms.get("audience", "all")
    if not (membership.state == "pending" and act in ("cancel", "pause")):
        ACTS[act](session, person, id_of(membership))
    owner = make.owner_of(session, make_members.shop_of(session, item))
    for status in STATUSES:
        set_plan_status(session, id_of(item), status, actor_user=owner, now=NOW)
        for days in (0, 29, 31, 40):  # while it runs, in grace, after it
            now = NOW + days * DAY
            try:
                check_sale(session, id_of(person), id_of(item), now=now)
            except Refused:
                sold = False
            else:
                sold = True
            seen = card(session, id_of(person), id_of(membership), now=now)
            assert seen.can_renew == sold, (status, days)


@pytest.mark.parametrize("days", [0, 29, 31])
def test_a_member_renews_while_the_sale_is_paused_and_nobody_else_comes_in(
    session: Session, days: int
) -> None:
    item = make_members.plan(session, grace_days=5)
    membership = make_members.member(session, item)
    owner = make.owner_of(session, make_members.shop_of(session, item))
    set_plan_status(session, id_of(item), "paused", actor_user=owner, now=NOW)
    person, now = make_members.person_of(session, membership), NOW + days * DAY
    check_sale(session, id_of(person), id_of(item), now=now)
    assert card(session, id_of(person), id_of(membership), now=now).can_renew
    with pytest.raises(Refused, match="plan-closed"):
        check_sale(session, id_of(make.user(session)), id_of(item), now=now)
    with pytest.raises(Refused, match="plan-closed"):
        check_sale(session, id_of(person), id_of(item), now=NOW + 40 * DAY)
