"""The questions to support as staff read them, and as the page of a web order shows its own."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import literal
from sqlmodel import Session, col, func, select

from core.kit.names import number_of
from core.kit.pagination import Page, paginate
from core.kit.readable_rows import readable
from core.kit.rows import id_of, must_get
from schemas.people import User
from schemas.support import About, QuestionState, SupportAnswer, SupportQuestion

PER_PAGE = 8


@dataclass(frozen=True)
class QuestionLine:
    """One question. `person` is a shown name, empty for the page of a web order, which has none."""

    id: int
    state: QuestionState
    about: About
    person: str
    username: str | None
    telegram_id: int | None
    order_id: int | None
    order_number: str
    words: str
    asked_at: datetime
    answered_at: datetime | None


@dataclass(frozen=True)
class AnswerLine:
    """One answer; `staff` is a shown name, empty for a command."""

    words: str
    staff: str
    created_at: datetime


@dataclass(frozen=True)
class QuestionView:
    """A question with its answers, oldest first."""

    question: QuestionLine
    answers: list[AnswerLine]


def questions(session: Session, *, state: QuestionState | None, page: int) -> Page[QuestionLine]:
    """Questions of one state, or all. Open ones: who waits longest first; others: newest first."""
    statement = select(SupportQuestion, User).outerjoin(User, col(User.id) == SupportQuestion.user_id)
    if state is not None:
        statement = statement.where(SupportQuestion.state == state)
    asked_at = col(SupportQuestion.asked_at)
    number = col(SupportQuestion.id)
    order = (asked_at, number) if state == "open" else (asked_at.desc(), number.desc())
    return paginate(session, statement.order_by(*order), _lines, page=page, size=PER_PAGE)


def question_view(session: Session, question_id: int) -> QuestionView:
    """One question and what was answered. Raises `NotFound` "question-unknown"."""
    row = must_get(session, SupportQuestion, question_id, "question-unknown")
    person = session.get(User, row.user_id) if row.user_id else None
    return QuestionView(_line(row, person), _answers(session, [question_id]).get(question_id, []))


def questions_of_page(session: Session, order_id: int) -> list[QuestionView]:
    """What was asked on the page of a web order, oldest first; not what a person asked in Telegram."""
    mine = select(SupportQuestion).where(
        SupportQuestion.order_id == order_id, col(SupportQuestion.user_id).is_(None)
    )
    rows: list[SupportQuestion] = readable(session, mine.order_by(col(SupportQuestion.id)))
    answers = _answers(session, [id_of(row) for row in rows])
    return [QuestionView(_line(row, None), answers.get(id_of(row), [])) for row in rows]


def waiting_longer(session: Session, patience: timedelta, *, now: datetime) -> int:
    """How many have waited for an answer longer than that."""
    late = col(SupportQuestion.asked_at) < now - patience
    return session.exec(select(func.count()).where(SupportQuestion.state == "open", late)).one()


def waiting(session: Session, *, now: datetime) -> tuple[int, float]:
    """How many questions wait for an answer, and for how many seconds the first of them has."""
    asked_at = col(SupportQuestion.asked_at)
    first = func.min(asked_at).filter(func.isfinite(asked_at))
    age = func.coalesce(func.extract("epoch", literal(now) - first), 0)
    count, seconds = session.execute(select(func.count(), age).where(SupportQuestion.state == "open")).one()
    return count, max(0.0, float(seconds))


def _answers(session: Session, question_ids: Sequence[int]) -> dict[int, list[AnswerLine]]:
    statement = (
        select(SupportAnswer, User.name)
        .outerjoin(User, col(User.id) == SupportAnswer.staff_id)
        .where(col(SupportAnswer.question_id).in_(question_ids))
        .order_by(col(SupportAnswer.id))
    )
    answers: dict[int, list[AnswerLine]] = {}
    for row, name in session.exec(statement):
        answers.setdefault(row.question_id, []).append(AnswerLine(row.words, name or "", row.created_at))
    return answers


def _lines(rows: Sequence[Any]) -> list[QuestionLine]:
    return [_line(row, person) for row, person in rows]


def _line(row: SupportQuestion, person: User | None) -> QuestionLine:
    return QuestionLine(
        id=id_of(row),
        state=row.state,
        about=row.about,
        person=person.name if person else "",
        username=person.username if person else None,
        telegram_id=person.telegram_id if person else None,
        order_id=row.order_id,
        order_number=number_of(row.order_id) if row.order_id else "",
        words=row.words,
        asked_at=row.asked_at,
        answered_at=row.answered_at,
    )
