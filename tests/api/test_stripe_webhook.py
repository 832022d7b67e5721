"""`POST /webhooks/stripe` of the real application."""

import json
import time
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from sqlmodel import select

from core.kit.db import Database
from core.kit.rows import id_of
from core.payments.payment_rows import note_details, write_payment
from core.payments.rails.stripe.accounts import begin
from core.payments.rails.stripe.inbox import BODY_LIMIT
from core.process.settings import Settings
from schemas.queue import Job
from schemas.sales import PaymentEvent
from schemas.stripe import StripeAccount
from scripts.sandbox.stripe.sender import sign
from tests.support import make
from tests.support.web import Client, serving

OLD, NEW = "whsec_old", "whsec_new"
ACCOUNT = "acct_1"
WATCHER = "watcher-of-the-tests"


@pytest.fixture
def web(shop_settings: Settings, database: Database) -> Iterator[Client]:
    """A shop that takes cards, with a page of Checkout open; a secret is being rolled."""
    with database.transaction() as session:
        order = make.order(session, rail="crypto", entry="web")
        row = write_payment(session, order, rail="card", provider_id="cs_1", now=make.NOW)
        assert row is not None
        note_details(session, row, {"account": ACCOUNT})
    own = replace(shop_settings, stripe_webhook_secrets=f"{OLD},{NEW}", metrics_token=WATCHER)
    with serving(own, database) as client:
        yield client


def event(**changes: Any) -> bytes:
    fields = {
        "id": "evt_1",
        "object": "event",
        "type": "checkout.session.completed",
        "account": ACCOUNT,
        "livemode": False,
        "data": {"object": {"id": "cs_1"}},
    }
    return json.dumps(fields | changes, indent=2).encode()


def send(web: Client, body: bytes, header: str | list[str] | None = None) -> Any:
    signed = sign([NEW], body, int(time.time())) if header is None else header
    headers = [("stripe-signature", one) for one in ([signed] if isinstance(signed, str) else signed)]
    return web.post("/webhooks/stripe", content=body, headers=headers)


def kept(database: Database) -> list[tuple[str, bytes | None]]:
    with database.transaction() as session:
        return [(row.event_id, row.body) for row in session.exec(select(PaymentEvent))]


def unkept(web: Client) -> str:
    page = web.get("/metrics", headers={"authorization": f"Bearer {WATCHER}"}).text
    return next(
        (line for line in page.splitlines() if line.startswith("comptoir_payment_events_unkept_t")), ""
    )


def test_an_event_of_ours_is_stored_raw_with_its_job(web: Client, database: Database) -> None:
    body = event()
    assert send(web, body).status_code == 200
    assert kept(database) == [("evt_1", body)]
    with database.transaction() as session:
        assert session.exec(select(Job.state).where(Job.actor == "handle_payment_event")).all() == ["queued"]


def test_both_secrets_are_good_while_one_is_rolled(web: Client, database: Database) -> None:
    body = event()
    assert send(web, body, sign([OLD], body, int(time.time()))).status_code == 200
    assert send(web, body, sign(["whsec_else", NEW], body, int(time.time()))).status_code == 200
    assert len(kept(database)) == 1


def test_every_signed_event_is_acknowledged_whatever_becomes_of_it(web: Client, database: Database) -> None:
    """Cases 3 and 10: no other answer than 200, or Stripe comes again and in the end switches us off."""
    foreign = [
        event(),
        event(),  # once more
        event(id="evt_2", type="invoice.created"),
        event(id="evt_3", type="of.next.year"),
        event(id="evt_4", account="acct_2"),
        event(id="evt_5", data={"object": {"id": "cs_else", "metadata": {"shop": "another"}}}),
        json.dumps({"id": "evt_6", "object": "v2.core.event", "type": "v2.core.account.updated"}).encode(),
    ]
    assert [send(web, body).status_code for body in foreign] == [200] * len(foreign)
    assert [name for name, _ in kept(database)] == ["evt_1"]
    assert unkept(web) == 'comptoir_payment_events_unkept_total{provider="stripe"} 6.0'


def test_the_end_of_a_sellers_connection_is_taken_in_by_the_same_door(
    web: Client, database: Database
) -> None:
    with database.transaction() as session:
        row = begin(session, id_of(make.seller(session)), now=make.NOW)
        row.account_id, row.state = "acct_2", "active"
    news = {"type": "account.application.deauthorized", "data": {"object": {"id": "ca_1"}}}
    assert send(web, event(**news, account="acct_2")).status_code == 200
    assert send(web, event(**news, account="acct_3")).status_code == 200
    with database.transaction() as session:
        assert session.exec(select(StripeAccount.state)).all() == ["disconnected"]
    assert kept(database) == []
    assert unkept(web) == 'comptoir_payment_events_unkept_total{provider="stripe"} 1.0'


def test_forged_stale_and_doubled_signatures_are_refused(web: Client, database: Database) -> None:
    body, now = event(), int(time.time())
    good = sign([NEW], body, now)
    for header in ("", "t=1", sign(["whsec_else"], body, now), sign([NEW], body, now - 301), [good, good]):
        answer = send(web, body, header)
        assert answer.status_code == 401
        assert answer.headers["content-type"] == "application/problem+json"
        assert answer.json()["code"] == "event-forged"
    assert kept(database) == []


def test_a_truncated_event_is_refused(web: Client, database: Database) -> None:
    body = event()
    assert send(web, body[:-9], sign([NEW], body, int(time.time()))).status_code == 401
    assert kept(database) == []


def test_a_moment_to_come_is_no_fault_of_the_event(web: Client) -> None:
    body = event()
    assert send(web, body, sign([NEW], body, int(time.time()) + 900)).status_code == 200


def test_what_is_signed_and_no_event_is_refused(web: Client) -> None:
    answer = send(web, b'{"type": "charge.refunded"}')
    assert (answer.status_code, answer.json()["code"]) == (400, "event-unreadable")


def test_an_event_may_be_long_and_not_endless(web: Client, database: Database) -> None:
    """Trap 5: of the other routes 64 KiB are the most."""
    long = event(padding="x" * (BODY_LIMIT - 1000))
    assert send(web, long).status_code == 200
    assert len(kept(database)) == 1
    assert send(web, event(id="evt_2", padding="x" * BODY_LIMIT)).status_code == 413
    assert len(kept(database)) == 1
