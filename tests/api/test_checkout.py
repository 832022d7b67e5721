import html
import re
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from sqlmodel import col, select, update

from core.kit.db import Database
from core.kit.money import Money
from core.kit.rows import id_of
from core.orders.orders import by_page, move
from core.payments.order_claims import redeem
from core.payments.rails.manual.transfers import refuse_manual, validate_manual
from core.payments.rails.nowpayments.payments import record_invoice
from core.payments.rails.port import Invoice
from core.payments.settle import settle
from core.people.bans import ban
from core.people.people import upsert_person
from core.process.limits import ORDERS
from core.process.settings import Settings
from schemas.access import OrderClaim
from schemas.base import utc_now
from schemas.people import Seller
from schemas.queue import Job
from schemas.sales import Order, OrderStatus, Payment
from tests.support import make
from tests.support.web import Client

ENGLISH = {"accept-language": "en"}
KEY = re.compile(r'name="key" value="([^"]+)"')


def a_product(database: Database, **options: Any) -> str:
    with database.transaction() as session:
        return make.product(session, **options).slug


def buy(web: Client, slug: str, rail: str, currency: str = "EUR") -> str:
    """Order as a browser does; the path of the order page."""
    shown = web.get(f"/p/{slug}?currency={currency}", headers=ENGLISH)
    keys = {found.rpartition("-")[2]: found for found in KEY.findall(shown.text)}
    answer = web.post(f"/p/{slug}", data={"rail": rail, "currency": currency, "key": keys[rail]})
    assert answer.status_code == 303, answer.text
    return answer.headers["location"]


def token_of(path: str) -> str:
    return path.removeprefix("/o/")


def pay(database: Database, path: str) -> None:
    with database.transaction() as session:
        make.pay(session, by_page(session, token_of(path)), now=utc_now())


def words(web: Client, path: str) -> str:
    answer = web.get(path, headers=ENGLISH)
    assert answer.status_code == 200, answer.text
    return html.unescape(answer.text)


def stage(web: Client, path: str) -> str:
    state: str = web.get(f"{path}/status").json()["stage"]
    return state


def test_a_product_page_shows_what_is_sold_and_how_to_pay(web: Client, database: Database) -> None:
    shown = words(web, f"/p/{a_product(database)}")
    for expected in ("Cours de couture", "Douze leçons.", "cours.pdf", "10.7 GB", "€9.99", "500 ⭐"):
        assert expected in shown.replace("\u00a0", " ")
    assert "Pay €9.99 in cryptocurrency" in shown
    assert "Pay €9.99 by transfer" in shown
    assert "https://t.me/ComptoirBot?start=p_" in shown


TWO = {"manual": [Money(999, "EUR"), Money(6500, "XAF")], "crypto": [Money(1100, "USD"), Money(999, "EUR")]}


def test_a_page_asks_in_which_currency_and_the_order_keeps_it(web: Client, database: Database) -> None:
    slug = a_product(database, prices=TWO)
    shown = words(web, f"/p/{slug}")
    assert re.findall(r'href="/p/[^"]+currency=(\w+)"( aria-current="true")?>([^<]+)<', shown) == [
        ("USD", ' aria-current="true"', "$11.00"),
        ("EUR", "", "€9.99"),
        ("XAF", "", "6,500\u00a0XAF"),
    ]
    assert "Pay $11.00 in cryptocurrency" in shown
    assert "by transfer" not in shown, "the seller asks no dollars by transfer"
    euros = words(web, f"/p/{slug}?currency=EUR")
    assert "Pay €9.99 in cryptocurrency" in euros
    assert "Pay €9.99 by transfer" in euros
    assert f'href="/p/{slug}?lang=fr&currency=EUR"' in euros, "another language asks no other price"
    assert words(web, f"/p/{slug}?currency=CHF").count("Pay ") == shown.count("Pay "), (
        "it is not sold in that"
    )
    path = buy(web, slug, "manual", "XAF")
    with database.transaction() as session:
        order = by_page(session, token_of(path))
        assert (order.rail, order.currency, order.amount) == ("manual", "XAF", 6500)


def test_a_price_that_is_gone_is_refused_in_words(web: Client, database: Database) -> None:
    slug = a_product(database, prices=TWO)
    key = {"rail": "manual", "key": "k" * 50}
    for form in (key | {"currency": "CHF"}, key):
        answer = web.post(f"/p/{slug}", data=form, headers=ENGLISH)
        assert answer.status_code == 409
        assert "This price is not asked any more" in answer.text
    with database.transaction() as session:
        assert session.exec(select(Order)).all() == []


def test_the_page_is_in_the_readers_favourite_of_ours_or_english(web: Client, database: Database) -> None:
    path = f"/p/{a_product(database)}"
    assert "Acheter" in web.get(path, headers={"accept-language": "de, en;q=0.2, fr;q=0.8"}).text
    assert "Sold by" in web.get(path, headers={"accept-language": "ja"}).text
    assert "Acheter" in web.get(path).text
    assert "Sold by" in web.get(path, headers={"accept-language": "en-US"}).text
    assert "Sold by" in web.get(f"{path}?lang=en", headers={"accept-language": "fr"}).text


def test_a_product_with_markup_and_every_script_is_shown_as_text(web: Client, database: Database) -> None:
    slug = a_product(database, title="<script>alert(1)</script> 🧵 عربي &amp;", description="<b>x</b>\u202e")
    shown = web.get(f"/p/{slug}").text
    assert "<script>alert" not in shown
    assert "&lt;script&gt;alert(1)&lt;/script&gt; 🧵 عربي" in shown


@pytest.mark.parametrize("slug", ["none", "x" * 300, "%00", "..%2f..%2fetc%2fpasswd", "%F0%9F%A7%B5"])
def test_an_unknown_product_is_not_found(web: Client, slug: str) -> None:
    answer = web.get(f"/p/{slug}")
    assert answer.status_code == 404
    assert "text/html" in answer.headers["content-type"]


def test_a_draft_is_not_shown_to_the_public(web: Client, database: Database) -> None:
    with database.transaction() as session:
        slug = make.product(session, published=False).slug
    assert web.get(f"/p/{slug}").status_code == 404


def test_buying_by_crypto_waits_for_the_invoice_and_then_opens_it(web: Client, database: Database) -> None:
    path = buy(web, a_product(database), "crypto")
    assert stage(web, path) == "preparing"
    with database.transaction() as session:
        assert session.exec(select(Job.actor).where(Job.actor == "open_invoice")).one()
        order = by_page(session, token_of(path))
        invoice = Invoice("4711", "https://nowpayments.example/i/4711")
        record_invoice(session, id_of(order), invoice, now=utc_now())
    assert stage(web, path) == "payable"
    assert 'href="https://nowpayments.example/i/4711"' in words(web, path)


def test_a_form_sent_twice_orders_once_and_leads_to_the_same_page(web: Client, database: Database) -> None:
    slug = a_product(database)
    form = {"rail": "crypto", "currency": "EUR", "key": KEY.findall(web.get(f"/p/{slug}").text)[0]}
    pages = {web.post(f"/p/{slug}", data=form).headers["location"] for _ in range(2)}
    assert len(pages) == 1
    with database.transaction() as session:
        assert len(session.exec(select(Order)).all()) == 1


@pytest.mark.parametrize(
    "form", [{}, {"rail": "crypto"}, {"rail": "crypto", "currency": "EUR", "key": "guessable"}]
)
def test_an_incomplete_form_orders_nothing(web: Client, database: Database, form: dict[str, str]) -> None:
    assert web.post(f"/p/{a_product(database)}", data=form).status_code == 422
    with database.transaction() as session:
        assert session.exec(select(Order)).all() == []


def test_stars_cannot_be_ordered_on_the_web(web: Client, database: Database) -> None:
    answer = web.post(f"/p/{a_product(database)}", data={"rail": "stars", "currency": "XTR", "key": "k" * 50})
    assert answer.status_code == 409


@pytest.mark.parametrize(
    "headers",
    [{"sec-fetch-site": "cross-site"}, {"origin": "https://evil.example"}, {"sec-fetch-site": "same-site"}],
)
def test_a_form_from_another_site_is_refused(
    web: Client, database: Database, headers: dict[str, str]
) -> None:
    form = {"rail": "crypto", "currency": "EUR", "key": "k" * 50}
    answer = web.post(f"/p/{a_product(database)}", data=form, headers=headers)
    assert answer.status_code == 403
    assert "another site" in web.post("/p/x", data=form, headers=headers | ENGLISH).text


def test_a_form_of_our_own_page_is_accepted(web: Client, database: Database) -> None:
    form = {"rail": "crypto", "currency": "EUR", "key": "k" * 50}
    own = {"origin": "https://shop.example", "sec-fetch-site": "same-origin"}
    assert web.post(f"/p/{a_product(database)}", data=form, headers=own).status_code == 303


def test_ordering_again_and_again_is_stopped(web: Client, database: Database) -> None:
    slug = a_product(database)
    answers = [
        web.post(f"/p/{slug}", data={"rail": "crypto", "currency": "EUR", "key": "k"})
        for _ in range(ORDERS.most + 1)
    ]
    assert {answer.status_code for answer in answers[:-1]} == {422}
    assert answers[-1].status_code == 429
    assert int(answers[-1].headers["retry-after"]) > 0


def test_a_partial_payment_says_what_is_missing_and_until_when(web: Client, database: Database) -> None:
    path = buy(web, a_product(database), "crypto")
    with database.transaction() as session:
        order = by_page(session, token_of(path))
        move(session, order, "awaiting_payment", now=utc_now())
        money: dict[str, Any] = {"currency": "EUR", "amount": 999, "received": 400}
        session.add(Payment(order_id=id_of(order), rail="crypto", provider_id="1", status="partial", **money))
        until = order.expires_at.strftime("%B %Y at %H:%M UTC")
    shown = words(web, path)
    assert "€5.99" in shown
    assert until in shown


def test_a_payment_that_the_network_confirms_is_shown(web: Client, database: Database) -> None:
    path = buy(web, a_product(database), "crypto")
    with database.transaction() as session:
        order = by_page(session, token_of(path))
        money: dict[str, Any] = {"currency": "EUR", "amount": 999, "details": {"status": "confirming"}}
        session.add(Payment(order_id=id_of(order), rail="crypto", provider_id="1", **money))
    assert stage(web, path) == "confirming"


def test_a_transfer_is_declared_checked_and_validated(web: Client, database: Database) -> None:
    path = buy(web, a_product(database), "manual")
    assert "IBAN FR76 0000" in words(web, path)
    assert web.post(f"{path}/transfer", data={"transaction_id": "TX-2026-1"}).headers["location"] == path
    assert stage(web, path) == "submitted"
    with database.transaction() as session:
        order = by_page(session, token_of(path))
        validate_manual(session, id_of(order), actor="cli", note="", now=utc_now())
    assert stage(web, path) == "ready"


def test_a_wrong_transaction_number_is_explained_beside_the_field(web: Client, database: Database) -> None:
    path = buy(web, a_product(database), "manual")
    answer = web.post(f"{path}/transfer", data={"transaction_id": "<b>"}, headers=ENGLISH)
    assert answer.status_code == 422
    assert 'aria-invalid="true"' in answer.text
    assert 'value="&lt;b&gt;"' in answer.text


def test_a_refused_transfer_shows_the_note_and_the_way_back(web: Client, database: Database) -> None:
    slug = a_product(database)
    path = buy(web, slug, "manual")
    web.post(f"{path}/transfer", data={"transaction_id": "TX-2026-1"})
    with database.transaction() as session:
        order = by_page(session, token_of(path))
        refuse_manual(session, id_of(order), actor="cli", note="Not on our account", now=utc_now())
    shown = words(web, path)
    assert "Not on our account" in shown
    assert f'href="/p/{slug}"' in shown


def test_a_paid_order_is_claimed_in_telegram_by_a_fresh_token_each_time(
    web: Client, database: Database, shop_settings: Settings
) -> None:
    path = buy(web, a_product(database), "crypto")
    assert web.post(f"{path}/claim").status_code == 409
    pay(database, path)
    shown = words(web, path)
    assert "Get it in Telegram" in shown
    assert "valid for 7 hours. After that, press the button once more" in shown.replace("\u00a0", " ")
    answers = [web.post(f"{path}/claim") for _ in range(2)]
    starts = [answer.headers["location"] for answer in answers]
    assert all(re.fullmatch(r"https://t\.me/ComptoirBot\?start=c[\w-]{43}", start) for start in starts)
    assert starts[0] != starts[1]
    with database.transaction() as session:
        buyer = upsert_person(
            session, telegram_id=7, name="A", username=None, language_code="en", now=utc_now()
        )
        redeem(session, starts[0].rpartition("=c")[2], buyer, utc_now())
        claims = session.exec(select(OrderClaim)).all()
        lives = {claim.expires_at - claim.created_at for claim in claims}
        assert (len(claims), lives) == (2, {timedelta(seconds=shop_settings.start_link_ttl)})
    assert stage(web, path) == "claimed"


def test_a_paid_order_has_a_code_to_copy_where_telegram_forgets_the_link(
    web: Client, database: Database
) -> None:
    path = buy(web, a_product(database), "crypto")
    assert web.post(f"{path}/code").status_code == 409
    pay(database, path)
    assert "/start c" not in words(web, path)
    shown = web.post(f"{path}/code", headers={"accept-language": "en"})
    code = re.search(r'value="/start c([\w-]{43})"', shown.text)
    assert code is not None
    assert f'data-page="{path}"' in shown.text
    assert f'href="{path}?lang=fr"' in shown.text  # the form's own address is no page
    with database.transaction() as session:
        redeem(session, code[1], make.user(session), utc_now())
    assert stage(web, path) == "claimed"


def test_an_order_that_ran_out_of_time_offers_to_order_again(web: Client, database: Database) -> None:
    slug = a_product(database)
    path = buy(web, slug, "crypto")
    past = utc_now() - timedelta(hours=1)
    with database.transaction() as session:
        session.execute(update(Order).values(expires_at=past).where(col(Order.id) > 0))
    assert stage(web, path) == "expired"
    assert f'href="/p/{slug}"' in words(web, path)


@pytest.mark.parametrize("status", ["cancelled", "expired", "failed", "refunded"])
def test_every_end_of_an_order_has_its_page(web: Client, database: Database, status: OrderStatus) -> None:
    path = buy(web, a_product(database), "crypto")
    with database.transaction() as session:
        order = by_page(session, token_of(path))
        if status == "refunded":
            settle(session, order, rail="crypto", provider_id=uuid4().hex, received=999, now=utc_now())
        assert move(session, order, status, now=utc_now())
    assert stage(web, path) == status
    assert "web-" not in words(web, path)


def test_an_order_page_is_private(web: Client, database: Database) -> None:
    answer = web.get(buy(web, a_product(database), "crypto"))
    assert answer.headers["referrer-policy"] == "same-origin"
    assert "noindex" in answer.headers["x-robots-tag"]
    assert answer.headers["cache-control"] == "no-store"
    assert 'content="noindex' in answer.text


def test_an_unknown_order_is_not_found(web: Client) -> None:
    for path in ("", "/status"):
        assert web.get(f"/o/{'y' * 43}{path}").status_code == 404
    assert web.post(f"/o/{'y' * 43}/claim").status_code == 404


def test_the_chosen_language_stays_through_the_order(web: Client, database: Database) -> None:
    slug = a_product(database)
    shown = web.get(f"/p/{slug}?lang=en").text
    assert f'action="/p/{slug}?lang=en"' in shown
    form = {"rail": "crypto", "currency": "EUR", "key": KEY.findall(shown)[0]}
    answer = web.post(f"/p/{slug}?lang=en", data=form)
    assert answer.headers["location"].endswith("?lang=en")


def test_styles_and_scripts_are_served_and_may_be_kept(web: Client, database: Database) -> None:
    shown = web.get(buy(web, a_product(database), "crypto")).text
    addresses = re.findall(r'(?:href|src)="(/static/[^"]+)"', shown)
    assert len(addresses) == 2
    for address in addresses:
        answer = web.get(address)
        assert answer.status_code == 200
        assert "immutable" in answer.headers["cache-control"]
    assert "<script>" not in shown
    assert "style=" not in shown


@pytest.mark.parametrize("rail", ["crypto", "manual"])
def test_the_page_of_an_order_leads_nobody_to_pay_a_shop_that_was_closed(
    web: Client, database: Database, rail: str
) -> None:
    path = buy(web, a_product(database), rail)
    with database.transaction() as session:
        order = by_page(session, token_of(path))
        if rail == "crypto":
            record_invoice(session, id_of(order), Invoice("1", "https://pay.example/1"), now=utc_now())
        shop = session.get_one(Seller, order.seller_id)
    ways = {"crypto": "https://pay.example/1", "manual": "Where to send the money"}
    version = web.get(f"{path}/status").json()["version"]
    assert ways[rail] in words(web, path)
    with database.transaction() as session:
        ban(session, shop.user_id, actor="cli", reason="fraud", now=utc_now())
    closed = words(web, path)
    assert ways[rail] not in closed
    assert "nothing can be paid here" in closed
    assert ("transaction_id" in closed) == (rail == "manual"), "who has sent the money already can say so"
    assert web.get(f"{path}/status").json()["version"] != version
