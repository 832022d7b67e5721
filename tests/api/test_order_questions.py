"""Whoever has the page of a web order asks and reads there, without an account."""

import html
import re
from uuid import uuid4

import pytest
from sqlmodel import Session, select

from core.kit.db import Database
from core.orders.orders import by_page
from core.people.support import OPEN_LIMIT, answer, close
from schemas.base import utc_now
from schemas.support import SupportQuestion
from tests.api.test_checkout import a_product, buy
from tests.support.web import Client

KEY = re.compile(r'name="key" value="([^"]+)"')


@pytest.fixture
def path(web: Client, database: Database) -> str:
    """The page of the questions about an order that was just placed."""
    return buy(web, a_product(database), "manual") + "/questions"


def ask(web: Client, path: str, words: str, *, key: str = "") -> str:
    """Send the form as a browser does, and follow it; what the page says then."""
    shown = web.get(path, headers={"accept-language": "en"})
    form = {"words": words, "key": key or KEY.findall(shown.text)[0]}
    sent = web.post(path, data=form, headers={"accept-language": "en"})
    if sent.status_code == 303:
        sent = web.get(sent.headers["location"], headers={"accept-language": "en"})
    return html.unescape(sent.text)


def rows(database: Database) -> list[SupportQuestion]:
    with Session(database.engine) as session:
        return list(session.exec(select(SupportQuestion)).all())


def test_a_question_and_its_answer_stand_on_the_page(web: Client, database: Database, path: str) -> None:
    assert f'href="{path}"' in web.get(path.removesuffix("/questions")).text
    assert "Waits for an answer" in ask(web, path, "Is <b>it</b> there?")
    (row,) = rows(database)
    with database.transaction() as session:
        answer(session, row.id or 0, "It <is>.", actor="cli", staff_id=None, key="1", now=utc_now())
    shown = web.get(path, headers={"accept-language": "en"}).text
    assert "Is &lt;b&gt;it&lt;/b&gt; there?" in shown
    assert "It &lt;is&gt;." in shown
    with database.transaction() as session:
        other = by_page(session, path.split("/")[2])
        assert row.order_id == other.id


def test_the_form_sent_twice_asks_once(web: Client, database: Database, path: str) -> None:
    for _ in range(2):
        ask(web, path, "Here?", key="the-same")
    assert len(rows(database)) == 1


@pytest.mark.parametrize("language", ["en", "fr"])
def test_a_closed_question_says_so(web: Client, database: Database, path: str, language: str) -> None:
    ask(web, path, "Here?")
    with database.transaction() as session:
        close(session, rows(database)[0].id or 0, actor="cli", now=utc_now())
    shown = web.get(path, headers={"accept-language": language}).text
    assert ("closed this question" if language == "en" else "fermé cette question") in shown


@pytest.mark.parametrize(("words", "said"), [(" ", "Write a few words"), ("w" * 3001, "the limit is 3,000")])
def test_what_is_refused_is_said_and_what_was_typed_stays(
    web: Client, database: Database, path: str, words: str, said: str
) -> None:
    shown = ask(web, path, words)
    assert said in shown
    assert words.strip() in shown
    assert rows(database) == []


def test_more_than_the_team_can_answer_is_refused(web: Client, database: Database, path: str) -> None:
    for number in range(OPEN_LIMIT):
        ask(web, path, f"Question {number}")
    assert "wait for an answer already" in ask(web, path, "And?")
    assert len(rows(database)) == OPEN_LIMIT


def test_another_site_and_an_unknown_address_ask_nothing(web: Client, database: Database, path: str) -> None:
    foreign = {"sec-fetch-site": "cross-site"}
    assert web.post(path, data={"words": "?"}, headers=foreign).status_code == 403
    unknown = f"/o/{uuid4().hex}/questions"
    assert web.get(unknown).status_code == 404
    assert web.post(unknown, data={"words": "?"}).status_code == 404
    assert rows(database) == []
