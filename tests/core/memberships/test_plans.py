"""What a seller offers: terms, channels, codes, and the end of a sale."""

from dataclasses import replace
from uuid import uuid4

import pytest
from sqlmodel import Session

from core.kit.errors import NotAllowed, NotFound, Refused
from core.kit.money import Money
from core.kit.rows import id_of
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
from schemas.people import Seller
from tests.support import make, make_members
from tests.support.make_members import DAY

NOW = make.NOW


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
    membership = make_members.member(session, item)
    owner = make.owner_of(session, make_members.shop_of(session, item))
    for _ in range(2):
        set_plan_status(session, id_of(item), "closed", actor_user=owner, now=NOW)
    for person in (make.user(session), make_members.person_of(session, membership)):
        with pytest.raises(Refused, match="not-published"):
            make.order(session, item, person)
    room = make_members.channel_of(session, membership)
    who = make_members.person_of(session, membership).telegram_id
    assert right_to(session, id_of(room), who, now=NOW + 29 * DAY) is not None
    with pytest.raises(Refused, match="plan-closed"):
        set_plan_status(session, id_of(item), "open", actor_user=owner, now=NOW)


def test_what_was_bought_stays_as_it_was_bought_when_the_terms_change(session: Session) -> None:
    item = make_members.plan(session, starts="entry")
    membership = make_members.member(session, item)
    owner = make.owner_of(session, make_members.shop_of(session, item))
    edit_terms(session, id_of(item), Terms(unit="days", count=7), actor_user=owner, now=NOW)
    room, person = make_members.channel_of(session, membership), make_members.person_of(session, membership)
    make_members.joins(session, room, person, at=NOW + DAY)
    assert membership.ends_at == NOW + 31 * DAY


def test_a_plan_becomes_one_for_ever_only_before_anybody_ordered_it(session: Session) -> None:
    """What Telegram or a bank charges later, or somebody pays late, buys what the plan gives on that day."""
    item, for_ever = make_members.plan(session), Terms(unit="lifetime", count=0)
    owner = make.owner_of(session, make_members.shop_of(session, item))
    for terms in (for_ever, Terms(), for_ever):
        edit_terms(session, id_of(item), terms, actor_user=owner, now=NOW)
    make.order(session, item)
    edit_terms(session, id_of(item), replace(for_ever, places=5), actor_user=owner, now=NOW)
    with pytest.raises(Refused, match="plan-length-fixed"):
        edit_terms(session, id_of(item), Terms(), actor_user=owner, now=NOW)


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
        (Terms(unit="lifetime", count=0, until=NOW + DAY), "until"),
        (Terms(unit="lifetime", count=0, starts="entry"), "starts"),
        (Terms(unit="lifetime", count=0, trial_days=7), "trial_days"),
        (Terms(unit="lifetime", count=0, grace_days=3), "grace_days"),
        (Terms(unit="lifetime", count=0, recurring=True), "recurring"),
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
        check_terms(Terms("days", 30, recurring=True), {"stars": [Money(10_001, "XTR")]}, NOW)


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
    first, other = make_members.channel(session, shop), make_members.channel(session, shop)
    item = make_members.plan(session, first)
    owner = make.owner_of(session, shop)
    set_channels(session, id_of(item), [id_of(other)], actor_user=owner)
    make_members.member(session, item)
    set_channels(session, id_of(item), [id_of(first), id_of(other)], actor_user=owner)
    with pytest.raises(Refused, match="plan-has-members"):
        set_channels(session, id_of(item), [id_of(first)], actor_user=owner)


def test_a_code_is_one_word_in_every_spelling(session: Session) -> None:
    item = make_members.plan(session, audience="code")
    owner = make.owner_of(session, make_members.shop_of(session, item))
    for typed in ("Soleil d'\u00e9t\u00e9", "soleil\u200bd'e\u0301te\u0301"):
        code = add_code(session, id_of(item), typed, uses=1, expires_at=None, actor_user=owner, now=NOW)
    assert code.code == "SOLEILD'\u00c9T\u00c9"
    give_code(session, make.user(session), id_of(item), "\uff33OLEIL D'\u00c9T\u00c9", now=NOW)
    with pytest.raises(Refused, match="code-wrong"):
        give_code(session, make.user(session), id_of(item), "soleil d'\u00e9t\u00e9", now=NOW)


def test_a_plan_that_is_made_twice_by_one_press_is_one_plan(session: Session) -> None:
    room = make_members.channel(session)
    shop, press = session.get_one(Seller, room.seller_id), str(uuid4())

    def created() -> int:
        made = create_plan(
            session,
            shop,
            title="Couture",
            description="",
            prices=make.PRICES,
            terms=Terms(unit="days", count=30),
            channel_ids=[id_of(room)],
            now=NOW,
            idempotency_key=press,
        )
        return id_of(made)

    assert created() == created()


def test_a_code_for_nobody_is_refused_and_one_without_limit_opens_the_plan_to_all(session: Session) -> None:
    item = make_members.plan(session, audience="code")
    owner = make.owner_of(session, make_members.shop_of(session, item))
    with pytest.raises(Refused, match="plan-terms"):
        add_code(session, id_of(item), "été", uses=0, expires_at=None, actor_user=owner, now=NOW)
    add_code(session, id_of(item), "été", uses=None, expires_at=None, actor_user=owner, now=NOW)
    for _ in range(2):
        buyer = make.user(session)
        give_code(session, buyer, id_of(item), "ÉTÉ", now=NOW)
        make.order(session, item, buyer)


def test_another_seller_changes_nothing_of_a_plan(session: Session) -> None:
    item, other = make_members.plan(session), make.owner_of(session, make.seller(session))
    with pytest.raises(NotAllowed):
        set_plan_status(session, id_of(item), "closed", actor_user=other, now=NOW)
