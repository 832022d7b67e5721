"""`comptoir reconcile` with the loopback Stripe."""

from datetime import timedelta
from typing import Any

import pytest

from core.kit.db import Database
from core.kit.rows import id_of
from core.payments.rails.stripe.accounts import begin
from schemas.base import utc_now
from schemas.sales import Payment
from scripts.sandbox.telegram.sandbox import Sandbox
from tests.scripts.conftest import Comptoir, Failed
from tests.support import make
from tests.support.stripe_sandbox import judged_stripe
from tests.support.telegram_clients import TOKEN


def test_a_shop_without_books_has_nothing_to_compare_and_is_told_why(comptoir: Comptoir) -> None:
    found = {each["rail"]: each["without"] for each in comptoir("reconcile", "--json")}
    names = {"stars": "BOT_TOKEN", "crypto": "NOWPAYMENTS_API_KEY", "card": "STRIPE_SECRET_KEY"}
    assert found.keys() == {*names, "manual"}
    assert all(name in found[rail] for rail, name in names.items())
    printed = comptoir("reconcile")
    assert "Nothing differs." in printed
    assert "manual is not compared. A transfer has no provider" in printed


def test_the_bots_account_is_read_by_a_session_of_the_command(
    comptoir: Comptoir, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Sandbox() as telegram:
        telegram.add_bot(TOKEN, "shop_bot")
        reach = {"TELEGRAM_SANDBOX": telegram.address, "ENV": "sandbox"}
        bot = {"BOT_TOKEN": TOKEN, "TELEGRAM_API_ID": "1", "TELEGRAM_API_HASH": "test"}
        for name, value in (reach | bot).items():
            monkeypatch.setenv(name, value)
        assert stars(comptoir("reconcile", "--json"))["differences"] == []
        with database.transaction() as session:
            make.paid_order(session, now=utc_now() - timedelta(hours=2))
        with pytest.raises(Failed, match=r"^1: "):
            comptoir("reconcile", "--json")


def stars(compared: list[dict[str, Any]]) -> dict[str, Any]:
    """What was found of Stars."""
    return next(each for each in compared if each["rail"] == "stars")


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
        card = next(each for each in comptoir("reconcile", "--json") if each["rail"] == "card")
        assert (card["without"], card["differences"], card["unread"]) == ("", [], [])
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
