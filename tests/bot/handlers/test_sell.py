"""Opening a shop and running it."""

from collections.abc import Callable

import pytest
from sqlmodel import Session, select

from core.kit.money import Money
from core.kit.rows import id_of
from core.payments.month_sums import named_month
from core.payments.papers import issue
from core.payments.rails.stripe.accounts import begin
from core.payments.rails.stripe.platform import note_key
from core.people.people import find_user
from core.people.shop_fees import set_fee, suspend
from schemas.base import utc_now
from schemas.catalogue import Product
from schemas.paper_jobs import SendStatement
from schemas.people import Seller
from schemas.stripe import StripeAccount
from schemas.stripe_jobs import CheckStripeAccount
from scripts.sandbox.telegram.driver import Person
from scripts.sandbox.telegram.views import Message
from tests.support import make
from tests.support.shop_bot import ShopBot, ask


def apply(person: Person, name: str) -> Message:
    """Go through the questions, up to the rails."""
    invitation = ask(person, "/sell", "Sell your files")
    person.presses(invitation, "🏪 Open my shop")
    person.wait_for("What is your shop called?")
    terms = ask(person, name, "The terms")
    assert name in terms.text
    person.presses(terms, "I accept")
    return person.wait_for("Which ways to pay")


def shops(shop: ShopBot) -> list[Seller]:
    """All shops."""
    return list(shop.do(lambda session: session.exec(select(Seller)).all()))


def own_product(shop: ShopBot, person: Person) -> Product:
    """A product that this person sells."""

    def build(session: Session) -> Product:
        owner = make.user(session, telegram_id=person.id, name=person.name, language="en")
        return make.product(session, make.seller(session, owner, name="Bob & co"))

    return shop.do(build)


def test_a_shop_opens_at_once_where_it_is_open_to_all(start_bot: Callable[..., ShopBot]) -> None:
    shop = start_bot(sellers_open=True)
    bob = shop.person("Bob")
    rails = apply(bob, "Bob & <co>")
    bob.presses(rails, "⬜️ Cryptocurrency")
    bob.presses(rails, "✅ Done")
    menu = bob.wait_for("Ways to pay: Telegram Stars, Cryptocurrency")
    assert "Bob & <co>" in menu.text
    (opened,) = shops(shop)
    assert (opened.name, opened.status, opened.rails) == ("Bob & <co>", "approved", ["stars", "crypto"])


def test_a_name_that_calls_staff_is_looked_at_before_the_shop_opens(
    start_bot: Callable[..., ShopBot],
) -> None:
    shop = start_bot(sellers_open=True, moderation_words="poison")
    bob = shop.person("Bob")
    bob.presses(apply(bob, "Poison & co"), "✅ Done")
    bob.wait_for("is waiting for the team’s approval")
    assert shop.do(make.sent_texts) == ["shop-name-held"]


def test_a_shop_waits_for_approval_otherwise_and_staff_are_asked(shop: ShopBot) -> None:
    admin = shop.do(lambda session: make.user(session, roles=("admin",)))
    bob = shop.person("Bob")
    bob.presses(apply(bob, "Bob"), "✅ Done")
    bob.wait_for("is waiting for the team’s approval")
    assert shop.do(lambda session: make.sent_texts(session, admin)) == ["staff-shop-waiting"]
    ask(bob, "/sell", "is waiting for the team’s approval")


def test_cards_are_not_ticked_but_connected_once_the_shop_is_open(shop: ShopBot) -> None:
    bob = shop.person("Bob")
    rails = apply(bob, "Bob")
    assert "/cards connects it to Stripe" in rails.text
    assert not [button for button in rails.buttons if "Bank card" in button.text]
    bob.press_data(rails, "shop_rail:card")  # from a message of before
    bob.presses(rails, "✅ Done")
    bob.wait_for("is waiting for the team’s approval")
    assert [each.rails for each in shops(shop)] == [["stars"]]


def test_cards_are_shown_once_workers_have_the_key(shop: ShopBot) -> None:
    bob = shop.person("Bob")
    shop.do(lambda session: make.seller(session, make.user(session, telegram_id=bob.id, language="en")))
    ask(bob, "/cards", "its operator has to set up Stripe first")
    shop.do(lambda session: note_key(session, "sk_test_1"))
    ask(bob, "/cards", "Card payments")


def test_a_seller_has_vat_worked_out_by_a_press(shop: ShopBot) -> None:
    bob = shop.person("Bob")

    def connect(session: Session) -> None:
        seller = make.seller(session, make.user(session, telegram_id=bob.id, language="en"))
        account = begin(session, id_of(seller), now=utc_now())
        account.account_id, account.state = "acct_bob", "active"
        note_key(session, "sk_test_1")

    def tax() -> list[str]:
        return shop.do(lambda session: list(session.exec(select(StripeAccount.tax)).all()))

    shop.do(connect)
    card = ask(bob, "/cards", "VAT is not calculated")
    bob.presses(card, "🧾 Calculate VAT")
    waiting = bob.wait_for("Waiting for Stripe Tax")
    assert tax() == ["asked"]
    assert len(shop.do(lambda session: make.queued(session, CheckStripeAccount))) == 1
    bob.presses(waiting, "✖️ Stop calculating VAT")
    bob.wait_for("VAT is not calculated")
    assert tax() == ["off"]


def test_without_a_rail_the_shop_cannot_be_finished(shop: ShopBot) -> None:
    bob = shop.person("Bob")
    rails = apply(bob, "Bob")
    bob.presses(rails, "✅ Telegram Stars")
    changed = bob.wait_for(lambda message: message.id == rails.id)
    assert "✅ Done" not in [button.text for button in changed.buttons]
    assert "Choose at least one" in str(bob.press_data(rails, "shop_open").text)


def test_a_name_that_is_too_long_is_asked_again(shop: ShopBot) -> None:
    bob = shop.person("Bob")
    bob.presses(ask(bob, "/sell", "Sell your files"), "🏪 Open my shop")
    bob.wait_for("What is your shop called?")
    ask(bob, "n" * 61, "61 characters; the limit is 60")
    ask(bob, "Bob", "The terms")


@pytest.mark.parametrize("data", ["shop_accept", "shop_rail:crypto", "shop_open"])
def test_answers_to_a_forgotten_question_begin_again(shop: ShopBot, data: str) -> None:
    bob = shop.person("Bob")
    message = ask(bob, "/start", "Welcome")
    assert "Start again with /sell" in str(bob.press_data(message, data).text)
    assert shops(shop) == []


def test_words_instead_of_a_button_show_the_buttons_again(shop: ShopBot) -> None:
    bob = shop.person("Bob")
    bob.presses(ask(bob, "/sell", "Sell your files"), "🏪 Open my shop")
    bob.wait_for("What is your shop called?")
    ask(bob, "Bob", "The terms")
    bob.presses(ask(bob, "yes", "The terms"), "I accept")
    bob.wait_for("Which ways to pay")
    ask(bob, "stars", "Which ways to pay")


def test_a_seller_takes_a_product_off_sale_and_puts_it_back(shop: ShopBot) -> None:
    bob = shop.person("Bob")
    item = own_product(shop, bob)
    menu = ask(bob, "/sell", "Bob & co")
    bob.presses(menu, "📦 My products")
    bob.press_data(menu, f"my_product:{item.id}")
    assert "on sale" in bob.wait_for("Status").text
    bob.press_data(menu, f"unpublish:{item.id}")
    question = bob.wait_for("off sale?")
    ask(shop.person("Ann"), "/catalogue", "1 product")
    bob.presses(question, "⏸ Yes, take it off sale")
    bob.wait_for("buyers keep access")
    ask(shop.person("Ann"), "/catalogue", "still empty")
    bob.press_data(menu, f"publish:{item.id}")
    bob.wait_for("Status: on sale")
    ask(shop.person("Ann"), "/catalogue", "1 product")


def test_a_seller_sees_sales_and_balance(shop: ShopBot) -> None:
    bob = shop.person("Bob")
    item = own_product(shop, bob)
    shop.do(lambda session: make.paid_order(session, item))
    menu = ask(bob, "/sell", "Bob & co")
    bob.presses(menu, "📈 My sales")
    assert "CMT-000001" in bob.wait_for("1 sale").text
    bob.press_data(menu, "balance")
    bob.wait_for("Telegram Stars: 500\u00a0⭐ to receive")


def test_an_empty_shop_says_what_to_do_next(shop: ShopBot) -> None:
    bob = shop.person("Bob")
    shop.do(lambda session: make.seller(session, make.user(session, telegram_id=bob.id, language="en")))
    menu = ask(bob, "/sell", "Ways to pay")
    for data, words in (
        ("my_products:1", "Add a product with the app"),
        ("sales:1", "No sale yet"),
        ("balance", "balance is empty"),
    ):
        bob.press_data(menu, data)
        bob.wait_for(words)


@pytest.mark.parametrize(
    ("public_url", "add", "replace"),
    [
        ("http://127.0.0.1:1", "send its file to me here", "write to the team"),
        ("https://shop.example", "Add a product with the app", "open the product in the app"),
    ],
)
def test_a_seller_reads_how_to_add_and_replace_files_where_they_can(
    start_bot: Callable[..., ShopBot], public_url: str, add: str, replace: str
) -> None:
    shop = start_bot(public_url=public_url)
    bob = shop.person("Bob")
    item = own_product(shop, bob)
    menu = ask(bob, "/sell", "Ways to pay")
    bob.press_data(menu, "my_products:1")
    assert "comptoir" not in bob.wait_for(add).text
    bob.press_data(menu, f"my_product:{id_of(item)}")
    bob.wait_for(replace)


@pytest.mark.parametrize("data", ["my_product:{0}", "publish:{0}", "unpublish:{0}", "unpublished:{0}"])
def test_somebody_elses_product_stays_out_of_reach(shop: ShopBot, data: str) -> None:
    item = own_product(shop, shop.person("Bob"))
    eve = shop.person("Eve")
    shop.do(lambda session: make.seller(session, make.user(session, telegram_id=eve.id, language="en")))
    message = ask(eve, "/start", "Welcome")
    assert eve.press_data(message, data.format(id_of(item))).alert
    ask(shop.person("Ann"), "/catalogue", "1 product")


def test_a_seller_reads_their_month_and_has_its_file_sent(shop: ShopBot) -> None:
    sam = shop.person("Sam")
    ask(sam, "/help", "How it works")

    def open_shop(session: Session) -> None:
        owner = find_user(session, sam.id)
        assert owner is not None
        own = make.seller(session, owner)
        now = utc_now()
        issue(session, id_of(make.paid_order(session, make.product(session, own), now=now)), now=now)

    assert "shop" in ask(sam, "/statement", "shop").text
    shop.do(open_shop)
    month = ask(sam, "/statement", "What you sold, by the papers of the month")
    assert "(1 sale)" in month.text
    sam.presses(month, "📄 Get the file (CSV)")
    asked = shop.do(lambda session: make.queued(session, SendStatement))
    assert [job.month for job in asked] == [named_month(utc_now())]
    earlier = next(button for button in month.buttons if button.text.startswith("«"))
    sam.presses(month, earlier.text)
    sam.wait_for(lambda message: message.id == month.id and "Nothing was sold" in message.text)


def test_a_seller_reads_how_the_monthly_fee_stands_and_pays_it(shop: ShopBot) -> None:
    bob = shop.person("Bob")
    item = own_product(shop, bob)
    price = {"stars": [Money(300, "XTR")]}
    shop.do(lambda session: set_fee(session, item.seller_id, price, actor="cli", now=utc_now()).product_id)
    menu = ask(bob, "/sell", "Monthly fee: due since")
    bob.presses(menu, "💳 Pay the monthly fee")
    card = bob.wait_for("One month for the shop to be open")
    bob.presses(card, "⭐ Buy · 300\xa0⭐")
    bill = bob.wait_for(lambda message: message.invoice is not None)
    assert bill.invoice is not None
    assert "Monthly fee" in bill.invoice["title"]


def test_a_shop_that_is_closed_for_its_fee_leads_to_paying_it(shop: ShopBot) -> None:
    bob = shop.person("Bob")
    item = own_product(shop, bob)

    def close(session: Session) -> None:
        fee = set_fee(session, item.seller_id, {"stars": [Money(300, "XTR")]}, actor="cli", now=utc_now())
        suspend(session, fee, now=utc_now())

    shop.do(close)
    menu = ask(bob, "/sell", "is closed until its monthly fee is paid")
    bob.presses(menu, "💳 Pay the monthly fee")
    assert "300\xa0⭐" in bob.wait_for("One month for the shop to be open").text
    bob.press_data(menu, f"my_product:{id_of(item)}")
    assert "Status: published, but your shop is closed" in bob.wait_for("Status: ").text
