"""Staff see who waits longest first, and a page what was asked on it alone."""

from datetime import timedelta

import pytest
from sqlalchemy import text
from sqlmodel import Session

from core.kit.errors import NotFound
from core.kit.rows import id_of
from core.monitoring.metrics import exposition, shop_families
from core.people.support import answer, ask, ask_on_page, close
from core.people.support_inbox import (
    question_view,
    questions,
    questions_of_page,
    waiting,
    waiting_longer,
)
from schemas.people import User
from schemas.support import QuestionState, SupportQuestion
from tests.support import make

HOUR = timedelta(hours=1)


def say(session: Session, person: User, hours: int) -> int:
    at = make.NOW + hours * HOUR
    key = f"{person.id}:{hours}"
    return ask(session, person, f"after {hours}", about="payment", order_id=None, key=key, now=at).question_id


def numbers(session: Session, state: QuestionState | None) -> list[int]:
    return [line.id for line in questions(session, state=state, page=1).items]


def test_open_questions_are_listed_oldest_first_and_others_newest_first(session: Session) -> None:
    person = make.user(session, name="Awa", username="awa")
    late, early, other = say(session, person, 5), say(session, person, 1), say(session, person, 3)
    assert numbers(session, "open") == [early, other, late]
    answer(session, other, "!", actor="cli", staff_id=None, key="1", now=make.NOW)
    close(session, late, actor="cli", now=make.NOW)
    assert numbers(session, "open") == [early]
    assert (numbers(session, "answered"), numbers(session, "closed")) == ([other], [late])
    assert numbers(session, None) == [late, other, early]
    line = question_view(session, early).question
    assert (line.person, line.username, line.telegram_id) == ("Awa", "awa", person.telegram_id)
    assert (line.order_number, line.about, line.words) == ("", "payment", "after 1")


def test_an_answer_names_who_of_the_staff_gave_it(session: Session) -> None:
    number, sam = say(session, make.user(session), 0), make.user(session, name="Sam")
    answer(session, number, "one", actor="x", staff_id=id_of(sam), key="1", now=make.NOW)
    answer(session, number, "two", actor="cli", staff_id=None, key="2", now=make.NOW)
    answers = question_view(session, number).answers
    assert [(line.words, line.staff) for line in answers] == [("one", "Sam"), ("two", "")]


def test_how_many_wait_too_long(session: Session) -> None:
    person = make.user(session)
    say(session, person, 0)
    say(session, person, 2)
    late = [waiting_longer(session, HOUR, now=make.NOW + hours * HOUR) for hours in (1, 2, 4)]
    assert late == [0, 1, 2]


def test_a_page_shows_its_own_questions_and_nobody_elses(session: Session) -> None:
    order, other = (make.order(session, rail="manual", entry="web") for _ in range(2))
    mine = ask_on_page(session, order, "?", key="1", now=make.NOW).question_id
    ask_on_page(session, other, "?", key="1", now=make.NOW)
    paid = make.paid_order(session)
    buyer = session.get_one(User, paid.buyer_id)
    ask(session, buyer, "private", about="support", order_id=paid.id, key="2", now=make.NOW)
    answer(session, mine, "!", actor="cli", staff_id=None, key="3", now=make.NOW)
    (view,) = questions_of_page(session, id_of(order))
    assert (view.question.id, [line.words for line in view.answers]) == (mine, ["!"])
    assert questions_of_page(session, id_of(paid)) == []


def test_an_unknown_number_has_no_question(session: Session) -> None:
    with pytest.raises(NotFound, match="question-unknown"):
        question_view(session, 404)


def test_figures_tell_how_many_wait_and_how_long_the_first_has(session: Session) -> None:
    assert waiting(session, now=make.NOW) == (0, 0.0)
    for minutes in (10, 30):
        asked_at = make.NOW - timedelta(minutes=minutes)
        owner = make.user(session).id
        session.add(
            SupportQuestion(key=str(minutes), user_id=owner, words="?", about="support", asked_at=asked_at)
        )
    session.flush()
    assert waiting(session, now=make.NOW) == (2, 1800.0)
    shown = str(exposition(shop_families(session, now=make.NOW)))
    assert "comptoir_support_open 2.0" in shown
    assert "comptoir_support_oldest_seconds 1800.0" in shown
    session.execute(text("UPDATE support_question SET asked_at = '-infinity' WHERE key = '10'"))
    assert waiting(session, now=make.NOW) == (2, 1800.0), "a bad row hides no other"
