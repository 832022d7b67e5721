"""Previews on the product's page and in the Mini App: made by the real actor of files in the real store."""

import html
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx
import pytest

from core.kit.db import Database
from core.process.settings import Settings
from tests.api.seller import Seller
from tests.support.web import Client, serving
from tests.support.worker import Worker
from tests.workers.preview import files


@pytest.fixture
def app(upload_settings: Settings, database: Database) -> Iterator[Client]:
    """The application of a shop whose store browsers reach at another address."""
    given = replace(upload_settings, store_origin="https://files.example")
    with serving(given, database) as client:
        yield client


def offered(seller: Seller, worker: Worker, content: bytes, name: str, kind: str) -> dict[str, Any]:
    """The product, on sale with this file, as the seller sees it."""
    seller.send(content, name, type=kind)
    worker.do_all("verify_upload", "make_preview")
    answer = seller.call("POST", f"/api/products/{seller.product}/publish")
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


def test_the_first_page_of_a_book_is_shown_and_comes_from_the_store(
    seller: Seller,
    worker: Worker,
    app: Client,
) -> None:
    item = offered(seller, worker, files.pdf(30), "cours.pdf", "application/pdf")
    (asset,) = item["files"]
    numbers = range(len(item["preview"]["pictures"]))
    assert item["preview"] == {
        "kind": "pages",
        "pictures": [f"/previews/{asset['id']}/{number}" for number in numbers],
        "teaser": None,
        "text": "PDF: 30 pages",
        "lines": ["A book"],
    }
    assert seller.call("GET", f"/api/products/{item['slug']}/view").json()["preview"] == item["preview"]

    page = app.get(f"/p/{item['slug']}", headers={"accept-language": "en"})
    assert f'src="/previews/{asset["id"]}"' in page.text
    assert "PDF: 30 pages" in page.text
    assert "img-src 'self' https://files.example;" in page.headers["content-security-policy"]
    for address, name in zip(item["preview"]["pictures"], ("poster", "page-2", "page-3"), strict=True):
        shown = app.get(address)
        assert shown.status_code == 302
        picture = httpx.get(shown.headers["location"])
        assert picture.headers["content-type"] == "image/jpeg"
        assert picture.content == worker.services.store.read(
            f"previews/{asset['id']}/{name}.jpg", limit=1_000_000
        )
    assert app.get(f"/previews/{asset['id']}/3").status_code == 404
    assert app.get(f"/previews/{asset['id']}/1000").status_code == 400


def test_a_film_moves_silently_on_its_page_behind_its_poster(
    seller: Seller, worker: Worker, app: Client, tmp_path: Path
) -> None:
    film = files.clip(tmp_path, "film.mp4", *files.H264).read_bytes()
    item = offered(seller, worker, film, "film.mp4", "video/mp4")
    address = f"/previews/{item['files'][0]['id']}"
    assert item["preview"]["teaser"] == f"{address}/teaser"

    page = app.get(f"/p/{item['slug']}", headers={"accept-language": "en"})
    (video,) = re.findall("<video[^>]*>", page.text)
    assert f'src="{address}/teaser" poster="{address}"' in video
    # What starts it by itself is the script, which asks whether the reader wants motion.
    assert {"controls", "muted", "loop", "playsinline"} <= set(video.strip("<>").split())
    assert "autoplay" not in video
    assert "/static/teaser.js" in page.text
    assert "media-src 'self' https://files.example;" in page.headers["content-security-policy"]
    teaser = httpx.get(app.get(f"{address}/teaser").headers["location"])
    assert (teaser.headers["content-type"], teaser.content[4:8]) == ("video/mp4", b"ftyp")


def test_an_archive_is_listed_whatever_its_names(seller: Seller, worker: Worker, app: Client) -> None:
    content = files.zip_of({"<script>alert(1)</script>.txt": b"x" * 2000})
    item = offered(seller, worker, content, "cours.zip", "application/zip")
    (asset,) = item["files"]
    assert item["preview"] == {
        "kind": "archive",
        "pictures": [],
        "teaser": None,
        "text": "ZIP archive: 1 entry",
        "lines": ["<script>alert(1)</script>.txt · 2\u00a0kB"],
    }

    page = app.get(f"/p/{item['slug']}", headers={"accept-language": "fr"}).text
    assert "<script>alert" not in page
    assert "Archive ZIP\u00a0: 1 élément" in page
    assert "<script>alert(1)</script>.txt · 2\u00a0ko" in html.unescape(page)
    assert "<img" not in page
    assert app.get(f"/previews/{asset['id']}").status_code == 404


def test_a_picture_of_the_sellers_own_comes_first(seller: Seller, worker: Worker) -> None:
    picture = files.encoded(files.photo(), "PNG")
    seller.send(picture, "photo.png", type="image/png", purpose="picture")
    item = offered(seller, worker, files.pdf(1), "cours.pdf", "application/pdf")
    first, second = item["preview"]["pictures"]
    assert first.startswith("/pictures/")
    assert second.startswith("/previews/")


def test_before_a_preview_is_made_there_is_none(seller: Seller, worker: Worker, app: Client) -> None:
    seller.send(files.pdf(1))
    worker.do_all("verify_upload")
    item = seller.call("POST", f"/api/products/{seller.product}/publish").json()
    assert item["preview"] is None
    assert app.get(f"/p/{item['slug']}").status_code == 200
    assert app.get(f"/previews/{item['files'][0]['id']}").status_code == 404
