"""The filter language: what it means, and where it points when it makes no sense."""

from datetime import timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.jobs.admin.filter_completion import complete
from core.jobs.admin.filter_language import FIELDS, BadFilter, Term, parse

ID = "1b4e28ba-2fa1-11d2-883f-0016d3cca427"
PARTS = [*FIELDS, "arg.x", ":", ">", '"', ",", " ", "1h"]


def test_an_empty_filter_matches_everything() -> None:
    assert parse("  ").terms == ()


def test_terms_stand_side_by_side() -> None:
    asked = parse("state:dead actor:deliver arg.order_id=42 error:Timeout age>1h")
    assert asked.terms == (
        Term("state", ":", ("dead",)),
        Term("actor", ":", ("deliver",)),
        Term("arg.order_id", "=", ("42",)),
        Term("error", ":", ("Timeout",)),
        Term("age", ">", (timedelta(hours=1),)),
    )


@pytest.mark.parametrize(
    ("typed", "values"),
    [
        ("state:dead,cancelled", ("dead", "cancelled")),
        ('error:"timed out"', ("timed out",)),
        (r'error:"say \"no\""', ('say "no"',)),
        ('error:"a,b",c', ("a,b", "c")),
        ("attempt>3", (3,)),
        ("ended<1.5d", (timedelta(days=1.5),)),
        ("due<-5s", (timedelta(seconds=-5),)),
        (f"id:{ID}", (UUID(ID),)),
        ("worker:shop:4242", ("shop:4242",)),
        ("key=cron:x:2026-11-20T12:00Z", ("cron:x:2026-11-20T12:00Z",)),
    ],
)
def test_values(typed: str, values: tuple[object, ...]) -> None:
    assert parse(typed).terms[0].values == values


@pytest.mark.parametrize(
    ("typed", "marked", "said"),
    [
        ("state:dead actr:deliver", "actr", "no field 'actr'"),
        ("timeout", "timeout", "no field"),
        ("state:dead :x", ":", "name is missing"),
        ("state", "state", "stands alone"),
        ("state:deaf", "deaf", "no state 'deaf'"),
        ("queue:x", "x", "no queue"),
        ("state>dead", ">", "cannot be compared with >"),
        ("age:1h", ":", "cannot be compared with :"),
        ("age>1y", "1y", "no span"),
        ("age>99999999w", "99999999w", "no span"),
        ("attempt>x", "x", "no number"),
        ("attempt>99999999999", "99999999999", "no number"),
        ("attempt>1,2", ",2", "does not belong"),
        ("id:42", "42", "no job's id"),
        ('error:"timed out', '"timed out', "not closed"),
        ('error:"a"b', "b", "does not belong"),
        ("state:dead,", "", "value is missing"),
        ("actor:", "", "value is missing"),
        ("arg.=1", "arg.", "argument's name"),
        ("actor:a\0b", "a\0b", "NUL"),
    ],
)
def test_an_error_points_at_its_place(typed: str, marked: str, said: str) -> None:
    with pytest.raises(BadFilter, match=said) as raised:
        parse(typed)
    assert typed[raised.value.start : raised.value.end] == marked
    assert raised.value.hint


def test_an_error_shows_its_place_under_the_text() -> None:
    with pytest.raises(BadFilter) as raised:
        parse("state:dead actr:x")
    assert "\n  state:dead actr:x\n             ^^^^\nFields: state," in str(raised.value)


def refused(typed: str) -> BadFilter | None:
    try:
        parse(typed)
    except BadFilter as error:
        return error
    return None


@given(st.text(max_size=60) | st.lists(st.sampled_from(PARTS)).map("".join))
def test_any_text_is_a_filter_or_is_refused_within_its_bounds(typed: str) -> None:
    error = refused(typed)
    assert error is None or 0 <= error.start <= error.end <= len(typed) + 1
    assert typed not in complete(typed)


def test_two_terms_about_one_word_must_both_hold() -> None:
    assert parse("state:dead,done state:done").words("state") == ("done",)
    assert parse("state:dead state:done").contradicts("state")
    assert not parse("actor:x").contradicts("state")
