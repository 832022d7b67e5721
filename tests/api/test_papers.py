"""An invoice, receipt or credit note by its address, and its place on the order's page."""

from uuid import uuid4

import httpx

from core.kit.db import Database
from core.orders.orders import by_page
from schemas.papers import Paper
from tests.api.test_checkout import a_product, buy, pay, token_of, words
from tests.support.questions import Answering
from tests.support.web import Client
from tests.support.worker import Worker


def test_a_paid_orders_page_gives_its_receipt_from_the_store(
    web: Client, database: Database, worker: Worker, answers: Answering
) -> None:
    path = buy(web, a_product(database), "crypto")
    pay(database, path)
    assert "/papers/" not in words(web, path)
    worker.do_all("issue_paper")
    page = words(web, path)
    assert "Receipt REC-" in page
    with database.transaction() as session:
        order = by_page(session, token_of(path))
        paper = session.get_one(Paper, _only_paper(page))
        assert paper.order_id == order.id
    answer = web.get(f"/papers/{paper.id}")
    unknown = web.get(f"/papers/{uuid4()}", headers={"accept-language": "en"})
    assert answer.status_code == 302
    assert answer.headers["cache-control"] == "no-store"
    assert httpx.get(answer.headers["location"]).content.startswith(b"%PDF-")
    assert unknown.status_code == 404


def _only_paper(page: str) -> str:
    (place,) = [place for place in page.split('"') if place.startswith("/papers/")]
    return place.removeprefix("/papers/")
