import json
from typing import Any

import pytest
from redis import Redis
from sqlalchemy import text
from sqlmodel import select

from core.jobs.redis_queue import RedisQueue
from core.kit.db import Database
from core.orders.orders import order_number
from core.payments.rails.nowpayments.reports import BODY_LIMIT, Number, sign
from schemas.queue import Job
from schemas.sales import PaymentEvent
from tests.support import make
from tests.support.web import IPN_SECRET, Client

OURS = "application_name = 'comptoir-api' AND datname = current_database()"


def a_notice(number: str = "CMT-000001", **changes: Any) -> bytes:
    fields = {
        "payment_id": 5077125051,
        "order_id": number,
        "payment_status": "finished",
        "price_amount": 9.99,
        "price_currency": "eur",
        "pay_amount": 0.01,
        "actually_paid": 0.01,
        "pay_currency": "btc",
    }
    return json.dumps(fields | changes).encode()


def signed(body: bytes, secret: str = IPN_SECRET) -> dict[str, str]:
    fields = json.loads(body, parse_float=Number, parse_int=Number)
    return {"x-nowpayments-sig": sign(secret, fields), "content-type": "application/json"}


def send(web: Client, body: bytes, headers: dict[str, str] | None = None) -> Any:
    return web.post("/webhooks/nowpayments", content=body, headers=headers or signed(body))


def events(database: Database) -> list[PaymentEvent]:
    with database.transaction() as session:
        return list(session.exec(select(PaymentEvent)))


def test_a_notice_is_stored_raw_and_handed_to_a_worker(web: Client, database: Database) -> None:
    with database.transaction() as session:
        number = order_number(make.order(session, rail="crypto", entry="web"))
    body = a_notice(number)
    assert send(web, body).status_code == 200
    assert [event.body for event in events(database)] == [body]
    with database.transaction() as session:
        assert session.exec(select(Job.state).where(Job.actor == "handle_payment_event")).all() == ["queued"]


def test_the_job_of_a_notice_is_pushed_without_the_sweeper(
    web: Client, database: Database, redis_url: str
) -> None:
    assert send(web, a_notice()).status_code == 200
    with Redis.from_url(redis_url, socket_timeout=10) as client:
        message = RedisQueue(client).pop("interactive", 5)
    assert message is not None
    assert json.loads(message)["actor_name"] == "handle_payment_event"


def test_a_notice_is_taken_after_the_database_has_dropped_its_connections(
    web: Client, database: Database
) -> None:
    assert send(web, a_notice(payment_id=1)).status_code == 200
    with database.transaction() as session:
        session.execute(text("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE " + OURS))
    assert send(web, a_notice(payment_id=2)).status_code == 200
    assert len(events(database)) == 2


def test_a_replayed_notice_is_acknowledged_and_changes_nothing(web: Client, database: Database) -> None:
    body = a_notice()
    assert [send(web, body).status_code for _ in range(3)] == [200, 200, 200]
    assert len(events(database)) == 1


def test_a_forged_notice_is_refused_and_not_stored(web: Client, database: Database) -> None:
    body = a_notice()
    for headers in (
        signed(body, "another secret"),
        {"x-nowpayments-sig": "0" * 128},
        {"content-type": "x/y"},
    ):
        answer = send(web, body, headers)
        assert answer.status_code == 401
        assert answer.headers["content-type"] == "application/problem+json"
        assert answer.json()["code"] == "ipn-forged"
    assert events(database) == []


def test_a_changed_amount_breaks_the_signature(web: Client, database: Database) -> None:
    assert send(web, a_notice(price_amount=1), signed(a_notice())).status_code == 401
    assert events(database) == []


@pytest.mark.parametrize(
    "body", [a_notice()[:-9], b"", b"not json", b"[1, 2]", b'{"a": NaN}', b"\xff\xfe", b"[" * 60_000]
)
def test_what_is_not_a_whole_json_object_is_refused(web: Client, database: Database, body: bytes) -> None:
    answer = send(web, body, {"x-nowpayments-sig": "0" * 128})
    assert answer.status_code == 400
    assert answer.json()["code"] == "ipn-unreadable"
    assert events(database) == []


def test_an_oversized_notice_is_refused(web: Client, database: Database) -> None:
    body = a_notice(padding="x" * BODY_LIMIT)
    answer = send(web, body)
    assert answer.status_code == 413
    assert answer.headers["content-type"] == "application/problem+json"
    assert events(database) == []


def test_an_oversized_notice_of_unknown_length_is_refused_too(web: Client, database: Database) -> None:
    body = a_notice(padding="x" * BODY_LIMIT)
    pieces = (body[at : at + 8192] for at in range(0, len(body), 8192))
    answer = web.post("/webhooks/nowpayments", content=pieces, headers=signed(body))
    assert answer.status_code == 413
    assert events(database) == []


def test_a_notice_is_taken_while_redis_is_away(web: Client, database: Database, redis_url: str) -> None:
    with Redis.from_url(redis_url) as admin:
        admin.execute_command("CLIENT", "PAUSE", 1500, "ALL")
    assert send(web, a_notice()).status_code == 200
    assert len(events(database)) == 1


def test_a_shop_without_a_secret_believes_nobody(web: Client, database: Database) -> None:
    body = a_notice()
    assert send(web, body, signed(body, "")).status_code == 401


@pytest.mark.parametrize("word", ["a\0b", "\ud800"])
@pytest.mark.parametrize("field", ["order_id", "payment_status", "order_description"])
def test_a_signed_notice_that_no_table_can_keep_is_refused(
    web: Client, database: Database, field: str, word: str
) -> None:
    body = a_notice(**{field: word})
    assert send(web, body).status_code == 400
    assert events(database) == []


def test_a_notice_in_another_spelling_is_the_same_event(web: Client, database: Database) -> None:
    body = a_notice(order_description="Leçon")
    fields = json.loads(body)
    spellings = [
        json.dumps(fields, indent=2, ensure_ascii=False).encode(),
        json.dumps(dict(reversed(fields.items())), separators=(",", ":")).encode(),
    ]
    headers = signed(body)
    assert {send(web, spelling, headers).status_code for spelling in (body, *spellings)} == {200}
    assert [event.body for event in events(database)] == [body]
