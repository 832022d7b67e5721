"""What a worker's process holds."""

from collections.abc import Callable
from contextlib import closing
from typing import cast

import msgspec
import pytest
from sqlalchemy import QueuePool

from core.kit.errors import Permanent
from core.payments.rails.stripe.protocol import StripeRefused
from core.process.settings import Settings
from tests.support.stripe_sandbox import judged_stripe
from workers.services import bootstrap, open_stripe
from workers.stripe import Stripe


@pytest.mark.parametrize(("kept", "expected"), [(40, 40), (1, 7)])
def test_a_worker_keeps_as_many_connections_as_is_set_and_one_for_each_thread_at_least(
    store_settings: Callable[..., Settings], kept: int, expected: int
) -> None:
    settings = store_settings(database_pool=kept, database_overflow=2)
    services = bootstrap(settings, ("bulk",), threads=4)
    try:
        pool = cast(QueuePool, services.database.engine.pool)
        assert (pool.size(), pool._max_overflow) == (expected, 2)
    finally:
        services.close()


def test_without_a_key_of_stripe_each_call_says_what_to_set(store_settings: Callable[..., Settings]) -> None:
    with pytest.raises(Permanent, match="STRIPE_SECRET_KEY is not set"):
        open_stripe(store_settings()).get(Nothing, "/v1/balance")


def test_with_a_key_a_stand_in_is_asked_at_its_address(store_settings: Callable[..., Settings]) -> None:
    with judged_stripe() as sandbox:
        client = open_stripe(store_settings(stripe_secret_key=sandbox.key, stripe_address=sandbox.url))
        assert isinstance(client, Stripe)
        with closing(client):
            assert client.get(Nothing, "/v1/balance") == Nothing()
            with pytest.raises(StripeRefused):  # it was not Stripe's own address of OAuth that answered
                client.exchange(Nothing, "/oauth/token", {"grant_type": "authorization_code", "code": "ac_1"})


class Nothing(msgspec.Struct):
    """No field of an answer."""
