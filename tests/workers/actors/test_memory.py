"""The four old crash points, with a file far larger than the process may grow (A1, A4, A7, A8, A9).

Library download, post-payment delivery, the retry job, and the picture of a product whose seller named a
film as its picture.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy import update
from sqlmodel import Session, col, select

from core.catalogue.products import set_picture
from core.kit.rows import id_of
from core.orders.publication import publish
from schemas import jobs
from schemas.access import Grant
from schemas.base import utc_now
from schemas.queue import Job
from schemas.sales import Order
from scripts.sandbox.telegram.driver import Person
from tests.support import make
from tests.support.stored import StoredFile
from tests.support.worker import Worker

GROWTH = 32 * 2**20  # bytes that the process may grow: everything runs in it, Telegram's stand-in too


def peak() -> int:
    """The most memory that this process has held since the peak was reset, in bytes (proc(5))."""
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) * 1024 for line in lines if line.startswith("VmHWM"))


@contextmanager
def bounded_growth() -> Iterator[None]:
    Path("/proc/self/clear_refs").write_text("5")  # resets the peak to what is held now
    before = peak()
    yield
    assert peak() - before < GROWTH


@pytest.fixture
def order(worker: Worker, ann: Person, large: StoredFile) -> Order:
    """A paid order of a file that really is in the store."""
    with worker.database.transaction() as session:
        shop = make.seller(session)
        item = make.product(session, shop, files=(), published=False)
        make.asset(session, item, object_name=large.key, name="film.mp4", size=large.size)
        set_picture(session, item, key=large.key)
        publish(session, id_of(item), actor_user=make.owner_of(session, shop), now=utc_now())
        buyer = make.user(session, telegram_id=ann.id)
        return make.paid_order(session, item, buyer, now=utc_now())


def test_delivery_after_payment_does_not_hold_the_file(worker: Worker, order: Order, ann: Person) -> None:
    with bounded_growth():
        (job,) = worker.do_all("deliver")

    assert job.state == "done"
    assert ann.wait_for("film.mp4").links


def test_a_library_download_does_not_hold_the_file(worker: Worker, order: Order, ann: Person) -> None:
    worker.do_all("deliver")
    with Session(worker.database.engine) as session:
        grant = session.exec(select(Grant).where(Grant.order_id == order.id)).one()

    with bounded_growth():
        job = worker.do(jobs.SendLinks(grant_id=id_of(grant), occasion="library"))

    assert job.state == "done"


def test_the_retry_job_does_not_hold_the_file(worker: Worker, order: Order, ann: Person) -> None:
    with Session(worker.database.engine) as session:
        session.execute(update(Job).where(col(Job.actor) == "deliver").values(state="dead"))
        session.connection().exec_driver_sql(
            "UPDATE access_grant SET created_at = created_at - interval '1 hour'"
        )
        session.commit()

    with bounded_growth():
        worker.do(jobs.RetryUndelivered())
        (job,) = worker.do_all("deliver")

    assert job.state == "done"
    assert ann.wait_for("film.mp4").links


@pytest.mark.usefixtures("order")
def test_a_picture_of_that_size_is_refused_by_its_size(worker: Worker, large: StoredFile) -> None:
    with bounded_growth():
        (job,) = worker.do_all("publish_picture")

    assert job.state == "dead"
    assert str(large.size) in (job.error_message or "")
