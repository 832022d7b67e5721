"""`comptoir reconcile` with the loopback Stripe."""

from datetime import timedelta

import pytest

from core.kit.db import Database
from core.kit.rows import id_of
from core.payments.rails.stripe.accounts import begin
from schemas.base import utc_now
from schemas.sales import Payment
from tests.scripts.conftest import Comptoir, Failed
from tests.support import make
from tests.support.stripe_sandbox import judged_stripe


def test_a_shop_without_books_has_nothing_to_compare(comptoir: Comptoir) -> None:
    assert comptoir("reconcile", "--json") == []
    assert "Nothing differs." in comptoir("reconcile")


def test_a_difference_is_listed_and_ends_with_1(
    comptoir: Comptoir, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    with judged_stripe() as stripe:
        monkeypatch.setenv("STRIPE_SECRET_KEY", stripe.key)
        monkeypatch.setenv("STRIPE_ADDRESS", stripe.url)
        account = stripe.add_seller()
        with database.transaction() as session:
            order = make.paid_order(session, rail="manual", now=make.NOW)
            row = begin(session, order.seller_id, now=utc_now())
            row.account_id, row.state = account, "active"
        assert comptoir("reconcile", "--json") == [
            {"rail": "card", "sums": [], "differences": [], "unread": []}
        ]
        with database.transaction() as session:
            payment = Payment(
                order_id=id_of(order),
                rail="card",
                provider_id="pi_nobody",
                status="confirmed",
                currency="EUR",
                amount=999,
                received=999,
                details={"account": account},
                confirmed_at=utc_now() - timedelta(hours=2),
            )
            session.add(payment)
        for arguments in ((), ("--json",)):
            with pytest.raises(Failed, match=r"^1: "):
                comptoir("reconcile", *arguments)
