"""What a person is told, switched on and off in the bot."""

from collections.abc import Callable

from sqlmodel import Session

from core.kit.rows import id_of
from core.notifications.addresses import confirm, give_address, question
from core.notifications.kinds import KINDS
from core.notifications.notify import notify
from core.people.people import find_user
from schemas.base import utc_now
from schemas.people import User
from scripts.sandbox.telegram.views import Message
from tests.support import make
from tests.support.shop_bot import ShopBot, ask

OFFERED = [traits for traits in KINDS.values() if not traits.admins]
ENDED: dict[str, str | int] = {"title": "Couture"}


def registered(session: Session, telegram_id: int) -> User:
    user = find_user(session, telegram_id)
    assert user is not None
    return user


def shows(label: str) -> Callable[[Message], bool]:
    return lambda message: label in [button.text for button in message.buttons]


def test_a_kind_is_switched_off_and_on_again(shop: ShopBot) -> None:
    ann = shop.person()
    menu = ask(ann, "/notifications", "What I tell you")
    assert "sends no e-mails" in menu.text
    assert len(menu.buttons) - 1 == sum("telegram" in traits.ways for traits in OFFERED)
    ann.presses(menu, "🔔 Your access has ended")
    off = ann.wait_for(shows("🔕 Your access has ended"))
    shop.do(
        lambda session: notify(session, id_of(registered(session, ann.id)), "member-expired", ENDED, once="1")
    )
    assert shop.do(lambda session: make.sent_texts(session, registered(session, ann.id))) == []
    ann.presses(off, "🔕 Your access has ended")
    ann.wait_for(shows("🔔 Your access has ended"))


def test_who_has_an_address_switches_mail_as_well(shop: ShopBot) -> None:
    ann = shop.person()
    ask(ann, "/help", "How it works")

    def confirmed(session: Session) -> None:
        row = give_address(session, id_of(registered(session, ann.id)), "ann@example.org", now=utc_now())
        mail = question(session, id_of(row), row.issue, make.SECRET, now=utc_now())
        assert mail is not None
        confirm(session, mail.confirm_token, now=utc_now())

    shop.do(confirmed)
    menu = ask(ann, "/notifications", "the same by e-mail")
    assert len(menu.buttons) - 1 == sum(len(traits.ways) for traits in OFFERED)


def test_a_button_that_is_made_up_changes_nothing(shop: ShopBot) -> None:
    ann = shop.person()
    menu = ask(ann, "/notifications", "What I tell you")
    assert "never comes that way" in (ann.press_data(menu, "tell:gossip:telegram").text or "")


def test_an_address_is_given_asked_again_and_removed_in_the_bot(start_bot: Callable[..., ShopBot]) -> None:
    shop = start_bot(smtp_host="127.0.0.1")
    ann = shop.person()
    menu = ask(ann, "/settings", "What I tell you")
    ann.presses(menu, "✉️ My e-mail address")
    none = ann.wait_for("You have given no e-mail address")
    ann.presses(none, "✉️ My e-mail address")
    ann.wait_for("Write your e-mail address")
    ask(ann, "ann@", "not an e-mail address")
    asked = ask(ann, "ann@Example.org", "on its way to ann@example.org")
    ann.presses(asked, "🔁 Send the link again")
    ann.presses(asked, "🗑 Remove the address")
    ann.wait_for("You have given no e-mail address")


def test_a_shop_without_mail_says_so(shop: ShopBot) -> None:
    ann = shop.person()
    menu = ask(ann, "/notifications", "sends no e-mails")
    assert "sends no e-mails" in (ann.press_data(menu, "mail_other").text or "")
