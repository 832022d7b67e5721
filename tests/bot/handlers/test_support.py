"""Help from people, and the way back of their answers."""

from sqlmodel import Session

from core.kit.rows import id_of
from core.people.people import set_role
from core.people.support import record_relay
from schemas.jobs import Notify, RelaySupport
from schemas.people import User
from scripts.sandbox.telegram.driver import Person
from scripts.sandbox.telegram.views import Message
from tests.support import make
from tests.support.shop_bot import ShopBot, ask


def relayed(shop: ShopBot) -> list[RelaySupport]:
    """What staff will be shown."""
    return shop.do(lambda session: make.queued(session, RelaySupport))


def staff_with_relay(shop: ShopBot) -> tuple[Person, Message, User]:
    """A supporter who sees a message that relays somebody's question about no order."""
    sam = shop.person("Sam")
    relayed = ask(sam, "/start", "Welcome")

    def build(session: Session) -> User:
        set_role(session, sam.id, "support", actor="cli")
        asker = make.user(session, name="Awa")
        record_relay(
            session,
            user_id=id_of(asker),
            order_id=None,
            staff_telegram_id=sam.id,
            staff_message_id=relayed.id,
        )
        return asker

    return sam, relayed, shop.do(build)


def test_who_has_bought_nothing_writes_at_once(shop: ShopBot) -> None:
    ann = shop.person()
    ask(ann, "/support", "Write your question")
    ask(ann, "Is it <b>in French</b>?", "passed to the team")
    (job,) = relayed(shop)
    assert (job.words, job.about, job.order_id) == ("Is it <b>in French</b>?", "support", None)


def test_a_payment_question_carries_its_order(shop: ShopBot) -> None:
    ann = shop.person()

    def build(session: Session) -> int:
        return id_of(make.paid_order(session, buyer=make.user(session, telegram_id=ann.id, language="en")))

    order_id = shop.do(build)
    which = ask(ann, "/paysupport", "which order")
    ann.presses(which, f"ask:payment:{order_id}")
    ann.wait_for("Write your question")
    ask(ann, "Charged twice?", "passed to the team")
    (job,) = relayed(shop)
    assert (job.about, job.order_id) == ("payment", order_id)


def test_somebody_elses_order_cannot_be_named(shop: ShopBot) -> None:
    order_id = shop.do(lambda session: id_of(make.paid_order(session)))
    bob = shop.person("Bob")
    message = ask(bob, "/start", "Welcome")
    bob.press_data(message, f"ask:support:{order_id}")
    bob.wait_for("Write your question")
    ask(bob, "Give me the links", "I cannot find this order")
    assert relayed(shop) == []


def test_a_cancelled_question_is_a_search_again(shop: ShopBot) -> None:
    ann = shop.person()
    question = ask(ann, "/support", "Write your question")
    ann.presses(question, "Cancel")
    ann.wait_for("Cancelled")
    ask(ann, "couture", "Nothing matches")
    assert relayed(shop) == []


def test_a_command_ends_the_question_that_was_open(shop: ShopBot) -> None:
    ann = shop.person()
    ask(ann, "/support", "Write your question")
    ask(ann, "/help", "How it works")
    ask(ann, "couture", "Nothing matches")


def test_too_many_words_are_refused_and_may_be_sent_again(shop: ShopBot) -> None:
    ann = shop.person()
    ask(ann, "/support", "Write your question")
    ask(ann, "w" * 4000, "4,000 characters; the limit is 3,000")
    ask(ann, "shorter", "passed to the team")


def test_a_banned_person_may_still_write_to_support(shop: ShopBot) -> None:
    ann = shop.person()
    ask(ann, "/start", "Welcome")
    shop.do(lambda session: set_role(session, ann.id, "banned", actor="cli"))
    ask(ann, "/catalogue", "Your access to the shop is closed")
    ask(ann, "couture", "Your access to the shop is closed")
    ask(ann, "/support", "Write your question")
    ask(ann, "Why?", "passed to the team")


def test_a_supporters_reply_finds_its_way_back(shop: ShopBot) -> None:
    sam, relayed, asker = staff_with_relay(shop)
    sam.says("Try another player", reply_to=relayed)
    sam.wait_for("Your answer has been sent")
    (notice,) = shop.do(lambda session: make.queued(session, Notify))
    assert (notice.user_id, notice.text) == (asker.id, "support-answer")
    assert notice.params == {"words": "Try another player", "number": ""}


def test_a_reply_that_answers_nothing_is_a_search(shop: ShopBot) -> None:
    sam, _, _ = staff_with_relay(shop)
    other = ask(sam, "/help", "How it works")
    sam.says("couture", reply_to=other)
    sam.wait_for("Nothing matches")


def test_a_buyer_who_replies_answers_nobody(shop: ShopBot) -> None:
    ann = shop.person()
    relayed = ask(ann, "/start", "Welcome")
    shop.do(
        lambda session: record_relay(
            session,
            user_id=id_of(make.user(session)),
            order_id=None,
            staff_telegram_id=ann.id,
            staff_message_id=relayed.id,
        )
    )
    ann.says("couture", reply_to=relayed)
    ann.wait_for("Nothing matches")
