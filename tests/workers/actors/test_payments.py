"""The payment actors on real PostgreSQL, a loopback NOWPayments and a loopback Telegram."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import Any, cast
from uuid import uuid4

import pytest
import redis
from sqlmodel import Session, select

from core.jobs.claims import Claim
from core.kit.db import Database
from core.kit.errors import Permanent
from core.kit.rows import id_of
from core.payments.payment_events import store_event
from core.payments.rails.nowpayments.reports import event_id, verify
from core.payments.rails.stars.charges import request_charge_refund
from core.payments.rails.stars.payments import confirm_stars
from core.payments.refunds import request_refund
from core.ports import Messenger, ObjectStore
from core.process.settings import Settings
from schemas import jobs
from schemas.base import utc_now
from schemas.sales import Order, Payment, PaymentEvent
from scripts.sandbox.nowpayments.notices import Faults
from scripts.sandbox.nowpayments.sandbox import NowPaymentsSandbox
from scripts.sandbox.telegram.sandbox import Sandbox
from tests.support import make
from workers.actors import payments
from workers.nowpayments import NowPayments
from workers.run import Run
from workers.services import Services
from workers.telegram.messenger import TelegramMessenger

TOKEN = "4242:test-token"
NOTHING = cast(Any, None)  # a service that these jobs have no use for


@pytest.fixture
def provider() -> Iterator[NowPaymentsSandbox]:
    """A NOWPayments whose notices the tests carry to the shop themselves."""
    with NowPaymentsSandbox() as sandbox:
        sandbox.sender.faults = Faults(withhold=True)
        yield sandbox


@pytest.fixture
def services(
    database: Database, settings: Callable[..., Settings], provider: NowPaymentsSandbox
) -> Iterator[Services]:
    reach = {name.lower(): value for name, value in provider.environment.items()}
    own_settings = settings(public_url="https://shop.example", **reach)
    account = NowPayments(own_settings)
    yield Services(
        settings=own_settings,
        database=database,
        redis=NOTHING,
        store=cast(ObjectStore, NOTHING),
        messenger=cast(Messenger, NOTHING),
        provider=account,
    )
    account.close()


@pytest.fixture
def run(services: Services) -> Run:
    return start(services)


def start(services: Services) -> Run:
    claim = Claim(uuid4(), 1, "test", {}, 0, 0, "")
    return Run(services, claim, finish=lambda connection: None)


@pytest.fixture
def order_id(database: Database) -> int:
    """A new crypto order on the web."""
    with database.transaction() as session:
        make.user(session, name="Support", roles=("support",))
        return id_of(make.order(session, rail="crypto", entry="web", now=utc_now()))


def order_of(database: Database, order_id: int) -> Order:
    with database.transaction() as session:
        return session.exec(select(Order).where(Order.id == order_id)).one()


def invoice_of(database: Database, order_id: int) -> str:
    with database.transaction() as session:
        statement = select(Payment.provider_id).where(Payment.order_id == order_id)
        return session.exec(statement).one().removeprefix("invoice:")


def hand_over(database: Database, provider: NowPaymentsSandbox) -> None:
    """Carry the withheld notices to the shop, as the webhook takes them."""
    notices, provider.sender.withheld = provider.sender.withheld, []
    for notice in notices:
        report = verify(provider.account.ipn_secret, notice.body, notice.signature)
        with database.transaction() as session:
            store_event(
                session,
                provider="nowpayments",
                event_id=event_id(report),
                body=notice.body,
                now=utc_now(),
            )


def work(services: Services) -> None:
    """Do the stored events' jobs, each once."""
    with services.database.transaction() as session:
        waiting = session.exec(select(PaymentEvent.id).where(PaymentEvent.state == "received")).all()
    for stored in waiting:
        payments.handle_payment_event(start(services), jobs.HandlePaymentEvent(event_id=stored))


def notices(session: Session, text: str) -> list[dict[str, str | int]]:
    return [job.params for job in make.queued(session, jobs.Notify) if job.text == text]


def test_an_invoice_is_opened_once_and_its_address_waits_on_the_order_page(
    run: Run, services: Services, database: Database, provider: NowPaymentsSandbox, order_id: int
) -> None:
    payments.open_invoice(run, jobs.OpenInvoice(order_id=order_id))
    payments.open_invoice(start(services), jobs.OpenInvoice(order_id=order_id))
    assert list(provider.ledger.invoices) == [invoice_of(database, order_id)]
    invoice = provider.ledger.invoice(invoice_of(database, order_id))
    assert invoice.callback == "https://shop.example/webhooks/nowpayments"
    assert invoice.success_url.startswith("https://shop.example/p/cours-de-couture")
    with database.transaction() as session:
        payment = session.exec(select(Payment)).one()
    assert payment.pay_url == f"{provider.url}/payment/?iid={invoice.id}"
    assert order_of(database, order_id).status == "awaiting_payment"


def test_an_invoice_that_is_refused_for_good_calls_support(
    services: Services, database: Database, order_id: int
) -> None:
    strict = replace(services.settings, env="production")  # refuses the sandbox's address without TLS
    account = NowPayments(strict)
    with pytest.raises(Permanent):
        payments.open_invoice(start(replace(services, provider=account)), jobs.OpenInvoice(order_id=order_id))
    account.close()
    with database.transaction() as session:
        assert [params["reason"] for params in notices(session, "staff-needs-support")] == ["invoice-refused"]


@pytest.mark.parametrize("copies", [1, 2])
@pytest.mark.parametrize("backwards", [False, True])
def test_a_payment_whose_notices_come_as_they_like_pays_once(
    run: Run,
    services: Services,
    database: Database,
    provider: NowPaymentsSandbox,
    order_id: int,
    backwards: bool,
    copies: int,
) -> None:
    payments.open_invoice(run, jobs.OpenInvoice(order_id=order_id))
    provider.sender.faults = Faults(withhold=True, backwards=backwards, copies=copies)
    provider.pays(invoice_of(database, order_id))
    hand_over(database, provider)
    work(services)
    assert order_of(database, order_id).status == "paid"
    with database.transaction() as session:
        assert len(notices(session, "sale-made")) == 1


def test_the_poller_finds_a_payment_of_which_no_notice_ever_came(
    run: Run, services: Services, database: Database, provider: NowPaymentsSandbox, order_id: int
) -> None:
    payments.open_invoice(run, jobs.OpenInvoice(order_id=order_id))
    provider.pays(invoice_of(database, order_id))
    for _ in range(2):
        payments.poll_invoices(start(services), jobs.PollInvoices())
        work(services)
    assert order_of(database, order_id).status == "paid"
    with database.transaction() as session:
        events = session.exec(select(PaymentEvent.event_id)).all()
    assert len(events) == 1
    assert events[0].startswith("poll:")


def test_the_poller_leaves_other_shops_and_idle_payments_of_the_account_alone(
    run: Run, services: Services, database: Database, provider: NowPaymentsSandbox, order_id: int
) -> None:
    payments.open_invoice(run, jobs.OpenInvoice(order_id=order_id))
    provider.chooses(invoice_of(database, order_id))
    foreign = provider.ledger.open_invoice(
        {"price_amount": 5, "price_currency": "usd", "order_id": "RGDBP-21314", "order_description": "x"}
    )
    provider.pays(foreign.id)
    payments.poll_invoices(start(services), jobs.PollInvoices())
    with database.transaction() as session:
        assert session.exec(select(PaymentEvent)).all() == []


def test_without_open_orders_the_poller_asks_nobody(services: Services) -> None:
    alone = replace(services, provider=NOTHING)
    payments.poll_invoices(start(alone), jobs.PollInvoices())


def test_a_part_payment_and_its_rest_pay_the_order(
    run: Run, services: Services, database: Database, provider: NowPaymentsSandbox, order_id: int
) -> None:
    payments.open_invoice(run, jobs.OpenInvoice(order_id=order_id))
    first = provider.pays(invoice_of(database, order_id), Decimal("0.5"))
    hand_over(database, provider)
    work(services)
    assert order_of(database, order_id).status == "awaiting_payment"
    provider.pays_more(first.id, Decimal("0.51"))
    hand_over(database, provider)
    work(services)
    assert order_of(database, order_id).status == "paid"


def test_a_payment_after_the_expiry_still_pays(
    run: Run, services: Services, database: Database, provider: NowPaymentsSandbox, order_id: int
) -> None:
    payments.open_invoice(run, jobs.OpenInvoice(order_id=order_id))
    provider.pays(invoice_of(database, order_id), late=True)
    hand_over(database, provider)
    work(services)
    assert order_of(database, order_id).status == "paid"


def test_unpaid_orders_expire_when_their_time_is_over(run: Run, database: Database) -> None:
    with database.transaction() as session:
        old = id_of(make.order(session, now=utc_now() - timedelta(hours=25)))
        new = id_of(make.order(session, now=utc_now()))
    payments.expire_orders(run, jobs.ExpireOrders())
    assert order_of(database, old).status == "expired"
    assert order_of(database, new).status == "awaiting_payment"


@pytest.fixture
def telegram() -> Iterator[Sandbox]:
    with Sandbox() as running:
        running.add_bot(TOKEN, "shop_bot")
        yield running
        assert running.counts["bugs"] == []


@pytest.fixture
def with_telegram(services: Services, telegram: Sandbox, redis_url: str) -> Iterator[Services]:
    """The services with a messenger that reaches the sandbox."""
    reach = replace(
        services.settings,
        bot_token=TOKEN,
        telegram_api_id=1,
        telegram_api_hash="test",
        telegram_sandbox=telegram.address,
    )
    with redis.Redis.from_url(redis_url) as client:
        messenger = TelegramMessenger(reach, services.database, client)
        yield replace(services, settings=reach, messenger=messenger)
        messenger.close()


@pytest.fixture
def refund_id(database: Database, telegram: Sandbox) -> int:
    """A paid Stars order whose refund was asked for, of a person who has written to the bot."""
    person = telegram.person("Ann", language="fr")
    person.says("/start")
    with database.transaction() as session:
        make.user(session, name="Support", roles=("support",))
        order = make.paid_order(session, buyer=make.user(session, telegram_id=person.id))
        request_refund(session, id_of(order), actor="cli", reason="erreur", now=utc_now())
        return id_of(order)


def test_stars_that_were_given_back_before_count_as_given_back(
    with_telegram: Services, telegram: Sandbox, database: Database, refund_id: int
) -> None:
    telegram.fail_next("payments.refundStarsCharge", 400, "CHARGE_ALREADY_REFUNDED")
    for _ in range(2):
        payments.refund_stars(start(with_telegram), jobs.RefundStars(order_id=refund_id))
    assert telegram.counts["calls"]["payments.refundStarsCharge"] == 1
    order = order_of(database, refund_id)
    assert (order.status, order.note) == ("refunded", "erreur")


def test_stars_that_telegram_will_not_give_back_call_support(
    with_telegram: Services, database: Database, refund_id: int
) -> None:
    with pytest.raises(Permanent):
        payments.refund_stars(start(with_telegram), jobs.RefundStars(order_id=refund_id))
    assert order_of(database, refund_id).status == "paid"
    with database.transaction() as session:
        assert [params["reason"] for params in notices(session, "staff-needs-support")] == ["refund-failed"]


def test_a_second_charge_is_given_back_and_the_order_stays_as_it_is(
    with_telegram: Services, telegram: Sandbox, database: Database
) -> None:
    person = telegram.person("Ann", language="fr")
    person.says("/start")
    with database.transaction() as session:
        buyer = make.user(session, telegram_id=person.id)
        order = make.paid_order(session, buyer=buyer)
        confirm_stars(session, make.charge(order, "again"), buyer, now=utc_now())
        request_charge_refund(session, id_of(order), "again", actor="cli", reason="twice")
        order_id = id_of(order)
    telegram.fail_next("payments.refundStarsCharge", 400, "CHARGE_ALREADY_REFUNDED")
    for _ in range(2):
        payments.refund_stars(start(with_telegram), jobs.RefundStars(order_id=order_id, charge_id="again"))
    assert telegram.counts["calls"]["payments.refundStarsCharge"] == 1
    assert order_of(database, order_id).status == "paid"
    with database.transaction() as session:
        rows = session.exec(select(Payment)).all()
        statuses = {row.provider_id: row.status for row in rows}
    assert statuses == {f"charge-{order_id}": "confirmed", "again": "refunded"}
