"""A question as staff read it in Telegram."""

from core.kit.texts import MESSAGE_LIMIT, parsed_length
from core.people.support_inbox import QuestionLine
from core.people.support_words import support_request
from tests.support.make import NOW


def line(**changes: object) -> QuestionLine:
    values: dict[str, object] = {
        "id": 12,
        "state": "open",
        "about": "payment",
        "person": "Ann <i>",
        "username": "ann",
        "telegram_id": 700_000_001,
        "order_id": 42,
        "order_number": "CMT-000042",
        "words": "Charged <b>twice</b>?",
        "asked_at": NOW,
        "answered_at": None,
    }
    return QuestionLine(**(values | changes))  # type: ignore[arg-type]


def test_staff_see_who_asks_about_what_and_how_to_answer() -> None:
    message = support_request("en", line(), "Cours")
    for part in (
        "no. 12",
        "Ann &lt;i&gt; (@ann)",
        "700000001",
        "Charged &lt;b&gt;twice&lt;/b&gt;?",
        "CMT-000042",
        "Reply",
    ):
        assert part in message.html
    assert [button.data for row in message.buttons for button in row] == [
        "question_answer:12",
        "question_close:12",
    ]


def test_whoever_asks_on_a_page_has_no_name() -> None:
    message = support_request("fr", line(person="", username=None, telegram_id=None), "Cours")
    assert "l’acheteur d’une commande web" in message.html


def test_the_longest_question_fits_into_one_message() -> None:
    longest = line(person="😀" * 200, username="u" * 32, words="😀" * 3000)
    assert parsed_length(support_request("fr", longest, "😀" * 200).html) <= MESSAGE_LIMIT
