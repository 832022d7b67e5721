"""Delivery, from a paid order to the buyer's chat (A22 to A37)."""

import urllib.request
from collections.abc import Callable
from datetime import timedelta
from io import BytesIO
from typing import cast
from uuid import uuid4

import pytest
from sqlalchemy import update
from sqlmodel import Session, col, select

from core.jobs.single_statement import run
from core.kit.errors import StoreUnavailable
from core.kit.rows import id_of
from core.orders.download_links import open_link
from core.orders.orders import order_number
from core.payments.refunds import finish_refund
from core.people.people import upsert_person
from schemas import jobs
from schemas.access import DownloadLink
from schemas.audit import AuditEntry
from schemas.base import utc_now
from schemas.catalogue import Asset
from schemas.people import User
from schemas.queue import Job
from schemas.sales import Order
from scripts.sandbox.telegram.driver import Person
from scripts.sandbox.telegram.sandbox import Sandbox
from tests.support import make
from tests.support.worker import PUBLIC, Worker

TITLE = "Cours <b>& couture</b>"


def sold(worker: Worker, person: Person, *, files: tuple[str, ...] = ("cours.pdf",)) -> Order:
    """An order that this person has just paid; its deliver job waits."""
    with worker.database.transaction() as session:
        item = make.product(session, title=TITLE, files=files or ("x",))
        buyer = make.user(session, telegram_id=person.id, name=person.name)
        order = make.paid_order(session, item, buyer, now=utc_now())
        if not files:
            session.execute(update(Asset).values(status="retired"))
        return order


def forget_that_it_was_done(worker: Worker, order: Order) -> None:
    """What a worker leaves that is killed between the message and the end of its job."""
    with Session(worker.database.engine) as session:
        session.execute(update(Job).where(col(Job.actor) == "deliver").values(state="queued"))
        session.execute(update(Order).where(col(Order.id) == order.id).values(status="paid"))
        session.commit()


def order_of(worker: Worker, order: Order) -> Order:
    return cast(Order, worker.row(Order, order.id))


def token_in(link: str) -> str:
    assert link.startswith(f"{PUBLIC}/d/")
    return link.removeprefix(f"{PUBLIC}/d/")


def test_a_paid_order_brings_its_link_to_the_buyer(worker: Worker, ann: Person) -> None:
    order = sold(worker, ann)

    (job,) = worker.do_all("deliver")

    message = ann.wait_for(order_number(order))
    assert job.state == "done"
    assert TITLE in message.text
    assert message.no_preview
    assert order_of(worker, order).status == "delivered"
    with worker.database.transaction() as session:
        opened = run(session, open_link(token_in(message.links[0]), now=utc_now()))
    assert (opened.order_id, opened.name) == (order.id, "cours.pdf")


def test_a_worker_killed_after_the_message_sends_nothing_twice(
    sandbox: Sandbox, worker: Worker, ann: Person
) -> None:
    order = sold(worker, ann)
    worker.do_all("deliver")
    forget_that_it_was_done(worker, order)

    worker.do_all("deliver")

    assert sandbox.reached(order_number(order)) == {ann.id: 1}
    assert order_of(worker, order).status == "delivered"
    with worker.database.transaction() as session:
        run(session, open_link(token_in(ann.wait_for(order_number(order)).links[0]), now=utc_now()))


def test_an_answer_lost_on_the_way_is_no_second_message(
    sandbox: Sandbox, worker: Worker, ann: Person
) -> None:
    order = sold(worker, ann)
    sandbox.drop_before_answer("messages.sendMessage")

    worker.do_all("deliver")
    forget_that_it_was_done(worker, order)
    with Session(worker.database.engine) as session:
        session.execute(update(Job).values(due_at=utc_now()))
        session.commit()
    worker.do_all("deliver")

    assert sandbox.reached(order_number(order)) == {ann.id: 1}
    assert order_of(worker, order).status == "delivered"


def test_a_delivered_order_is_left_alone(sandbox: Sandbox, worker: Worker, ann: Person) -> None:
    order = sold(worker, ann)
    worker.do_all("deliver")

    job = worker.do(jobs.Deliver(order_id=id_of(order)))

    assert job.state == "done"
    assert sandbox.reached(order_number(order)) == {ann.id: 1}


def test_a_refunded_order_is_not_delivered(sandbox: Sandbox, worker: Worker, ann: Person) -> None:
    order = sold(worker, ann)
    with worker.database.transaction() as session:
        finish_refund(session, order, reason="too late", now=utc_now())

    (job,) = worker.do_all("deliver")

    assert job.state == "done"
    assert sandbox.reached(order_number(order)) == {}
    assert order_of(worker, order).status == "refunded"


def test_a_buyer_who_blocked_the_bot_is_recorded_and_served_when_back(
    sandbox: Sandbox, worker: Worker, ann: Person
) -> None:
    order = sold(worker, ann)
    ann.blocks_bot()

    (job,) = worker.do_all("deliver")
    worker.do(jobs.RetryUndelivered())

    assert job.state == "done"
    assert order_of(worker, order).status == "paid"
    buyer: User = worker.row(User, order.buyer_id)
    assert buyer.blocked_at is not None
    assert worker.do_all("deliver") == []

    ann.unblocks_bot()
    with worker.database.transaction() as session:
        upsert_person(
            session, telegram_id=ann.id, name="Ann", username=None, language_code="fr", now=utc_now()
        )
    _age(worker, timedelta(hours=1))
    worker.do(jobs.RetryUndelivered())
    worker.do_all("deliver")

    assert order_of(worker, order).status == "delivered"
    assert sandbox.reached(order_number(order)) == {ann.id: 1}


def test_a_product_without_a_file_goes_to_support_and_to_the_seller(worker: Worker, ann: Person) -> None:
    with worker.database.transaction() as session:
        make.user(session, roles=("support",))
    order = sold(worker, ann, files=())

    (job,) = worker.do_all("deliver")

    assert job.state == "dead"
    assert f"Order {order.id}" in (job.error_message or "")
    undelivered = order_of(worker, order)
    assert (undelivered.status, undelivered.needs_support_at is None) == ("paid", False)
    with worker.database.transaction() as session:
        assert {"sale-undelivered", "staff-needs-support"} <= set(make.sent_texts(session))


def test_an_order_that_does_not_exist_is_no_work(worker: Worker) -> None:
    assert worker.do(jobs.Deliver(order_id=4_000_000)).state == "dead"


def test_a_pause_that_telegram_asks_for_is_kept_and_not_counted(
    sandbox: Sandbox, worker: Worker, ann: Person
) -> None:
    sold(worker, ann)
    sandbox.flood_wait(60, times=1)
    started = utc_now()

    (job,) = worker.do_all("deliver")

    assert (job.state, job.failures) == ("queued", 0)
    assert job.due_at >= started + timedelta(seconds=59)


def test_a_large_order_comes_in_several_messages(worker: Worker, ann: Person) -> None:
    names = tuple(f"lecon-{number:02}.mp4" for number in range(45))
    order = sold(worker, ann, files=names)

    worker.do_all("deliver")

    messages = [message for message in ann.chat if order_number(order) in message.text]
    assert len(messages) == 2
    assert len({link for message in messages for link in message.links}) == 45


def test_without_a_web_address_the_message_carries_the_stores_own(
    make_worker: Callable[..., Worker], ann: Person
) -> None:
    worker = make_worker(public_url="", link_ttl=7 * 86_400)
    name = f"uploads/1/{uuid4()}/cours.pdf"
    worker.services.store.upload(name, BytesIO(b"the course"), 10, "application/pdf")
    order = sold(worker, ann)
    with Session(worker.database.engine) as session:
        session.execute(update(Asset).values(key=name))
        session.commit()

    worker.do_all("deliver")

    (link,) = ann.wait_for(order_number(order)).links
    assert "X-Amz-Expires=86400" in link
    with urllib.request.urlopen(link) as answer:
        assert answer.read() == b"the course"
    with Session(worker.database.engine) as session:
        entry = session.exec(select(AuditEntry).where(AuditEntry.action == "link.presigned")).one()
    assert entry.actor == f"user:{order.buyer_id}"
    assert "X-Amz" not in str(entry.details)


def test_what_was_paid_and_never_delivered_is_sent_again(
    sandbox: Sandbox, worker: Worker, ann: Person
) -> None:
    order = sold(worker, ann)
    with Session(worker.database.engine) as session:
        session.execute(update(Job).where(col(Job.actor) == "deliver").values(state="dead"))
        session.commit()
    _age(worker, timedelta(hours=1))

    worker.do(jobs.RetryUndelivered())
    worker.do(jobs.RetryUndelivered())
    delivered = worker.do_all("deliver")

    assert len(delivered) == 1
    assert order_of(worker, order).status == "delivered"
    assert sandbox.reached(order_number(order)) == {ann.id: 1}


def _age(worker: Worker, by: timedelta) -> None:
    with Session(worker.database.engine) as session:
        session.connection().exec_driver_sql("UPDATE access_grant SET created_at = created_at - %s", (by,))
        session.commit()


@pytest.mark.parametrize("ttl", [86_400, 7 * 86_400])
def test_links_live_as_long_as_the_setting_says(
    make_worker: Callable[..., Worker], ann: Person, ttl: int
) -> None:
    worker = make_worker(link_ttl=ttl)
    order = sold(worker, ann)

    worker.do_all("deliver")

    message = ann.wait_for(order_number(order))
    assert ("24" in message.text or "1 jour" in message.text) == (ttl == 86_400)
    token = token_in(message.links[0])
    with worker.database.transaction() as session:
        link = session.get_one(DownloadLink, run(session, open_link(token, now=utc_now())).link_id)
    life = link.expires_at - link.created_at
    assert life == timedelta(seconds=ttl)


def test_an_address_that_cannot_be_signed_leaves_the_order_to_the_next_try(
    make_worker: Callable[..., Worker], ann: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(*_: object, **__: object) -> str:
        raise StoreUnavailable("the store is away")

    worker = make_worker(public_url="")
    order = sold(worker, ann)
    with monkeypatch.context() as broken:
        broken.setattr(type(worker.services.store), "sign_download", away)
        (job,) = worker.do_all("deliver")
    assert (job.state, job.failures, order_of(worker, order).status) == ("queued", 1, "paid")
    worker.repeat(job.id)
    assert order_of(worker, order).status == "delivered"
    assert len(ann.wait_for(order_number(order)).links) == 1
