"""Stars that Telegram charges by itself, each an order of its own."""

from sqlmodel import Session, select

from schemas import jobs
from schemas.sales import Order
from tests.core.memberships.subscriber import MONTH, Subscriber
from tests.support import make, make_members
from tests.support.make_members import DAY

NOW = make.NOW


def test_each_charge_is_an_order_and_thirty_days_once(session: Session) -> None:
    someone = Subscriber(session)
    assert someone.membership().ends_at == NOW + MONTH
    for charge_id, at in (("second", NOW + MONTH), ("third", NOW + 2 * MONTH), ("second", NOW + 2 * MONTH)):
        someone.charge(charge_id, at)
    assert someone.charge("first", NOW).first is False
    assert someone.membership().ends_at == NOW + 3 * MONTH
    orders = session.exec(select(Order)).all()
    assert [(order.status, order.amount) for order in orders] == [("paid", 500)] * 3
    assert (someone.subscription.charge_id, someone.subscription.until) == ("first", NOW + 3 * MONTH)


def test_a_charge_after_access_was_revoked_goes_back(session: Session) -> None:
    someone = Subscriber(session)
    make_members.put_out(session, someone.membership(), now=NOW + DAY)
    someone.charge("second", NOW + MONTH)
    assert someone.membership().state == "revoked"
    newest = max(order.id or 0 for order in session.exec(select(Order)))
    assert make.queued(session, jobs.RefundStars) == [jobs.RefundStars(order_id=newest)]
