"""Memberships as people see them, and the shop's figures."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlmodel import Session

from core.kit.errors import NotFound
from core.kit.money import Money
from core.kit.rows import id_of
from core.memberships import member_actions
from core.memberships.expiry import strike
from core.memberships.queries import card, members_of_shop, memberships_of, plan_view, plans_of
from core.memberships.seller_figures import churn_by_month, members_by_state, revenue_by_month
from core.payments.refunds import finish_refund
from schemas.sales import Order
from tests.support import make, make_members
from tests.support.make_members import DAY

NOW = make.NOW


def test_a_card_says_what_is_left_and_what_can_be_done(session: Session) -> None:
    held = make_members.member(session)
    person, room = make_members.person_of(session, held), make_members.channel_of(session, held)
    make_members.joins(session, room, person)
    seen = card(session, id_of(person), id_of(held), now=NOW + 10 * DAY)
    assert (seen.state, seen.days_left, seen.access_until) == ("active", 20, NOW + 30 * DAY)
    assert [(place.title, place.inside) for place in seen.channels] == [(room.title, True)]
    assert (seen.can_enter, seen.can_renew, seen.can_cancel, seen.can_pause) == (True, True, True, True)
    assert (seen.can_undo, seen.can_resume, seen.subscription) == (False, False, False)
    with pytest.raises(NotFound):
        card(session, id_of(make.user(session)), id_of(held), now=NOW)


def test_a_card_shows_the_end_that_no_job_has_written_yet(session: Session) -> None:
    held = make_members.member(session)
    seen = card(session, held.user_id, id_of(held), now=NOW + 30 * DAY)
    assert (seen.state, seen.days_left, seen.can_enter, seen.can_renew) == ("expired", 0, False, True)


def test_a_paused_card_keeps_its_days(session: Session) -> None:
    held = make_members.member(session)
    member_actions.pause(session, make_members.person_of(session, held), id_of(held), now=NOW + 10 * DAY)
    seen = card(session, held.user_id, id_of(held), now=NOW + 100 * DAY)
    assert (seen.state, seen.days_left, seen.can_resume, seen.can_cancel) == ("paused", 20, True, False)


def test_memberships_that_run_come_first(session: Session) -> None:
    person = make.user(session)
    old = make_members.member(session, make_members.plan(session, count=5), person)
    new = make_members.member(session, make_members.plan(session), person)
    waiting = make_members.member(session, make_members.plan(session, starts="entry"), person)
    strike(session, id_of(old), old.turn, now=NOW + 5 * DAY)
    cards = memberships_of(session, id_of(person), now=NOW + 6 * DAY)
    assert [item.membership_id for item in cards] == [waiting.id, new.id, old.id]
    assert cards[0].time_left is None


def test_a_plan_shows_its_places_and_whether_it_is_on_sale(session: Session) -> None:
    shop = make.seller(session)
    item = make_members.plan(session, shop=shop, places=3)
    draft = make_members.plan(session, shop=shop, published=False)
    make_members.member(session, item)
    assert plan_view(session, id_of(item)).places_left == 2
    assert [view.product_id for view in plans_of(session, id_of(shop))] == [draft.id, item.id]
    assert [view.product_id for view in plans_of(session, id_of(shop), on_sale=True)] == [item.id]


def test_a_seller_finds_members_by_name_plan_and_state(session: Session) -> None:
    item = make_members.plan(session)
    zoe = make_members.member(session, item, make.user(session, name="Zoé", username="zoe_b"))
    make_members.member(session, item, make.user(session, name="Awa"))
    make_members.member(session)  # of another shop
    shop = item.seller_id
    assert members_of_shop(session, shop, page=1).total == 2
    for words in ("zoé", "@zoe_b"):
        assert [line.membership_id for line in members_of_shop(session, shop, words, page=1).items] == [
            zoe.id
        ]
    member_actions.revoke(session, id_of(zoe), reason="", actor="cli", now=NOW)
    assert [line.name for line in members_of_shop(session, shop, page=1, states=("active",)).items] == ["Awa"]


def test_revenue_counts_what_was_paid_and_not_given_back(session: Session) -> None:
    item = make_members.plan(session)
    make_members.member(session, item)
    make_members.member(session, item, now=NOW + 15 * DAY)
    returned = make_members.member(session, item)
    order_id = make_members.periods(session, returned)[0].order_id
    assert order_id is not None
    finish_refund(session, session.get_one(Order, order_id), reason="", now=NOW)
    make.paid_order(session)  # a file, of another shop
    found = revenue_by_month(session, item.seller_id, since=NOW - 30 * DAY, until=NOW + 60 * DAY)
    assert [(line.month.strftime("%Y-%m"), line.money, line.orders) for line in found] == [
        ("2026-11", Money(500, "XTR"), 1),
        ("2026-12", Money(500, "XTR"), 1),
    ]


def test_churn_compares_the_members_of_a_month_with_those_who_are_left(session: Session) -> None:
    item, loyal = make_members.plan(session), make.user(session)
    for month in range(3):
        make_members.member(session, item, loyal, now=NOW + timedelta(days=30 * month))
    make_members.member(session, item)  # from 20 November to 20 December
    since, until = datetime(2026, 11, 1, tzinfo=UTC), datetime(2027, 1, 1, tzinfo=UTC)
    found = churn_by_month(session, item.seller_id, since=since, until=until)
    assert [(line.month, line.members, line.lost, line.gained, line.rate) for line in found] == [
        (since, 0, 0, 2, None),
        (datetime(2026, 12, 1, tzinfo=UTC), 2, 1, 0, 0.5),
    ]


def test_members_are_counted_by_state(session: Session) -> None:
    item = make_members.plan(session)
    make_members.member(session, item)
    over = make_members.member(session, item)
    member_actions.revoke(session, id_of(over), reason="", actor="cli", now=NOW)
    counted = members_by_state(session, item.seller_id)
    assert (counted["active"], counted["revoked"], counted["pending"]) == (1, 1, 0)
