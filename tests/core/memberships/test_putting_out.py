"""Putting a member out: what ends, who may do it, what is told and written down, and the way back."""

from datetime import timedelta

import pytest
from sqlmodel import Session, col, select

from core.kit.errors import NotAllowed, NotFound, Refused
from core.kit.rows import id_of
from core.memberships import putting_out
from core.memberships.admission import ask_in
from core.memberships.eligibility import check_sale
from core.memberships.imports import add_next, begin_import, reading_of
from core.memberships.member_actions import start_trial
from core.memberships.transitions import Ending
from schemas import member_jobs
from schemas.access import Grant
from schemas.audit import AuditEntry
from schemas.member_imports import MemberImport
from schemas.membership import Invite, Membership
from schemas.people import Seller, User
from schemas.sales import Order
from tests.support import make, make_members
from tests.support.make_members import DAY, asks

NOW = make.NOW
LATER = NOW + timedelta(hours=1)


def seller_of(session: Session, membership: Membership) -> User:
    """Who sells the plan of a membership."""
    return make.owner_of(
        session, session.get_one(Seller, make_members.channel_of(session, membership).seller_id)
    )


def put_out(session: Session, membership: Membership, actor: User, words: str = "") -> int:
    return putting_out.put_out(
        session, id_of(membership), reason="abuse", words=words, actor=actor, now=LATER
    )


def test_the_seller_ends_all_access_to_the_shop_and_the_person_reads_why(session: Session) -> None:
    shop = make.seller(session)
    person = make.user(session)
    first, second = (
        make_members.member(session, make_members.plan(session, shop=shop), person) for _ in range(2)
    )
    owner = make.owner_of(session, shop)
    ends = [put_out(session, first, owner, "Insultes <b>répétées</b>") for _ in range(2)]
    assert ends == [2, 0]
    assert {(row.state, row.ended_by, row.ended_for) for row in (first, second)} == {
        ("revoked", "seller", "abuse")
    }
    assert first.reason == "Insultes <b>répétées</b>"
    assert make.sent_texts(session, person) == ["member-revoked"] * 2
    assert len(make.queued(session, member_jobs.RemoveMember)) == 2
    assert all(grant.revoked_at for grant in session.exec(select(Grant)))


def test_the_money_is_laid_before_staff_and_not_given_back_by_itself(session: Session) -> None:
    staff = make.user(session, roles=("support",))
    membership = make_members.member(session)
    put_out(session, membership, seller_of(session, membership))
    order = session.exec(select(Order)).one()
    assert (order.status, order.needs_support_at) == ("paid", LATER)
    assert make.sent_texts(session, staff) == ["staff-needs-support"]


def test_time_that_was_used_up_concerns_no_staff(session: Session) -> None:
    item, person = make_members.plan(session), make.user(session)
    membership = make_members.member(session, item, person)
    make_members.member(session, item, person, now=NOW + DAY)
    ending = Ending("seller", "other")
    putting_out.end_access(session, id_of(membership), ending=ending, actor="cli", now=NOW + 35 * DAY)
    used, cut = session.exec(select(Order).order_by(col(Order.id))).all()
    assert (used.needs_support_at, cut.needs_support_at) == (None, NOW + 35 * DAY)


def test_neither_an_old_link_nor_money_nor_a_trial_nor_an_import_leads_back(session: Session) -> None:
    shop = make.seller(session)
    item = make_members.plan(session, shop=shop)
    other = make_members.plan(session, shop=shop, trial_days=7)
    membership = make_members.member(session, item)
    person, room = make_members.person_of(session, membership), make_members.channel_of(session, membership)
    link = make_members.own_link(session, membership)
    waiting = make.order(session, item, person)
    owner = make.owner_of(session, shop)
    put_out(session, membership, owner)
    assert session.get_one(Invite, link.id).revoked_at == LATER
    assert ask_in(session, asks(room, person, "https://t.me/+abc"), now=LATER).reason == "barred"
    for plan in (item, other):
        with pytest.raises(Refused, match="barred"):
            check_sale(session, id_of(person), id_of(plan), now=LATER)
    with pytest.raises(Refused, match="barred"):
        start_trial(session, person, id_of(other), now=LATER)
    make.pay(session, waiting, now=LATER)
    assert (membership.state, waiting.needs_support_at) == ("revoked", LATER)
    lines = f"telegram_id,days\n{person.telegram_id},30"
    begin_import(session, id_of(item), lines, actor_user=owner, now=LATER, idempotency_key="again")
    sent = session.exec(select(MemberImport)).one()
    add_next(session, id_of(sent), reading_of(session, id_of(sent)).lines)
    assert (membership.state, sent.added, sent.skipped) == ("revoked", 0, 1)


def test_who_comes_in_all_the_same_goes_again_even_where_strangers_are_only_listed(session: Session) -> None:
    membership = make_members.member(session)
    room, person = make_members.channel_of(session, membership), make_members.person_of(session, membership)
    put_out(session, membership, seller_of(session, membership))
    make_members.joins(session, room, person, at=NOW + DAY, until=NOW + 30 * DAY)
    assert [job.telegram_id for job in make.queued(session, member_jobs.RemoveStranger)] == [
        person.telegram_id
    ]


def test_only_the_seller_of_the_shop_and_staff_may(session: Session) -> None:
    membership = make_members.member(session)
    another = make.owner_of(session, make.seller(session))
    for stranger in (another, make_members.person_of(session, membership), make.user(session)):
        for act in (
            lambda who: put_out(session, membership, who),
            lambda who: putting_out.let_in(session, id_of(membership), actor=who, now=LATER),
            lambda who: putting_out.line_of(session, id_of(membership), actor=who),
        ):
            with pytest.raises(NotFound, match="membership-unknown"):
                act(stranger)
    assert membership.state == "active"
    assert put_out(session, membership, make.user(session, roles=("support",))) == 1
    assert (membership.ended_by, membership.ended_for) == ("staff", "abuse")


def test_let_in_again_a_person_may_buy_and_is_told(session: Session) -> None:
    membership = make_members.member(session)
    person, owner = make_members.person_of(session, membership), seller_of(session, membership)
    put_out(session, membership, owner)
    done = [putting_out.let_in(session, id_of(membership), actor=owner, now=LATER + DAY) for _ in range(2)]
    assert done == [True, False]
    assert make.sent_texts(session, person) == ["member-revoked", "member-let-in"]
    check_sale(session, id_of(person), membership.plan_id, now=LATER + DAY)


def test_a_seller_does_not_undo_what_staff_decided(session: Session) -> None:
    membership = make_members.member(session)
    make_members.put_out(session, membership)
    with pytest.raises(NotAllowed, match="barred-by-staff"):
        putting_out.let_in(session, id_of(membership), actor=seller_of(session, membership), now=LATER)


def test_the_log_holds_the_act_and_no_words_about_the_person(session: Session) -> None:
    membership = make_members.member(session)
    owner = seller_of(session, membership)
    put_out(session, membership, owner, "Jean Dupont a insulté Ida")
    putting_out.let_in(session, id_of(membership), actor=owner, now=LATER)
    entries = session.exec(select(AuditEntry).where(AuditEntry.actor == f"user:{owner.id}")).all()
    acts = {entry.action: entry.details for entry in entries}
    assert acts["member.put_out"]["reason"] == "abuse"
    assert acts["membership.revoked"]["act"] == "put_out"
    assert "member.let_in" in acts
    assert "Dupont" not in str(session.exec(select(AuditEntry.details)).all())


@pytest.mark.parametrize(
    ("given", "expected"),
    [(" Abuse", ("abuse", "")), ("violation_terms", ("violation_terms", "")), ("Spam", ("other", "Spam"))],
)
def test_machines_name_a_reason_or_give_their_own_words(given: str, expected: tuple[str, str]) -> None:
    assert putting_out.reason_of(given) == expected
