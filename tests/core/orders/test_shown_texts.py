"""What shops say of themselves and what channels are called: buyers read what staff have seen."""

from datetime import timedelta

import pytest
from sqlmodel import Session, select

from core.kit.errors import NotFound, Refused
from core.kit.rows import id_of
from core.orders.shown_texts import (
    SHOWN_TEXTS,
    decide_shown,
    newest,
    propose,
    title_of,
    waiting_shown,
)
from core.orders.text_review import TextKind, TextRules, mark_of_words
from schemas.audit import AuditEntry
from schemas.membership import Channel
from schemas.people import Seller
from tests.support import make, make_members

NOW = make.NOW
ALL = TextRules("all", "")
WORDS = TextRules("flagged", "poison")
KINDS = sorted(SHOWN_TEXTS)
Row = Seller | Channel


@pytest.fixture(params=KINDS)
def kind(request: pytest.FixtureRequest) -> TextKind:
    return request.param  # type: ignore[no-any-return]


@pytest.fixture
def row(session: Session, kind: TextKind) -> Row:
    """A row of which buyers read "Couture"."""
    shop = make.seller(session)
    made: Row = make_members.channel(session, shop, title="Couture") if kind == "channel" else shop
    propose(session, kind, made, "Couture", make.NO_REVIEW, now=NOW)
    make.user(session, roles=("support",))
    return made


def shown(row: Row) -> str:
    """What buyers read."""
    return row.about if isinstance(row, Seller) else row.title


def waiting(session: Session, kind: TextKind) -> list[str]:
    return [text.words for text in waiting_shown(session, kind)]


def decide(session: Session, kind: TextKind, row: Row, words: str, *, note: str | None = None) -> str:
    """Staff accept the words, or refuse them with a note."""
    return decide_shown(
        session,
        kind,
        id_of(row),
        mark_of_words(words),
        approved=note is None,
        note=note or "",
        actor="user:1",
    )


def actions(session: Session) -> list[str]:
    entries = session.exec(select(AuditEntry.action).order_by(AuditEntry.id))  # type: ignore[arg-type]
    return [action for action in entries if action.startswith("text.")]


def test_new_words_wait_beside_those_that_buyers_read(session: Session, kind: TextKind, row: Row) -> None:
    propose(session, kind, row, "Poison", ALL, now=NOW)
    assert (shown(row), waiting(session, kind)) == ("Couture", ["Poison"])
    prefix = SHOWN_TEXTS[kind].texts
    assert {f"staff-{prefix}-waiting", f"{prefix}-held"} <= set(make.sent_texts(session))
    decide(session, kind, row, "Poison")
    assert (shown(row), waiting(session, kind)) == ("Poison", [])
    assert f"{prefix}-accepted" in make.sent_texts(session)
    assert actions(session) == ["text.held", "text.accepted"]


def test_only_words_that_call_staff_are_held_where_flagged_ones_are(
    session: Session, kind: TextKind, row: Row
) -> None:
    propose(session, kind, row, "Broderie", WORDS, now=NOW)
    assert shown(row) == "Broderie"
    propose(session, kind, row, "Un POISON lent", WORDS, now=NOW)
    assert shown(row) == "Broderie"
    propose(session, kind, row, "Un poison lent", TextRules("off", "poison"), now=NOW)
    assert (shown(row), waiting(session, kind)) == ("Un poison lent", [])


def test_going_back_to_what_buyers_read_takes_the_question_back(
    session: Session, kind: TextKind, row: Row
) -> None:
    propose(session, kind, row, "Poison", ALL, now=NOW)
    propose(session, kind, row, "Couture", ALL, now=NOW)
    assert (shown(row), waiting(session, kind)) == ("Couture", [])
    with pytest.raises(Refused, match="text-not-waiting"):
        decide(session, kind, row, "Poison")
    propose(session, kind, row, "Poison", ALL, now=NOW + timedelta(hours=1))
    asked = make.sent_texts(session).count(f"staff-{SHOWN_TEXTS[kind].texts}-waiting")
    assert (waiting(session, kind), asked) == (["Poison"], 2)


def test_refused_words_are_not_asked_about_again_until_they_change(
    session: Session, kind: TextKind, row: Row
) -> None:
    propose(session, kind, row, "Poison", ALL, now=NOW)
    with pytest.raises(Refused, match="note-empty"):
        decide(session, kind, row, "Poison", note=" ")
    decide(session, kind, row, "Poison", note="Interdit ici")
    propose(session, kind, row, "Poison", ALL, now=NOW)
    assert (shown(row), waiting(session, kind)) == ("Couture", [])
    prefix = SHOWN_TEXTS[kind].texts
    sent = make.sent_texts(session)
    assert (sent.count(f"staff-{prefix}-waiting"), sent.count(f"{prefix}-refused")) == (1, 1)
    with pytest.raises(Refused, match="text-not-waiting"):
        decide(session, kind, row, "Poison", note="Encore")
    decide(session, kind, row, "Poison")
    assert shown(row) == "Poison", "staff may take a refusal back"


def test_an_answer_to_words_that_changed_since_decides_nothing(
    session: Session, kind: TextKind, row: Row
) -> None:
    propose(session, kind, row, "Un", ALL, now=NOW)
    propose(session, kind, row, "Deux", ALL, now=NOW)
    with pytest.raises(Refused, match="text-not-waiting"):
        decide(session, kind, row, "Un")
    assert (shown(row), waiting(session, kind)) == ("Couture", ["Deux"])


def test_a_row_that_is_not_there_is_said_to_be_unknown(session: Session, kind: TextKind) -> None:
    with pytest.raises(NotFound, match=SHOWN_TEXTS[kind].unknown):
        decide_shown(session, kind, 10**9, "x", approved=True, note="", actor="user:1")


def test_saying_nothing_needs_nobody(session: Session) -> None:
    shop = make.seller(session)
    propose(session, "about", shop, "Poison", ALL, now=NOW)
    propose(session, "about", shop, "", ALL, now=NOW)
    assert (shop.about, shop.about_waiting, waiting(session, "about")) == ("", None, [])


def test_sellers_and_staff_know_a_channel_by_its_newest_name(session: Session) -> None:
    room = make_members.channel(session, title="Couture")
    propose(session, "channel", room, "Poison", ALL, now=NOW)
    assert (newest(room), title_of(room)) == ("Poison", "Poison")
    assert decide(session, "channel", room, "Poison", note="Interdit") == "Poison", "as staff read it"
    assert room.title == "Couture"
