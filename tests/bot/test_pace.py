"""What a person sends is counted: a flood is told once, ordinary use and payments are never held up."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from bot.dialogs import Dialog
from bot.pace import class_of, is_backlog
from core.people.people import set_role
from core.process.limits import MESSAGES, STEPS, Limit
from scripts.sandbox.telegram.driver import Person
from tests.support import make
from tests.support.shop_bot import ShopBot, ask, invoice, orders
from tests.support.waiting import wait_until

QUESTION = Dialog("price")


@pytest.mark.parametrize(
    ("words", "dialog", "has_file", "limit"),
    [
        ("/start", None, False, MESSAGES),
        ("/sell", QUESTION, False, MESSAGES),
        ("couture", None, False, MESSAGES),
        ("", None, False, MESSAGES),
        ("12.50", QUESTION, False, STEPS),
        ("", None, True, STEPS),
        ("a caption", QUESTION, True, STEPS),
    ],
)
def test_what_we_asked_for_is_of_another_class(
    words: str, dialog: Dialog | None, has_file: bool, limit: Limit
) -> None:
    assert class_of(words, dialog, has_file=has_file) is limit


def test_what_waited_while_the_bot_was_away_is_not_a_flood() -> None:
    assert is_backlog(MESSAGES, make.NOW - timedelta(seconds=61), make.NOW)
    assert not is_backlog(MESSAGES, make.NOW - timedelta(seconds=59), make.NOW)


def answers(person: Person) -> list[str]:
    return [message.text for message in person.chat if message.outgoing]


def test_a_flood_of_messages_is_told_once_and_others_are_heard(start_bot: Callable[..., ShopBot]) -> None:
    shop = start_bot(limits="")
    ann, bob = shop.person("Ann"), shop.person("Bob")
    for _ in range(MESSAGES.most):
        ask(ann, "/help", "How it works")
    ask(ann, "/help", "That was a lot at once. I will hear nothing more from you for")
    heard = len(answers(ann))
    for _ in range(5):
        ann.says("/help")
    ask(bob, "/help", "How it works")
    assert len(answers(ann)) == heard


def test_whoever_sent_a_flood_can_still_press_and_pay(start_bot: Callable[..., ShopBot]) -> None:
    shop = start_bot(limits="message=3/60;step=4/60")
    item = shop.do(lambda session: make.product(session))
    ann = shop.person("Ann")
    asked = invoice(shop, ann, item)
    for _ in range(2):
        ask(ann, "/help", "How it works")
    ask(ann, "/help", "That was a lot at once")
    ann.pays(asked)
    wait_until(lambda: orders(shop) == ["paid"])


def test_pages_are_turned_without_being_counted_as_messages(start_bot: Callable[..., ShopBot]) -> None:
    shop = start_bot(limits="step=20/60")
    ann = shop.person("Ann")
    menu = ask(ann, "/start", "Welcome")
    pressed = [ann.press_data(menu, "language:en") for _ in range(20)]
    assert [answer.alert for answer in pressed] == [False] * 20
    refused = ann.press_data(menu, "language:en")
    assert (refused.alert, "That was a lot at once" in str(refused.text)) == (True, True)
    assert ann.press_data(menu, "language:en").text is None, "told once, and the button does not wait"


def test_staff_work_as_fast_as_they_can(start_bot: Callable[..., ShopBot]) -> None:
    shop = start_bot(limits="")
    ann = shop.person("Ann")
    ask(ann, "/help", "How it works")
    shop.do(lambda session: set_role(session, ann.id, "support", actor="cli"))
    for _ in range(3 * MESSAGES.most):
        ask(ann, "/help", "How it works")
