"""Files sent to the bot, going on with a product, and staff's look at files."""

from collections.abc import Callable

import pytest
from sqlmodel import Session, select

from core.kit.rows import id_of
from core.people.sellers import shop_of
from core.uploads.opening import UploadRules
from core.uploads.parts import complete
from core.uploads.telegram_files import SentFile, take_sent_file
from core.uploads.verdicts import record_verified
from schemas.base import utc_now
from schemas.catalogue import Asset, Product
from schemas.jobs import TakeTelegramFile
from schemas.uploads import Upload
from scripts.sandbox.telegram.driver import Person
from tests.support import make
from tests.support.shop_bot import ShopBot, ask
from tests.support.waiting import wait_until

RULES = UploadRules(50 * 2**30, 7, "on_confirm", {})


@pytest.fixture
def bob(shop: ShopBot) -> Person:
    """A person with a shop."""
    person = shop.person("Bob")
    shop.do(lambda session: _open_shop(session, person))
    return person


def _open_shop(session: Session, person: Person) -> None:
    owner = make.user(session, telegram_id=person.id, name=person.name, language="en")
    make.seller(session, owner, name="Bob & co")


def taken(session: Session, person: Person) -> Upload:
    """The upload of a message with a file."""
    owner = make.user(session, telegram_id=person.id, name=person.name, language="en")
    file = SentFile("file", "unique", "lesson.pdf", 1000, "application/pdf")
    upload, _ = take_sent_file(
        session,
        owner,
        shop_of(session, id_of(owner)),
        file,
        caption="The lesson",
        message_id=1,
        rules=RULES,
        now=utc_now(),
    )
    return upload


def arrived(shop: ShopBot, person: Person, *, moderation: str = "off") -> Upload:
    """A file of the person's, all of it in the store and verified."""

    def work(session: Session) -> Upload:
        upload = taken(session, person)
        complete(session, upload.id, ["etag"], now=utc_now())
        return record_verified(
            session,
            upload.id,
            sha256="a" * 64,
            found_type="application/pdf",
            findings=[],
            moderation=moderation,
            rules=RULES,
            now=utc_now(),
        )

    return shop.do(work)


def test_a_file_sent_to_the_bot_becomes_a_draft_that_a_worker_fills(shop: ShopBot, bob: Person) -> None:
    sent = bob.sends_document(b"%PDF-1.7", "Leçon 1.pdf")
    bob.wait_for("is on its way into the product Leçon 1", after=sent)
    product = shop.do(lambda session: session.exec(select(Product)).one())
    assert (product.title, product.status) == ("Leçon 1", "draft")
    upload = shop.do(lambda session: session.exec(select(Upload)).one())
    assert (upload.name, upload.size, upload.state) == ("Leçon 1.pdf", 8, "open")
    assert shop.do(lambda session: make.queued(session, TakeTelegramFile)) == [
        TakeTelegramFile(upload_id=upload.id)
    ]


def test_a_message_that_comes_again_after_its_file_was_accepted_changes_nothing(
    shop: ShopBot, bob: Person
) -> None:
    first = arrived(shop, bob)
    again = shop.do(lambda session: taken(session, bob))
    assert (again.id, again.state) == (first.id, "accepted")
    assert len(shop.do(lambda session: session.exec(select(Upload)).all())) == 1


def test_who_has_no_shop_is_told_how_to_open_one(shop: ShopBot) -> None:
    ann = shop.person("Ann")
    sent = ann.sends_document(b"x", "a.pdf")
    ann.wait_for("Only shops can send files", after=sent)
    assert shop.do(lambda session: session.exec(select(Upload)).all()) == []


def test_the_product_goes_on_from_its_file_to_its_price_to_the_catalogue(shop: ShopBot, bob: Person) -> None:
    upload = arrived(shop, bob)
    bob.press_data(bob.says("hello"), f"continue:{upload.product_id}")
    bob.wait_for("How many Stars does The lesson cost?")
    ask(bob, "many", "is not an amount")
    ready = ask(bob, "500", "is ready: 500")
    bob.presses(ready, "🟢 Put on sale")
    wait_until(lambda: _status(shop, upload) == "published")


def _status(shop: ShopBot, upload: Upload) -> str:
    return shop.do(lambda session: session.get_one(Product, upload.product_id)).status


def test_another_persons_product_does_not_go_on(shop: ShopBot, bob: Person) -> None:
    upload = arrived(shop, bob)
    ann = shop.person("Ann")
    pressed = ann.press_data(ann.says("hello"), f"continue:{upload.product_id}")
    assert "role" in (pressed.text or "")
    assert shop.do(lambda session: session.get_one(Product, upload.product_id)).status == "draft"


def test_staff_look_at_files_and_decide(shop: ShopBot, bob: Person) -> None:
    upload = arrived(shop, bob, moderation="all")
    eve = shop.person("Eve")
    shop.do(lambda session: make.user(session, telegram_id=eve.id, language="en", roles=("support",)))
    waiting = ask(eve, "/moderation", "lesson.pdf")
    eve.presses(waiting, "✅ lesson.pdf")
    eve.wait_for("is approved")
    (asset,) = shop.do(lambda session: session.exec(select(Asset)).all())
    assert asset.product_id == upload.product_id


def test_staff_refuse_with_words_that_the_seller_reads(shop: ShopBot, bob: Person) -> None:
    upload = arrived(shop, bob, moderation="all")
    eve = shop.person("Eve")
    shop.do(lambda session: make.user(session, telegram_id=eve.id, language="en", roles=("support",)))
    eve.presses(ask(eve, "/moderation", "lesson.pdf"), "❌ lesson.pdf")
    eve.wait_for("Why is this file refused?")
    ask(eve, "Not yours.", "is refused")
    row = shop.do(lambda session: session.get_one(Upload, upload.id))
    assert (row.state, row.reason_params) == ("refused", {"note": "Not yours."})


@pytest.mark.parametrize("data", ["mod_ok:{id}", "mod_no:{id}", "moderation:1", "mod_ok:nonsense"])
def test_only_staff_decide(shop: ShopBot, bob: Person, data: str) -> None:
    upload = arrived(shop, bob, moderation="all")
    bob.press_data(bob.says("hello"), data.format(id=upload.id))
    assert shop.do(lambda session: session.get_one(Upload, upload.id)).state == "moderation"


def test_the_shops_menu_opens_the_app(shop: ShopBot, bob: Person) -> None:
    menu = ask(bob, "/sell", "Ways to pay")
    app = next(button for button in menu.buttons if button.kind == "web_app")
    assert (app.text, app.value) == ("⬆️ Upload a product (Mini App)", "https://shop.example/app/")


def test_without_an_https_address_there_is_no_app_to_open(start_bot: Callable[..., ShopBot]) -> None:
    shop = start_bot(public_url="http://127.0.0.1:8000")
    bob = shop.person("Bob")
    shop.do(lambda session: _open_shop(session, bob))
    assert [button.kind for button in ask(bob, "/sell", "Ways to pay").buttons].count("web_app") == 0


def test_the_key_of_a_sent_message_makes_one_draft(shop: ShopBot, bob: Person) -> None:
    first, second = arrived(shop, bob), arrived(shop, bob)
    assert first.product_id == second.product_id
    assert shop.do(lambda session: id_of(session.exec(select(Product)).one())) == first.product_id
