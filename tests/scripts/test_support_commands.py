"""`comptoir support`, on a real database."""

import pytest

from core.kit.db import Database
from core.people.support import ask, ask_on_page
from schemas.base import utc_now
from tests.scripts.conftest import Comptoir, Failed
from tests.support import make


def asked(database: Database) -> tuple[int, int]:
    """A person's question, and one of a web order's page."""
    with database.transaction() as session:
        person = make.user(session, name="[bold]Awa")
        first = ask(session, person, "Où ?", about="support", order_id=None, key="1", now=utc_now())
        order = make.order(session, rail="manual", entry="web")
        second = ask_on_page(session, order, "Reçu ?", key="k", now=utc_now())
    return first.question_id, second.question_id


def test_questions_are_listed_shown_answered_and_closed(comptoir: Comptoir, database: Database) -> None:
    person, page = asked(database)
    assert "[bold]Awa" in comptoir("support", "list")
    assert [line["id"] for line in comptoir("support", "list", "--json")["items"]] == [person, page]
    assert "Reçu ?" in comptoir("support", "show", str(page))
    assert "Telegram" in comptoir("support", "answer", str(person), "Dans /library.")
    assert comptoir("support", "answer", str(page), "Oui.", "--json")["reach"] == "page"
    shown = comptoir("support", "show", str(person), "--json")
    assert (shown["state"], [line["words"] for line in shown["answers"]]) == ("answered", ["Dans /library."])
    assert comptoir("support", "close", str(page), "--json") == {"id": page, "changed": True}
    assert "nothing has changed" in comptoir("support", "close", str(page))
    assert "No question is open" in comptoir("support", "list")
    assert comptoir("support", "list", "--state", "all", "--json")["total"] == 2


def test_the_same_answer_again_is_sent_once(comptoir: Comptoir, database: Database) -> None:
    person, _ = asked(database)
    for _ in range(2):
        comptoir("support", "answer", str(person), "Oui.")
    assert len(comptoir("support", "show", str(person), "--json")["answers"]) == 1


@pytest.mark.parametrize(
    ("arguments", "advice"),
    [
        (("show", "404"), "/questions"),
        (("answer", "1", " "), "Write a few words"),
        (("answer", "1", "w" * 3001), "the limit is 3,000"),
        (("close", "404"), "no question"),
        (("show", "rubbish"), "2: Usage"),
        (("show", "9" * 40), "2: Usage"),
    ],
)
def test_what_cannot_be_done_is_said(
    comptoir: Comptoir, database: Database, arguments: tuple[str, ...], advice: str
) -> None:
    asked(database)
    with pytest.raises(Failed) as failed:
        comptoir("support", *arguments)
    assert advice in str(failed.value)
