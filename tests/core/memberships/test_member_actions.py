"""What members do with a membership, and what support and refunds do to it."""

from datetime import timedelta

import pytest
from sqlmodel import Session, select

from core.kit.errors import NotFound, Refused
from core.kit.rows import id_of
from core.memberships import member_actions
from core.memberships.expiry import strike
from core.payments.refunds import finish_refund
from schemas import member_jobs
from schemas.jobs import Notify
from schemas.sales import Order
from tests.support import make, make_members
from tests.support.make_members import DAY

NOW = make.NOW
HOUR = timedelta(hours=1)


def test_a_trial_is_given_once_in_a_shop_and_charges_nothing(session: Session) -> None:
    shop = make.seller(session)
    item = make_members.plan(session, shop=shop, trial_days=7)
    other = make_members.plan(session, shop=shop, trial_days=7)
    person = make.user(session)
    membership = member_actions.start_trial(session, person, id_of(item), now=NOW)
    assert (membership.state, membership.ends_at) == ("trialing", NOW + 7 * DAY)
    for plan_id in (id_of(item), id_of(other)):
        with pytest.raises(Refused, match="trial-used"):
            member_actions.start_trial(session, person, plan_id, now=NOW)
    strike(session, id_of(membership), membership.turn, now=NOW + 7 * DAY)
    assert (membership.state, make.sent_texts(session, person)) == ("expired", ["trial-ended"])
    ended = next(job for job in make.queued(session, Notify) if job.text == "trial-ended")
    assert ended.buttons[0] == ["button-subscribe-now", f"renew:{membership.id}"]
    assert session.exec(select(Order)).all() == []
    make_members.member(session, item, person, now=NOW + 8 * DAY)
    assert (membership.state, membership.ends_at) == ("active", NOW + 38 * DAY)


def test_a_refund_ends_access_at_once_and_the_rest_stays_paid(session: Session) -> None:
    item, person = make_members.plan(session), make.user(session)
    membership = make_members.member(session, item, person)
    make_members.member(session, item, person, now=NOW + DAY)
    first, second = (period.order_id for period in make_members.periods(session, membership))
    assert first is not None
    assert second is not None
    finish_refund(session, session.get_one(Order, first), reason="erreur", now=NOW + 10 * DAY)
    assert (membership.state, membership.ends_at) == ("active", NOW + 40 * DAY)
    assert make.queued(session, member_jobs.RemoveMember) == []
    finish_refund(session, session.get_one(Order, second), reason="erreur", now=NOW + 10 * DAY)
    assert (membership.state, membership.clock_at) == ("revoked", None)
    assert make.queued(session, member_jobs.RemoveMember) == [
        member_jobs.RemoveMember(
            channel_id=id_of(make_members.channel_of(session, membership)), telegram_id=person.telegram_id
        )
    ]


def test_nobody_acts_on_the_membership_of_somebody_else(session: Session) -> None:
    membership, stranger = make_members.member(session), make.user(session)
    acts = (
        member_actions.cancel,
        member_actions.undo_cancel,
        member_actions.pause,
        member_actions.resume,
        member_actions.reissue,
    )
    for act in acts:
        with pytest.raises(NotFound, match="membership-unknown"):
            act(session, stranger, id_of(membership), now=NOW)


def test_links_are_sent_again_while_it_lasts(session: Session) -> None:
    membership = make_members.member(session)
    person = make_members.person_of(session, membership)
    before = len(make.queued(session, member_jobs.Admit))
    member_actions.reissue(session, person, id_of(membership), now=NOW)
    assert len(make.queued(session, member_jobs.Admit)) == before + 1
    with pytest.raises(Refused, match="membership-over"):
        member_actions.reissue(session, person, id_of(membership), now=NOW + 40 * DAY)


def test_the_refund_of_an_order_that_gave_no_time_takes_none(session: Session) -> None:
    membership = make_members.member(session)
    member_actions.take_back_order(session, id_of(make.order(session)), now=NOW)
    assert (membership.state, membership.ends_at) == ("active", NOW + 30 * DAY)
