import pytest
from sqlmodel import Session

from core.catalogue.catalogue import products_of, search, view
from core.kit.errors import NotFound
from core.kit.pagination import Page
from core.kit.rows import id_of
from core.orders.publication import unpublish
from core.payments.refunds import finish_refund
from schemas.catalogue import Product
from schemas.people import Seller, User
from schemas.sales import Order
from tests.support import make


def hide(session: Session, item: Product) -> None:
    owner = make.owner_of(session, session.get_one(Seller, item.seller_id))
    unpublish(session, id_of(item), actor_user=owner, now=make.NOW)


def test_the_catalogue_shows_published_products_newest_first_by_pages(session: Session) -> None:
    shop = make.seller(session)
    for number in range(8):
        make.product(session, shop, title=f"Cours {number}")
    make.product(session, shop, title="Brouillon", published=False)
    hide(session, make.product(session, shop, title="Retiré"))
    first, second = search(session, "", page=1), search(session, "", page=2)
    assert [item.title for item in first.items] == [f"Cours {number}" for number in (7, 6, 5, 4, 3, 2)]
    assert [item.title for item in second.items] == ["Cours 1", "Cours 0"]
    assert (first.number, first.pages, first.total) == (1, 2, 8)


@pytest.mark.parametrize(("asked", "given"), [(0, 1), (-3, 1), (99, 1), (10**12, 1)])
def test_a_page_that_does_not_exist_becomes_the_nearest_one(session: Session, asked: int, given: int) -> None:
    make.product(session)
    assert search(session, "", page=asked).number == given


def test_an_empty_catalogue_is_one_empty_page(session: Session) -> None:
    assert search(session, "rien", page=1) == Page([], 1, 1, 0)


def test_every_word_must_be_found_in_title_description_or_shop(session: Session) -> None:
    shop = make.seller(session, name="Chez Moussa")
    make.product(session, shop, title="Guitare facile", description="Pour débuter")
    for words, total in {"guitare": 1, "MOUSSA débuter": 1, "guitare piano": 0, "facile  guit": 1}.items():
        assert search(session, words, page=1).total == total


@pytest.mark.parametrize("words", ["%", "_", "\\", "100%", "';--", "\x00", "a_b"])
def test_wildcards_and_quotes_in_a_search_are_ordinary_characters(session: Session, words: str) -> None:
    shop = make.seller(session)
    make.product(session, shop, title="Cours aXb")
    make.product(session, shop, title=f"Le {words} exact".replace("\x00", ""))
    found = [item.title for item in search(session, words, page=1).items]
    assert found == ([f"Le {words} exact"] if words != "\x00" else ["Le  exact", "Cours aXb"])


def test_a_card_has_prices_files_seller_and_sales(session: Session) -> None:
    item = make.product(session, make.seller(session, name="Chez Moussa"), files=("a.pdf", "b.mp4"))
    make.paid_order(session, item)
    refunded = make.paid_order(session, item)
    finish_refund(session, refunded, reason="", now=make.NOW)
    make.order(session, item)
    card = view(session, slug=item.slug, viewer=None)
    assert (card.id, card.seller_name, card.prices, card.sales) == (item.id, "Chez Moussa", make.PRICES, 1)
    assert [(file.name, file.size) for file in card.files] == [("a.pdf", 10 * 2**30), ("b.mp4", 10 * 2**30)]


def test_a_hidden_product_is_seen_by_owner_seller_and_staff_only(session: Session) -> None:
    grant = make.grant(session)
    item = session.get_one(Product, grant.product_id)
    hide(session, item)
    seller = make.owner_of(session, session.get_one(Seller, item.seller_id))
    for viewer in (session.get_one(User, grant.buyer_id), seller, make.user(session, roles=("support",))):
        assert view(session, product_id=item.id, viewer=viewer).status == "unpublished"
    for stranger in (None, make.user(session)):
        with pytest.raises(NotFound, match="product-unknown"):
            view(session, product_id=item.id, viewer=stranger)


def test_who_was_refunded_no_longer_sees_a_hidden_product(session: Session) -> None:
    grant = make.grant(session)
    item = session.get_one(Product, grant.product_id)
    hide(session, item)
    finish_refund(session, session.get_one(Order, grant.order_id), reason="", now=make.NOW)
    with pytest.raises(NotFound, match="product-unknown"):
        view(session, product_id=item.id, viewer=session.get_one(User, grant.buyer_id))


def test_a_product_that_does_not_exist_is_not_found(session: Session) -> None:
    with pytest.raises(NotFound, match="product-unknown"):
        view(session, slug="nope", viewer=None)


def test_a_seller_sees_his_drafts_and_nobody_elses(session: Session) -> None:
    shop = make.seller(session)
    make.product(session, shop, title="Brouillon", published=False)
    make.product(session)
    assert [item.title for item in products_of(session, id_of(shop), page=1).items] == ["Brouillon"]
