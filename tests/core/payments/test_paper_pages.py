"""What a paper says, in both languages; what people typed is text in it and nothing else."""

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import msgspec
import pytest

from core.payments.paper_pages import page_of, rate_of
from schemas.papers import Paper, PaperFacts, PaperKind

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)
FACTS = PaperFacts(
    shop="Atelier Awa",
    seller="Awa <SARL>",
    address="12 rue des Abbesses\n75018 Paris",
    vat_number="FR40123456789",
    buyer="Léa",
    order_number="CMT-000042",
    title="<img src=x> & more",
    rail="crypto",
    provider_id="6249365965",
    paid_at=NOON,
    language="en",
)


def paper(kind: PaperKind = "invoice", **changes: Any) -> Paper:
    facts = msgspec.to_builtins(msgspec.structs.replace(FACTS, **changes))
    return Paper(
        seller_id=12,
        kind=kind,
        number=34,
        order_id=42,
        currency="EUR",
        amount=4900,
        facts=facts,
        issued_at=NOON,
    )


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", ["Invoice", "INV-12-00034", "20 November 2026", "VAT no. FR40123456789", "€49.00"]),
        ("fr", ["Facture", "INV-12-00034", "20 novembre 2026", "N° de TVA FR40123456789", "49,00\u00a0€"]),
    ],
)
def test_an_invoice_says_who_sold_what_when_and_for_how_much(language: str, words: list[str]) -> None:
    page = page_of(paper(language=language))
    assert [word for word in words if word not in page] == []
    assert "12 rue des Abbesses<br/>75018 Paris" in page


def test_what_people_typed_is_no_markup() -> None:
    page = page_of(paper())
    assert "&lt;img src=x&gt; &amp; more" in page
    assert "<img" not in page
    assert "Awa &lt;SARL&gt;" in page


def test_a_credit_note_names_what_it_takes_back_from_and_why() -> None:
    earlier = datetime(2026, 11, 18, tzinfo=UTC)
    page = page_of(paper("credit_note", corrects="INV-12-00033", corrected_at=earlier, reason="bought twice"))
    for words in (
        "Credit note",
        "CN-12-00034",
        "What is credited",
        "INV-12-00033 of 18 November 2026</div>",
        "This credit note corrects INV-12-00033 of 18 November 2026.",
        "bought twice",
        "−€49.00",
    ):
        assert words in page
    assert "What was bought" not in page
    assert "corrects INV-12-00033." in page_of(paper("credit_note", corrects="INV-12-00033"))


def test_a_receipt_of_nobody_known_says_so() -> None:
    page = page_of(paper("receipt", buyer="", vat_number=""))
    assert "The buyer" in page
    assert "porteur" not in page_of(paper("receipt", buyer="", language="fr"))
    assert "VAT no." not in page


def test_the_vat_stands_above_the_total_where_it_is_known() -> None:
    page = page_of(paper(tax=817))
    net, vat, total = (page.index(f"{amount}</td>") for amount in ("€40.83", "€8.17", "€49.00"))
    assert net < vat < total
    assert "All amounts include taxes" not in page
    assert "−€8.17" in page_of(paper("credit_note", corrects="INV-12-00033", tax=817))
    assert "All amounts include taxes" in page_of(paper())


@pytest.mark.parametrize(
    ("amount", "tax", "rate"),
    [
        (4900, 817, "20"),
        (1055, 55, "5.5"),
        (10_210, 210, "2.1"),
        (4900, 400, None),  # a rate that nobody has
        (99, 17, None),  # so small that 20.5 % would leave the same cents
        (4900, 0, None),
    ],
)
def test_a_rate_of_vat_is_named_where_the_sums_leave_no_other(
    amount: int, tax: int, rate: str | None
) -> None:
    facts = msgspec.structs.replace(FACTS, tax=tax)
    assert rate_of(facts, amount) == (Decimal(rate) if rate else None)
    assert rate_of(msgspec.structs.replace(facts, vat_number="GB123456789"), amount) is None


def test_whoever_calculated_the_vat_is_named_beside_its_base_and_rate() -> None:
    english, french = page_of(paper(tax=817)), page_of(paper(tax=817, language="fr"))
    for words in ("Base without VAT", "VAT 20%", "calculated by Stripe Tax; its rate follows"):
        assert words in english
    assert "TVA 20\u00a0%" in french
    unknown = page_of(paper(tax=400))
    assert "calculated by Stripe Tax." in unknown
    assert "VAT 8" not in unknown
