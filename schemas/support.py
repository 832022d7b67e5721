"""What people ask support, what staff answered, and where staff saw it."""

from datetime import datetime
from typing import Literal

from sqlalchemy import BigInteger, CheckConstraint, Index, Text, UniqueConstraint, text
from sqlmodel import Field, SQLModel

from schemas.base import created_moment, identity, moment, reference

QuestionState = Literal["open", "answered", "closed"]
About = Literal["support", "payment"]


class SupportQuestion(SQLModel, table=True):
    """One question. It is a person's, or, without one, that of whoever has the page of a web order.

    `key` names the message or form that carried it: the same one again is the same question.
    """

    __tablename__ = "support_question"
    __table_args__ = (
        CheckConstraint("user_id IS NOT NULL OR order_id IS NOT NULL", name="has_an_owner"),
        Index("ix_support_question_open", "asked_at", postgresql_where=text("state = 'open'")),
    )

    id: int | None = identity()
    key: str = Field(sa_type=Text, unique=True)
    state: QuestionState = Field(default="open", sa_type=Text)
    about: About = Field(default="support", sa_type=Text)
    user_id: int | None = reference("person.id", default=None, index=True)
    order_id: int | None = reference("purchase.id", default=None, index=True)
    words: str = Field(sa_type=Text)
    asked_at: datetime = moment()
    answered_at: datetime | None = moment(default=None)
    closed_at: datetime | None = moment(default=None)


class SupportAnswer(SQLModel, table=True):
    """What staff said to a question; `staff_id` is empty for a command. `key` as of a question."""

    __tablename__ = "support_answer"

    id: int | None = identity()
    question_id: int = reference("support_question.id", index=True)
    key: str = Field(sa_type=Text, unique=True)
    staff_id: int | None = reference("person.id", default=None)
    words: str = Field(sa_type=Text)
    created_at: datetime = created_moment()


class SupportRelay(SQLModel, table=True):
    """A question as one staff member sees it, so that a reply to that message finds its way back.

    `question_id` is empty where the message is older than the table of questions.
    """

    __tablename__ = "support_relay"
    __table_args__ = (UniqueConstraint("staff_telegram_id", "staff_message_id"),)

    id: int | None = identity()
    question_id: int | None = reference("support_question.id", default=None, index=True)
    user_id: int | None = reference("person.id", default=None, index=True)
    order_id: int | None = reference("purchase.id", default=None)
    staff_telegram_id: int = Field(sa_type=BigInteger)
    staff_message_id: int = Field(sa_type=BigInteger)
    created_at: datetime = created_moment()
