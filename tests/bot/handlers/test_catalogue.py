"""Looking around: pages, search, cards of awkward products."""

import pytest
from sqlmodel import Session, select

from core.kit.money import Money
from core.kit.rows import id_of
from core.orders.publication import unpublish
from schemas.audit import AuditEntry
from schemas.catalogue import Product
from tests.support import make
from tests.support.shop_bot import ShopBot, ask

STRANGE = "<b>Bold</b> & *stars* 🎉 _x_"
RIGHT_TO_LEFT = "درس الخياطة"


def eight_products(session: Session) -> None:
    """More than one page."""
    shop = make.seller(session)
    for number in range(8):
        make.product(session, shop, title=f"Leçon {number}")


def test_the_catalogue_has_pages(shop: ShopBot) -> None:
    shop.do(eight_products)
    ann = shop.person()
    first = ask(ann, "/catalogue", "8 products")
    assert "Page 1 of 2" in first.text
    ann.presses(first, "2 »")
    second = ann.wait_for("Page 2 of 2")
    assert second.id == first.id
    assert [button.value for button in second.buttons if button.value.startswith("product:")]


def test_plain_words_are_a_search_and_its_pages_keep_the_words(shop: ShopBot) -> None:
    shop.do(eight_products)
    shop.do(lambda session: make.product(session, title="Cuisine", description=""))
    ann = shop.person()
    results = ask(ann, "leçon", "“leçon”: 8 products found")
    ann.presses(results, "2 »")
    assert "“leçon”" in ann.wait_for("Page 2 of 2").text


def test_a_search_without_result_offers_the_catalogue(shop: ShopBot) -> None:
    nothing = ask(shop.person(language="fr"), "<100%>", "Rien ne correspond à «\u00a0<100%>\u00a0»")
    assert nothing.buttons[0].text == "🛍 Catalogue"


def test_an_empty_catalogue_says_so(shop: ShopBot) -> None:
    ask(shop.person(), "/catalogue", "still empty")


@pytest.mark.parametrize("title", [STRANGE, RIGHT_TO_LEFT])
def test_a_title_is_shown_as_typed(shop: ShopBot, title: str) -> None:
    item = shop.do(lambda session: make.product(session, title=title, description="<script>"))
    ann = shop.person()
    listed = ask(ann, "/catalogue", "1 product")
    ann.presses(listed, f"product:{item.id}")
    card = ann.wait_for("<script>")
    assert title in card.text
    assert [entity["type"] for entity in card.entities if title in entity["text"]] == ["bold"]


def test_a_card_with_4096_characters_fits_into_a_message(shop: ShopBot) -> None:
    names = tuple(f"{number}{'n' * 200}.pdf" for number in range(30))
    item = shop.do(
        lambda session: make.product(session, title="T" * 200, description="😀" * 4096, files=names)
    )
    ann = shop.person()
    card = ask(ann, f"/start p_{item.slug}", "…")
    assert "and 20 more files" in card.text
    assert "500\u00a0⭐" in card.text


def test_a_picture_that_telegram_does_not_know_any_more_costs_nothing(shop: ShopBot) -> None:
    item = shop.do(lambda session: make.product(session))
    shop.do(lambda session: session.get_one(Product, item.id).sqlmodel_update({"picture_file_id": "gone"}))
    ask(shop.person(), f"/start p_{item.slug}", "Cours de couture")


def test_a_card_can_be_shared(shop: ShopBot) -> None:
    item = shop.do(lambda session: make.product(session))
    ann = shop.person()
    card = ask(ann, f"/start p_{item.slug}", "Cours")
    url = ann.presses(card, "↗️ Share").url
    assert url is not None
    assert f"start%3Dp_{item.slug}" in url


def test_only_the_price_of_what_may_be_offered_here_is_shown(shop: ShopBot) -> None:
    item = shop.do(lambda session: make.product(session))
    card = ask(shop.person(), f"/start p_{item.slug}", "Cours")
    assert "500\u00a0⭐" in card.text
    assert "€" not in card.text


def test_a_product_without_a_rail_here_says_so_and_links_nowhere(shop: ShopBot) -> None:
    prices = {"crypto": [Money(999, "EUR")]}
    item = shop.do(lambda session: make.product(session, prices=prices))
    card = ask(shop.person(), f"/start p_{item.slug}", "not for sale in Telegram at the moment")
    assert [button.text for button in card.buttons] == [
        "👤 Who sells this",
        "↗️ Share",
        "🛍 Catalogue",
        "🏠 Main menu",
    ]


def test_the_website_is_linked_where_the_policy_allows_it_and_the_offer_is_logged(start_bot) -> None:  # type: ignore[no-untyped-def]
    shop: ShopBot = start_bot(rail_policy="bot:stars,crypto;web:crypto")
    item = shop.do(lambda session: make.product(session))
    ann = shop.person()
    card = ask(ann, f"/start p_{item.slug}", "Cours")
    assert ann.presses(card, "🌐 Pay on the website · €9.99").url == f"https://shop.example/p/{item.slug}"
    offers = select(AuditEntry.details).where(AuditEntry.action == "rail.offered")
    (logged,) = shop.do(lambda session: session.exec(offers).all())
    assert (logged["place"], logged["offered"]) == ("chat", "stars,crypto")


def test_an_unpublished_product_is_gone_for_strangers(shop: ShopBot) -> None:
    def hide(session: Session) -> str:
        seller = make.seller(session)
        item = make.product(session, seller)
        unpublish(session, id_of(item), actor_user=make.owner_of(session, seller), now=make.NOW)
        return item.slug

    ask(shop.person(), f"/start p_{shop.do(hide)}", "This product does not exist")
