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
    ask(ann, "/catalogue", "still empty")
    sam.presses(question, "✅ Approve")
    sam.wait_for("is accepted")
    ask(ann, "/catalogue", "1 product")
    assert "does not wait for a decision" in str(sam.presses(question, "✅ Approve").text)
    assert "needs a role" in str(ann.press_data(ask(ann, "/start", "Welcome"), f"text_ok:{number}:x").text)
