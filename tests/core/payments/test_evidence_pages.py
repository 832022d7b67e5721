"""The proof of delivery as a document, and as Stripe's fields."""

from dataclasses import replace

from core.kit.money import Money
from core.payments.evidence import Event, EvidenceFacts
from core.payments.evidence_pages import LONGEST, evidence_page, evidence_texts
from tests.support.make import DAY, NOW

FACTS = EvidenceFacts(
    number="CMT-000001",
    shop="Atelier Awa",
    title="Cours de couture",
    description="Douze leçons.",
    price=Money(999, "EUR"),
    payment="pi_1",
    ordered_at=NOW,
    paid_at=NOW,
    waived_at=None,
    buyer="Bea <b>",
    telegram="@bea, 700001",
    events=[Event(NOW, "The payment was confirmed."), Event(NOW + DAY, "“cours.pdf” was downloaded.")],
)


def test_the_page_is_readable_and_takes_no_markup_of_others() -> None:
    page = evidence_page(FACTS)
    for words in (
        "Proof of delivery",
        "CMT-000001",
        "2026-11-20 12:00:00",
        "was downloaded",
        "@bea",
        "€9.99",
    ):
        assert words in page
    assert "Bea &lt;b&gt;" in page
    assert '<td class="side"><div class="kind">' in page, "beside the shop's name, not below it"


def test_stripes_fields_hold_the_same_and_no_empty_ones() -> None:
    texts = evidence_texts(FACTS)
    assert (texts["customer_name"], texts["service_date"]) == ("Bea <b>", "2026-11-20")
    assert texts["access_activity_log"].splitlines()[1].endswith("was downloaded.")
    assert "refund_refusal_explanation" not in texts
    assert all(texts.values())
    waived = evidence_texts(replace(FACTS, waived_at=NOW))
    assert "right of withdrawal" in waived["refund_refusal_explanation"]


def test_no_text_is_longer_than_stripe_takes() -> None:
    many = [Event(NOW, "x" * 500)] * 1000
    texts = evidence_texts(replace(FACTS, events=many, description="y" * 50_000))
    assert all(len(words) <= LONGEST for words in texts.values())
    assert sum(map(len, texts.values())) < 150_000
