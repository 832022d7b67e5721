"""Access over HTTP: from a payment to Telegram, status, revocation, numbers; and every way to be refused."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlmodel import Session, select

from core.kit.db import Database
from core.kit.rows import id_of
from core.kit.tokens import random_token
from core.orders.orders import by_page, order_number
from core.payments.order_claims import redeem
from core.process.limits import CALLS, TRANSFERS
from core.process.settings import Settings
from schemas.audit import AuditEntry
from schemas.base import utc_now
from schemas.membership import Membership
from schemas.people import AccessToken, User
from schemas.sales import Order
from tests.api.people import signed_in, somebody, staff
from tests.support import make, make_members
from tests.support.web import Client

GENERATE, REVOKE = "/api/telegram/generate-token/", "/api/telegram/revoke-access/"
STATUS, STATS = "/api/telegram/status/", "/api/telegram/admin/stats/"
CREATE = "/api/payments/pending-payments/create/"


def paid(database: Database, buyer: User | None = None, rail: str = "manual") -> tuple[Order, dict[str, str]]:
    """A paid order, and the body that asks for its way into Telegram."""
    with database.transaction() as session:
        order = make.paid_order(session, buyer=buyer, rail=rail, now=utc_now())
        return order, {"payment_id": order_number(order), "transaction_id": f"charge-{order.id}"}


def code(answer: Any) -> tuple[int, str]:
    assert answer.headers["content-type"] == "application/problem+json"
    body = answer.json()
    assert body["status"] == answer.status_code
    assert body["detail"]
    return answer.status_code, body["code"]


def test_staff_get_a_link_that_opens_the_order_in_telegram(
    web: Client, database: Database, shop_settings: Settings
) -> None:
    order, body = paid(database)
    before = utc_now()
    answer = web.post(GENERATE, json=body, headers=staff(database, "support"))
    assert answer.status_code == 200, answer.text
    told = answer.json()
    life = timedelta(seconds=shop_settings.start_link_ttl)
    assert before <= datetime.fromisoformat(told["expires_at"]) - life <= utc_now()
    assert told["bot_link"] == f"https://t.me/ComptoirBot?start=c{told['token']}"
    assert (told["success"], told["notification_id"]) == (True, None)
    person, _ = somebody(database)
    with database.transaction() as session:
        assert redeem(session, told["token"], person, utc_now()).order.id == order.id


def test_people_get_a_link_to_their_own_order_and_to_no_other(web: Client, database: Database) -> None:
    person, headers = somebody(database)
    _, body = paid(database, person, "stars")
    mine = web.post(GENERATE, json=body, headers=headers)
    assert mine.status_code == 200, mine.text
    listed = web.get("/api/telegram/notifications", headers=headers).json()["items"]
    assert [item["id"] for item in listed] == [mine.json()["notification_id"]]
    for foreign in (paid(database)[1], paid(database, rail="stars")[1]):
        assert code(web.post(GENERATE, json=foreign, headers=headers)) == (404, "order-unknown")


def test_a_token_needs_a_payment_that_was_verified(web: Client, database: Database) -> None:
    support = staff(database, "support")
    order, body = paid(database)
    other = web.post(GENERATE, json=body | {"transaction_id": "another"}, headers=support)
    assert code(other) == (404, "order-unknown")
    with database.transaction() as session:
        waiting = make.order(session, rail="manual", entry="web", now=utc_now())
        from_buyer = {"payment_id": order_number(waiting), "transaction_id": "TX-1"}
    assert code(web.post(GENERATE, json=from_buyer, headers=support)) == (404, "order-unknown")
    with Session(database.engine) as session:
        issued = select(AuditEntry.subject).where(AuditEntry.action == "bot-link.issued")
        assert session.exec(issued).all() == []
    assert order.paid_at is not None


@pytest.mark.parametrize(
    ("method", "path", "role"),
    [("POST", GENERATE, "seller"), ("POST", REVOKE, "seller"), ("GET", STATS, "buyer")],
)
def test_a_role_without_the_right_is_refused(
    web: Client, database: Database, method: str, path: str, role: str
) -> None:
    bodies = {GENERATE: {"payment_id": "1", "transaction_id": "TX-1"}, REVOKE: {"user_id": 1, "reason": "x"}}
    answer = web.request(method, path, json=bodies.get(path), headers=staff(database, role))
    assert code(answer) == (403, "not-allowed")


@pytest.mark.parametrize(("method", "path"), [("POST", REVOKE), ("GET", STATS), ("GET", STATUS)])
def test_without_a_token_nothing_is_told(web: Client, method: str, path: str) -> None:
    assert web.request(method, path, json={} if method == "POST" else None).status_code == 401


def test_a_persons_session_is_no_staff_token_and_the_reverse(web: Client, database: Database) -> None:
    _, headers = somebody(database)
    assert code(web.get(STATS, headers=headers)) == (401, "bad-token")
    assert code(web.get(STATUS, headers=staff(database, "admin"))) == (401, "session-unknown")


def member(database: Database, person: User, *, inside: bool = True) -> Membership:
    with database.transaction() as session:
        made = make_members.member(session, person=person, now=utc_now())
        if inside:
            make_members.joins(session, make_members.channel_of(session, made), person, at=utc_now())
        return made


def test_status_tells_a_persons_own_memberships(web: Client, database: Database) -> None:
    person, headers = somebody(database, username="awa")
    assert web.get(STATUS, headers=headers).json() == {
        "memberships": [],
        "telegram_username": "awa",
        "has_active_subscription": False,
    }
    member(database, person)
    member(database, somebody(database)[0])
    told = web.get(STATUS, headers=headers).json()
    (line,) = told["memberships"]
    assert told["has_active_subscription"]
    assert (line["channel_name"], line["subscription_type"]) == ("Couture privée", "Abonnement couture")
    assert (line["is_active"], line["days_remaining"]) == (True, 30)
    assert line["joined_at"] is not None
    with database.transaction() as session:
        lifetime = make_members.plan(session, unit="lifetime", count=0)
        make_members.member(session, lifetime, session.get_one(User, person.id), now=utc_now())
    line, _ = web.get(STATUS, headers=headers).json()["memberships"]
    assert (line["is_active"], line["expires_at"], line["days_remaining"]) == (True, None, None)


def test_support_ends_a_persons_access_once_and_the_person_reads_why(web: Client, database: Database) -> None:
    person, headers = somebody(database)
    member(database, person)
    support = staff(database, "support")
    body = {"user_id": person.id, "reason": "violation_terms"}
    counts = [web.post(REVOKE, json=body, headers=support).json() for _ in range(2)]
    assert counts == [{"success": True, "revoked_count": 1}, {"success": True, "revoked_count": 0}]
    assert not web.get(STATUS, headers=headers).json()["has_active_subscription"]
    newest = web.get("/api/telegram/notifications", headers=headers).json()["items"][0]
    assert newest["type"] == "access_revoked"
    assert "the rules of the channel were broken" in newest["message"]
    with Session(database.engine) as session:
        actors = select(AuditEntry.actor).where(AuditEntry.action == "membership.revoked")
        assert set(session.exec(actors)) == {f"token:{session.exec(select(AccessToken.id)).one()}"}


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({}, 400),
        ({"user_id": 1}, 400),
        ({"user_id": 0, "reason": "x"}, 400),
        ({"user_id": 2**63, "reason": "x"}, 400),
        ({"user_id": 1, "reason": ""}, 400),
        ({"user_id": 1, "reason": "x" * 1001}, 400),
        ({"user_id": 1, "reason": "x", "more": 1}, 400),
        ({"user_id": 999_999, "reason": "x"}, 404),
    ],
)
def test_a_body_that_does_not_fit_is_refused(
    web: Client, database: Database, body: dict[str, Any], status: int
) -> None:
    assert code(web.post(REVOKE, json=body, headers=staff(database, "admin")))[0] == status


def test_the_numbers_count_what_there_is(web: Client, database: Database) -> None:
    person, _ = somebody(database)
    member(database, person)
    member(database, somebody(database)[0], inside=False)
    _, body = paid(database)
    admin = staff(database, "admin")
    assert web.post(GENERATE, json=body, headers=admin).status_code == 200
    told = web.get(STATS, headers=admin).json()
    assert told["tokens"] == {"total": 1, "pending": 1, "used": 0, "recent": 1}
    assert told["members"] == {"total": 2, "active": 2, "recent_joins": 1}
    assert told["invites"]["acceptance_rate"] == 0.0


def pending(database: Database, **changed: Any) -> dict[str, Any]:
    with database.transaction() as session:
        offer = id_of(make.product(session))
    body = {"offer_id": offer, "transaction_id": "TX-2026-77", "idempotency_key": random_token()}
    return body | {"currency": "EUR", "user_info": {"language": "en"}} | changed


def test_a_transfer_that_was_made_waits_for_staff_once(web: Client, database: Database) -> None:
    body = pending(database)
    told = [web.post(CREATE, json=body) for _ in range(2)]
    assert [answer.status_code for answer in told] == [201, 201], told[0].text
    first = told[0].json()
    assert told[1].json() == first
    assert (first["success"], first["status"]) == (True, "submitted")
    with Session(database.engine) as session:
        order = by_page(session, first["order_path"].removeprefix("/o/"))
        assert (order_number(order), order.language) == (first["order_number"], "en")
    assert web.get(first["order_path"]).status_code == 200


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        ({"offer_id": 999_999}, (404, "product-unknown")),
        ({"currency": "USD"}, (409, "price-not-offered")),
        ({"currency": ""}, (400, "bad-request")),
        ({"transaction_id": "x"}, (400, "bad-request")),
        ({"idempotency_key": "short"}, (400, "bad-request")),
        ({"user_info": {"email": "awa@example.org"}}, (409, "mail-off")),
        ({"user_info": {"telegram": 1}}, (400, "bad-request")),
    ],
)
def test_a_transfer_that_cannot_be_is_refused(
    web: Client, database: Database, changed: dict[str, Any], expected: tuple[int, str]
) -> None:
    assert code(web.post(CREATE, json=pending(database, **changed))) == expected


def test_a_transaction_pays_one_order_only(web: Client, database: Database) -> None:
    assert web.post(CREATE, json=pending(database)).status_code == 201
    assert code(web.post(CREATE, json=pending(database))) == (409, "transaction-used")


def test_calls_are_limited_by_token_with_a_time_to_wait(web: Client, database: Database) -> None:
    _, headers = somebody(database)
    for _ in range(CALLS.most):
        assert web.get(STATUS, headers=headers).status_code == 200
    refused = web.get(STATUS, headers=headers)
    assert code(refused) == (429, "too-many-requests")
    assert 0 < int(refused.headers["retry-after"]) <= CALLS.seconds
    assert web.get(STATUS, headers=somebody(database)[1]).status_code == 200, "another token is not held up"


def test_submitting_is_limited_by_address(web: Client, database: Database) -> None:
    for _ in range(TRANSFERS.most):
        assert web.post(CREATE, json=pending(database, offer_id=999_999)).status_code == 404
    assert code(web.post(CREATE, json=pending(database)))[0] == 429


def test_an_old_session_is_no_session(web: Client, database: Database) -> None:
    with database.transaction() as session:
        headers = signed_in(session, make.user(session), age=timedelta(hours=2))
    assert code(web.get(STATUS, headers=headers)) == (401, "session-expired")
