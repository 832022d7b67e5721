"""Whether what is read of Stripe's objects exists in the pinned version (cases 12 and 1 of its users)."""

import msgspec
import pytest

from core.payments.rails.stripe.objects import (
    Charge,
    Dispute,
    DisputeMoney,
    Event,
    FraudWarning,
    Intent,
    NewSession,
    Refund,
    Session,
)
from tests.contract.paths import absent, exists
from tests.contract.source import find


@pytest.mark.parametrize(
    ("struct", "module", "name"),
    [
        (Session, "checkout._session", "Session"),
        (NewSession, "checkout._session", "Session"),
        (Intent, "_payment_intent", "PaymentIntent"),
        (Charge, "_charge", "Charge"),
        (Refund, "_refund", "Refund"),
        (Dispute, "_dispute", "Dispute"),
        (DisputeMoney, "_balance_transaction", "BalanceTransaction"),
        (FraudWarning, "radar._early_fraud_warning", "EarlyFraudWarning"),
    ],
)
def test_every_field_that_is_read_exists(struct: type[msgspec.Struct], module: str, name: str) -> None:
    assert absent(struct, find(module, name)) == []


def test_an_event_is_read_by_names_that_exist() -> None:
    place = find("_event", "Event")
    assert all(exists(place, name) for name in Event.__struct_fields__)
    assert exists(place, "data.object")
