"""Staff commands as a person types them, on a real database."""

import csv
import io
import json
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from sqlmodel import Session, select

from core.kit.db import Database
from core.kit.rows import id_of
from core.payments.papers import issue
from core.payments.rails.manual.transfers import submit_manual
from core.payments.settle import settle
from core.people.access_tokens import check_token
from core.people.people import find_user
from core.people.sellers import open_shop
from schemas import jobs
from schemas.base import utc_now
from schemas.queue import Job
from schemas.sales import Order
from scripts.embedded.postgres import Postgres
from tests.core.payments.rails.nowpayments.test_events import body_of, receive
from tests.scripts.conftest import Comptoir, Failed
from tests.support import make, make_members

PAYOUT = ("--rail", "crypto", "--currency", "eur", "--reference", "SEPA-1")


def commit(database: Database, build: Callable[[Session], int | None]) -> int:
    with database.transaction() as session:
        row_id = build(session)
        assert row_id is not None
        return row_id


def submitted(session: Session) -> int:
    order = make.order(
        session, make.product(session, title="[bold]Été"), rail="manual", entry="web", now=utc_now()
    )
    submit_manual(session, order, "VIR-2026-11", utc_now())
    return id_of(order)


def paid(session: Session) -> int:
    return id_of(make.paid_order(session, now=utc_now()))


def order_of(database: Database, order_id: int) -> Order:
    with database.transaction() as session:
        return session.exec(select(Order).where(Order.id == order_id)).one()


def queued(database: Database, actor: str) -> int:
    with database.transaction() as session:
        return len(session.exec(select(Job).where(Job.actor == actor)).all())


def test_empty_lists_say_what_to_do(comptoir: Comptoir) -> None:
    assert "No transfer waits" in comptoir("payments", "list")
    assert "No order matches" in comptoir("orders", "find", "xyz")
    assert "comptoir token create" in comptoir("token", "list")
    assert "comptoir admin add" in comptoir("admin", "list")
    assert comptoir("payouts", "owed", "--json") == []


def test_a_transfer_is_listed_and_validated_once(comptoir: Comptoir, database: Database) -> None:
    order_id = commit(database, submitted)
    listed = comptoir("payments", "list", "--json")
    assert [(item["order_id"], item["transaction_id"]) for item in listed["items"]] == [
        (order_id, "VIR-2026-11")
    ]
    assert listed["items"][0]["price"] == {"amount": 999, "currency": "EUR"}
    assert "[bold]Été" in comptoir("payments", "list")
    assert comptoir("payments", "validate", str(order_id), "--json")["changed"] is True
    assert comptoir("payments", "validate", str(order_id), "--json")["changed"] is False
    assert order_of(database, order_id).status == "paid"


def test_a_transfer_is_refused_with_a_note(comptoir: Comptoir, database: Database) -> None:
    order_id = commit(database, submitted)
    number = f"CMT-{order_id:06d}"
    assert number in comptoir("payments", "refuse", number, "--note", "Rien sur le compte")
    order = order_of(database, order_id)
    assert (order.status, order.note) == ("failed", "Rien sur le compte")


def test_an_order_is_found_and_shown_with_its_payments(comptoir: Comptoir, database: Database) -> None:
    order_id = commit(database, paid)
    page = comptoir("orders", "find", str(order_id), "--json")
    assert [item["id"] for item in page["items"]] == [order_id]
    detail = comptoir("orders", "show", str(order_id), "--json")
    assert (detail["status"], detail["rail"]) == ("paid", "stars")
    assert [row["status"] for row in detail["payments"]] == ["confirmed"]
    assert [row["provider"] for row in detail["events"]] == ["telegram"]
    assert "body" not in detail["events"][0]
    text = comptoir("orders", "show", str(order_id))
    assert "500 ⭐" in text
    assert "Payments" in text


def test_an_order_is_sent_again(comptoir: Comptoir, database: Database) -> None:
    order_id = commit(database, paid)
    before = queued(database, jobs.Deliver.actor)
    comptoir("orders", "resend", str(order_id))
    assert queued(database, jobs.Deliver.actor) == before + 1


def test_a_refund_of_stars_is_a_job_and_of_other_money_a_note(comptoir: Comptoir, database: Database) -> None:
    stars = commit(database, paid)
    crypto = commit(database, lambda session: id_of(make.paid_order(session, rail="crypto", now=utc_now())))
    assert "on their way" in comptoir("orders", "refund", str(stars), "--reason", "erreur")
    part = comptoir("orders", "refund", str(crypto), "--reason", "geste", "--amount", "1,50")
    assert "1.50 EUR of order" in part
    assert order_of(database, crypto).status == "paid"
    with pytest.raises(Failed, match="can be read as"):
        comptoir("orders", "refund", str(crypto), "--reason", "geste", "--amount", "1,000")
    assert "is refunded" in comptoir("orders", "refund", str(crypto), "--reason", "erreur")
    assert queued(database, jobs.RefundStars.actor) == 1
    assert order_of(database, crypto).status == "refunded"


def paid_twice(session: Session) -> int:
    order = make.paid_order(session, now=utc_now())
    settle(session, order, rail="stars", provider_id="again", received=order.amount, now=utc_now())
    return id_of(order)


def short_of_crypto(session: Session) -> int:
    order = make.order(session, rail="crypto", entry="web", now=utc_now())
    receive(session, body_of(order, "partially_paid", share="0.5"), utc_now())
    return id_of(order)


def test_a_second_charge_is_given_back_and_the_paying_one_is_not(
    comptoir: Comptoir, database: Database
) -> None:
    order_id = str(commit(database, paid_twice))
    assert "on their way" in comptoir("payments", "refund", order_id, "again", "--reason", "twice")
    assert queued(database, jobs.RefundStars.actor) == 1
    with pytest.raises(Failed, match="refund the order itself"):
        comptoir("payments", "refund", order_id, f"charge-{order_id}", "--reason", "x")
    assert queued(database, jobs.RefundStars.actor) == 1


def test_crypto_that_fell_short_is_accepted_once(comptoir: Comptoir, database: Database) -> None:
    order_id = str(commit(database, short_of_crypto))
    assert comptoir("payments", "accept", order_id, "--json")["changed"] is True
    assert "was paid before" in comptoir("payments", "accept", order_id)
    assert order_of(database, int(order_id)).status == "paid"


@pytest.mark.parametrize(
    "arguments",
    [
        ("orders", "show", "999"),
        ("orders", "show", "abc"),
        ("orders", "resend", "CMT-000999"),
        ("orders", "done", "CMT-000999"),
        ("payments", "validate", "999"),
        ("payments", "accept", "999"),
        ("payments", "refund", "999", "charge", "--reason", "x"),
        ("sellers", "approve", "999"),
        ("token", "create", "--name", "x", "--role", "king"),
        ("token", "revoke", str(uuid4())),
        ("payouts", "record", "--seller", "1", *PAYOUT, "--amount", "x"),
    ],
)
def test_what_cannot_be_done_is_said_in_words_with_exit_code_1(
    comptoir: Comptoir, arguments: tuple[str, ...]
) -> None:
    with pytest.raises(Failed) as failed:
        comptoir(*arguments)
    message = str(failed.value)
    assert message.startswith("1: Error: ")
    assert "refused:" not in message
    assert "Traceback" not in message


@pytest.mark.parametrize(
    "arguments",
    [
        ("orders",),
        ("orders", "show"),
        ("orders", "refund", "1"),
        ("admin", "add", "@awa"),
        ("admin", "add", "1", "--role", "king"),
        ("token", "create", "--name", "x", "--days", "0"),
    ],
)
def test_a_command_that_is_typed_wrong_ends_with_code_2(
    comptoir: Comptoir, arguments: tuple[str, ...]
) -> None:
    with pytest.raises(Failed, match=r"^2: "):
        comptoir(*arguments)


def test_staff_are_added_listed_and_removed(comptoir: Comptoir, database: Database) -> None:
    assert "once they have written /start" in comptoir("admin", "add", "4242")
    assert comptoir("admin", "add", "4242", "--role", "support", "--json")["roles"] == [
        "buyer",
        "admin",
        "support",
    ]
    assert [person["telegram_id"] for person in comptoir("admin", "list", "--json")] == [4242]
    comptoir("admin", "remove", "4242")
    with database.transaction() as session:
        person = find_user(session, 4242)
        assert person is not None
        assert person.roles == ["buyer", "support"]


def test_a_token_is_shown_once_works_and_can_be_revoked(comptoir: Comptoir, database: Database) -> None:
    token = comptoir("token", "create", "--name", "caisse", "--days", "30", "--json")["token"]
    with database.transaction() as session:
        bearer = check_token(session, token, utc_now())
        assert (bearer.role, bearer.name) == ("support", "caisse")
        assert bearer.expires_at is not None
        assert timedelta(days=29) < bearer.expires_at - utc_now() <= timedelta(days=30)
    listed = comptoir("token", "list", "--json")
    assert token not in json.dumps(listed)
    assert set(listed[0]) == {"id", "name", "role", "created_at", "expires_at", "revoked_at"}
    comptoir("token", "revoke", listed[0]["id"])
    assert comptoir("token", "list", "--json")[0]["revoked_at"] is not None


def test_a_waiting_seller_is_approved_or_refused(comptoir: Comptoir, database: Database) -> None:
    def waiting(session: Session) -> int:
        options = {"rails": ["stars"], "accept_terms": True, "approve_at_once": False, "now": utc_now()}
        return id_of(open_shop(session, make.user(session), name="Chez Awa", **options))  # type: ignore[arg-type]

    first, second = commit(database, waiting), commit(database, waiting)
    assert {row["id"] for row in comptoir("sellers", "list", "--waiting", "--json")} == {first, second}
    assert "Chez Awa is approved." in comptoir("sellers", "approve", str(first))
    assert comptoir("sellers", "refuse", str(second), "--json")["status"] == "refused"
    assert comptoir("sellers", "list", "--waiting", "--json") == []
    assert "Chez Awa" in comptoir("sellers", "list")


def test_a_payout_is_recorded_once_and_exported(
    comptoir: Comptoir, database: Database, tmp_path: Path
) -> None:
    commit(database, lambda session: id_of(make.paid_order(session, rail="crypto", now=utc_now())))
    owed = comptoir("payouts", "owed", "--json")
    assert owed[0]["owed"] == {"amount": 999, "currency": "EUR"}
    options = [*PAYOUT, "--amount", "4.99"]
    for _ in range(2):
        comptoir("payouts", "record", "--seller", str(owed[0]["seller_id"]), *options)
    assert comptoir("payouts", "owed", "--json")[0]["paid_out"] == {"amount": 499, "currency": "EUR"}
    rows = list(csv.DictReader(io.StringIO(comptoir("payouts", "export"), newline="")))
    assert [(row["kind"], row["amount"]) for row in rows] == [("sale", "9.99"), ("payout", "-4.99")]
    target = tmp_path / "ledger.csv"
    assert comptoir("payouts", "export", "--output", str(target), "--json")["lines"] == 2
    assert target.read_text().startswith("date,seller,kind")
    with pytest.raises(Failed, match="cannot be written"):
        comptoir("payouts", "export", "--output", str(tmp_path / "no" / "ledger.csv"))


def test_a_sellers_legal_identity_and_month_stand_in_the_statement(
    comptoir: Comptoir, database: Database, tmp_path: Path
) -> None:
    def sale(session: Session) -> int:
        order = make.paid_order(session, rail="manual", now=make.NOW)
        return order.seller_id

    seller = str(commit(database, sale))
    said = comptoir(
        "sellers", "legal", seller, "--name", "Awa SARL", "--address", r"1 rue X\nParis", "--json"
    )
    assert (said["legal_name"], said["legal_address"]) == ("Awa SARL", "1 rue X\nParis")
    with pytest.raises(Failed, match="VAT number"):
        comptoir("sellers", "legal", seller, "--name", "A", "--address", "B", "--vat", "12")
    assert "Awa SARL has no papers" in comptoir("statement", seller, "2026-11")
    with database.transaction() as session:
        issue(session, 1, now=make.NOW)
    month = comptoir("statement", seller, "2026-11", "--json")
    assert month["sums"][0]["net"] == {"amount": 999, "currency": "EUR"}
    assert [line["number"] for line in month["lines"]] == [f"INV-{seller}-00001"]
    target = tmp_path / "month.csv"
    assert comptoir("statement", seller, "2026-11", "--output", str(target), "--json")["lines"] == 1
    assert target.read_text().startswith("date,number,kind")
    with pytest.raises(Failed, match="no month"):
        comptoir("statement", seller, "november")


def test_more_than_is_owed_cannot_be_paid_out(comptoir: Comptoir, database: Database) -> None:
    shop = commit(database, lambda session: make.seller(session).id)
    options = ["--rail", "stars", "--amount", "5", "--currency", "XTR", "--reference", "r"]
    with pytest.raises(Failed, match=r"^1: "):
        comptoir("payouts", "record", "--seller", str(shop), *options)


def test_undelivered_orders_are_named_and_the_workers_asked(comptoir: Comptoir, database: Database) -> None:
    long_ago = utc_now() - timedelta(hours=2)
    order_id = commit(database, lambda session: id_of(make.paid_order(session, now=long_ago)))
    with database.transaction() as session:
        for row in session.exec(select(Job).where(Job.actor == jobs.Deliver.actor)):
            row.state = "dead"
            session.add(row)
    answer = comptoir("retry-undelivered", "--json")
    assert answer["orders"] == [f"CMT-{order_id:06d}"]
    assert comptoir("retry-undelivered", "--json")["job"] == answer["job"]
    assert queued(database, jobs.RetryUndelivered.actor) == 1


def test_a_database_that_is_away_is_said_with_what_to_do(
    comptoir: Comptoir, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://nobody:hunter2@127.0.0.1:9/none")
    with pytest.raises(Failed, match="DATABASE_URL") as failed:
        comptoir("orders", "find")
    assert "hunter2" not in str(failed.value)


def test_a_database_without_tables_is_to_be_migrated(
    comptoir: Comptoir, postgres: Postgres, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATABASE_URL", postgres.url_of("postgres"))
    with pytest.raises(Failed, match="comptoir migrate"):
        comptoir("orders", "find")


def test_a_member_is_found_put_out_and_let_in_again(comptoir: Comptoir, database: Database) -> None:
    member = commit(database, lambda session: id_of(make_members.member(session, now=utc_now())))
    (line,) = comptoir("members", "find", "awa", "--json")["items"]
    assert (line["membership_id"], line["state"], line["barred"]) == (member, "active", False)
    done = comptoir("members", "put-out", str(member), "--reason", "abuse", "--json")
    assert done == {"membership_id": member, "ended": 1}
    assert "memberships ended" in comptoir("members", "put-out", str(member), "--reason", "abuse")
    changes = [comptoir("members", "let-in", str(member), "--json")["changed"] for _ in range(2)]
    assert changes == [True, False]
    with pytest.raises(Failed):
        comptoir("members", "put-out", "999", "--reason", "abuse")


def test_the_fee_of_a_sellers_card_sales_is_set(comptoir: Comptoir, database: Database) -> None:
    seller_id = commit(database, lambda session: id_of(make.seller(session, name="Chez Awa")))
    said = comptoir("sellers", "fee", str(seller_id), "2.5", "0.30EUR")
    assert "Of Chez Awa's sales by card the shop takes 2.5 % + 0.30EUR." in said
    answer = comptoir("sellers", "fee", str(seller_id), "5", "--json")
    assert answer == {"id": seller_id, "name": "Chez Awa", "percent": "5", "sums": {}}
    with pytest.raises(Failed, match="no share that can be taken"):
        comptoir("sellers", "fee", str(seller_id), "500")


def test_a_monthly_fee_is_asked_listed_and_ended(comptoir: Comptoir, database: Database) -> None:
    seller = str(commit(database, lambda session: make.seller(session).id))
    with pytest.raises(Failed, match="no price"):
        comptoir("sellers", "monthly", seller)
    with pytest.raises(Failed, match="no price of a way to pay"):
        comptoir("sellers", "monthly", seller, "stars=5EUR")
    comptoir("sellers", "monthly", seller, "stars=500", "manual=10.00EUR")
    said = comptoir("sellers", "monthly", seller, "--paid-until", "2099-01-31")
    assert "is paid until 2099-01-3" in said
    (listed,) = comptoir("sellers", "fees", "--json")
    assert (listed["state"], listed["prices"]) == ("paid", ["stars 500 ⭐", "manual 10.00 EUR"])
    assert comptoir("sellers", "monthly", seller, "--end", "--json")["asked"] is False
    assert comptoir("sellers", "fees", "--json") == []
