"""Help from people: what they ask is written down, and they hear whether anybody is there."""

from sqlmodel import Session, col, select

from core.kit.rows import id_of
from core.people.people import known_user, set_role
from core.people.support import OPEN_LIMIT
from core.people.support import ask as keep
from schemas.base import utc_now
from schemas.support import SupportQuestion
from tests.support import make
from tests.support.shop_bot import ShopBot, ask


def kept(shop: ShopBot) -> list[SupportQuestion]:
    """What is written down, oldest first."""
    every = select(SupportQuestion).order_by(col(SupportQuestion.id))
    return shop.do(lambda session: list(session.exec(every)))


def test_who_has_bought_nothing_writes_at_once(shop: ShopBot) -> None:
    ann = shop.person()
    ask(ann, "/support", "Write your question")
    ask(ann, "Is it <b>in French</b>?", "in the team’s inbox")
    (question,) = kept(shop)
    assert (question.words, question.about, question.order_id) == ("Is it <b>in French</b>?", "support", None)


def test_a_payment_question_carries_its_order(shop: ShopBot) -> None:
    ann = shop.person()

    def build(session: Session) -> int:
        return id_of(make.paid_order(session, buyer=make.user(session, telegram_id=ann.id, language="en")))

    order_id = shop.do(build)
    which = ask(ann, "/paysupport", "which order")
    ann.presses(which, f"ask:payment:{order_id}")
    ann.wait_for("Write your question")
    ask(ann, "Charged twice?", "in the team’s inbox")
    (question,) = kept(shop)
    assert (question.about, question.order_id) == ("payment", order_id)


def test_somebody_elses_order_cannot_be_named(shop: ShopBot) -> None:
    order_id = shop.do(lambda session: id_of(make.paid_order(session)))
    bob = shop.person("Bob")
    message = ask(bob, "/start", "Welcome")
    bob.press_data(message, f"ask:support:{order_id}")
    bob.wait_for("Write your question")
    ask(bob, "Give me the links", "I cannot find this order")
    assert kept(shop) == []


def test_a_cancelled_question_is_a_search_again(shop: ShopBot) -> None:
    ann = shop.person()
    question = ask(ann, "/support", "Write your question")
    ann.presses(question, "Cancel")
    ann.wait_for("Cancelled")
    ask(ann, "couture", "Nothing matches")
    assert kept(shop) == []


def test_a_command_ends_the_question_that_was_open(shop: ShopBot) -> None:
    ann = shop.person()
    ask(ann, "/support", "Write your question")
    ask(ann, "/help", "How it works")
    ask(ann, "couture", "Nothing matches")


def test_too_many_words_are_refused_and_may_be_sent_again(shop: ShopBot) -> None:
    ann = shop.person()
    ask(ann, "/support", "Write your question")
    ask(ann, "w" * 4000, "4,000 characters; the limit is 3,000")
    ask(ann, "shorter", "in the team’s inbox")


def test_a_banned_person_may_still_write_to_support(shop: ShopBot) -> None:
    ann = shop.person()
    ask(ann, "/start", "Welcome")
    shop.do(lambda session: set_role(session, ann.id, "banned", actor="cli"))
    ask(ann, "/catalogue", "Your access to the shop is closed")
    ask(ann, "couture", "Your access to the shop is closed")
    ask(ann, "/support", "Write your question")
    ask(ann, "Why?", "in the team’s inbox")


def test_nobody_is_promised_that_staff_who_are_not_there_have_read_it(shop: ShopBot) -> None:
    ann = shop.person()
    ask(ann, "/support", "Write your question")
    ask(ann, "Hello?", "Nobody of the team can be reached at this moment")
    shop.do(lambda session: make.user(session, name="Sam", roles=("support",)))
    ask(ann, "/support", "Write your question")
    assert "Nobody" not in ask(ann, "Hello again?", "in the team’s inbox").text
    assert [question.words for question in kept(shop)] == ["Hello?", "Hello again?"]


def test_a_message_that_telegram_repeats_is_one_question(shop: ShopBot) -> None:
    ann = shop.person()
    ask(ann, "/support", "Write your question")
    ask(ann, "Hello?", "in the team’s inbox")
    shop.handle.repeat_update()
    ask(ann, "/help", "How it works")
    assert len(kept(shop)) == 1


def test_more_questions_than_staff_can_answer_are_refused_in_words(shop: ShopBot) -> None:
    ann = shop.person()
    ask(ann, "/support", "Write your question")

    def fill(session: Session) -> None:
        person = known_user(session, ann.id)
        for number in range(OPEN_LIMIT):
            keep(session, person, "?", about="support", order_id=None, key=str(number), now=utc_now())

    shop.do(fill)
    ask(ann, "And?", "10 of your questions wait for an answer already")
    assert len(kept(shop)) == OPEN_LIMIT
