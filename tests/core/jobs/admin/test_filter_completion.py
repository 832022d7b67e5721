"""Completing a filter while it is typed."""

import pytest

from core.jobs.admin.filter_completion import complete
from core.jobs.admin.filter_language import FIELDS


@pytest.mark.parametrize(
    ("typed", "first"),
    [
        ("st", ["state:"]),
        ("state:d", ["state:done", "state:dead"]),
        ("state:dead,ca", ["state:dead,cancelled"]),
        ("state:dead qu", ["state:dead queue:"]),
        ("ag", ["age>"]),
        ("queue:in", ["queue:interactive"]),
        ("actor:deliv", ["actor:deliver"]),
        ("actor:deliver arg.", ["actor:deliver arg.order_id="]),
        ("worker:", ["worker:shop:1"]),
        ("error:T", ["error:TimeoutError", 'error:"Two words"']),
        ("state:dead", []),
        ("nonsense:x", []),
    ],
)
def test_completion(typed: str, first: list[str]) -> None:
    seen = {"worker": ["shop:1"], "error": ["TimeoutError", "Two words"]}
    assert complete(typed, seen) == first


def test_completion_offers_every_field_at_the_start_of_a_word() -> None:
    assert len(complete("")) == len(FIELDS) + 1
    assert complete("state:dead ")[0] == "state:dead state:"
