"""The nightly comparison with a loopback Telegram and NOWPayments: what no event told is applied."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import delete
from sqlmodel import col

from core.payments.rails.stars.payments import invoice_payload
from schemas.base import utc_now
from schemas.queue import Job
from schemas.sales import Order
from schemas.upkeep_jobs import CompareBooks
from scripts.sandbox.nowpayments.notices import Faults
from scripts.sandbox.nowpayments.sandbox import NowPaymentsSandbox
from scripts.sandbox.telegram.driver import Person
from tests.support import make
from tests.support.worker import Worker
from workers.nowpayments import NowPayments


@pytest.fixture
def provider() -> Iterator[NowPaymentsSandbox]:
    """A NOWPayments of which no notice comes."""
    with NowPaymentsSandbox() as sandbox:
        sandbox.sender.faults = Faults(withhold=True)
        yield sandbox


@pytest.fixture
def worker(
    make_worker: Callable[..., Worker], provider: NowPaymentsSandbox, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Worker]:
    """A worker of a shop with Stars and crypto; what happens now is compared now."""
    monkeypatch.setattr("core.payments.books.UNDER_WAY", -timedelta(minutes=1))
    reach = {name.lower(): value for name, value in provider.environment.items()}
    services = make_worker(**reach).services
    account = NowPayments(services.settings)
    yield Worker(replace(services, provider=account))
    account.close()


@pytest.fixture
def admin_told(worker: Worker) -> Callable[[], int]:
    """Counts what staff were told of differences."""
    with worker.database.transaction() as session:
        make.user(session, roles=("admin",))

    def count() -> int:
        with worker.database.transaction() as session:
            return make.sent_texts(session).count("staff-books-differ")

    return count


def compare(worker: Worker) -> int:
    """Compare, and do what comes of it; how many further comparisons were asked for."""
    assert worker.do(CompareBooks()).state == "done"
    worker.do_all("handle_payment_event")
    with worker.database.transaction() as session:
        asked = delete(Job).where(col(Job.actor) == CompareBooks.actor, col(Job.state) == "queued")
        return len(session.execute(asked.returning(col(Job.id))).all())


def place(worker: Worker, **options: Any) -> Order:
    with worker.database.transaction() as session:
        order = make.order(session, make.product(session), now=utc_now(), **options)
        session.refresh(order)
        session.expunge_all()
    return order


def status(worker: Worker, order: Order) -> str:
    return str(worker.row(Order, order.id).status)


def test_stars_that_no_update_told_of_are_applied_once_and_staff_hear_of_nothing(
    worker: Worker, cashier: Callable[..., str], ann: Person, admin_told: Callable[[], int]
) -> None:
    with worker.database.transaction() as session:
        buyer = make.user(session, telegram_id=ann.id)
        order = make.order(session, make.product(session), buyer, now=utc_now())
        session.refresh(order)
        session.expunge_all()
    charge = ann.pays(cashier(None, invoice_payload(order), order.amount)).charge_id
    assert compare(worker) == 1
    assert status(worker, order) == "paid"
    assert compare(worker) == 0

    assert charge is not None
    worker.services.messenger.refund_stars(ann.id, charge)
    assert compare(worker) == 1
    assert status(worker, order) == "refunded"
    assert compare(worker) == 0
    assert admin_told() == 0


def test_crypto_that_no_notice_told_of_is_applied_and_what_stays_is_told_once(
    worker: Worker, provider: NowPaymentsSandbox, admin_told: Callable[[], int]
) -> None:
    order = place(worker, rail="crypto", entry="web")
    worker.do_all("open_invoice")
    (invoice,) = provider.ledger.invoices
    payment = provider.pays(invoice)
    assert compare(worker) == 1
    assert status(worker, order) == "paid"
    assert compare(worker) == 0
    assert admin_told() == 0

    provider.ledger.payments.pop(payment.id)
    for _ in range(2):
        assert compare(worker) == 0
    assert admin_told() == 1


def test_a_provider_that_is_away_stops_no_other_and_the_job_is_tried_again(
    worker: Worker, provider: NowPaymentsSandbox, admin_told: Callable[[], int]
) -> None:
    order = place(worker)
    with worker.database.transaction() as session:
        make.pay(session, session.get_one(Order, order.id), now=utc_now())
    provider.account = replace(provider.account, password="changed")
    job = worker.do(CompareBooks())
    assert (job.state, "NOWPAYMENTS" in (job.error_message or "")) == ("queued", True)
    assert admin_told() == 1  # of the charge that Telegram does not know
