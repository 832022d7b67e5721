"""Stars subscriptions: what is wanted is asked of Telegram, and its answer followed."""

import pytest
from sqlmodel import Session

from core.kit.errors import Refused
from core.kit.rows import id_of
from core.memberships import member_actions
from core.memberships.expiry import strike
from core.memberships.plans import set_plan_status
from core.memberships.queries import card
from core.memberships.subscriptions import (
    give_up_late,
    renewal_changed,
    stop_renewals_of,
)
from core.payments.refunds import finish_refund
from schemas import member_jobs
from schemas.member_jobs import StopRenewals
from tests.core.memberships.subscriber import MONTH, Subscriber
from tests.support import make, make_members
from tests.support.make_members import DAY

NOW = make.NOW


def test_cancelling_asks_telegram_first_and_follows_its_answer(session: Session) -> None:
    someone = Subscriber(session)
    for _ in range(2):
        member_actions.cancel(session, someone.user, id_of(someone.membership()), now=NOW)
    assert (someone.membership().state, someone.subscription.wanted) == ("active", False)
    assert len(make.queued(session, member_jobs.SetStarRenewal)) == 1
    renewal_changed(session, someone.subscription, False, now=NOW, actor="system")
    assert someone.membership().state == "cancelled"
    member_actions.undo_cancel(session, someone.user, id_of(someone.membership()), now=NOW)
    assert someone.membership().state == "cancelled"  # only the person can switch it on again, in Telegram
    someone.tells("restored", NOW + DAY)
    assert (someone.membership().state, someone.subscription.renews) == ("active", True)


def test_a_cancellation_in_telegram_itself_runs_to_the_end(session: Session) -> None:
    someone = Subscriber(session)
    for _ in range(2):
        someone.tells("canceled", NOW + DAY)
    assert (someone.membership().state, someone.membership().ends_at) == ("cancelled", NOW + MONTH)
    assert make.queued(session, member_jobs.SetStarRenewal) == []
    strike(session, id_of(someone.membership()), someone.membership().turn, now=NOW + MONTH)
    assert someone.membership().state == "expired"


def test_a_failed_charge_gives_three_days_of_grace(session: Session) -> None:
    someone = Subscriber(session)
    someone.tells("failed", NOW + MONTH)
    strike(session, id_of(someone.membership()), someone.membership().turn, now=NOW + MONTH)
    assert (someone.membership().state, someone.membership().clock_at) == ("past_due", NOW + MONTH + 3 * DAY)
    someone.charge("late", NOW + MONTH + DAY)
    assert (someone.membership().state, someone.membership().ends_at) == ("active", NOW + 2 * MONTH + DAY)


def test_who_was_revoked_may_buy_again(session: Session) -> None:
    someone = Subscriber(session)
    finish_refund(session, someone.order, reason="erreur", now=NOW + DAY)
    assert someone.membership().state == "revoked"
    make_members.member(session, someone.item, someone.user, now=NOW + 2 * DAY)
    assert someone.membership().state == "active"


def test_a_subscription_without_a_new_charge_is_given_up(session: Session) -> None:
    someone = Subscriber(session)
    assert give_up_late(session, now=NOW + MONTH) == 0
    assert [give_up_late(session, now=NOW + MONTH + DAY) for _ in range(2)] == [1, 0]
    assert someone.subscription.renews is False


def test_a_closed_plan_is_charged_for_no_further_and_nobody_can_undo_that(session: Session) -> None:
    someone = Subscriber(session)
    shop = make.seller_of(session, someone.item)
    owner = make.owner_of(session, shop)
    set_plan_status(session, id_of(someone.item), "closed", actor_user=owner, now=NOW)
    assert make.queued(session, StopRenewals) == [StopRenewals(seller_id=id_of(shop))]
    assert stop_renewals_of(session, id_of(shop), now=NOW) == 1
    renewal_changed(session, someone.subscription, False, now=NOW)
    assert make.sent_texts(session, someone.user)[-1] == "member-plan-closed"
    number = id_of(someone.membership())
    assert not card(session, id_of(someone.user), number, now=NOW).can_undo
    with pytest.raises(Refused, match="plan-closed"):
        member_actions.undo_cancel(session, someone.user, number, now=NOW)
