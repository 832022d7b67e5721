import msgspec
import pytest

from tests.contract.paths import absent, exists, paths
from tests.contract.source import find

CLASSES = {
    "charge": find("_charge", "Charge"),
    "dispute": find("_dispute", "Dispute"),
    "event": find("_event", "Event"),
    "invoice": find("_invoice", "Invoice"),
    "session": find("checkout._session", "Session"),
    "subscription": find("_subscription", "Subscription"),
}


class Item(msgspec.Struct):
    current_period_end: int


class Items(msgspec.Struct):
    data: list[Item]


class Subscription(msgspec.Struct):
    id: str
    items: Items
    metadata: dict[str, str]
    default_source: str | None = None
    renewed: int | None = msgspec.field(name="current_period_end", default=None)


def test_the_paths_of_a_struct_go_down_through_lists_under_the_names_that_are_sent() -> None:
    assert list(paths(Subscription)) == [
        "id",
        "items.data.current_period_end",
        "metadata",
        "default_source",
        "current_period_end",
    ]


def test_what_a_struct_reads_and_stripe_does_not_send_is_named() -> None:
    assert absent(Subscription, CLASSES["subscription"]) == ["current_period_end"]


@pytest.mark.parametrize(
    ("kind", "path", "there"),
    [
        ("subscription", "items.data.current_period_end", True),
        ("subscription", "current_period_end", False),
        ("subscription", "metadata.order", True),
        ("subscription", "items.data.nothing", False),
        ("invoice", "parent.subscription_details.subscription", True),
        ("invoice", "subscription", False),
        ("invoice", "payment_intent", False),
        ("invoice", "paid", False),
        ("invoice", "payments.data.payment.payment_intent", True),
        ("invoice", "lines.data.price", False),
        ("invoice", "lines.data.pricing.price_details.price", True),
        ("invoice", "lines.has_more", True),
        ("charge", "invoice", False),
        ("charge", "balance_transaction.fee_details.amount", True),
        ("charge", "amount.cents", False),
        ("dispute", "evidence_details.due_by", True),
        ("session", "total_details.amount_tax", True),
        ("session", "shipping_details", False),
        ("event", "account", True),
        ("event", "data.previous_attributes", True),
    ],
)
def test_a_path_exists_or_not_in_the_pinned_version(kind: str, path: str, there: bool) -> None:
    assert exists(CLASSES[kind], path) is there
