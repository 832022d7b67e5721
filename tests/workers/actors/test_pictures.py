"""Product pictures at Telegram."""

from io import BytesIO
from uuid import uuid4

from core.catalogue.products import set_picture
from schemas.catalogue import Product
from tests.support import make
from tests.support.stored import StoredFile
from tests.support.worker import Worker
from tests.workers.telegram.test_messenger import PNG


def pictured(worker: Worker, name: str) -> Product:
    with worker.database.transaction() as session:
        product = make.product(session)
        set_picture(session, product, key=name)
        return product


def test_a_picture_gets_a_file_id_once(worker: Worker) -> None:
    name = f"pictures/{uuid4()}/cover.png"
    worker.services.store.upload(name, BytesIO(PNG), len(PNG), "image/png")
    product = pictured(worker, name)

    (job,) = worker.do_all("publish_picture")

    assert job.state == "done"
    assert worker.row(Product, product.id).picture_file_id


def test_a_picture_too_large_for_telegram_is_refused_unread(worker: Worker, large: StoredFile) -> None:
    product = pictured(worker, large.key)

    (job,) = worker.do_all("publish_picture")

    assert job.state == "dead"
    assert "more than the 10000000 allowed" in (job.error_message or "")
    assert worker.row(Product, product.id).picture_file_id is None


def test_a_picture_that_is_gone_is_refused(worker: Worker) -> None:
    pictured(worker, f"pictures/{uuid4()}/none.png")

    (job,) = worker.do_all("publish_picture")

    assert job.state == "dead"
