"""The way back from a provider's page, which knows the order's number and not the token of its page."""

import pytest
from sqlmodel import Session, select

from core.kit.db import Database
from core.kit.rows import id_of
from core.orders.orders import by_page, order_number
from core.payments.payment_rows import write_payment
from core.payments.rails.stripe.accounts import begin
from core.payments.rails.stripe.platform import note_key
from core.process.limits import RETURNS
from schemas.people import Seller
from schemas.queue import Job
from tests.api.test_checkout import a_product, buy, token_of
from tests.support import make
from tests.support.web import Client

PAGE = "cs_test_1"


def led_away(web: Client, database: Database) -> tuple[str, str]:
    """An order whose provider's page is open: the paths of its page and of the return."""
    path = buy(web, a_product(database), "crypto")
    with database.transaction() as session:
        order = by_page(session, token_of(path))
        name, url = f"{PAGE}_{order.id}", "https://pay.example/1"
        order.rail, order.status = "card", "awaiting_payment"
        take_cards(session, session.get_one(Seller, order.seller_id))
        write_payment(session, order, rail="card", provider_id=name, pay_url=url, now=make.NOW)
        return path, f"/o/returned/{order_number(order)}?session={name}"


def take_cards(session: Session, shop: Seller) -> None:
    """The workers have a key and the shop an account: otherwise nobody is led away."""
    note_key(session, "sk_test_1")
    account = begin(session, id_of(shop), now=make.NOW)
    account.account_id, account.state = f"acct_{shop.id}", "active"
    shop.rails = ["crypto", "card"]
    session.flush()


def looks(database: Database) -> int:
    with database.transaction() as session:
        return len(session.exec(select(Job).where(Job.actor == "look_at_checkout")).all())


def test_the_browser_that_was_led_away_finds_back_to_its_order(web: Client, database: Database) -> None:
    path, back = led_away(web, database)
    kept = web.get(path).headers["set-cookie"]
    assert {"HttpOnly", "Secure", "SameSite=Lax"} <= set(kept.split("; "))
    other, other_back = led_away(web, database)
    web.get(other)
    assert token_of(path) not in back
    for home, address in ((path, back), (other, other_back)):
        answer = web.get(address)
        assert (answer.status_code, answer.headers["location"]) == (303, home)
    assert looks(database) == 2
    cancelled = web.get(back.partition("?")[0])
    assert cancelled.headers["location"] == path


@pytest.mark.parametrize(
    ("language", "words"), [("en", "You need not pay again"), ("fr", "Inutile de payer une seconde fois")]
)
def test_another_browser_is_told_where_the_order_is_and_stripe_is_asked(
    web: Client, database: Database, language: str, words: str
) -> None:
    path, back = led_away(web, database)
    answer = web.get(back, headers={"accept-language": language})
    assert answer.status_code == 200
    assert words in answer.text
    assert token_of(path) not in answer.text + str(answer.headers)
    assert answer.headers["cache-control"] == "no-store"
    assert looks(database) == 1


def test_who_names_no_page_of_the_order_has_nothing_looked_at(web: Client, database: Database) -> None:
    _, back = led_away(web, database)
    number = back.partition("?")[0]
    for address in (number, f"{number}?session=cs_test_2", "/o/returned/x?session=%00", "/o/returned/9"):
        assert web.get(address).status_code == 200
    assert looks(database) == 0


def test_returns_that_find_no_order_are_limited(web: Client, database: Database) -> None:
    _, back = led_away(web, database)
    answers = [web.get(back).status_code for _ in range(RETURNS.most + 1)]
    assert answers == [200] * RETURNS.most + [429]
    assert looks(database) == 1


def test_a_page_that_leads_nowhere_keeps_nothing_in_the_browser(web: Client, database: Database) -> None:
    path = buy(web, a_product(database), "crypto")
    assert "set-cookie" not in web.get(path).headers
