"""What a person owns: library, downloads, receipts; and nobody else's."""

import pytest
from sqlmodel import Session

from core.kit.rows import id_of
from core.orders.grants import revoke
from core.orders.publication import unpublish
from core.payments.papers import issue
from schemas.access import Grant
from schemas.catalogue import Product
from schemas.jobs import SendLinks
from scripts.sandbox.telegram.driver import Person
from tests.support import make
from tests.support.shop_bot import ShopBot, ask


def bought(shop: ShopBot, buyer: Person, **options: object) -> tuple[Product, Grant]:
    """A product and its grant to this person."""

    def build(session: Session) -> tuple[Product, Grant]:
        item = make.product(session, **options)  # type: ignore[arg-type]
        person = make.user(session, telegram_id=buyer.id, name=buyer.name, language="en")
        return item, make.grant(session, item, person)

    return shop.do(build)


def links_asked(shop: ShopBot) -> list[SendLinks]:
    """The links that workers will send."""
    return shop.do(lambda session: make.queued(session, SendLinks))


def test_an_empty_library_points_to_the_catalogue(shop: ShopBot) -> None:
    empty = ask(shop.person(language="fr"), "/library", "Votre bibliothèque est vide")
    assert empty.buttons[0].text == "🛍 Catalogue"


def test_a_purchase_opens_and_each_file_gives_a_link(shop: ShopBot) -> None:
    ann = shop.person()
    item, grant = bought(shop, ann, files=("cours.pdf", "patrons.zip"))
    library = ask(ann, "/library", "1 purchase")
    ann.presses(library, f"item:{item.id}")
    opened = ann.wait_for("Tap a file")
    assert "valid for 24 hours" in opened.text
    labels = [button.text for button in opened.buttons]
    assert labels[:3] == [
        "⬇️ All files",
        "⬇️ cours.pdf · 10.7\u00a0GB",
        "⬇️ patrons.zip · 10.7\u00a0GB",
    ]
    assert "preparing your link" in str(ann.presses(opened, labels[2]).text)
    assert "preparing your link" in str(ann.presses(opened, labels[0]).text)
    requests = links_asked(shop)
    assert [(job.grant_id, job.occasion) for job in requests] == [(id_of(grant), "library")] * 2
    assert [job.asset_id is None for job in requests] == [False, True]


def test_pressing_download_twice_asks_once(shop: ShopBot) -> None:
    ann = shop.person()
    item, _ = bought(shop, ann)
    library = ask(ann, "/library", "1 purchase")
    ann.press_data(library, f"get:{item.id}")
    ann.press_data(library, f"get:{item.id}")
    assert len(links_asked(shop)) == 1


def test_the_button_of_old_messages_leads_back_to_the_library(shop: ShopBot) -> None:
    ann = shop.person()
    bought(shop, ann)
    message = ask(ann, "/help", "How it works")
    ann.press_data(message, "library_menu")
    ann.wait_for("My library – 1 purchase")


def test_owners_keep_an_unpublished_product(shop: ShopBot) -> None:
    ann = shop.person()
    item, _ = bought(shop, ann)

    def hide(session: Session) -> None:
        admin = make.user(session, roles=("admin",))
        unpublish(session, id_of(item), actor_user=admin, now=make.NOW)

    shop.do(hide)
    library = ask(ann, "/library", "1 purchase")
    ann.press_data(library, f"get:{item.id}")
    assert len(links_asked(shop)) == 1


@pytest.mark.parametrize("data", ["item:{0}", "get:{0}", "receipt:1"])
def test_somebody_elses_purchase_stays_closed(shop: ShopBot, data: str) -> None:
    item, _ = bought(shop, shop.person("Ann"))
    bob = shop.person("Bob")
    message = ask(bob, "/start", "Welcome")
    answer = bob.press_data(message, data.format(item.id))
    assert answer.alert
    assert links_asked(shop) == []


def test_a_made_up_file_is_refused(shop: ShopBot) -> None:
    ann = shop.person()
    item, _ = bought(shop, ann)
    message = ask(ann, "/library", "1 purchase")
    for asset in ("00000000-0000-0000-0000-000000000000", "x" * 40):
        assert "This file does not exist" in str(ann.press_data(message, f"get:{item.id}:{asset}").text)
    assert links_asked(shop) == []


def test_a_refunded_purchase_gives_nothing_more(shop: ShopBot) -> None:
    ann = shop.person()
    item, grant = bought(shop, ann)
    shop.do(lambda session: revoke(session, id_of(grant), reason="refund", now=make.NOW))
    library = ask(ann, "/library", "1 purchase")
    assert library.buttons[0].text.startswith("🚫")
    assert "not in your library" in str(ann.press_data(library, f"get:{item.id}").text)


def test_a_receipt_has_all_that_support_asks_for(shop: ShopBot) -> None:
    ann = shop.person()
    bought(shop, ann, title="Cours <b>")
    receipts = ask(ann, "/receipts", "1 payment")
    ann.presses(receipts, receipts.buttons[0].text)
    receipt = ann.wait_for("Receipt CMT-000001")
    for part in ("Cours <b>", "500\u00a0⭐", "Telegram Stars", "charge-1", "20 November 2026", "Atelier Awa"):
        assert part in receipt.text


def test_a_receipt_leads_to_the_papers_of_its_order(shop: ShopBot) -> None:
    ann = shop.person()
    _, grant = bought(shop, ann)

    def make_paper(session: Session) -> str:
        paper = issue(session, grant.order_id, now=make.NOW)
        assert paper is not None
        return str(paper.id)

    paper_id = shop.do(make_paper)
    receipts = ask(ann, "/receipts", "1 payment")
    ann.presses(receipts, receipts.buttons[0].text)
    shown = ann.wait_for("Receipt CMT-000001")
    assert f"https://shop.example/papers/{paper_id}" in [button.value for button in shown.buttons]
