"""The mail that brings an answer of support to whoever asked on the page of a web order."""

from sqlmodel import Session

from core.kit.names import number_of
from core.kit.rows import must_get
from core.notifications import letters
from core.notifications.outgoing import Outgoing, outgoing_to, recipient_of, sender_of
from core.people.support import order_address, reader_of
from core.process.settings import Settings
from schemas.sales import Order
from schemas.support import SupportAnswer, SupportQuestion


def answer_mail(session: Session, answer_id: int, settings: Settings) -> Outgoing | None:
    """The answer as a mail; None where its reader has a chat with the bot by now, or wants no mail.

    Raises `NotFound` for an unknown answer, `SettingError` without what a mail needs.
    """
    row = must_get(session, SupportAnswer, answer_id, "question-unknown")
    question = must_get(session, SupportQuestion, row.question_id, "question-unknown")
    address = order_address(session, question.order_id)
    if address is None or question.order_id is None or reader_of(session, question) is not None:
        return None
    order = must_get(session, Order, question.order_id, "order-unknown")
    letter = letters.answer(
        sender_of(settings),
        recipient_of(address, "", order.language, settings),
        identity=str(answer_id),
        order_number=number_of(question.order_id),
        words=row.words,
    )
    return outgoing_to(address, letter)
