"""Tokens, links and members of the whole shop, counted when they are asked for."""

from sqlmodel import Session

from core.memberships.access_figures import access_numbers
from core.payments.order_claims import issue_claim, redeem
from tests.support import make, make_members
from tests.support.make_members import DAY

NOW = make.NOW


def test_an_empty_shop_counts_nothing(session: Session) -> None:
    numbers = access_numbers(session, now=NOW)
    assert (numbers.tokens, numbers.invites, numbers.members, numbers.acceptance_rate) == (0, 0, 0, 0.0)


def test_members_are_those_who_ever_had_access_and_active_those_who_have_it(session: Session) -> None:
    make_members.member(session)
    over = make_members.member(session)
    make_members.put_out(session, over)
    numbers = access_numbers(session, now=NOW)
    assert (numbers.members, numbers.active) == (2, 1)


def test_links_and_joins_are_counted_as_they_are_used(session: Session) -> None:
    membership = make_members.member(session)
    make_members.own_link(session, membership)
    room, person = make_members.channel_of(session, membership), make_members.person_of(session, membership)
    assert access_numbers(session, now=NOW).acceptance_rate == 0.0
    make_members.joins(session, room, person, link="https://t.me/+abc")
    numbers = access_numbers(session, now=NOW + DAY)
    assert (numbers.invites, numbers.accepted, numbers.acceptance_rate, numbers.joins) == (1, 1, 100.0, 1)
    assert access_numbers(session, now=NOW + 8 * DAY).joins == 0


def test_a_token_is_pending_until_it_is_used_or_over(session: Session) -> None:
    used, waiting = (make.paid_order(session, rail="manual") for _ in range(2))
    redeem(session, issue_claim(session, used, life=make.DAY, now=NOW), make.user(session), NOW)
    issue_claim(session, waiting, life=make.DAY, now=NOW)
    session.flush()
    numbers = access_numbers(session, now=NOW)
    assert (numbers.tokens, numbers.used, numbers.pending, numbers.recent_tokens) == (2, 1, 1, 2)
    later = access_numbers(session, now=NOW + 8 * DAY)
    assert (later.pending, later.recent_tokens) == (0, 0)
