"""The questions to support, as staff read, answer and close them."""

import re

from sqlmodel import Session

from bot.handlers.staff import permit
from bot.request import Request
from bot.routes import Routes
from bot.screens import questions as screens
from bot.screens.staff import question as ask_staff
from core.kit.errors import Refused
from core.kit.permissions import allowed
from core.kit.texts import shorten
from core.orders.receipts import waiting_orders
from core.people import support
from core.people.support_inbox import QuestionView, question_view, questions
from schemas.catalogue import Product
from schemas.sales import Order

routes = Routes()
NUMBER = re.compile(r"(?:#|no\.?|n°)? ?([0-9]{1,18})", re.IGNORECASE)


@routes.command("questions")
async def find_question(request: Request) -> None:
    """Open the question of a number; without one, list those that wait for an answer."""
    permit(request.person, "answer_support")
    if not request.words:
        await list_questions(request, 1)
        return
    number = NUMBER.fullmatch(request.words)
    if number is None:
        raise Refused("question-number-wrong", {"words": shorten(request.words, 40)})
    await show_question(request, int(number[1]))


@routes.button("questions")
async def list_questions(request: Request, page: int) -> None:
    """Show one page of the questions that wait, and how many orders need help besides."""
    permit(request.person, "answer_support")
    waiting, orders = await request.run(
        lambda session, _: (questions(session, state="open", page=page), waiting_orders(session))
    )
    await request.show(screens.waiting(request.language, waiting, orders, request.now))


@routes.button("question")
async def show_question(request: Request, question_id: int) -> None:
    """Show one question, its answers, and what may be done."""
    permit(request.person, "answer_support")
    view, title = await request.run(lambda session, _: load_question(session, question_id))
    await request.show(screens.question(request.language, view, title))


@routes.button("question_answer")
async def ask_for_answer(request: Request, question_id: int) -> None:
    """Ask for the words of an answer."""
    permit(request.person, "answer_support")
    await request.run(lambda session, _: question_view(session, question_id))
    await request.app.dialogs.open(request.person.telegram_id, "question_words", question_id=question_id)
    await request.send(ask_staff(request.language, "support-answer-words", number=str(question_id)))


@routes.answer("question_words")
async def answer(request: Request, question_id: int) -> None:
    """Send the answer, once for each message, and say how it gets to the person."""
    actor = permit(request.person, "answer_support")
    sent = await request.run(
        lambda session, staff: support.answer(
            session,
            question_id,
            request.words,
            actor=actor,
            staff_id=staff.id,
            key=f"bot:{staff.telegram_id}:{request.message_id}",
            now=request.now,
        )
    )
    await request.app.dialogs.close(request.person.telegram_id)
    first = "yes" if sent.first else "no"
    await request.say("support-answered", number=str(question_id), reach=sent.reach, first=first)


@routes.button("question_close")
async def close(request: Request, question_id: int) -> None:
    """End a question without an answer; whoever waits for one is told."""
    actor = permit(request.person, "answer_support")
    changed = await request.run(
        lambda session, _: support.close(session, question_id, actor=actor, now=request.now)
    )
    text = "question-closed-now" if changed else "question-closed-before"
    await request.say(text, number=str(question_id))


async def answer_reply(request: Request) -> bool:
    """Take a staff member's reply to the message of a question; False when that carries none."""
    person, replied_to = request.person, request.reply_to
    if replied_to is None or not allowed(person.roles, "answer_support"):
        return False
    question_id = await request.run(
        lambda session, _: support.relayed_question(session, person.telegram_id, replied_to, now=request.now)
    )
    if question_id is None:
        return False
    await answer(request, question_id)
    return True


def load_question(session: Session, question_id: int) -> tuple[QuestionView, str]:
    """A question with its answers, and the title of what its order bought."""
    view = question_view(session, question_id)
    order = session.get(Order, view.question.order_id) if view.question.order_id else None
    product = session.get(Product, order.product_id) if order else None
    return view, product.title if product else ""
