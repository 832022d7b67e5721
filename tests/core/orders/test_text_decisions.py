"""Staff have one list of what sellers wrote, whatever it is for, and answer each text as itself."""

from datetime import timedelta
from typing import get_args

import pytest
from sqlmodel import Session

from core.kit.errors import NotFound
from core.kit.rows import id_of
from core.orders.shown_texts import SHOWN_TEXTS, propose
from core.orders.text_decisions import decide_text, waiting_texts
from core.orders.text_review import TextKind, TextRules, review_text
from tests.support import make, make_members

NOW = make.NOW
ALL = TextRules("all", "")


def test_every_kind_is_in_the_list_oldest_first_and_answered_on_its_own(session: Session) -> None:
    shop = make.seller(session)
    room, item = make_members.channel(session, shop), make.product(session, shop)
    propose(session, "channel", room, "Un", ALL, now=NOW)
    review_text(session, item, ALL, now=NOW + timedelta(hours=1))
    propose(session, "about", shop, "Trois", ALL, now=NOW + timedelta(hours=2))
    waiting = waiting_texts(session)
    assert [text.kind for text in waiting] == ["channel", "product", "about"]
    assert [text.kind for text in waiting_texts(session, limit=2)] == ["channel", "product"]
    for text in waiting:
        decide_text(session, text.kind, text.id, text.mark, approved=True, note="", actor="user:1")
    assert waiting_texts(session) == []
    assert (room.title, shop.about, item.text_held_at) == ("Un", "Trois", None)


def test_no_kind_is_without_its_rule() -> None:
    assert set(get_args(TextKind)) == {"product", *SHOWN_TEXTS}


@pytest.mark.parametrize("kind", get_args(TextKind))
def test_the_number_of_nothing_is_refused(session: Session, kind: TextKind) -> None:
    with pytest.raises(NotFound):
        decide_text(
            session, kind, id_of(make.seller(session)) + 10**9, "x", approved=True, note="", actor="cli"
        )
