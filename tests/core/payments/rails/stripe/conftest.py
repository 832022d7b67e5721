"""A shop that takes cards, at a loopback Stripe of which everything is judged by Stripe's own contract."""

from collections.abc import Callable, Iterator
from typing import Any, cast

import pytest
import redis

from core.kit.db import Database
from core.process.settings import Settings
from scripts.sandbox.stripe.sandbox import StripeSandbox
from tests.support.cards import CardShop
from tests.support.lock_order import locked_in_order
from tests.support.stripe_sandbox import judged_stripe
from workers.services import Services
from workers.stripe import Addresses, Stripe

NOBODY = cast(Any, None)  # none of these jobs talks to Telegram, the store or another provider


@pytest.fixture
def stripe() -> Iterator[StripeSandbox]:
    with judged_stripe() as sandbox:
        yield sandbox


@pytest.fixture
def shop(
    database: Database, redis_url: str, settings: Callable[..., Settings], stripe: StripeSandbox
) -> Iterator[CardShop]:
    own = settings(
        public_url="https://shop.example",
        redis_url=redis_url,
        stripe_secret_key=stripe.key,
        stripe_webhook_secrets="whsec_of_the_tests",
    )
    client: redis.Redis = redis.Redis.from_url(redis_url)
    api = Stripe(stripe.key, Addresses(stripe.url, stripe.url, stripe.url))
    with locked_in_order("seller", "stripe_account"):
        yield CardShop(Services(own, database, client, NOBODY, NOBODY, NOBODY, stripe=api), stripe)
    api.close()
    client.close()
