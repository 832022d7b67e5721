"""A seller chooses what is shown of a file, and sends a sample of their own."""

import pytest
from sqlmodel import select

from core.catalogue.catalogue import current_assets
from core.kit.rows import id_of
from schemas.catalogue import Asset
from schemas.uploads import Upload
from tests.bot.handlers.test_sell import own_product
from tests.support.shop_bot import ShopBot, ask


def test_a_seller_chooses_whether_a_file_is_shown(shop: ShopBot) -> None:
    bob = shop.person("Bob")
    item = own_product(shop, bob)
    menu = ask(bob, "/sell", "Bob & co")
    (file,) = shop.do(lambda session: [asset.id for asset in current_assets(session, id_of(item))])
    for choice, label in (("none", "automatic"), ("automatic", "nothing shown")):
        bob.press_data(menu, f"my_product:{item.id}")
        card = bob.wait_for("people see a small part")
        bob.presses(card, next(each.text for each in card.buttons if label in each.text))
        question = bob.wait_for(f"Now: {label}")
        bob.presses(question, "⬜️ Show nothing" if choice == "none" else "⬜️ Automatic")
        assert shop.do(lambda session: session.get_one(Asset, file).preview_choice) == choice
    eve = shop.person("Eve")
    assert eve.press_data(ask(eve, "/start", "Welcome"), f"show_of_file:{file}:none").alert
    assert shop.do(lambda session: session.get_one(Asset, file).preview_choice) == "automatic"


def test_a_seller_sends_a_sample_of_their_own(shop: ShopBot) -> None:
    bob = shop.person("Bob")
    item = own_product(shop, bob)
    menu = ask(bob, "/sell", "Bob & co")
    (file,) = shop.do(lambda session: [asset.id for asset in current_assets(session, id_of(item))])
    bob.press_data(menu, f"shown_of_file:{file}")
    bob.presses(bob.wait_for("Own sample"), "⬜️ Send a sample of my own")
    question = bob.wait_for("Send me the sample of")
    assert "100" in question.text
    bob.says("here it is")
    bob.wait_for("Send me the sample of", after=question)
    bob.sends_document(b"%PDF-1.7", "chapter.pdf")
    bob.wait_for("on its way as your sample")
    (upload,) = shop.do(lambda session: session.exec(select(Upload)).all())
    assert (upload.purpose, upload.replaces_id, upload.name) == ("sample", file, "chapter.pdf")
    assert shop.do(lambda session: session.get_one(Asset, file).preview_choice) == "automatic"
    bob.sends_document(b"%PDF-1.7", "next.pdf")  # the question is answered: this is a product of its own
    bob.wait_for("on its way into the product")


@pytest.mark.parametrize("act", ["shown_of_file", "sample_of_file"])
def test_of_nobody_elses_file(shop: ShopBot, act: str) -> None:
    item = own_product(shop, shop.person("Bob"))
    (file,) = shop.do(lambda session: [asset.id for asset in current_assets(session, id_of(item))])
    eve = shop.person("Eve")
    assert eve.press_data(ask(eve, "/start", "Welcome"), f"{act}:{file}").alert
    assert eve.press_data(ask(eve, "/start", "Welcome"), f"{act}:x").text
