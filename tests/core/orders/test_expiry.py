"""Orders that nobody paid in time."""

from datetime import timedelta

from sqlmodel import Session

from core.orders.expiry import expire
from core.payments.payment_rows import report_payment
from tests.support import make


def test_a_part_that_came_before_the_end_is_not_forgotten(session: Session) -> None:
    admin, person = make.user(session, roles=("admin",)), make.user(session)
    order = make.order(session, make.product(session), person, rail="crypto", entry="web")
    report_payment(
        session, order, rail="crypto", provider_id="1", status="partial", received=5, details={}, now=make.NOW
    )
    late = order.expires_at + timedelta(seconds=1)
    assert [expire(session, now=late) for _ in range(2)] == [1, 0]
    assert order.status == "expired"
    assert make.sent_texts(session, admin) == ["staff-short-payment"]
    assert make.sent_texts(session, person) == ["payment-short"]
