from datetime import timedelta
from itertools import product as pairs

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import update
from sqlmodel import Session, col, select

from core.catalogue.products import set_price, unpublish
from core.kit.errors import NotAllowed, NotFound, Refused
from core.kit.money import Money
from core.kit.rows import id_of
from core.kit.tokens import TOKEN_LENGTH
from core.orders.orders import (
    MOVES,
    Placed,
    by_number,
    by_page,
    can_move,
    expire,
    move,
    need_support,
    order_number,
    place,
)
from core.people.people import set_role
from schemas import jobs
from schemas.audit import AuditEntry
from schemas.catalogue import Product
from schemas.people import User
from schemas.sales import Order, Payment
from tests.support import make

# How far an order has come; no move may lower it.
PROGRESS = {
    "created": 0,
    "awaiting_payment": 1,
    "submitted": 2,
    "cancelled": 3,
    "expired": 3,
    "failed": 3,
    "paid": 4,
    "delivered": 5,
    "refunded": 6,
}
FORM_KEY = "k" * TOKEN_LENGTH


def order_in(session: Session, status: str) -> Order:
    order = make.order(session)
    session.execute(update(Order).where(col(Order.id) == order.id).values(status=status))
    session.refresh(order)
    return order


def buy(
    session: Session,
    item: Product,
    buyer: User | None,
    *,
    rail: str = "stars",
    entry: str = "bot",
    form_key: str | None = None,
) -> Placed:
    return place(
        session,
        product_id=id_of(item),
        rail=rail,
        entry=entry,
        buyer=buyer,
        language="fr",
        policy=make.POLICY,
        order_ttl=3600,
        now=make.NOW,
        idempotency_key=form_key,
    )


@pytest.mark.parametrize(("source", "target"), list(pairs(MOVES, MOVES)))
def test_an_order_moves_only_as_the_table_says(session: Session, source: str, target: str) -> None:
    order = order_in(session, source)
    moved = move(session, id_of(order), target, now=make.NOW)
    assert moved == (target in MOVES[source])
    assert order.status == (target if moved else source)


@pytest.mark.parametrize("status", MOVES)
def test_every_move_of_the_table_goes_forward(status: str) -> None:
    assert set(MOVES) == set(PROGRESS)
    assert all(PROGRESS[target] > PROGRESS[status] for target in MOVES[status])


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(asked=st.lists(st.sampled_from(sorted(MOVES)), max_size=12))
def test_no_sequence_of_moves_takes_an_order_back(session: Session, asked: list[str]) -> None:
    order = make.order(session)
    expected = order.status
    for target in asked:
        moved = move(session, id_of(order), target, now=make.NOW)
        assert moved == can_move(expected, target)
        expected = target if moved else expected
        assert session.exec(select(Order.status).where(Order.id == order.id)).one() == expected


def test_a_move_sets_its_moment_and_columns_and_is_audited(session: Session) -> None:
    order = make.order(session)
    assert move(session, id_of(order), "paid", now=make.NOW, actor="cli", note="merci")
    assert (order.paid_at, order.note) == (make.NOW, "merci")
    entry = session.exec(select(AuditEntry).where(AuditEntry.action == "order.paid")).one()
    assert (entry.actor, entry.subject) == ("cli", f"order:{order.id}")


def test_an_order_keeps_the_price_of_its_moment(session: Session) -> None:
    item, buyer = make.product(session), make.user(session)
    order = buy(session, item, buyer).order
    set_price(session, id_of(item), rail="stars", price=Money(900, "XTR"))
    assert (order.amount, order.currency, order.status) == (500, "XTR", "awaiting_payment")
    assert buy(session, item, buyer).order.amount == 900


def test_pressing_buy_again_gives_the_same_open_order(session: Session) -> None:
    item, buyer = make.product(session), make.user(session)
    assert buy(session, item, buyer).order.id == buy(session, item, buyer).order.id
    assert buy(session, item, make.user(session)).order.id != buy(session, item, buyer).order.id


def test_pressing_buy_again_gives_the_open_order_its_whole_time_once_more(session: Session) -> None:
    order = make.order(session, ttl=60)
    item, buyer = session.get_one(Product, order.product_id), session.get_one(User, order.buyer_id)
    assert buy(session, item, buyer).order.expires_at == make.NOW + timedelta(hours=1)
    move(session, id_of(order), "expired", now=make.NOW)
    assert buy(session, item, buyer).order.id != order.id


def test_buying_what_one_owns_is_refused_and_says_which_grant_opens_it(session: Session) -> None:
    grant = make.grant(session)
    buyer = session.get_one(User, grant.buyer_id)
    with pytest.raises(Refused) as refusal:
        buy(session, session.get_one(Product, grant.product_id), buyer)
    assert refusal.value.code == "already-owned"
    assert refusal.value.details is not None
    assert refusal.value.details["grant"] == grant.id


def test_a_seller_cannot_buy_from_himself(session: Session) -> None:
    shop = make.seller(session)
    with pytest.raises(Refused, match="own-product"):
        buy(session, make.product(session, shop), make.owner_of(session, shop))


def test_what_is_not_published_cannot_be_ordered(session: Session) -> None:
    shop = make.seller(session)
    item = make.product(session, shop)
    unpublish(session, id_of(item), actor_user=make.owner_of(session, shop), now=make.NOW)
    with pytest.raises(Refused, match="not-published"):
        buy(session, item, make.user(session))


def test_a_banned_person_cannot_order(session: Session) -> None:
    buyer = make.user(session)
    set_role(session, buyer.telegram_id, "banned", actor="cli")
    with pytest.raises(NotAllowed, match="banned"):
        buy(session, make.product(session), buyer)


@pytest.mark.parametrize(("rail", "entry"), [("crypto", "bot"), ("stars", "web"), ("gold", "bot")])
def test_a_rail_that_the_policy_does_not_offer_here_is_refused(
    session: Session, rail: str, entry: str
) -> None:
    with pytest.raises(Refused, match="rail-not-offered"):
        buy(session, make.product(session), make.user(session), rail=rail, entry=entry, form_key=FORM_KEY)


def test_every_offer_is_logged_with_entry_rail_and_what_else_was_offered(session: Session) -> None:
    order = buy(session, make.product(session), make.user(session)).order
    entry = session.exec(select(AuditEntry).where(AuditEntry.action == "rail.offered")).one()
    assert (entry.actor, entry.subject) == (f"user:{order.buyer_id}", f"order:{order.id}")
    assert entry.details == {"entry": "bot", "rail": "stars", "offered": "stars,manual", "price": "500 ⭐"}


def test_a_web_form_sent_twice_makes_one_order_with_one_page(session: Session) -> None:
    item = make.product(session)
    first = buy(session, item, None, rail="crypto", entry="web", form_key=FORM_KEY)
    again = buy(session, item, None, rail="crypto", entry="web", form_key=FORM_KEY)
    assert (first.order.id, first.page_token) == (again.order.id, again.page_token)
    assert first.page_token is not None
    assert by_page(session, first.page_token).id == first.order.id
    assert first.order.status == "created"
    assert make.queued(session, jobs.OpenInvoice) == [jobs.OpenInvoice(order_id=id_of(first.order))]


def test_a_form_key_serves_one_order_and_must_be_strong(session: Session) -> None:
    buy(session, make.product(session), None, rail="crypto", entry="web", form_key=FORM_KEY)
    with pytest.raises(Refused, match="request-key-reused"):
        buy(session, make.product(session), None, rail="crypto", entry="web", form_key=FORM_KEY)
    for weak in (None, "short"):
        with pytest.raises(Refused, match="request-key-weak"):
            buy(session, make.product(session), None, rail="crypto", entry="web", form_key=weak)


def test_an_order_is_found_by_every_way_of_saying_its_number(session: Session) -> None:
    order = make.order(session)
    for said in (
        order_number(order),
        order_number(order).lower(),
        str(order.id),
        id_of(order),
        f" {order.id} ",
    ):
        assert by_number(session, said).id == order.id


@pytest.mark.parametrize("said", ["", "CMT-", "0", "-1", "٤٢", "9" * 40, "1; drop table", "CMT-CMT-1"])
def test_a_number_that_names_no_order_is_not_found(session: Session, said: str) -> None:
    with pytest.raises(NotFound, match="order-unknown"):
        by_number(session, said)


def test_a_guessed_page_token_opens_nothing(session: Session) -> None:
    make.order(session, entry="web", rail="crypto")
    with pytest.raises(NotFound, match="order-unknown"):
        by_page(session, "x" * TOKEN_LENGTH)


def test_unpaid_orders_expire_when_their_time_is_over_and_submitted_ones_do_not(session: Session) -> None:
    order = make.order(session, ttl=60)
    submitted = order_in(session, "submitted")
    assert expire(session, now=make.NOW + timedelta(seconds=59)) == 0
    assert expire(session, now=make.NOW + timedelta(days=2)) == 1
    assert (order.status, submitted.status) == ("expired", "submitted")


def test_an_order_that_expires_half_paid_goes_to_support(session: Session) -> None:
    order = make.order(session, ttl=60, rail="crypto", entry="web")
    half = Payment(order_id=id_of(order), rail="crypto", provider_id="p", currency="EUR", amount=999)
    half.status = "partial"
    session.add(half)
    expire(session, now=make.NOW + timedelta(seconds=60))
    assert order.needs_support_at is not None


def test_support_is_told_once_for_each_reason(session: Session) -> None:
    admin = make.user(session, roles=("admin",))
    order = make.order(session)
    for reason in ("amount-differs", "amount-differs", "overpaid"):
        need_support(session, id_of(order), reason=reason, now=make.NOW)
    assert make.told(session, admin) == ["staff-needs-support"] * 2
    assert order.needs_support_at == make.NOW
