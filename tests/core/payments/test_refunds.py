import pytest
from sqlmodel import Session, select

from core.jobs.single_statement import run
from core.kit.errors import NotFound, Refused
from core.kit.rows import id_of
from core.orders.download_links import open_link
from core.payments.balances import owed
from core.payments.rails.stars.charges import StarsCharge, stars_charge
from core.payments.refunds import finish_refund, request_refund
from core.payments.settle import settle
from schemas import jobs
from schemas.access import Grant
from schemas.people import User
from schemas.sales import Order, Payment
from tests.support import make


def refund(session: Session, order: Order) -> Order:
    return request_refund(session, id_of(order), actor="user:1", reason="erreur", now=make.NOW)


def test_stars_go_back_by_a_job_and_the_order_waits_for_it(session: Session) -> None:
    order = make.paid_order(session)
    for _ in range(2):
        refund(session, order)
    assert (order.status, order.note) == ("paid", "erreur")
    assert make.queued(session, jobs.RefundStars) == [jobs.RefundStars(order_id=id_of(order))]


@pytest.mark.parametrize("rail", ["crypto", "manual"])
def test_money_that_staff_sent_back_themselves_is_refunded_at_once(session: Session, rail: str) -> None:
    order = make.paid_order(session, rail=rail)
    for _ in range(2):
        assert refund(session, order).status == "refunded"
    assert session.exec(select(Payment.status)).one() == "refunded"


def test_a_refund_ends_grant_and_links_balances_to_zero_and_tells_both_sides_once(session: Session) -> None:
    grant = make.grant(session)
    _, token = make.link(session, grant)
    order = session.get_one(Order, grant.order_id)
    done = [finish_refund(session, order, reason="erreur", now=make.NOW) for _ in range(2)]
    assert done == [True, False]
    assert grant.revoked_at == make.NOW
    with pytest.raises(Refused, match="link-revoked"):
        run(session, open_link(token, now=make.NOW))
    assert [line.owed for line in owed(session)] == [0]
    assert make.sent_texts(session, session.get_one(User, grant.buyer_id)) == ["order-refunded"]
    assert make.sent_texts(session).count("sale-refunded") == 1


def test_a_refund_leaves_a_second_payment_to_support(session: Session) -> None:
    order = make.paid_order(session, rail="crypto")
    settle(session, order, rail="crypto", provider_id="again", received=order.amount, now=make.NOW)
    refund(session, order)
    statuses = session.exec(select(Payment.provider_id, Payment.status)).all()
    assert dict(statuses) == {f"charge-{order.id}": "refunded", "again": "confirmed"}


def test_an_unpaid_order_cannot_be_refunded(session: Session) -> None:
    with pytest.raises(Refused, match="not-refundable"):
        refund(session, make.order(session))
    with pytest.raises(NotFound, match="order-unknown"):
        request_refund(session, 0, actor="user:1", reason="", now=make.NOW)


def test_a_web_order_nobody_claimed_can_be_refunded(session: Session) -> None:
    order = make.paid_order(session, rail="crypto")
    refund(session, order)
    assert session.exec(select(Grant)).all() == []
    assert "order-refunded" not in make.sent_texts(session)


def test_the_charge_to_give_back_is_known_before_and_after_the_refund(session: Session) -> None:
    order = make.paid_order(session)
    charge = StarsCharge(session.get_one(User, order.buyer_id).telegram_id, f"charge-{order.id}")
    assert stars_charge(session, id_of(order)) == charge
    finish_refund(session, order, reason="", now=make.NOW)
    assert stars_charge(session, id_of(order)) == charge
    with pytest.raises(NotFound):
        stars_charge(session, id_of(make.order(session)))
