"""A seller's sales over HTTP, and giving their money back."""

from dataclasses import dataclass
from typing import Any

import httpx
import pytest
from sqlmodel import select

from core.kit.db import Database
from schemas.sales import Refund
from tests.api.people import Headers, signed_in
from tests.support import make
from tests.support.web import Client

KEY = "0f6d3c7a-one-press"


@dataclass
class Sold:
    """A sale by card of 9.99 EUR to Bea, and the Mini App of its seller and of another."""

    client: Client
    database: Database
    seller: Headers
    stranger: Headers

    def call(self, method: str, path: str = "", who: Headers | None = None, **options: Any) -> httpx.Response:
        headers = (who or self.seller) | {"accept-language": "en"}
        return self.client.request(method, f"/api/sales/orders{path}", headers=headers, **options)

    def refund(self, who: Headers | None = None, **body: Any) -> httpx.Response:
        sent = {"reason": "The sound was bad", "idempotency_key": KEY} | body
        return self.call("POST", "/CMT-000001/refund", who, json=sent)

    def rows(self) -> list[int]:
        with self.database.transaction() as session:
            return list(session.exec(select(Refund.amount)))


@pytest.fixture
def sold(app: Client, database: Database) -> Sold:
    with database.transaction() as session:
        shop = make.seller(session)
        make.card_sale(session, shop, make.user(session, name="Bea"))
        other = make.seller(session, make.user(session, name="Zoe"))
        headers = (signed_in(session, make.owner_of(session, each)) for each in (shop, other))
        return Sold(app, database, *headers)


def test_a_seller_lists_and_opens_the_sales_of_the_own_shop(sold: Sold) -> None:
    (line,) = sold.call("GET").json()["items"]
    assert (line["number"], line["rail"], line["status"]) == ("CMT-000001", "card", "paid")
    sale = sold.call("GET", "/CMT-000001").json()
    assert (sale["buyer"], sale["left"]) == ("Bea", {"amount": 999, "currency": "EUR"})
    assert (sale["hindrance"], sale["in_force"], sale["refunds"]) == ("", True, [])
    assert sold.call("GET", who=sold.stranger).json()["items"] == []


def test_a_part_goes_back_once_for_each_key(sold: Sold) -> None:
    for _ in range(2):
        answer = sold.refund(amount=300)
        assert answer.status_code == 200, answer.text
    (back,) = answer.json()["refunds"]
    assert (back["amount"]["amount"], back["status"], back["reason"]) == (300, "wanted", "The sound was bad")
    assert answer.json()["left"]["amount"] == 699
    assert sold.refund(idempotency_key=KEY + "-two").json()["left"]["amount"] == 0
    assert sold.rows() == [300, 699]
    refused = sold.refund(idempotency_key=KEY + "-three")
    assert (refused.status_code, refused.json()["code"]) == (409, "not-refundable")


def test_the_sale_of_another_shop_is_not_there(sold: Sold) -> None:
    assert sold.call("GET", "/CMT-000001", sold.stranger).status_code == 404
    answer = sold.refund(sold.stranger)
    assert (answer.status_code, answer.json()["code"]) == (404, "order-unknown")
    assert sold.rows() == []


@pytest.mark.parametrize("body", [{"reason": ""}, {"amount": 0}, {"idempotency_key": "k"}, {"fee": 1}])
def test_a_body_that_does_not_fit_is_refused(sold: Sold, body: dict[str, Any]) -> None:
    assert sold.refund(**body).status_code == 400
    assert sold.rows() == []


def test_a_reason_of_nothing_but_spaces_is_none(sold: Sold) -> None:
    answer = sold.refund(reason="  ")
    assert (answer.status_code, answer.json()["code"]) == (422, "reason-empty")
