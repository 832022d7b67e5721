"""The jobs of sellers' Stripe accounts, with the loopback Stripe."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any, cast

import pytest
import redis

from core.kit.db import Database
from core.kit.rows import id_of
from core.payments.rails.stripe import accounts, onboarding
from core.process.settings import Settings
from schemas.base import utc_now
from schemas.stripe import StripeAccount
from schemas.stripe_jobs import CheckStripeAccount, CheckStripeAccounts, LeaveStripe
from scripts.sandbox.stripe.sandbox import StripeSandbox
from tests.support import make
from tests.support.lock_order import locked_in_order
from tests.support.stripe_sandbox import judged_stripe
from tests.support.worker import Worker
from workers.services import Services, stripe_client


@dataclass
class Shop:
    """A seller whose Stripe account is active, and a worker."""

    stripe: StripeSandbox
    worker: Worker
    row_id: int
    account_id: str

    @property
    def row(self) -> StripeAccount:
        return cast(StripeAccount, self.worker.row(StripeAccount, self.row_id))

    def checked(self) -> str:
        self.worker.do(CheckStripeAccount(row_id=self.row_id))
        return self.row.state


@pytest.fixture
def shop(database: Database, redis_url: str, settings: Callable[..., Settings]) -> Iterator[Shop]:
    nobody = cast(Any, None)
    with judged_stripe() as stripe:
        ours = settings(
            redis_url=redis_url,
            stripe_secret_key=stripe.key,
            stripe_client_id=stripe.book.application,
            stripe_address=stripe.url,
        )
        client, api = redis.Redis.from_url(redis_url), stripe_client(ours)
        services = Services(ours, database, client, nobody, nobody, nobody, stripe=api)
        account_id = stripe.add_seller()
        with database.transaction() as session:
            row = accounts.begin(session, id_of(make.seller(session)), now=utc_now())
            row.account_id = account_id
            session.flush()
            row_id = id_of(row)
        with locked_in_order("seller", "stripe_account"):
            yield Shop(stripe, Worker(services), row_id, account_id)
        api.close()
        client.close()


def test_an_account_is_looked_at_and_followed(shop: Shop) -> None:
    assert shop.checked() == "active"
    shop.stripe.stands(shop.account_id, "restricted")
    assert (shop.checked(), shop.row.missing) == ("incomplete", ["business"])


def test_an_account_that_let_us_go_is_disconnected(shop: Shop) -> None:
    shop.checked()
    shop.stripe.disconnect(shop.account_id)
    assert shop.checked() == "disconnected"


def test_once_a_day_every_connected_account_is_looked_at(shop: Shop) -> None:
    shop.worker.do(CheckStripeAccounts())
    shop.worker.do_all("check_stripe_account")
    assert shop.row.state == "active"


def test_who_disconnects_here_is_let_go_at_stripe_too_and_once_is_enough(shop: Shop) -> None:
    shop.checked()
    with shop.worker.database.transaction() as session:
        onboarding.end_connection(session, shop.row.seller_id, actor="cli", now=utc_now())
    shop.worker.do_all("leave_stripe")
    assert shop.stripe.book.notes[shop.account_id]["connected"] is False
    assert shop.worker.do(LeaveStripe(row_id=shop.row_id)).state == "done"


def test_without_a_client_id_the_seller_ends_it_at_stripe(shop: Shop) -> None:
    worker = Worker(
        replace(shop.worker.services, settings=replace(shop.worker.services.settings, stripe_client_id=""))
    )
    with worker.database.transaction() as session:
        onboarding.end_connection(session, shop.row.seller_id, actor="cli", now=utc_now())
    assert worker.do_all("leave_stripe")[0].state == "done"
    assert shop.stripe.book.notes[shop.account_id]["connected"] is True
