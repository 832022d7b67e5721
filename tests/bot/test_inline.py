"""Inline mode, in any chat."""

from sqlmodel import Session

from core.people.people import set_role
from tests.support import make
from tests.support.servers import as_owner
from tests.support.shop_bot import ShopBot, ask


def twelve_products(session: Session) -> None:
    """More than one page of results."""
    shop = make.seller(session)
    for number in range(12):
        make.product(session, shop, title=f"Leçon <{number}>")


def test_products_are_found_in_any_chat(shop: ShopBot) -> None:
    item = shop.do(lambda session: make.product(session, title="Cours <b> & co", description="d" * 4096))
    (result,) = shop.person().inline_query("cours")
    assert result.title == "Cours <b> & co"
    assert result.text.startswith("Cours <b> & co\nby Atelier Awa")
    assert result.rows[0][0].value == f"https://t.me/shop_bot?start=p_{item.slug}"


def test_an_empty_query_shows_the_newest_ten(shop: ShopBot) -> None:
    shop.do(twelve_products)
    titles = [result.title for result in shop.person().inline_query("")]
    assert titles[0] == "Leçon <11>"
    assert len(titles) == 10


def test_later_pages_follow_by_their_offset(shop: ShopBot) -> None:
    shop.do(twelve_products)
    ann = shop.person()

    def page(offset: str) -> tuple[int, str]:
        answer = shop.sandbox.call("inline_query", person=ann.id, text="", bot=None, offset=offset)
        return len(answer["results"]), answer["next_offset"] or ""

    assert [page(""), page("2"), page("3"), page("x" * 30)] == [(10, "2"), (2, ""), (0, ""), (10, "2")]


def test_a_banned_person_finds_nothing(shop: ShopBot) -> None:
    shop.do(make.product)
    ann = shop.person()
    ask(ann, "/start", "Welcome")
    shop.do(lambda session: set_role(session, ann.id, "banned", actor="cli"))
    assert ann.inline_query("cours") == []


def test_a_failure_of_ours_leaves_nobody_waiting(shop: ShopBot) -> None:
    as_owner(shop.database, "ALTER TABLE product RENAME TO gone")
    assert shop.person().inline_query("cours") == []
