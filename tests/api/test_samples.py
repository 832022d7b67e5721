"""What a seller chooses in the Mini App to be shown of a file, a sample of their own among it."""

from typing import Any

import pytest
from litestar import Litestar
from litestar.testing import TestClient

from core.kit.db import Database
from tests.api.seller import Seller
from tests.support.worker import Worker
from tests.workers.preview import files

JOBS = ("verify_upload", "make_preview", "reclaim_upload")


@pytest.fixture
def file(seller: Seller, worker: Worker) -> dict[str, Any]:
    """A book of 40 pages, on sale."""
    seller.send(files.pdf(40), "book.pdf")
    worker.do_all(*JOBS)
    return product(seller)["files"][0]  # type: ignore[no-any-return]


def product(seller: Seller) -> dict[str, Any]:
    (item,) = seller.call("GET", "/api/products").json()["items"]
    return dict(item)


def test_a_sample_takes_the_previews_place_until_something_else_is_chosen(
    seller: Seller, worker: Worker, file: dict[str, Any]
) -> None:
    assert file["preview_choice"] == "automatic"
    sent = seller.send(files.pdf(2), "sample.pdf", purpose="sample", replaces=file["id"])
    assert (sent["purpose"], sent["replaces"]) == ("sample", file["id"])
    worker.do_all(*JOBS)
    item = product(seller)
    (shown,) = item["files"]
    assert (shown["id"], shown["name"], shown["preview_choice"]) == (file["id"], "book.pdf", "own")
    assert item["preview"]["text"] == "A sample chosen by the seller:\nPDF: 2 pages"
    kept = stored(worker, "uploads/", "/sample.pdf")
    assert len(kept) == 1
    chosen = seller.call("PATCH", f"/api/files/{file['id']}", json={"choice": "automatic"})
    assert chosen.json()["files"][0]["preview_choice"] == "automatic"
    assert chosen.json()["preview"] is None
    worker.do_all(*JOBS)
    assert product(seller)["preview"]["text"] == "PDF: 40 pages"
    assert not kept & stored(worker, "uploads/", "/sample.pdf")


def test_nothing_is_shown_where_that_is_chosen(seller: Seller, worker: Worker, file: dict[str, Any]) -> None:
    assert seller.call("PATCH", f"/api/files/{file['id']}", json={"choice": "none"}).status_code == 200
    worker.do_all(*JOBS)
    assert product(seller)["preview"] is None
    assert not stored(worker, f"previews/{file['id']}/")


def test_a_sample_is_chosen_by_sending_it(seller: Seller, file: dict[str, Any]) -> None:
    assert seller.call("PATCH", f"/api/files/{file['id']}", json={"choice": "own"}).status_code == 400
    lone = seller.call("POST", "/api/uploads", json=seller.body(purpose="sample"))
    assert lone.status_code == 404


def test_nobody_elses_file_is_touched(
    seller: Seller, app: TestClient[Litestar], database: Database, file: dict[str, Any]
) -> None:
    rival = Seller(app, database, 21)
    assert rival.call("PATCH", f"/api/files/{file['id']}", json={"choice": "none"}).status_code == 403
    theirs = rival.body(purpose="sample", replaces=file["id"])
    assert rival.call("POST", "/api/uploads", json=theirs).status_code == 404


def stored(worker: Worker, prefix: str, ending: str = "") -> set[str]:
    return {each.key for each in worker.services.store.names(prefix) if each.key.endswith(ending)}
