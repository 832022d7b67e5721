"""Memberships and plans as people see them."""

import pytest
from sqlmodel import Session

from core.kit.errors import NotFound
from core.kit.rows import id_of
from core.memberships import member_actions
from core.memberships.expiry import strike
from core.memberships.queries import card, memberships_of, plan_view, plans_of
from core.memberships.shop_members import members_of_shop
from tests.support import make, make_members
from tests.support.make_members import DAY

NOW = make.NOW


def test_a_card_says_what_is_left_and_what_can_be_done(session: Session) -> None:
    membership = make_members.member(session)
    person, room = make_members.person_of(session, membership), make_members.channel_of(session, membership)
    make_members.joins(session, room, person)
    seen = card(session, id_of(person), id_of(membership), now=NOW + 10 * DAY)
    assert (seen.state, seen.days_left, seen.access_until) == ("active", 20, NOW + 30 * DAY)
    assert [(place.title, place.inside) for place in seen.channels] == [(room.title, True)]
    assert (seen.can_enter, seen.can_renew, seen.can_cancel, seen.can_pause) == (True, True, True, True)
    assert (seen.can_undo, seen.can_resume, seen.subscription) == (False, False, False)
    with pytest.raises(NotFound):
        card(session, id_of(make.user(session)), id_of(membership), now=NOW)


def test_a_card_shows_the_end_that_no_job_has_written_yet(session: Session) -> None:
    membership = make_members.member(session)
    seen = card(session, membership.user_id, id_of(membership), now=NOW + 30 * DAY)
    assert (seen.state, seen.days_left, seen.can_enter, seen.can_renew) == ("expired", 0, False, True)


def test_a_paused_card_keeps_its_days(session: Session) -> None:
    membership = make_members.member(session)
    member_actions.pause(
        session, make_members.person_of(session, membership), id_of(membership), now=NOW + 10 * DAY
    )
    seen = card(session, membership.user_id, id_of(membership), now=NOW + 100 * DAY)
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
    assert [view.on_sale for view in plans_of(session, id_of(shop))] == [False, True]


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
    make_members.put_out(session, zoe)
    assert [line.name for line in members_of_shop(session, shop, page=1, states=("active",)).items] == ["Awa"]
