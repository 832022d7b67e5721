"""Whether what is read of subscriptions and invoices exists in the pinned version (case 12 of its users)."""

import msgspec
import pytest

from core.payments.rails.stripe.subscription_objects import Invoice, InvoicePayment, Subscription
from tests.contract.paths import absent
from tests.contract.source import find


@pytest.mark.parametrize(
    ("struct", "module", "name"),
    [
        (Subscription, "_subscription", "Subscription"),
        (Invoice, "_invoice", "Invoice"),
        (InvoicePayment, "_invoice_payment", "InvoicePayment"),
    ],
)
def test_every_field_that_is_read_exists(struct: type[msgspec.Struct], module: str, name: str) -> None:
    assert absent(struct, find(module, name)) == []
