from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from sqlalchemy import update
from sqlmodel import Session, select

from core.kit.db import Database
from core.kit.errors import NotAllowed, NotFound, Refused
from core.kit.rows import id_of
from core.orders.grants import owned
from core.payments.checkout import order_page
from core.payments.order_claims import is_held, issue_claim, redeem
from core.payments.refunds import finish_refund
from core.people.people import set_role
from schemas import jobs
from schemas.access import Grant, OrderClaim
from schemas.audit import AuditEntry
from schemas.catalogue import Product
from schemas.membership import Membership, Plan
from schemas.people import Seller, User
from schemas.sales import Order
from tests.support import make, make_members
from tests.support.make_members import DAY

AFTER_A_DAY = make.NOW + timedelta(hours=24)


def web_order(session: Session) -> Order:
    return make.paid_order(session, rail="crypto")


def test_a_claim_binds_grants_and_delivers_a_web_order(session: Session) -> None:
    order, person = web_order(session), make.user(session, language="en")
    token = issue_claim(session, order, life=make.DAY, now=make.NOW)
    assert redeem(session, token, person, make.NOW).order.id == order.id
    assert (order.buyer_id, order.language) == (person.id, "en")
    assert owned(session, id_of(person), order.product_id) is not None
    assert make.queued(session, jobs.Deliver) == [jobs.Deliver(order_id=id_of(order))]


def test_a_claim_fits_a_start_parameter_with_its_letter_and_is_stored_hashed(session: Session) -> None:
    token = issue_claim(session, web_order(session), life=make.DAY, now=make.NOW)
    assert len(f"c{token}") == 44
    assert token.encode() not in session.exec(select(OrderClaim.token_hash)).one()


def test_the_same_person_may_open_the_claim_again_even_after_its_time(session: Session) -> None:
    order, person = web_order(session), make.user(session)
    token = issue_claim(session, order, life=make.DAY, now=make.NOW)
    for moment in (make.NOW, make.NOW, AFTER_A_DAY):
        assert redeem(session, token, person, moment).order.id == order.id
    assert len(make.queued(session, jobs.Deliver)) == 1


def test_a_claim_opened_by_someone_else_is_refused(session: Session) -> None:
    order = web_order(session)
    tokens = [issue_claim(session, order, life=make.DAY, now=make.NOW) for _ in range(2)]
    redeem(session, tokens[0], make.user(session), make.NOW)
    for token in tokens:
        with pytest.raises(Refused, match="claim-taken"):
            redeem(session, token, make.user(session), make.NOW)


@pytest.mark.parametrize("life", [timedelta(hours=24), timedelta(hours=48), timedelta(minutes=5)])
def test_a_claim_lives_as_long_as_it_is_given_and_can_be_issued_again(
    session: Session, life: timedelta
) -> None:
    order, person, end = web_order(session), make.user(session), make.NOW + life
    token = issue_claim(session, order, life=life, now=make.NOW)
    with pytest.raises(Refused, match="claim-expired"):
        redeem(session, token, person, end)
    again = issue_claim(session, order, life=life, now=end)
    last_moment = end + life - timedelta(seconds=1)
    assert redeem(session, again, person, last_moment).order.buyer_id == person.id


@pytest.mark.parametrize("guess", ["", "x" * 43, "\x00", "é"])
def test_a_guessed_claim_is_unknown(session: Session, guess: str) -> None:
    issue_claim(session, web_order(session), life=make.DAY, now=make.NOW)
    with pytest.raises(NotFound, match="claim-unknown"):
        redeem(session, guess, make.user(session), make.NOW)


def test_an_unpaid_or_refunded_order_cannot_be_claimed(session: Session) -> None:
    with pytest.raises(Refused, match="not-paid-yet"):
        issue_claim(session, make.order(session, rail="crypto", entry="web"), life=make.DAY, now=make.NOW)
    order = web_order(session)
    token = issue_claim(session, order, life=make.DAY, now=make.NOW)
    finish_refund(session, order, reason="", now=make.NOW)
    with pytest.raises(Refused, match="order-refunded"):
        redeem(session, token, make.user(session), make.NOW)


def test_a_banned_person_cannot_claim_and_the_claim_stays_good(session: Session) -> None:
    person = make.user(session)
    token = issue_claim(session, web_order(session), life=make.DAY, now=make.NOW)
    set_role(session, person.telegram_id, "banned", actor="cli")
    with pytest.raises(NotAllowed, match="banned"):
        redeem(session, token, person, make.NOW)
    redeem(session, token, make.user(session), make.NOW)


def test_a_claim_that_fails_halfway_is_not_burned(database: Database) -> None:
    with database.transaction() as session:
        token = issue_claim(session, web_order(session), life=make.DAY, now=make.NOW)
        person = make.user(session)
    with Session(database.engine) as session:
        redeem(session, token, session.get_one(User, person.id), make.NOW)
        session.rollback()
    with database.transaction() as session:
        assert session.exec(select(OrderClaim.claimed_at)).one() is None
        assert session.exec(select(Grant)).all() == []
        assert redeem(session, token, session.get_one(User, person.id), make.NOW).order.buyer_id == person.id


def test_of_many_people_who_open_a_claim_at_once_one_gets_the_order(database: Database) -> None:
    with database.transaction() as session:
        token = issue_claim(session, web_order(session), life=make.DAY, now=make.NOW)
        people = [id_of(make.user(session)) for _ in range(6)]
    start = Barrier(len(people))

    def open_claim(user_id: int) -> str:
        start.wait(60)
        try:
            with database.transaction() as session:
                redeem(session, token, session.get_one(User, user_id), make.NOW)
                return "mine"
        except Refused as refusal:
            return refusal.code

    with ThreadPoolExecutor(len(people)) as pool:
        assert Counter(pool.map(open_claim, people)) == {"mine": 1, "claim-taken": 5}
    with database.transaction() as session:
        assert len(session.exec(select(Grant)).all()) == 1
        assert len(make.queued(session, jobs.Deliver)) == 1


def held_by(session: Session, order: Order, person: User, code: str) -> str:
    """Claim a paid order that the person may not have: what staff read of it."""
    token = issue_claim(session, order, life=make.DAY, now=make.NOW)
    claimed = redeem(session, token, person, make.NOW)
    assert claimed.refused is not None
    assert (claimed.refused.code, order.buyer_id, order.status) == (code, person.id, "paid")
    assert order.needs_support_at == make.NOW
    assert session.exec(select(Grant).where(Grant.order_id == order.id)).all() == []
    assert is_held(session, order)
    (entry,) = session.exec(
        select(AuditEntry).where(
            AuditEntry.action == "order.needs-support", AuditEntry.subject == f"order:{order.id}"
        )
    )
    return str(entry.details["reason"])


def test_who_owns_a_file_already_is_not_sold_it_again_by_a_claim(session: Session) -> None:
    grant = make.grant(session)
    item, person = session.get_one(Product, grant.product_id), session.get_one(User, grant.buyer_id)
    order = make.paid_order(session, item, rail="crypto")
    assert held_by(session, order, person, "already-owned") == "paid-twice"
    assert make.queued(session, jobs.Deliver) == [jobs.Deliver(order_id=grant.order_id)]


def test_nobody_claims_a_product_of_their_own(session: Session) -> None:
    item = make.product(session)
    owner = make.owner_of(session, session.get_one(Seller, item.seller_id))
    assert (
        held_by(session, make.paid_order(session, item, rail="manual"), owner, "own-product") == "own-product"
    )


def test_a_place_that_was_taken_meanwhile_is_given_once_there_is_one(session: Session) -> None:
    item = make_members.plan(session, places=1)
    order = make.paid_order(session, item, rail="crypto")
    other = make_members.member(session, item)
    person = make.user(session)
    assert held_by(session, order, person, "plan-full") == "plan-full"
    other.state = "expired"
    session.flush()
    again = redeem(session, issue_claim(session, order, life=make.DAY, now=make.NOW), person, make.NOW)
    assert (again.refused, is_held(session, order)) == (None, False)
    assert owned(session, id_of(person), id_of(item)) is not None


def test_a_members_own_renewal_passes_though_the_plan_takes_nobody_new(session: Session) -> None:
    item, person = make_members.plan(session, places=2), make.user(session)
    member = make_members.member(session, item, person)
    order = make.paid_order(session, item, rail="crypto")
    session.execute(update(Plan).values(places=1, status="paused"))
    claimed = redeem(session, issue_claim(session, order, life=make.DAY, now=make.NOW), person, make.NOW)
    assert claimed.refused is None
    assert member.ends_at == make.NOW + 60 * DAY


def test_the_page_of_a_held_order_promises_no_links(session: Session) -> None:
    item = make.product(session)
    owner = make.owner_of(session, session.get_one(Seller, item.seller_id))
    placed = make.web_order(session, item)
    make.pay(session, placed.order)
    held_by(session, placed.order, owner, "own-product")
    assert placed.page_token is not None
    assert order_page(session, placed.page_token, now=make.NOW).stage == "held"


def claimed_twice(session: Session, item: Product) -> tuple[Order, User]:
    """Two web orders of one product, paid by a guest and claimed by the same person; the second of them."""
    person = make.user(session)
    orders = [make.paid_order(session, item, rail="crypto") for _ in range(2)]
    for order in orders:
        redeem(session, issue_claim(session, order, life=make.DAY, now=make.NOW), person, make.NOW)
    return orders[1], person


def test_a_guest_who_pays_again_for_a_file_they_own_is_held_for_support(
    session: Session,
) -> None:
    staff = make.user(session, roles=("support",))
    second, person = claimed_twice(session, make.product(session))
    assert is_held(session, second)
    (notice,) = [job for job in make.queued(session, jobs.Notify) if job.text == "staff-needs-support"]
    assert (notice.user_id, notice.params["reason"]) == (staff.id, "paid-twice")
    grants = session.exec(select(Grant).where(Grant.buyer_id == person.id)).all()
    assert len(grants) == 1


def test_a_guest_who_pays_again_for_a_membership_renews_it(session: Session) -> None:
    second, person = claimed_twice(session, make_members.plan(session))
    assert not is_held(session, second)
    membership = session.exec(select(Membership).where(Membership.user_id == person.id)).one()
    assert len(make_members.periods(session, membership)) == 2
    assert membership.ends_at == make.NOW + timedelta(days=60)
