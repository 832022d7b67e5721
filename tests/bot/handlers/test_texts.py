"""Words of products that staff look at, in the bot."""

from collections.abc import Callable

from sqlmodel import Session

from core.kit.rows import id_of
from core.people.people import set_role
from tests.support import make
from tests.support.shop_bot import ShopBot, ask


def test_a_text_waits_for_staff_who_accept_or_refuse_it(start_bot: Callable[..., ShopBot]) -> None:
    shop = start_bot(moderation="all")
    bob, sam, ann = shop.person("Bob"), shop.person("Sam"), shop.person("Ann")
    menu = ask(bob, "/start", "Welcome")
    ask(sam, "/start", "Welcome")

    def draft(session: Session) -> int:
        set_role(session, sam.id, "support", actor="cli")
        owner = make.user(session, telegram_id=bob.id, name="Bob", language="en")
        return id_of(make.product(session, make.seller(session, owner), title="Robe", published=False))

    number = shop.do(draft)
    bob.press_data(menu, f"publish:{number}")
    bob.wait_for("the team is looking at its text")
    ask(ann, "/catalogue", "still empty")
    question = ask(sam, "/moderation", "Text to check")
    assert "Robe" in question.text
    sam.presses(question, "❌ Refuse")
    sam.wait_for("Why is this text refused?")
    ask(sam, "No dresses here", "is refused")
    bob.press_data(menu, f"my_product:{number}")
    bob.wait_for("its text was not accepted")
    ask(ann, "/catalogue", "still empty")
    sam.presses(question, "✅ Approve")
    sam.wait_for("is accepted")
    ask(ann, "/catalogue", "1 product")
    assert "does not wait for a decision" in str(sam.presses(question, "✅ Approve").text)
    assert "needs a role" in str(ann.press_data(ask(ann, "/start", "Welcome"), f"text_ok:{number}:x").text)


def test_what_a_shop_says_of_itself_waits_for_staff(start_bot: Callable[..., ShopBot]) -> None:
    shop = start_bot(moderation="flagged", moderation_words="poison")
    bob, sam, ann = shop.person("Bob"), shop.person("Sam"), shop.person("Ann")
    for person in (bob, sam, ann):
        ask(person, "/start", "Welcome")

    def open_shop(session: Session) -> str:
        set_role(session, sam.id, "support", actor="cli")
        owner = make.user(session, telegram_id=bob.id, name="Bob", language="en")
        return make.product(session, make.seller(session, owner, name="Robes")).slug

    slug = shop.do(open_shop)
    card = ask(bob, "/sell", "Ways to pay")
    bob.presses(card, "👤 What buyers see of me")
    bob.presses(bob.wait_for("says nothing more"), "✍️ Say who I am")
    bob.wait_for("Who sells here?")
    waiting = ask(bob, "Bob, Poison Road 3", "buyers do not read them yet")
    assert "Bob, Poison Road 3" in waiting.text
    assert "says nothing more" in waiting.text

    def seen() -> str:
        product = ask(ann, f"/start p_{slug}", "by Robes")
        ann.presses(product, "👤 Who sells this")
        return ann.wait_for("Sells here since", after=product).text

    assert "Poison" not in seen()
    question = ask(sam, "/moderation", "what the shop Robes says of itself")
    sam.presses(question, "❌ Refuse")
    sam.wait_for("Why is this text refused?")
    ask(sam, "Give an address that exists", "is refused")
    assert "Poison" not in seen()
    sam.presses(question, "✅ Approve")
    sam.wait_for("is accepted")
    assert "Poison Road 3" in seen()
    assert "does not wait for a decision" in str(sam.presses(question, "✅ Approve").text)


def test_the_data_of_a_button_names_a_kind_that_exists(start_bot: Callable[..., ShopBot]) -> None:
    shop = start_bot(moderation="all")
    sam = shop.person("Sam")
    menu = ask(sam, "/start", "Welcome")
    shop.do(lambda session: set_role(session, sam.id, "support", actor="cli"))
    assert "out of date" in str(sam.press_data(menu, "text_ok:1:abc:person").text)
