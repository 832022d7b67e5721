"""Questions to support: kept as rows until staff have answered or closed them.

A question is written down before anybody is told of it: that nobody of the staff can be reached delays its
answer and loses nothing. `core.people.support_inbox` is how staff read them.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from sqlalchemy import ColumnElement
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import Session, col, func, select

from core.audit.record import record
from core.jobs.ledger import enqueue
from core.kit.bad_rows import each
from core.kit.errors import NotFound, Refused
from core.kit.names import bounded, clean_text, number_of
from core.kit.permissions import roles_with
from core.kit.rows import id_of, must_get
from core.notifications.addresses import address_of, usable
from core.notifications.notify import notify
from core.notifications.recipients import staff_ids
from schemas import jobs, notification_jobs
from schemas.notifications import MailAddress
from schemas.people import User
from schemas.sales import Order
from schemas.support import About, SupportAnswer, SupportQuestion, SupportRelay

WORDS_LIMIT = 3000  # characters; leaves room for the heading in one message of 4,096
OPEN_LIMIT = 10
"""Open questions of one person, or of one web order. Whoever waits for ten answers is not helped by more."""
Reach = Literal["telegram", "mail", "app", "page"]
"""How an answer gets to its person; by `app` and `page` they find it when they look there."""


@dataclass(frozen=True)
class Kept:
    """A question that is written down. `reachable`: somebody of the staff can be told of it now."""

    question_id: int
    reachable: bool


@dataclass(frozen=True)
class Answered:
    """What became of an answer. `first` False: somebody had answered before."""

    reach: Reach
    first: bool


def ask(
    session: Session,
    user: User,
    words: str,
    *,
    about: About,
    order_id: int | None,
    key: str,
    now: datetime,
) -> Kept:
    """Keep a person's question, once for each key, and have staff told. Even banned people may ask.

    Raises `Refused`: no words, too many, too many open questions; `NotFound`: not the person's order.
    """
    clean = bounded(clean_text(words, lines=True), "words", WORDS_LIMIT)
    if order_id is not None:
        order = session.get(Order, order_id)
        if order is None or order.buyer_id != user.id:
            raise NotFound("order-unknown")
    owner = must_get(session, User, id_of(user), "person-unknown", lock=True)
    row = SupportQuestion(
        key=key, about=about, user_id=id_of(owner), order_id=order_id, words=clean, asked_at=now
    )
    return _keep(session, row, col(SupportQuestion.user_id) == id_of(owner), f"user:{owner.id}")


def ask_on_page(session: Session, order: Order, words: str, *, key: str, now: datetime) -> Kept:
    """Keep the question of whoever has a web order's page, once for each key of its form.

    Raises `Refused` as `ask` does.
    """
    clean = bounded(clean_text(words, lines=True), "words", WORDS_LIMIT)
    locked = must_get(session, Order, id_of(order), "order-unknown", lock=True)
    row = SupportQuestion(key=f"web:{locked.id}:{key}", order_id=id_of(locked), words=clean, asked_at=now)
    mine = (col(SupportQuestion.order_id) == locked.id) & col(SupportQuestion.user_id).is_(None)
    return _keep(session, row, mine, "web")


def answer(
    session: Session,
    question_id: int,
    words: str,
    *,
    actor: str,
    staff_id: int | None,
    key: str,
    now: datetime,
) -> Answered:
    """Send an answer to whoever asked, once for each key. Whether `actor` may is for the caller to ask.

    Raises `NotFound` "question-unknown"; `Refused`: no words, too many.
    """
    clean = bounded(clean_text(words, lines=True), "words", WORDS_LIMIT)
    question = must_get(session, SupportQuestion, question_id, "question-unknown", lock=True)
    first = question.answered_at is None
    new = insert(SupportAnswer).values(
        question_id=question_id, key=key, staff_id=staff_id, words=clean, created_at=now
    )
    new = new.on_conflict_do_nothing(index_elements=["key"])
    answer_id = session.execute(new.returning(col(SupportAnswer.id))).scalar_one_or_none()
    if answer_id is None:
        return Answered(_reach(session, question), first)
    question.state, question.answered_at = "answered", question.answered_at or now
    question.closed_at = None
    session.add(question)
    record(session, actor, "support.answered", f"question:{question_id}", order=question.order_id)
    return Answered(_send(session, question, clean, answer_id), first)


def close(session: Session, question_id: int, *, actor: str, now: datetime) -> bool:
    """End a question; whoever waits for its answer is told. False where it had ended.

    Raises `NotFound` "question-unknown".
    """
    question = must_get(session, SupportQuestion, question_id, "question-unknown", lock=True)
    if question.state == "closed":
        return False
    waiting = question.state == "open"
    question.state, question.closed_at = "closed", now
    session.add(question)
    record(session, actor, "support.closed", f"question:{question_id}", order=question.order_id)
    reader = reader_of(session, question)
    if waiting and reader is not None:
        notify(session, reader, "support-closed", {"number": question_id}, once=str(question_id))
    return True


def record_relay(
    session: Session, question_id: int, *, staff_telegram_id: int, staff_message_id: int
) -> None:
    """Remember which question a message to a staff member carries."""
    relay = insert(SupportRelay).values(
        question_id=question_id, staff_telegram_id=staff_telegram_id, staff_message_id=staff_message_id
    )
    session.execute(relay.on_conflict_do_nothing(index_elements=["staff_telegram_id", "staff_message_id"]))


def relayed_question(
    session: Session, staff_telegram_id: int, message_id: int, *, now: datetime
) -> int | None:
    """The question that a staff member's message carries, if it carries any.

    A message that is older than the table of questions gets its question now, without the words.
    """
    relay = session.exec(
        select(SupportRelay).where(
            SupportRelay.staff_telegram_id == staff_telegram_id,
            SupportRelay.staff_message_id == message_id,
        )
    ).one_or_none()
    if relay is None or relay.question_id is not None:
        return relay.question_id if relay else None
    row = SupportQuestion(
        key=f"relay:{relay.id}",
        user_id=relay.user_id,
        order_id=relay.order_id,
        words="",
        asked_at=relay.created_at,
    )
    session.add(row)
    session.flush()
    relay.question_id = id_of(row)
    session.add(relay)
    return id_of(row)


def answerers(session: Session, *, now: datetime) -> list[User]:
    """Staff who may answer and can be written to, but for rows that cannot be read."""
    return each(
        session, "answerers", _answerer_ids(session), lambda number: session.get_one(User, number), now=now
    )


def _answerer_ids(session: Session) -> list[int]:
    return staff_ids(session, roles_with("answer_support"))


def reader_of(session: Session, question: SupportQuestion) -> int | None:
    """The person who reads the answer: who asked, or whoever has claimed the web order since."""
    if question.user_id is not None:
        return question.user_id
    return session.exec(select(Order.buyer_id).where(Order.id == question.order_id)).one_or_none()


def order_address(session: Session, order_id: int | None) -> MailAddress | None:
    """Where answers about a web order are mailed while nobody has claimed it."""
    address = session.exec(select(MailAddress).where(MailAddress.order_id == order_id)).one_or_none()
    return address if usable(address) else None


def order_mail(session: Session, order_id: int) -> str:
    """The same as text, "" where there is none."""
    address = order_address(session, order_id)
    return address.address if address else ""


def _keep(session: Session, row: SupportQuestion, mine: ColumnElement[bool], actor: str) -> Kept:
    """Write a question down; its owner's row is locked, so that the count holds."""
    earlier = session.exec(select(SupportQuestion).where(SupportQuestion.key == row.key)).one_or_none()
    if earlier is None:
        waiting = select(func.count()).where(mine, SupportQuestion.state == "open")
        if session.exec(waiting).one() >= OPEN_LIMIT:
            raise Refused("questions-too-many", {"limit": OPEN_LIMIT})
        session.add(row)
        session.flush()
        record(session, actor, "support.asked", f"question:{row.id}", order=row.order_id)
        enqueue(session, jobs.RelayQuestion(question_id=id_of(row)).once())
    return Kept(id_of(earlier or row), bool(_answerer_ids(session)))


def _send(session: Session, question: SupportQuestion, words: str, answer_id: int) -> Reach:
    reach = _reach(session, question)
    reader = reader_of(session, question)
    if reader is not None:
        number = number_of(question.order_id) if question.order_id else ""
        notify(session, reader, "support-answer", {"words": words, "number": number}, once=str(answer_id))
    elif reach == "mail":
        enqueue(session, notification_jobs.MailSupportAnswer(answer_id=answer_id).once())
    return reach


def _reach(session: Session, question: SupportQuestion) -> Reach:
    reader = reader_of(session, question)
    if reader is None:
        return "mail" if order_address(session, question.order_id) else "page"
    if must_get(session, User, reader, "person-unknown").blocked_at is None:
        return "telegram"
    return "mail" if usable(address_of(session, reader)) else "app"
