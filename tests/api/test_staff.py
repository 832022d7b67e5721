from datetime import timedelta
from typing import Any

import pytest
from sqlmodel import select

from core.kit.db import Database
from core.kit.rows import id_of
from core.orders.orders import by_number, order_number
from core.payments.rails.manual.transfers import submit_manual
from core.payments.settle import settle
from core.people.access_tokens import create_token
from core.people.sellers import open_shop
from core.process.limits import GUESSES
from schemas import jobs
from schemas.audit import AuditEntry
from schemas.base import utc_now
from schemas.people import AccessToken
from schemas.queue import Job
from tests.core.payments.rails.nowpayments.test_events import body_of, receive
from tests.support import make
from tests.support.web import Client


def bearer(
    database: Database, role: str = "admin", ttl: int | None = None, name: str = "Ana"
) -> dict[str, str]:
    with database.transaction() as session:
        token = create_token(session, name=name, role=role, ttl=ttl, now=utc_now() - timedelta(minutes=1))
    return {"authorization": f"Bearer {token}"}


def a_transfer(database: Database) -> str:
    """An order whose transfer waits; its number."""
    with database.transaction() as session:
        order = make.order(session, rail="manual", entry="web", now=utc_now())
        submit_manual(session, order, "TX-2026-1", utc_now())
        return order_number(order)


def a_sale(database: Database) -> str:
    with database.transaction() as session:
        return order_number(make.paid_order(session, now=utc_now()))


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"authorization": "Bearer"},
        {"authorization": "Basic YTpi"},
        {"authorization": f"Bearer cmt_{'x' * 43}"},
    ],
)
def test_without_a_good_token_nothing_is_told(web: Client, headers: dict[str, str]) -> None:
    answer = web.get("/api/staff/orders", headers=headers)
    assert answer.status_code == 401
    assert answer.headers["www-authenticate"].startswith("Bearer")
    assert answer.json()["code"] == "bad-token"


def test_an_expired_token_is_no_token(web: Client, database: Database) -> None:
    assert web.get("/api/staff/orders", headers=bearer(database, ttl=1)).status_code == 401


def test_guessing_tokens_is_stopped(web: Client, database: Database) -> None:
    good = bearer(database)
    for number in range(GUESSES.most):
        assert web.get("/api/staff/orders", headers={"authorization": f"Bearer {number}"}).status_code == 401
    assert web.get("/api/staff/orders", headers={"authorization": "Bearer x"}).status_code == 429
    assert web.get("/api/staff/orders", headers=good).status_code == 200, "colleagues are not shut out"


@pytest.mark.parametrize(
    ("role", "method", "path"),
    [
        ("buyer", "GET", "/orders"),
        ("seller", "GET", "/payments"),
        ("support", "GET", "/payouts"),
        ("support", "GET", "/payouts/export"),
        ("support", "POST", "/sellers/1/approve"),
        ("seller", "POST", "/payments/1/accept"),
        ("seller", "POST", "/payments/1/refund"),
    ],
)
def test_a_role_does_only_what_the_permission_table_says(
    web: Client, database: Database, role: str, method: str, path: str
) -> None:
    answer = web.request(method, f"/api/staff{path}", headers=bearer(database, role))
    assert answer.status_code == 403
    assert answer.json()["code"] == "not-allowed"


def test_every_staff_route_names_an_act(web: Client) -> None:
    routes = [route for route in web.app.routes if route.path.startswith("/api/staff")]
    handlers: list[Any] = [handler for route in routes for handler in getattr(route, "route_handlers", [])]
    named = [handler.opt.get("act") for handler in handlers if "OPTIONS" not in handler.http_methods]
    assert len(named) > 10
    assert all(named)


def test_support_validates_a_transfer(web: Client, database: Database) -> None:
    number, headers = a_transfer(database), bearer(database, "support")
    waiting = web.get("/api/staff/payments", headers=headers).json()
    assert [(line["number"], line["transaction_id"]) for line in waiting["items"]] == [(number, "TX-2026-1")]
    assert waiting["items"][0]["price"] == {"amount": 999, "currency": "EUR"}
    for _ in range(2):
        answer = web.post(f"/api/staff/payments/{number}/validate", json={"note": "seen"}, headers=headers)
        assert (answer.status_code, answer.json()["status"]) == (200, "paid")
    with database.transaction() as session:
        entries = session.exec(select(AuditEntry).where(AuditEntry.action == "payment.validated")).all()
        token = session.exec(select(AccessToken.id)).one()
    assert {entry.actor for entry in entries} == {f"token:{token}"}


def test_support_refuses_a_transfer_with_a_note(web: Client, database: Database) -> None:
    number, headers = a_transfer(database), bearer(database, "support")
    answer = web.post(f"/api/staff/payments/{number}/refuse", json={"note": "not there"}, headers=headers)
    assert (answer.json()["status"], answer.json()["note"]) == ("failed", "not there")


def test_support_accepts_crypto_that_fell_short(web: Client, database: Database) -> None:
    headers = bearer(database, "support")
    with database.transaction() as session:
        order = make.order(session, rail="crypto", entry="web", now=utc_now())
        receive(session, body_of(order, "partially_paid", share="0.5"), utc_now())
        number = order_number(order)
    for _ in range(2):
        answer = web.post(f"/api/staff/payments/{number}/accept", json={}, headers=headers)
        assert (answer.status_code, answer.json()["status"]) == (200, "paid")


def test_support_gives_a_second_charge_back(web: Client, database: Database) -> None:
    number, headers = a_sale(database), bearer(database, "support")
    with database.transaction() as session:
        order = by_number(session, number)
        settle(session, order, rail="stars", provider_id="again", received=order.amount, now=utc_now())
    asked = {"charge_id": "again", "reason": "twice"}
    answer = web.post(f"/api/staff/payments/{number}/refund", json=asked, headers=headers)
    assert (answer.status_code, answer.json()["status"]) == (200, "paid")
    with database.transaction() as session:
        assert make.queued(session, jobs.RefundStars)[0].charge_id == "again"
    asked["charge_id"] = "x"
    answer = web.post(f"/api/staff/payments/{number}/refund", json=asked, headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (404, "charge-unknown")


def test_an_order_without_a_transfer_cannot_be_validated(web: Client, database: Database) -> None:
    path = f"/api/staff/payments/{a_sale(database)}/validate"
    answer = web.post(path, json={}, headers=bearer(database) | {"accept-language": "en"})
    assert answer.status_code == 409
    assert answer.json()["code"] == "nothing-to-validate"
    assert answer.json()["reference"] == answer.headers["x-correlation-id"]


def test_orders_are_found_and_shown(web: Client, database: Database) -> None:
    number, headers = a_sale(database), bearer(database, "support")
    found = web.get("/api/staff/orders", params={"words": number}, headers=headers).json()
    assert [line["number"] for line in found["items"]] == [number]
    shown = web.get(f"/api/staff/orders/{number}", headers=headers).json()
    assert (shown["status"], shown["rail"], shown["amount"], shown["currency"]) == (
        "paid",
        "stars",
        500,
        "XTR",
    )
    assert shown["provider_id"].startswith("charge-")


@pytest.mark.parametrize("number", ["CMT-999999", "abc", "9" * 40, "-1", "1%00"])
def test_an_unknown_order_is_not_found(web: Client, database: Database, number: str) -> None:
    answer = web.get(f"/api/staff/orders/{number}", headers=bearer(database))
    assert answer.status_code == 404
    assert answer.headers["content-type"] == "application/problem+json"


def test_an_order_is_sent_again(web: Client, database: Database) -> None:
    answer = web.post(f"/api/staff/orders/{a_sale(database)}/resend", headers=bearer(database))
    assert answer.status_code == 200
    with database.transaction() as session:
        assert len(session.exec(select(Job).where(Job.actor == "deliver")).all()) == 2


def test_stars_are_refunded_by_a_job(web: Client, database: Database) -> None:
    path, headers = f"/api/staff/orders/{a_sale(database)}/refund", bearer(database)
    assert web.post(path, json={"reason": ""}, headers=headers).status_code == 400
    for _ in range(2):
        assert web.post(path, json={"reason": "changed mind"}, headers=headers).status_code == 200
    with database.transaction() as session:
        assert len(session.exec(select(Job).where(Job.actor == "refund_stars")).all()) == 1


def test_a_shop_is_approved_once(web: Client, database: Database) -> None:
    with database.transaction() as session:
        owner = make.user(session)
        given: dict[str, Any] = {"name": "Atelier", "rails": ["stars"], "accept_terms": True}
        shop_id = id_of(open_shop(session, owner, approve_at_once=False, now=utc_now(), **given))
    headers = bearer(database)
    assert [line["id"] for line in web.get("/api/staff/sellers/waiting", headers=headers).json()] == [shop_id]
    answer = web.post(f"/api/staff/sellers/{shop_id}/approve", headers=headers)
    assert answer.json()["status"] == "approved"
    assert web.post(f"/api/staff/sellers/{shop_id}/refuse", headers=headers).status_code == 409


def test_a_payout_is_recorded_once_and_exported(web: Client, database: Database) -> None:
    a_sale(database)
    headers = bearer(database)
    line = web.get("/api/staff/payouts", headers=headers).json()[0]
    assert (line["rail"], line["owed"]) == ("stars", 500)
    payout = {"seller_id": line["seller_id"], "rail": "stars", "amount": 200, "currency": "XTR"}
    for _ in range(2):
        answer = web.post("/api/staff/payouts", json=payout | {"reference": "R1"}, headers=headers)
        assert (answer.status_code, answer.json()["amount"]) == (201, 200)
    assert web.get("/api/staff/payouts", headers=headers).json()[0]["owed"] == 300
    too_much = web.post(
        "/api/staff/payouts", json=payout | {"reference": "R2", "amount": 301}, headers=headers
    )
    assert too_much.json()["code"] == "payout-too-large"
    csv = web.get("/api/staff/payouts/export", headers=headers)
    assert csv.headers["content-type"].startswith("text/csv")
    assert "payout,stars,XTR,-200" in csv.text


@pytest.mark.parametrize(
    "body", [b"{", b"[]", b'{"note": 5}', b'{"surprise": 1}', b'{"note": "' + b"x" * 2000 + b'"}']
)
def test_a_body_that_does_not_fit_is_explained(web: Client, database: Database, body: bytes) -> None:
    path = f"/api/staff/payments/{a_transfer(database)}/refuse"
    headers = bearer(database) | {"content-type": "application/json"}
    answer = web.post(path, content=body, headers=headers)
    assert answer.status_code == 400
    assert answer.json()["detail"]


def test_the_document_lists_every_staff_route(web: Client) -> None:
    answer = web.get("/schema/openapi.json")
    assert answer.status_code == 200
    document = answer.json()
    described = {path for path in document["paths"] if path.startswith("/api/staff")}
    served = {route.path_format for route in web.app.routes if route.path.startswith("/api/staff")}
    assert described == served
    assert document["components"]["securitySchemes"]["staff"]["scheme"] == "bearer"
    assert not any(path.startswith(("/d/", "/o/", "/p/")) for path in document["paths"])
    for path in described:
        for operation in document["paths"][path].values():
            assert operation["security"] == [{"staff": []}]
