"""Every command and button of staff, as every role, with whatever is typed: always an answer in words."""

import pytest
from sqlmodel import Session

from core.kit.permissions import allowed
from core.kit.rows import id_of
from core.people.commands import STAFF
from core.people.people import set_role
from core.people.support import ask as ask_support
from schemas.base import utc_now
from schemas.people import Role, User
from scripts.sandbox.telegram.driver import Person
from scripts.sandbox.telegram.views import Message
from tests.support import make
from tests.support.shop_bot import ShopBot, ask

RUBBISH = (
    *("rubbish <b>&", "404", "CMT-" + "9" * 30, "-1", "٣", "% _ \\"),
    *("\u202e\u0000x", "😀" * 900, "x" * 4000),
)
NEXT = ("/", "Search", "Try fewer words", "Type it again")
"""Words of an answer that say what to do next."""
NO_ROW = "6f1c1a8e-5a0e-4a3d-9d0a-0d6f6a1f2b3c"
BUTTONS = (
    *(
        f"{name}:404"
        for name in ("order", "resend", "refund", "support_done", "pay_ok", "pay_no", "try_again")
    ),
    *(f"{name}:404" for name in ("shop_ok", "shop_no", "shop_refused")),
    *(f"{name}:404" for name in ("question", "question_answer", "question_close")),
    *(f"{name}:{NO_ROW}" for name in ("mod_ok", "mod_no", "event_again")),
)
LONGEST = 700  # characters of an answer: what was typed is not sent back whole


def a_shop_at_work(session: Session) -> None:
    """An order and a question, so that lists are not empty."""
    order = make.paid_order(session)
    buyer = session.get_one(User, order.buyer_id)
    ask_support(session, buyer, "Where?", about="support", order_id=id_of(order), key="1", now=utc_now())


def person_with(shop: ShopBot, role: Role) -> Person:
    person = shop.person(role.title())
    ask(person, "/start", "Welcome")
    shop.do(lambda session: set_role(session, person.id, role, actor="cli"))
    return person


def answer(person: Person, words: str) -> Message:
    """The first message of the bot after these words."""
    question = person.says(words)
    return person.wait_for(lambda _: True, after=question)


def is_in_words(text: str) -> bool:
    return bool(text) and "Something went wrong" not in text and len(text) <= LONGEST


@pytest.mark.parametrize("role", ["support", "admin"])
def test_staff_read_what_waits_or_how_to_ask_for_it(shop: ShopBot, role: Role) -> None:
    shop.do(a_shop_at_work)
    person = person_with(shop, role)
    for name in (name for name, act in STAFF.items() if allowed([role], act)):
        assert is_in_words(answer(person, f"/{name}").text), name
        for rubbish in RUBBISH:
            said = answer(person, f"/{name} {rubbish}").text
            assert is_in_words(said), (name, rubbish, said)
            assert any(part in said for part in NEXT), (name, rubbish, said)


@pytest.mark.parametrize("role", ["buyer", "seller", "banned", "support"])
def test_whoever_may_not_reads_so_and_sees_nothing(shop: ShopBot, role: Role) -> None:
    shop.do(a_shop_at_work)
    person = person_with(shop, role)
    for name in (name for name, act in STAFF.items() if not allowed([role], act)):
        for words in ("", " CMT-000001", f" {'x' * 4000}"):
            said = answer(person, f"/{name}{words}").text
            assert is_in_words(said), (name, said)
            assert any(part in said for part in ("role", "closed", "/sell opens one")), (name, said)
            assert "Cours de couture" not in said


def test_a_button_of_what_is_not_there_asks_nothing_and_says_so(shop: ShopBot) -> None:
    person = person_with(shop, "admin")
    message = ask(person, "/orders", "There is no order yet")
    for data in BUTTONS:
        said = str(person.press_data(message, data).text)
        assert is_in_words(said), (data, said)
        assert any(part in said for part in ("cannot find", "does not exist", "There is no")), (data, said)


@pytest.mark.parametrize("data", ["refund", "pay_no"])
def test_a_reason_is_asked_only_where_it_leads_to_something(shop: ShopBot, data: str) -> None:
    order_id = shop.do(lambda session: id_of(make.order(session)))
    person = person_with(shop, "support")
    message = ask(person, "/orders", "1 found")
    said = str(person.press_data(message, f"{data}:{order_id}").text)
    assert "cannot be refunded as it stands" in said or "has no payment to check" in said
    ask(person, "couture", "product found")
