"""The Mini App's shop: products, product pages, library, sales, and the page itself."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from sqlmodel import Session, select

from core.catalogue.catalogue import current_assets
from core.catalogue.listing_fee import fee_of
from core.kit.db import Database
from core.kit.money import Money
from core.kit.rows import id_of
from core.orders.text_decisions import decide_text, waiting_texts
from core.process.settings import Settings
from schemas.access import Grant
from schemas.base import utc_now
from schemas.catalogue import Product
from schemas.people import Seller as Shop
from schemas.people import User
from schemas.uploads import Upload
from tests.api.seller import PDF, Seller
from tests.support import make, make_members
from tests.support.questions import Answering
from tests.support.web import Client, serving
from tests.support.worker import Worker

PNG = b"\x89PNG\r\n\x1a\n" + bytes(100)
DRAFT = {
    "title": "Cours",
    "description": "Douze leçons.",
    "prices": {"stars": [{"amount": 500, "currency": "XTR"}]},
}


def sold(database: Database, seller: Seller, buyer_id: int, days_ago: int = 0) -> tuple[int, str]:
    """The person with this Telegram id buys the seller's product; grant and file."""
    with database.transaction() as session:
        shop = session.exec(select(Shop).join(User).where(User.telegram_id == 7)).one()
        item = make.product(session, shop, title=f"Sold {days_ago}", prices={"stars": [Money(500, "XTR")]})
        buyer = make.user(session, telegram_id=buyer_id)
        order = make.paid_order(session, item, buyer, now=utc_now() - timedelta(days=days_ago))
        grant = session.exec(select(Grant).where(Grant.order_id == order.id)).one()
        return id_of(grant), str(current_assets(session, id_of(item))[0].id)


def test_a_plan_says_what_it_gives_in_the_readers_language(seller: Seller, database: Database) -> None:
    with database.transaction() as session:
        plan = make_members.plan(session, title="Club", starts="entry")
        slug = plan.slug
    page = seller.call("GET", f"/api/products/{slug}/view").json()
    assert (page["title"], page["files"]) == ("Club", [])
    assert [fact.split(" ", 1)[1] for fact in page["facts"]] == [
        "Lets you into: Couture privée",
        "Access: 30 days",
        "Your time starts when you first come in",
    ]
    assert page["choices"] == []


def test_a_month_and_a_year_of_the_same_are_chosen_side_by_side(seller: Seller, database: Database) -> None:
    with database.transaction() as session:
        room = make_members.channel(session)
        year = make_members.plan(session, room, title="Club", unit="months", count=12).slug
        month = make_members.plan(session, room, title="Club", unit="months", count=1).slug
    page = seller.call("GET", f"/api/products/{year}/view").json()
    assert [(choice["slug"], choice["term"]) for choice in page["choices"]] == [
        (month, "1 month"),
        (year, "1 year"),
    ]
    assert page["choices"][0]["prices"] == page["prices"]
    on_web = seller.client.get(f"/p/{year}", headers={"accept-language": "en"}).text
    assert "For how long?" in on_web
    assert f'<a href="/p/{month}">1 month</a>' in on_web
    assert '<strong aria-current="page">1 year</strong>' in on_web


def test_a_product_is_made_once_edited_and_shown(seller: Seller) -> None:
    body = DRAFT | {"idempotency_key": "form-1"}
    made = seller.call("POST", "/api/products", json=body)
    assert made.status_code == 201
    assert seller.call("POST", "/api/products", json=body).json()["id"] == made.json()["id"]
    changed = {"title": "Cours 2", "prices": {"manual": [{"amount": 999, "currency": "EUR"}]}}
    edited = seller.call("PATCH", f"/api/products/{made.json()['id']}", json=changed).json()
    assert (edited["title"], edited["prices"]) == (
        "Cours 2",
        {"manual": [{"amount": 999, "currency": "EUR"}]},
    )
    listed = seller.call("GET", "/api/products").json()
    assert (listed["total"], listed["items"][0]["title"]) == (2, "Cours 2")
    assert (listed["items"][0]["sales"], listed["items"][0]["revenue"]) == (0, [])


def test_a_seller_sets_and_removes_prices_in_several_currencies(seller: Seller) -> None:
    """Case: the form of a draft showed none of its prices, since it read what buyers are offered."""
    several = {
        "manual": [{"amount": 999, "currency": "EUR"}, {"amount": 6500, "currency": "XAF"}],
        "crypto": [{"amount": 1100, "currency": "USD"}],
    }
    made = seller.call("POST", "/api/products", json=DRAFT | {"prices": several}).json()
    assert seller.call("GET", f"/api/products/{made['id']}").json() == made
    assert made["prices"] == several
    fewer = {"manual": several["manual"][1:], "crypto": []}
    edited = seller.call("PATCH", f"/api/products/{made['id']}", json={"title": "Cours", "prices": fewer})
    assert edited.json()["prices"] == {"manual": several["manual"][1:]}
    assert seller.call("GET", "/api/products/999999").status_code == 404


@pytest.mark.parametrize(
    ("changed", "status", "code"),
    [
        ({"title": " "}, 422, "title-empty"),
        ({"prices": {"gold": [{"amount": 1, "currency": "EUR"}]}}, 422, "rail-unknown"),
        ({"prices": {"stars": [{"amount": 1, "currency": "EUR"}]}}, 422, "price-wrong-currency"),
        ({"prices": {"stars": [{"amount": 0, "currency": "XTR"}]}}, 400, "bad-request"),
        ({"prices": {"manual": [{"amount": 1, "currency": "EUR"}] * 2}}, 422, "price-twice"),
        ({"prices": {"manual": {"amount": 1, "currency": "EUR"}}}, 400, "bad-request"),
        ({"kind": "channel"}, 400, "bad-request"),
    ],
)
def test_a_wrong_product_is_refused(seller: Seller, changed: dict[str, Any], status: int, code: str) -> None:
    answer = seller.call("POST", "/api/products", json=DRAFT | changed)
    assert (answer.status_code, answer.json()["code"]) == (status, code)


def test_a_product_without_a_file_is_not_published(seller: Seller) -> None:
    answer = seller.call("POST", f"/api/products/{seller.product}/publish")
    assert (answer.status_code, answer.json()["code"]) == (409, "no-file")


def test_another_sellers_products_stay_as_they_are(seller: Seller, app: Client, database: Database) -> None:
    other = Seller(app, database, 8)
    for method, path in (("PATCH", ""), ("POST", "/publish"), ("POST", "/unpublish")):
        answer = other.call(method, f"/api/products/{seller.product}{path}", json=DRAFT)
        assert answer.status_code == 403
    assert other.call("GET", "/api/products").json()["total"] == 1
    assert other.call("GET", f"/api/products/{seller.product}/view").status_code == 404


def test_a_picture_is_shown_to_everybody(
    seller: Seller, worker: Worker, app: Client, database: Database
) -> None:
    seller.send(PNG, "photo.png", type="image/png", purpose="picture")
    worker.do_all("verify_upload")
    (item,) = seller.call("GET", "/api/products").json()["items"]
    (address,) = item["preview"]["pictures"]
    shown = app.get(address)
    assert shown.status_code == 302
    picture = httpx.get(shown.headers["location"])
    assert (picture.content, picture.headers["content-type"]) == (PNG, "image/png")


def test_a_file_is_no_picture_for_everybody(seller: Seller, worker: Worker, app: Client) -> None:
    upload = seller.send()
    worker.do_all("verify_upload")
    assert app.get(f"/pictures/{upload['id']}").status_code == 404


def test_a_file_that_is_no_picture_is_refused_as_one(seller: Seller, worker: Worker) -> None:
    upload = seller.send(b"%PDF-1.7", "photo.png", type="image/png", purpose="picture")
    worker.do_all("verify_upload")
    assert seller.look(upload)["state"] == "refused"


def test_a_buyer_sees_owns_and_downloads(seller: Seller, app: Client, database: Database) -> None:
    grant_id, asset_id = sold(database, seller, 8)
    buyer = Seller(app, database, 8)
    (line,) = buyer.call("GET", "/api/library").json()["items"]
    assert (line["grant_id"], line["revoked"], len(line["files"])) == (grant_id, False, 1)
    view = buyer.call("GET", "/api/products/sold-0/view").json()
    assert (view["owned"], view["seller_name"]) == (True, "Shop 7")
    assert view["buy"]["bot_link"] == "https://t.me/ComptoirBot?start=p_sold-0"
    got = buyer.call("POST", f"/api/library/{grant_id}/download", json={"asset_id": asset_id}).json()
    assert got["url"].startswith("https://shop.example/d/")
    assert app.head(got["url"]).status_code == 200
    stolen = seller.call("POST", f"/api/library/{grant_id}/download", json={"asset_id": asset_id})
    assert (stolen.status_code, stolen.json()["code"]) == (403, "not-your-purchase")


def test_sales_are_counted_by_day_and_in_all(seller: Seller, database: Database) -> None:
    for days_ago in (0, 3, 40):
        sold(database, seller, 100 + days_ago, days_ago)
    report = seller.call("GET", "/api/sales?days=30").json()
    assert len(report["days"]) == 30
    assert report["days"][-1]["date"] == utc_now().date().isoformat()
    assert [day["orders"] for day in report["days"] if day["orders"]] == [1, 1]
    assert report["days"][-1]["revenue"] == {"stars": [{"amount": 500, "currency": "XTR"}]}
    assert report["totals"] == [{"rail": "stars", "currency": "XTR", "amount": 1000, "orders": 2}]


def test_a_language_is_chosen_for_good(seller: Seller, database: Database) -> None:
    assert seller.call("PATCH", "/api/me", json={"language": "en"}).json() == {"language": "en"}
    assert seller.call("PATCH", "/api/me", json={"language": "tlh"}).status_code == 422
    with Session(database.engine) as session:
        assert session.exec(select(User.language).where(User.telegram_id == 7)).one() == "en"


def test_with_a_fee_nothing_is_signed_before_it_is_paid(
    upload_settings: Settings, database: Database, answers: Answering
) -> None:
    given = replace(upload_settings, listing_fee="stars=100;manual=5 EUR", upload_policy="after_payment")
    with serving(given, database) as client:
        seller = Seller(client, database)
        upload = seller.open()
        assert (upload["state"], upload["payment_status"]) == ("awaiting_payment", "pending")
        pay = {
            "bot_link": f"https://t.me/ComptoirBot?start=p_listing_{seller.product}",
            "price": {"amount": 100, "currency": "XTR"},
        }
        assert upload["pay"] == pay
        for path, body in (("parts", {"numbers": [1]}), ("complete", {"parts": []})):
            answer = seller.call("POST", f"/api/uploads/{upload['id']}/{path}", json=body)
            assert (answer.status_code, answer.json()["pay"]) == (402, pay)
        assert client.get(f"/p/listing_{seller.product}").status_code == 200
        with database.transaction() as session:
            assert session.get_one(Upload, upload["id"]).store_upload_id is None
            fee = session.exec(select(Product).where(Product.listing_of == seller.product)).one()
            owner = session.exec(select(User).where(User.telegram_id == 7)).one()
            make.pay(session, make.order(session, fee, owner, now=utc_now()), now=utc_now())
        assert seller.look(upload)["payment_status"] == "confirmed"
        seller.put(upload, PDF, [1])


def test_the_page_is_fresh_its_assets_are_not_and_only_telegram_may_frame_it(
    upload_settings: Settings, database: Database, tmp_path: Path
) -> None:
    (tmp_path / "assets").mkdir()
    (tmp_path / "index.html").write_text("<!doctype html><title>x</title>")
    (tmp_path / "assets" / "main-abc.js").write_text("1")
    given = replace(upload_settings, mini_app_dir=tmp_path, store_origin="https://files.example")
    with serving(given, database) as client:
        for path in ("/app/", "/app"):
            page = client.get(path)
            assert (page.status_code, page.headers["cache-control"]) == (200, "no-cache")
        policy = page.headers["content-security-policy"]
        assert "connect-src 'self' https://files.example" in policy
        assert "frame-ancestors https://web.telegram.org" in policy
        assert "x-frame-options" not in page.headers
        script = client.get("/app/assets/main-abc.js")
        assert "immutable" in script.headers["cache-control"]
        assert client.get("/app/assets/../index.html").status_code in (200, 404)
        other = client.get("/api/products")
        assert other.headers["x-frame-options"] == "DENY"


def test_before_it_is_built_the_page_says_so(
    upload_settings: Settings, database: Database, tmp_path: Path
) -> None:
    with serving(replace(upload_settings, mini_app_dir=tmp_path), database) as client:
        answer = client.get("/app/")
    assert (answer.status_code, answer.json()["code"]) == (503, "mini-app-not-built")


def test_the_key_of_a_product_is_its_shops_own(seller: Seller, app: Client, database: Database) -> None:
    other = Seller(app, database, 8)
    body = DRAFT | {"idempotency_key": "same"}
    first, second = (who.call("POST", "/api/products", json=body).json()["id"] for who in (seller, other))
    assert first != second
    with Session(database.engine) as session:
        assert id_of(session.get_one(Product, first)) == first


def test_an_admin_publishes_and_withdraws_a_sellers_product_but_no_fee(
    seller: Seller, app: Client, database: Database
) -> None:
    with database.transaction() as session:
        item = session.get_one(Product, seller.product)
        make.asset(session, item)
        fee = id_of(fee_of(session, item, {"stars": [Money(5, "XTR")]}, now=utc_now()))
        make.user(session, telegram_id=99, roles=("admin",))
    admin = Seller(app, database, 99)
    for act, status in (("publish", "published"), ("unpublish", "unpublished")):
        answer = admin.call("POST", f"/api/products/{seller.product}/{act}")
        assert (answer.status_code, answer.json()["status"]) == (200, status)
        for person in (admin, seller):
            assert person.call("POST", f"/api/products/{fee}/{act}").status_code == 404


def test_a_published_product_whose_words_staff_look_at_says_so(
    upload_settings: Settings, database: Database, answers: Answering
) -> None:
    with serving(replace(upload_settings, moderation="all"), database) as client:
        seller = Seller(client, database)
        with database.transaction() as session:
            make.asset(session, session.get_one(Product, seller.product))
        answer = seller.call("POST", f"/api/products/{seller.product}/publish").json()
        assert (answer["status"], answer["text_held"], answer["text_refused"]) == ("published", True, False)
        with database.transaction() as session:
            (text,) = waiting_texts(session)
            decide_text(session, text.kind, text.id, text.mark, approved=False, note="No", actor="user:1")
        (line,) = seller.call("GET", "/api/products").json()["items"]
        assert (line["status"], line["text_held"], line["text_refused"]) == ("published", True, True)
