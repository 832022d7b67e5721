"""The message with the ways into a plan's channels, and what is wrong with an import's lines."""

from typing import get_args

from sqlmodel import Session

from core.kit.money import Money
from core.kit.rows import id_of
from core.memberships.admission import Admission, prepare
from core.memberships.letters import (
    LINES_SHOWN,
    PlanRefusal,
    admission,
    plan_offer,
    plan_refused,
    refused_lines,
)
from core.memberships.plan_changes import Target
from core.payments.rails.stripe.card_members import Interval
from schemas.card_jobs import ChangePlan
from schemas.membership import Membership
from tests.support import make, make_members

URL = "https://t.me/+abc"


def admitted(session: Session, membership: Membership) -> Admission:
    prepared = prepare(session, id_of(membership), now=make.NOW)
    assert prepared is not None
    return prepared


def test_each_channel_has_its_button_and_the_card_comes_last(session: Session) -> None:
    shop = make.seller(session)
    rooms = [make_members.channel(session, shop, title=title) for title in ("Patrons", "Atelier")]
    membership = make_members.member(session, make_members.plan(session, *rooms))
    links = {id_of(room): f"{URL}{room.id}" for room in rooms}
    message = admission("fr", admitted(session, membership), links, "paid")
    *ways, (card,) = message.buttons
    assert [
        (button.url, title in button.label)
        for (button,), title in zip(ways, ("Patrons", "Atelier"), strict=True)
    ] == [(url, True) for url in links.values()]
    assert card.data == f"member:{membership.id}"


def test_who_is_in_already_is_told_so_without_a_link(session: Session) -> None:
    membership = make_members.member(session)
    room, person = make_members.channel_of(session, membership), make_members.person_of(session, membership)
    outside = admission("en", admitted(session, membership), {id_of(room): URL}, "paid")
    make_members.joins(session, room, person)
    inside = admission("en", admitted(session, membership), {}, "paid")
    assert len(inside.buttons) == 1
    assert inside.html != outside.html


def test_a_time_that_waits_for_the_entry_names_no_end(session: Session) -> None:
    running = make_members.member(session)
    waiting = make_members.member(session, make_members.plan(session, starts="entry"))
    texts = [admission("en", admitted(session, row), {}, "paid").html for row in (running, waiting)]
    assert "2026" in texts[0]
    assert "2026" not in texts[1]


def test_only_the_first_wrong_lines_are_named() -> None:
    errors = [(number, "import-time") for number in range(1, 100)]
    lines = refused_lines("en", errors).splitlines()
    assert len(lines) == LINES_SHOWN
    assert "1" in lines[0]


def test_an_offer_names_both_sums_and_its_button_agrees_to_the_one_that_is_due() -> None:
    target = Target(8, "Salon", Money(2999, "EUR"), Interval("month", 1), make.NOW)
    taken = ChangePlan(membership_id=7, plan_id=8, prorated_at=1_800_000_000, due=1450)
    message = plan_offer("en", "Club", target, due=Money(1450, "EUR"), taken=taken)
    ((yes,), (card,)) = message.buttons
    assert yes.data == "plan_agree:7:8:1800000000:1450"
    assert card.data == "member:7"
    assert all(part in message.html for part in ("Club", "Salon", "14.50", "29.99"))


def test_a_change_that_is_not_made_says_why_and_leads_to_the_card_where_that_helps() -> None:
    reasons: tuple[PlanRefusal, ...] = get_args(PlanRefusal)
    messages = [plan_refused("fr", 7, "Salon", why) for why in reasons]
    assert len({message.html for message in messages}) == len(reasons)
    assert [len(message.buttons) for message in messages] == [2, 1, 1]
