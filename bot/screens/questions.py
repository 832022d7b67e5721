"""Messages for staff: the questions that wait, and one of them with its answers."""

from datetime import datetime

from bot.keyboards import Rows, button, labelled, pager
from core.kit.pagination import Page
from core.kit.texts import MESSAGE_LIMIT, parsed_length, plain, shorten, text
from core.people import support_words
from core.people.support_inbox import AnswerLine, QuestionLine, QuestionView
from core.ports import Message

WORDS_SHOWN = 24  # characters of a question on its button


def waiting(language: str, page: Page[QuestionLine], orders: int, now: datetime) -> Message:
    """Questions that wait as buttons, and how many orders need help besides."""
    rows: Rows = [[button(_label(language, line, now), "question", line.id)] for line in page.items]
    rows.append(pager(page.number, page.pages, "questions"))
    head = (
        text(language, "questions", count=page.total, number=page.number, pages=page.pages)
        if page.total
        else text(language, "questions-none")
    )
    if orders:
        head += "\n\n" + text(language, "questions-orders", count=orders)
        rows.append([labelled(language, "orders", "orders", 1)])
    return Message(head, rows)


def question(language: str, view: QuestionView, title: str) -> Message:
    """One question; of its answers the latest that fit into a message."""
    line = view.question
    words = support_words.quoted(line.words) if line.words else text(language, "question-no-words")
    state = plain(language, f"question-state-{line.state}")
    head = [
        *support_words.heading(language, line, title),
        text(language, "question-asked", when=int(line.asked_at.timestamp()), state=state),
        words,
    ]
    acts = [labelled(language, "answer-question", "question_answer", line.id)]
    if line.state != "closed":
        acts.append(labelled(language, "close-question", "question_close", line.id))
    rows: Rows = [acts, [labelled(language, "questions", "questions", 1)]]
    if line.order_id is not None:
        rows.insert(1, [labelled(language, "order", "order", line.order_id)])
    return Message("\n".join([*head, *_answers(language, view.answers, head)]), rows)


def _answers(language: str, answers: list[AnswerLine], head: list[str]) -> list[str]:
    room = MESSAGE_LIMIT - parsed_length("\n".join(head)) - 100  # for the line about older ones
    parts: list[str] = []
    for answer in reversed(answers):
        when = int(answer.created_at.timestamp())
        staff = shorten(answer.staff, 64)
        part = text(language, "question-answer", staff=staff, when=when)
        part += "\n" + support_words.quoted(shorten(answer.words, 800))
        room -= parsed_length(part) + 1
        if room < 0:
            break
        parts.insert(0, part)
    older = len(answers) - len(parts)
    return [text(language, "question-older-answers", count=older), *parts] if older else parts


def _label(language: str, line: QuestionLine, now: datetime) -> str:
    waited = plain(language, "waited", seconds=max(60, int((now - line.asked_at).total_seconds())))
    person = shorten(support_words.who(language, line), 20)
    return f"{line.id} · {waited} · {person} · {shorten(' '.join(line.words.split()), WORDS_SHOWN)}"
