"""A question to support as staff read it in Telegram."""

from html import escape

from core.kit.texts import plain, shorten, text
from core.notifications.telegram_messages import TITLE_LIMIT, WORDS_LIMIT
from core.people.support_inbox import QuestionLine
from core.ports import Button, Message


def support_request(language: str, question: QuestionLine, title: str) -> Message:
    """A new question; staff answer by replying to this message or by its button. `title`: of the order."""
    acts = [("answer-question", "question_answer"), ("close-question", "question_close")]
    row = [Button(plain(language, f"button-{label}"), data=f"{name}:{question.id}") for label, name in acts]
    return Message(
        "\n".join([*heading(language, question, title), "", quoted(question.words), foot(language)]), [row]
    )


def heading(language: str, question: QuestionLine, title: str) -> list[str]:
    """Which question it is, whose, and about which order."""
    lines = [
        text(
            language,
            f"relay-{question.about}",
            number=str(question.id),
            who=who(language, question),
            telegram_id=str(question.telegram_id or ""),
        )
    ]
    if question.order_number:
        name = shorten(title, TITLE_LIMIT)
        return [*lines, text(language, "relay-order", number=question.order_number, title=name)]
    return [*lines, text(language, "relay-no-order")]


def who(language: str, question: QuestionLine) -> str:
    """The person's name, or that it was asked on a page."""
    if question.telegram_id is None:
        return plain(language, "relay-guest")
    name = shorten(question.person, 64)
    return f"{name} (@{question.username})" if question.username else name


def quoted(words: str) -> str:
    """What somebody wrote, as a quotation."""
    return f"<blockquote>{escape(shorten(words, WORDS_LIMIT), quote=False)}</blockquote>"


def foot(language: str) -> str:
    """How staff answer."""
    return text(language, "relay-how-to-answer")
