"""Stars at the port: paid inside Telegram, given back whole."""

from datetime import timedelta
from typing import Any

import pytest
from sqlmodel import Session

from core.kit.errors import Refused
from core.kit.rows import id_of
from core.payments.rails.port import Waiting
from core.payments.rails.stars.rail import Stars
from core.payments.refunds import request_refund
from schemas import jobs
from schemas.sales import Order
from tests.support import make


def refund(session: Session, order: Order, amount: int | None = None) -> Order:
    return request_refund(session, id_of(order), actor="cli", reason="erreur", amount=amount, now=make.NOW)


def test_stars_are_offered_in_the_bot_and_not_to_a_browser(settings: Any) -> None:
    assert [Stars().offer(entry, settings()) for entry in ("bot", "web")] == ["here", None]


def test_an_order_for_stars_asks_for_no_job_and_awaits_its_money_at_once(session: Session) -> None:
    order = make.order(session)
    assert order.status == "awaiting_payment"
    assert make.queued(session, jobs.OpenInvoice) == []
    assert Stars().waiting([]) == Waiting("preparing")


def test_stars_go_back_whole_or_not_at_all(session: Session) -> None:
    order = make.paid_order(session)
    with pytest.raises(Refused, match="refund-whole-only"):
        refund(session, order, 100)
    assert make.queued(session, jobs.RefundStars) == []
    refund(session, order, order.amount)
    assert make.queued(session, jobs.RefundStars) == [jobs.RefundStars(order_id=id_of(order))]


def test_the_account_is_read_three_days_back(database: Any) -> None:
    class Account:
        def star_transactions(self, since: Any) -> Any:
            self.since = since
            return iter(())

    class Gateways:
        channels: Any = Account()
        provider: Any = None
        stripe: Any = None
        settings: Any = None

    assert Stars().reconcile(database, Gateways(), now=make.NOW) == 0
    assert Gateways.channels.since == make.NOW - timedelta(days=3)


@pytest.mark.parametrize(("token", "state"), [("4242:token", "ok"), ("", "fail")])
def test_stars_need_the_bot(settings: Any, token: str, state: str) -> None:
    assert Stars().doctor(settings(bot_token=token)).state == state
