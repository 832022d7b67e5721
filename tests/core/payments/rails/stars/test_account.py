"""What the bot's Stars account shows and no update told."""

from sqlmodel import Session

from core.payments.rails.stars.account import apply_transactions
from core.payments.rails.stars.payments import invoice_payload
from core.ports import StarsTransaction
from schemas import member_jobs
from schemas.people import User
from tests.core.memberships.subscriber import MONTH, Subscriber
from tests.support import make, make_members
from tests.support.make_members import DAY

NOW = make.NOW


def test_a_charge_that_no_update_told_is_found_in_the_account_once(session: Session) -> None:
    someone = Subscriber(session)
    line = StarsTransaction(
        id="second",
        telegram_id=someone.user.telegram_id,
        stars=500,
        at=NOW + MONTH,
        payload=invoice_payload(someone.order),
        subscription_period=2_592_000,
        refunded=False,
    )
    assert [apply_transactions(session, [line], now=NOW + MONTH + DAY) for _ in range(2)] == [1, 0]
    # What was late to be heard of is given from then on: no paid day is lost.
    assert someone.membership().ends_at == NOW + 2 * MONTH + DAY
    assert someone.subscription.until == NOW + 2 * MONTH


def test_a_refund_that_no_update_told_is_found_in_the_account_once(session: Session) -> None:
    someone = Subscriber(session)
    line = StarsTransaction("first", someone.user.telegram_id, -500, NOW + DAY, "", None, refunded=True)
    assert [apply_transactions(session, [line], now=NOW + DAY) for _ in range(2)] == [1, 0]
    assert (someone.order.status, someone.membership().state) == ("refunded", "revoked")
    assert len(make.queued(session, member_jobs.SetStarRenewal)) == 1  # and Telegram charges no further


def test_a_plain_payment_that_no_update_told_is_found_too(session: Session) -> None:
    order = make.order(session, make_members.plan(session))
    buyer = session.get_one(User, order.buyer_id)
    line = StarsTransaction("c", buyer.telegram_id, 500, NOW, invoice_payload(order), None, refunded=False)
    unknown = StarsTransaction("d", 1, 500, NOW, invoice_payload(order), None, refunded=False)
    assert apply_transactions(session, [line, unknown], now=NOW + DAY) == 1
    assert order.status == "paid"
