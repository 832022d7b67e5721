"""Pictures and previews are as public as their product, whatever becomes of it."""

from collections.abc import Iterator
from typing import Any

import pytest
from sqlmodel import Session, select

from core.catalogue.catalogue import current_assets
from core.kit.db import Database
from core.kit.rows import id_of
from core.people.bans import ban, unban
from core.people.people import set_role
from core.process.settings import Settings
from schemas.people import Seller as Shop
from schemas.people import User
from tests.api.seller import Seller
from tests.support import make
from tests.support.web import Client, serving
from tests.support.worker import Worker
from tests.workers.preview import files


@pytest.fixture
def app(upload_settings: Settings, database: Database) -> Iterator[Client]:
    """The application."""
    with serving(upload_settings, database) as client:
        yield client


def with_pictures(seller: Seller, worker: Worker) -> dict[str, Any]:
    """The seller's draft, with a picture of its own and a file with a preview."""
    seller.send(files.encoded(files.photo(), "PNG"), "photo.png", type="image/png", purpose="picture")
    seller.send(files.pdf(20), "cours.pdf", type="application/pdf")
    worker.do_all("verify_upload", "make_preview")
    return shown(seller)


def shown(seller: Seller) -> dict[str, Any]:
    (item,) = seller.call("GET", "/api/products").json()["items"]
    return dict(item)


def statuses(client: Client, addresses: list[str]) -> set[int]:
    return {client.get(address).status_code for address in addresses}


def bare(addresses: list[str]) -> list[str]:
    return [address.partition("?")[0] for address in addresses]


def person_of(session: Session, telegram_id: int) -> User:
    return session.exec(select(User).where(User.telegram_id == telegram_id)).one()


def test_pictures_of_a_draft_and_of_what_was_taken_off_sale_are_the_sellers_alone(
    seller: Seller, worker: Worker, app: Client, database: Database
) -> None:
    draft = with_pictures(seller, worker)
    own = draft["preview"]["pictures"]
    assert len(own) == 3
    assert statuses(app, own) == {302}
    assert {app.get(address).headers["cache-control"] for address in own} == {"no-store"}
    assert statuses(app, bare(own)) == {404}
    swapped = [f"{bare(own)[0]}?{own[1].partition('?')[2]}"]
    assert statuses(app, swapped) == {404}

    seller.call("POST", f"/api/products/{seller.product}/publish")
    assert statuses(app, bare(own)) == {302}
    assert shown(seller)["preview"]["pictures"] == bare(own)

    seller.call("POST", f"/api/products/{seller.product}/unpublish")
    assert statuses(app, bare(own)) == {404}
    assert statuses(app, own) == {302}

    stranger, staff = Seller(app, database, 21), Seller(app, database, 22)
    with database.transaction() as session:
        set_role(session, 22, "support", actor="cli")
    assert stranger.call("GET", f"/api/products/{seller.product}/view").status_code == 404
    seen = staff.call("GET", f"/api/products/{seller.product}/view").json()["preview"]["pictures"]
    assert statuses(app, seen) == {302}
    assert seen != own


def test_a_ban_takes_shop_pages_and_pictures_away_and_its_end_brings_them_back(
    seller: Seller, worker: Worker, app: Client, database: Database
) -> None:
    with_pictures(seller, worker)
    item = seller.call("POST", f"/api/products/{seller.product}/publish").json()
    pictures, page = item["preview"]["pictures"], f"/p/{item['slug']}"
    buyer = Seller(app, database, 21)
    with database.transaction() as session:
        shop = session.exec(select(Shop).where(Shop.user_id == person_of(session, 7).id)).one()
        product = make.product(session, shop, title="Autre")
        grant_id = id_of(make.grant(session, product, person_of(session, 21)))
        (asset,) = current_assets(session, id_of(product))
        ban(session, id_of(person_of(session, 7)), actor="cli", reason="fraud", now=make.NOW)

    closed = app.get(page, headers={"accept-language": "en"})
    assert closed.status_code == 404
    for words in ("<h1>This shop is closed at the moment</h1>", "come back later", "https://t.me/"):
        assert words in closed.text
    for words in (">404<", "That did not work", "Reference"):
        assert words not in closed.text, "nothing is broken"
    assert statuses(app, pictures) == {404}
    refused = buyer.call("GET", f"/api/products/{item['slug']}/view")
    assert (refused.status_code, refused.json()["code"]) == (404, "shop-closed")
    got = buyer.call("POST", f"/api/library/{grant_id}/download", json={"asset_id": str(asset.id)})
    assert got.status_code == 200

    with database.transaction() as session:
        unban(session, id_of(person_of(session, 7)), actor="cli")
    assert statuses(app, [page]) == {200}
    assert statuses(app, pictures) == {302}
