"""Cards as a rail: what the doctor says of how they are set up."""

from collections.abc import Callable

import pytest

from core.payments.rails.stripe.rail import Card
from core.process.settings import Settings


@pytest.mark.parametrize(
    ("key", "secrets", "state", "named"),
    [
        ("", "", "ok", "STRIPE_SECRET_KEY"),
        ("sk_test_1", "", "warn", "STRIPE_WEBHOOK_SECRETS"),
        ("", "whsec_one", "warn", "STRIPE_SECRET_KEY"),
        ("sk_test_1", "whsec_one", "ok", "paid to each seller directly"),
    ],
)
def test_the_doctor_names_what_is_missing_for_cards(
    settings: Callable[..., Settings], key: str, secrets: str, state: str, named: str
) -> None:
    health = Card().doctor(settings(stripe_secret_key=key, stripe_webhook_secrets=secrets))
    assert (health.state, named in health.detail) == (state, True)
