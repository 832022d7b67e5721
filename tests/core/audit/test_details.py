"""An entry takes numbers, words of lists and codes; what somebody wrote is refused."""

import re
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
from fluent.syntax import FluentSerializer
from sqlmodel import Session, select

from core.audit.details import FIELDS, OTHER, FreeText, checked, error_code, listed
from core.audit.record import record
from core.kit.money import Money
from schemas.audit import AuditEntry
from tests.core.kit.test_texts import entries

NAMES = ["Ana Dupont", "dupont", "ana@example.org", "", "été", "12.50 EUR", "a\nb", "x" * 300, "Ana,Bea"]
SOME_ID = UUID(int=7)


@pytest.mark.parametrize("words", NAMES)
@pytest.mark.parametrize("name", sorted(set(FIELDS) - {"charge", "part"}))
def test_no_field_takes_what_somebody_wrote(name: str, words: str) -> None:
    if words == "" and name in ("ended_by", "ended_for", "by", "offered", "missing", "states"):
        return
    with pytest.raises(FreeText):
        checked({name: words})


@pytest.mark.parametrize("words", ["Ana Dupont", "ana@example.org", "", "x" * 201, "a\nb"])
@pytest.mark.parametrize("name", ["charge", "part"])
def test_a_code_of_a_provider_is_no_sentence(name: str, words: str) -> None:
    with pytest.raises(FreeText):
        checked({name: words})


@pytest.mark.parametrize(
    "details",
    [
        {"note_of_staff": "x"},
        {"order": "12"},
        {"order": True},
        {"order": 1.5},
        {"renews": 1},
        {"amount": Decimal("12.5")},
        {"amount": Money(1, "Ana")},
        {"prices": {"Ana": [Money(1, "EUR")]}},
        {"prices": {"stars": ["Ana"]}},
        {"reason": ["barred"]},
        {"reason": {"barred": 1}},
    ],
)
def test_a_field_takes_its_own_type_alone(details: dict[str, Any]) -> None:
    with pytest.raises(FreeText):
        checked(details)


def test_what_an_entry_may_say_is_kept_as_json() -> None:
    price = {"amount": 1250, "currency": "EUR"}
    given: dict[str, Any] = {
        "order": 12,
        "user": None,
        "renews": False,
        "invite": SOME_ID,
        "amount": Money(1250, "EUR"),
        "prices": {"stars": [Money(500, "XTR")], "crypto": [Money(1250, "EUR")]},
        "offered": "stars,crypto",
        "ended_for": "",
        "reason": "barred",
        "charge": "stxAbc_1-2:3==",
        "digest": "0f" * 32,
    }
    stars = {"amount": 500, "currency": "XTR"}
    written = {"invite": str(SOME_ID), "amount": price, "prices": {"stars": [stars], "crypto": [price]}}
    assert checked(given) == given | written


def test_a_reason_from_elsewhere_is_one_of_the_list_or_other() -> None:
    assert (listed("barred"), listed("Ana was rude")) == ("barred", OTHER)
    assert error_code("[400 USER_CHANNELS_TOO_MUCH] of Ana") == "USER_CHANNELS_TOO_MUCH"
    assert error_code("something else") == OTHER


@pytest.mark.parametrize("text", ["staff-needs-support", "upload-reason"])
def test_every_reason_that_people_read_is_listed(text: str) -> None:
    (entry,) = (entry for entry in entries("en") if entry.id.name == text)
    words = re.findall(r"\[([a-z-]+)\]", FluentSerializer().serialize_entry(entry))
    assert len(words) > 5
    assert [word for word in words if listed(word) != word] == []


def test_the_words_of_staff_stand_beside_the_entry(session: Session) -> None:
    record(session, "user:1", "person.banned", "user:7", "Ana was rude", sessions=2)
    (details,) = session.exec(select(AuditEntry.details))
    assert set(details) == {"sessions", "note"}
