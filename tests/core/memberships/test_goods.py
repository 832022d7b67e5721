"""From a payment to the time it gives, on every rail, and back by a refund."""

from datetime import timedelta

import pytest
from sqlmodel import Session, select

from core.kit.errors import NotAllowed, NotFound, Refused
from core.kit.money import Money
from core.kit.rows import id_of
from core.memberships import member_actions
from core.memberships.expiry import strike
from core.memberships.plans import (
    Terms,
    add_code,
    check_terms,
    create_plan,
    edit_terms,
    give_code,
    set_channels,
    set_plan_status,
)
from core.memberships.transitions import right_to
from core.orders.publication import publish
from core.payments.order_claims import issue_claim, redeem
from core.payments.placing import place
from core.payments.rails.stars.payments import invoice_payload, precheck
from core.payments.refunds import finish_refund
from core.payments.settle import settle
from schemas import member_jobs
from schemas.access import Grant
from schemas.jobs import Notify
from schemas.membership import Membership
from schemas.sales import Order
from tests.support import make, make_members
from tests.support.make_members import DAY

NOW = make.NOW
HOUR = timedelta(hours=1)


def test_a_paid_plan_gives_a_grant_a_membership_and_its_clock(session: Session) -> None:
    made = make_members.member(session)
    assert (made.state, made.ends_at, made.clock_at) == ("active", NOW + 30 * DAY, NOW + 30 * DAY)
    (period,) = make_members.periods(session, made)
    assert period.order_id is not None
    assert make.queued(session, member_jobs.Admit) == [
        member_jobs.Admit(membership_id=id_of(made), occasion="paid", order_id=period.order_id)
    ]
    assert make_members.due_of(session, "expire_member") == [NOW + 30 * DAY]
    assert make_members.due_of(session, "warn_member") == [NOW + 23 * DAY]
    assert session.exec(select(Grant.kind)).one() == "membership"


@pytest.mark.parametrize("rail", ["crypto", "manual"])
def test_a_plan_paid_on_the_web_opens_at_the_claim_for_whoever_opens_it(session: Session, rail: str) -> None:
    order = make.paid_order(session, make_members.plan(session), rail=rail)
    assert session.exec(select(Membership)).all() == []
    buyer = make.user(session)
    token = issue_claim(session, order, now=NOW)
    for _ in range(2):
        redeem(session, token, buyer, NOW + HOUR)
    (held,) = session.exec(select(Membership)).all()
    assert (held.user_id, held.ends_at) == (buyer.id, NOW + HOUR + 30 * DAY)
    with pytest.raises(Refused, match="claim-taken"):
        redeem(session, token, make.user(session), NOW + HOUR)


def test_two_payments_for_one_order_give_its_time_once(session: Session) -> None:
    made = make_members.member(session, rail="stars")
    order = session.get_one(Order, make_members.periods(session, made)[0].order_id)
    settle(session, order, rail="stars", provider_id="again", received=order.amount, now=NOW)
    assert len(make_members.periods(session, made)) == 1
    assert "staff-needs-support" not in make.sent_texts(session)  # there is no staff to tell
    assert order.needs_support_at == NOW


def test_renewing_early_adds_to_the_end_and_moves_the_clock(session: Session) -> None:
    item, person = make_members.plan(session), make.user(session)
    made = make_members.member(session, item, person)
    turn = made.turn
    make_members.member(session, item, person, now=NOW + 10 * DAY)
    assert (made.ends_at, make.queued(session, member_jobs.Admit)[-1].occasion) == (
        NOW + 60 * DAY,
        "renewed",
    )
    strike(session, id_of(made), turn, now=NOW + 30 * DAY)  # the first clock strikes and means nothing
    assert made.state == "active"


def test_a_purchase_that_would_double_something_is_refused_with_what_to_do(session: Session) -> None:
    item, person = make_members.plan(session), make.user(session)
    made = make_members.member(session, item, person)
    for act, code in (
        (member_actions.cancel, "membership-cancelled"),
        (member_actions.pause, "membership-paused"),
    ):
        act(session, person, id_of(made), now=NOW)
        with pytest.raises(Refused, match=code):
            make.order(session, item, person)
        (member_actions.undo_cancel if act is member_actions.cancel else member_actions.resume)(
            session, person, id_of(made), now=NOW
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
    held = make_members.member(session, first, member)
    make.order(session, newcomers, nobody)
    make.order(session, active, member)
    for item, person in ((newcomers, member), (active, nobody), (past, nobody), (past, member)):
        with pytest.raises(Refused, match="plan-audience"):
            make.order(session, item, person)
    strike(session, id_of(held), held.turn, now=NOW + 30 * DAY)
    make.order(session, past, member)


def test_a_code_opens_a_plan_for_as_many_as_it_is_for(session: Session) -> None:
    item = make_members.plan(session, audience="code")
    owner = make.owner_of(session, make_members.shop_of(session, item))
    add_code(session, id_of(item), " Printemps ", uses=1, expires_at=NOW + DAY, actor_user=owner, now=NOW)
    first, second = make.user(session), make.user(session)
    with pytest.raises(Refused, match="plan-code-needed"):
        make.order(session, item, first)
    for _ in range(2):
        give_code(session, first, id_of(item), "PRINTEMPS", now=NOW)
    make.order(session, item, first)
    with pytest.raises(Refused, match="code-wrong"):
        give_code(session, second, id_of(item), "printemps", now=NOW)
    add_code(session, id_of(item), "printemps", uses=None, expires_at=NOW + DAY, actor_user=owner, now=NOW)
    with pytest.raises(Refused, match="code-wrong"):
        give_code(session, second, id_of(item), "printemps", now=NOW + DAY)
    with pytest.raises(NotAllowed):
        add_code(session, id_of(item), "autre", uses=1, expires_at=None, actor_user=second, now=NOW)


def test_a_closed_plan_is_sold_no_more_and_its_members_stay_to_their_end(session: Session) -> None:
    item = make_members.plan(session)
    held = make_members.member(session, item)
    owner = make.owner_of(session, make_members.shop_of(session, item))
    for _ in range(2):
        set_plan_status(session, id_of(item), "closed", actor_user=owner, now=NOW)
    for person in (make.user(session), make_members.person_of(session, held)):
        with pytest.raises(Refused, match="not-published"):
            make.order(session, item, person)
    room = make_members.channel_of(session, held)
    who = make_members.person_of(session, held).telegram_id
    assert right_to(session, id_of(room), who, now=NOW + 29 * DAY) is not None
    with pytest.raises(Refused, match="plan-closed"):
        set_plan_status(session, id_of(item), "open", actor_user=owner, now=NOW)


def test_a_paused_sale_still_lets_members_renew(session: Session) -> None:
    item, person = make_members.plan(session), make.user(session)
    make_members.member(session, item, person)
    owner = make.owner_of(session, make_members.shop_of(session, item))
    set_plan_status(session, id_of(item), "paused", actor_user=owner, now=NOW)
    make.order(session, item, person)
    with pytest.raises(Refused, match="plan-closed"):
        make.order(session, item)


def test_a_refund_ends_access_at_once_and_the_rest_stays_paid(session: Session) -> None:
    item, person = make_members.plan(session), make.user(session)
    held = make_members.member(session, item, person)
    make_members.member(session, item, person, now=NOW + DAY)
    first, second = (period.order_id for period in make_members.periods(session, held))
    assert first is not None
    assert second is not None
    finish_refund(session, session.get_one(Order, first), reason="erreur", now=NOW + 10 * DAY)
    assert (held.state, held.ends_at) == ("active", NOW + 40 * DAY)
    assert make.queued(session, member_jobs.RemoveMember) == []
    finish_refund(session, session.get_one(Order, second), reason="erreur", now=NOW + 10 * DAY)
    assert (held.state, held.clock_at) == ("revoked", None)
    assert make.queued(session, member_jobs.RemoveMember) == [
        member_jobs.RemoveMember(
            channel_id=id_of(make_members.channel_of(session, held)), telegram_id=person.telegram_id
        )
    ]


def test_money_that_comes_after_the_plans_date_goes_to_support(session: Session) -> None:
    item, person = make_members.plan(session, unit="until", count=0, until=NOW + DAY), make.user(session)
    order = make.order(session, item, person)
    make.pay(session, order, now=NOW + 2 * DAY)
    held = session.exec(select(Membership)).one()
    assert (order.status, order.needs_support_at) == ("paid", NOW + 2 * DAY)
    assert (
        right_to(session, id_of(make_members.channel_of(session, held)), person.telegram_id, now=NOW) is None
    )


def test_what_was_bought_stays_as_it_was_bought_when_the_terms_change(session: Session) -> None:
    item = make_members.plan(session, starts="entry")
    held = make_members.member(session, item)
    owner = make.owner_of(session, make_members.shop_of(session, item))
    edit_terms(session, id_of(item), Terms(unit="days", count=7), actor_user=owner, now=NOW)
    room, person = make_members.channel_of(session, held), make_members.person_of(session, held)
    make_members.joins(session, room, person, at=NOW + DAY)
    assert held.ends_at == NOW + 31 * DAY


@pytest.mark.parametrize(
    ("terms", "field"),
    [
        (Terms(unit="weeks"), "unit"),  # type: ignore[arg-type]  # a dialog may hold any word
        (Terms(count=0), "count"),
        (Terms(unit="days", count=4000), "count"),
        (Terms(unit="until"), "until"),
        (Terms(unit="until", until=NOW - DAY), "until"),
        (Terms(unit="until", until=NOW + DAY, starts="entry"), "starts"),
        (Terms(until=NOW + DAY), "until"),
        (Terms(trial_days=91), "trial_days"),
        (Terms(grace_days=-1), "grace_days"),
        (Terms(places=0), "places"),
        (Terms(audience="friends"), "audience"),  # type: ignore[arg-type]
        (Terms(recurring=True), "recurring"),
        (Terms(unit="days", count=30, recurring=True, starts="entry"), "starts"),
    ],
)
def test_terms_that_make_no_sense_are_refused_by_name(terms: Terms, field: str) -> None:
    with pytest.raises(Refused, match="plan-terms") as refused:
        check_terms(terms, {}, NOW)
    assert refused.value.details == {"field": field}


def test_a_subscription_costs_at_most_what_telegram_charges() -> None:
    with pytest.raises(Refused, match="plan-terms"):
        check_terms(Terms("days", 30, recurring=True), {"stars": Money(10_001, "XTR")}, NOW)


def test_a_plan_needs_a_channel_of_its_own_shop(session: Session) -> None:
    shop, foreign = make.seller(session), make_members.channel(session)
    empty = create_plan(
        session,
        shop,
        title="Vide",
        description="",
        prices=make.PRICES,
        terms=Terms(),
        channel_ids=[],
        now=NOW,
        idempotency_key="k",
    )
    owner = make.owner_of(session, shop)
    with pytest.raises(Refused, match="no-channel"):
        publish(session, id_of(empty), actor_user=owner, now=NOW)
    with pytest.raises(NotFound, match="channel-unknown"):
        set_channels(session, id_of(empty), [id_of(foreign)], actor_user=owner)


def test_a_channel_that_members_paid_for_stays_in_the_plan(session: Session) -> None:
    shop = make.seller(session)
    kept, other = make_members.channel(session, shop), make_members.channel(session, shop)
    item = make_members.plan(session, kept)
    owner = make.owner_of(session, shop)
    set_channels(session, id_of(item), [id_of(other)], actor_user=owner)
    make_members.member(session, item)
    set_channels(session, id_of(item), [id_of(kept), id_of(other)], actor_user=owner)
    with pytest.raises(Refused, match="plan-has-members"):
        set_channels(session, id_of(item), [id_of(kept)], actor_user=owner)


def test_a_trial_is_given_once_in_a_shop_and_charges_nothing(session: Session) -> None:
    shop = make.seller(session)
    item = make_members.plan(session, shop=shop, trial_days=7)
    other = make_members.plan(session, shop=shop, trial_days=7)
    person = make.user(session)
    held = member_actions.start_trial(session, person, id_of(item), now=NOW)
    assert (held.state, held.ends_at) == ("trialing", NOW + 7 * DAY)
    for plan_id in (id_of(item), id_of(other)):
        with pytest.raises(Refused, match="trial-used"):
            member_actions.start_trial(session, person, plan_id, now=NOW)
    strike(session, id_of(held), held.turn, now=NOW + 7 * DAY)
    assert (held.state, make.sent_texts(session, person)) == ("expired", ["trial-ended"])
    ended = next(notice for notice in make.queued(session, Notify) if notice.text == "trial-ended")
    assert ended.buttons[0] == ["button-subscribe-now", f"renew:{held.id}"]
    assert session.exec(select(Order)).all() == []
    make_members.member(session, item, person, now=NOW + 8 * DAY)
    assert (held.state, held.ends_at) == ("active", NOW + 38 * DAY)


def test_members_and_plans_without_a_trial_get_none(session: Session) -> None:
    item, person = make_members.plan(session, trial_days=7), make.user(session)
    make_members.member(session, item, person)
    with pytest.raises(Refused, match="already-member"):
        member_actions.start_trial(session, person, id_of(item), now=NOW)
    with pytest.raises(Refused, match="no-trial"):
        member_actions.start_trial(session, person, id_of(make_members.plan(session)), now=NOW)


def test_support_ends_access_with_its_reason_and_the_grant_with_it(session: Session) -> None:
    item, person = make_members.plan(session), make.user(session)
    held = make_members.member(session, item, person)
    ends = [
        member_actions.revoke_person(session, id_of(person), reason="abus", actor="user:1", now=NOW + HOUR)
        for _ in range(2)
    ]
    assert ends == [1, 0]
    assert (held.state, held.reason) == ("revoked", "abus")
    assert session.exec(select(Grant.revoked_reason)).one() == "abus"
    assert make.sent_texts(session, person) == ["member-revoked"]


def test_nobody_acts_on_the_membership_of_somebody_else(session: Session) -> None:
    held, stranger = make_members.member(session), make.user(session)
    acts = (
        member_actions.cancel,
        member_actions.undo_cancel,
        member_actions.pause,
        member_actions.resume,
        member_actions.reissue,
    )
    for act in acts:
        with pytest.raises(NotFound, match="membership-unknown"):
            act(session, stranger, id_of(held), now=NOW)


def test_an_order_is_placed_on_the_rails_that_the_policy_allows(session: Session) -> None:
    """When Stars fail, the web checkout takes the other rails (D18)."""
    item = make_members.plan(session, recurring=True)
    order = place(
        session,
        product_id=id_of(item),
        rail="crypto",
        entry="web",
        buyer=None,
        language="fr",
        policy=make.POLICY,
        order_ttl=3600,
        now=NOW,
        idempotency_key="k" * 43,
    ).order
    make.pay(session, order)
    assert order.status == "paid"
