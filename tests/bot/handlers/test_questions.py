"""Staff read, answer and close questions, and nobody else does."""

import pytest
from sqlmodel import Session, select

from core.kit.rows import id_of
from core.notifications.recipients import mark_blocked
from core.orders.orders import need_support
from core.people.people import set_role
from core.people.support import ask as ask_support
from core.people.support import ask_on_page, record_relay
from schemas.base import utc_now
from schemas.jobs import Notify
from schemas.people import User
from schemas.support import SupportAnswer, SupportQuestion
from scripts.sandbox.telegram.driver import Person
from tests.support import make
from tests.support.shop_bot import ShopBot, ask


def staff(shop: ShopBot, role: str = "support") -> Person:
    sam = shop.person("Sam")
    ask(sam, "/start", "Welcome")
    shop.do(lambda session: set_role(session, sam.id, role, actor="cli"))
    return sam


def asked(shop: ShopBot, words: str = "Where is <my> file?", *, about_order: bool = False) -> int:
    """A question of Awa's; its number."""

    def build(session: Session) -> int:
        order = make.paid_order(session)
        buyer = session.get_one(User, order.buyer_id)
        order_id = id_of(order) if about_order else None
        kept = ask_support(
            session, buyer, words, about="support", order_id=order_id, key=words, now=utc_now()
        )
        return kept.question_id

    return shop.do(build)


def question(shop: ShopBot, number: int) -> SupportQuestion:
    return shop.do(lambda session: session.get_one(SupportQuestion, number))


def question_owner(session: Session, number: int) -> int:
    owner = session.get_one(SupportQuestion, number).user_id
    assert owner is not None
    return owner


def answers(shop: ShopBot) -> list[str]:
    return shop.do(lambda session: [row.words for row in session.exec(select(SupportAnswer))])


def sent(shop: ShopBot, text: str = "support-answer") -> list[dict[str, str | int]]:
    return shop.do(lambda session: [job.params for job in make.queued(session, Notify) if job.text == text])


def test_from_the_list_to_an_answer(shop: ShopBot) -> None:
    number = asked(shop, about_order=True)
    sam = staff(shop)
    listed = ask(sam, "/questions", "1 waits for an answer")
    sam.presses(listed, f"question:{number}")
    card = sam.wait_for("Where is <my> file?")
    assert "CMT-000001: Cours de couture" in card.text
    assert {button.value for button in card.buttons} >= {f"order:{1}", f"question_close:{number}"}
    sam.presses(card, "💬 Answer")
    sam.wait_for("Write your answer")
    ask(sam, "In your library", "on its way to the person, here in Telegram")
    assert sent(shop) == [{"words": "In your library", "number": "CMT-000001"}]
    assert question(shop, number).state == "answered"
    ask(sam, "/questions", "none waits")
    assert "In your library" in ask(sam, f"/questions {number}", "Answer of Sam").text


def test_a_reply_to_the_message_of_a_question_is_its_answer(shop: ShopBot) -> None:
    number, sam = asked(shop), staff(shop)
    shown = ask(sam, "/help", "How it works")
    shop.do(
        lambda session: record_relay(session, number, staff_telegram_id=sam.id, staff_message_id=shown.id)
    )
    sam.says("Try another player", reply_to=shown)
    sam.wait_for("on its way to the person")
    assert answers(shop) == ["Try another player"]
    shop.handle.repeat_update()
    other = ask(sam, "/help", "How it works")
    assert answers(shop) == ["Try another player"]
    sam.says("couture", reply_to=other)
    sam.wait_for("product found")


def test_who_answers_second_hears_of_it(shop: ShopBot) -> None:
    number, sam, tom = asked(shop), staff(shop), staff(shop, "admin")
    for person, words in ((sam, "on its way"), (tom, "Somebody had answered this question before")):
        person.press_data(ask(person, f"/questions {number}", "Where is"), f"question_answer:{number}")
        person.wait_for("Write your answer")
        ask(person, f"From {person.id}", words)
    assert len(answers(shop)) == 2


def test_a_buyer_who_has_blocked_the_bot_is_not_said_to_be_reached(shop: ShopBot) -> None:
    number, sam = asked(shop), staff(shop)
    shop.do(lambda s: mark_blocked(s, question_owner(s, number), utc_now()))
    sam.press_data(ask(sam, f"/questions {number}", "Where is"), f"question_answer:{number}")
    sam.wait_for("Write your answer")
    ask(sam, "Here", "has not reached the person")


def test_a_closed_question_is_told_to_who_waits(shop: ShopBot) -> None:
    number, sam = asked(shop), staff(shop)
    card = ask(sam, f"/questions #{number}", "Where is")
    sam.presses(card, "✔️ Close")
    sam.wait_for(f"no. {number} is closed")
    sam.press_data(card, f"question_close:{number}")
    sam.wait_for("was closed before")
    assert sent(shop, "support-closed") == [{"number": number}]


def test_what_was_asked_on_a_page_is_shown_without_a_name(shop: ShopBot) -> None:
    def build(session: Session) -> int:
        order = make.order(session, rail="manual", entry="web")
        return ask_on_page(session, order, "Did it come?", key="k", now=utc_now()).question_id

    number, sam = shop.do(build), staff(shop)
    assert "the buyer of a web order" in ask(sam, f"/questions {number}", "Did it come?").text


def test_the_list_says_how_many_orders_need_help_besides(shop: ShopBot) -> None:
    shop.do(lambda s: need_support(s, make.paid_order(s), reason="overpaid", now=utc_now()))
    ask(staff(shop), "/questions", "1 order needs your help: /orders")


def test_ten_long_answers_fit_into_one_message(shop: ShopBot) -> None:
    number, sam = asked(shop, "q" * 3000), staff(shop)

    def build(session: Session) -> None:
        for place in range(10):
            row = SupportAnswer(question_id=number, key=str(place), words="a" * 3000)
            session.add(row)

    shop.do(build)
    ask(sam, f"/questions {number}", "earlier answers are not shown")


@pytest.mark.parametrize("data", ["questions:1", "question:1", "question_answer:1", "question_close:1"])
def test_others_than_staff_read_and_close_nothing(shop: ShopBot, data: str) -> None:
    asked(shop)
    bob = shop.person("Bob")
    message = ask(bob, "/start", "Welcome")
    assert "role" in str(bob.press_data(message, data).text)
    ask(bob, "/questions", "role")
    assert question(shop, 1).state == "open"


def test_a_buyer_who_replies_answers_nobody(shop: ShopBot) -> None:
    number, ann = asked(shop), shop.person()
    shown = ask(ann, "/start", "Welcome")
    shop.do(
        lambda session: record_relay(session, number, staff_telegram_id=ann.id, staff_message_id=shown.id)
    )
    ann.says("nothing such", reply_to=shown)
    ann.wait_for("Nothing matches")
    assert answers(shop) == []
