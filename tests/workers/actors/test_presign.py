"""Addresses signed for clicks, asked as the API asks (A11, A12)."""

import asyncio
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from io import BytesIO
from urllib.parse import parse_qs, urlsplit
from uuid import UUID, uuid4

import pytest
import redis.asyncio
import urllib3
from sqlmodel import Session, select

from core.jobs.request_reply import call
from core.kit.errors import NotFound
from core.kit.rows import id_of
from core.orders.grants import revoke
from core.orders.publication import publish
from schemas import ephemeral_jobs
from schemas.access import Grant
from schemas.audit import AuditEntry
from schemas.base import utc_now
from schemas.people import Seller, User
from tests.support import make
from tests.support.worker import Worker
from workers.actors.presign import presign, read_beginning
from workers.registry import registry
from workers.runtime.child import Child
from workers.runtime.groups import GROUPS

CONTENT = b"0123456789"


@contextmanager
def clicks_are_served(worker: Worker) -> Iterator[None]:
    """The worker child of the `interactive` queue, at work."""
    (group,) = (group for group in GROUPS if group.name == "interactive")
    child = Child(group, worker.services, registry, schedules=())
    child.start()
    try:
        yield
    finally:
        child.stop()


def click(worker: Worker, *link_ids: UUID) -> list[str]:
    """What the API does at each click, all at once; the addresses."""

    async def run() -> list[str]:
        async with redis.asyncio.Redis.from_url(worker.services.settings.redis_url) as client:
            questions = [
                ephemeral_jobs.Presign(link_id=link_id, correlation_id="c0ffee") for link_id in link_ids
            ]
            answers = await asyncio.gather(*(call(client, question) for question in questions))
            return [str(answer["url"]) for answer in answers]

    with clicks_are_served(worker):
        return asyncio.run(run())


def some_links(worker: Worker, count: int, *, stored: bool = True) -> list[UUID]:
    """Links to one file, each of a buyer of its own."""
    name = f"uploads/1/{uuid4()}/été.pdf"
    if stored:
        worker.services.store.upload(name, BytesIO(CONTENT), len(CONTENT), "application/pdf")
    with worker.database.transaction() as session:
        item = make.product(session, files=(), published=False)
        make.asset(session, item, object_name=name, name="été.pdf")
        publish(session, id_of(item), actor_user=_seller_of(session, item.seller_id), now=make.NOW)
        return [make.link(session, make.grant(session, item), now=utc_now())[0].id for _ in range(count)]


def _seller_of(session: Session, seller_id: int) -> User:
    shop = session.exec(select(Seller).where(Seller.id == seller_id)).one()
    return make.owner_of(session, shop)


def entries(worker: Worker) -> list[AuditEntry]:
    with Session(worker.database.engine) as session:
        return list(session.exec(select(AuditEntry).where(AuditEntry.action == "link.presigned")))


def test_a_hundred_addresses_asked_at_once_all_serve_the_file(worker: Worker) -> None:
    # The API lets 64 wait at once; a hundred clicks come in two waves.
    link_ids = some_links(worker, 100)

    urls = click(worker, *link_ids[:50]) + click(worker, *link_ids[50:])

    with urllib3.PoolManager() as http:
        answers = [http.request("GET", url, headers={"Range": "bytes=3-5"}) for url in urls]
    assert {answer.data for answer in answers} == {b"345"}
    assert {answer.headers["content-range"] for answer in answers} == {"bytes 3-5/10"}
    assert len(urls) == 100


def test_an_address_lives_five_minutes_and_names_the_file(worker: Worker) -> None:
    (url,) = click(worker, *some_links(worker, 1))

    query = parse_qs(urlsplit(url).query)
    assert query["X-Amz-Expires"] == ["300"]
    assert "filename" in query["response-content-disposition"][0]
    assert query["response-content-type"] == ["application/pdf"]


def test_each_address_is_written_down_without_itself(worker: Worker) -> None:
    (link_id,) = some_links(worker, 1)

    (url,) = click(worker, link_id)

    (entry,) = entries(worker)
    with Session(worker.database.engine) as session:
        grant = session.exec(select(Grant)).one()
    assert (entry.actor, entry.correlation_id) == (f"user:{grant.buyer_id}", "c0ffee")
    assert entry.details == {"order": grant.order_id, "link": str(link_id)}
    assert entry.subject.startswith("asset:")
    assert urlsplit(url).query not in str(entry)


@pytest.mark.parametrize("ended", ["unknown", "expired", "revoked"])
def test_a_link_that_ended_since_the_click_was_checked_is_not_signed(worker: Worker, ended: str) -> None:
    with worker.database.transaction() as session:
        grant = make.grant(session)
        now = utc_now() - timedelta(days=2) if ended == "expired" else utc_now()
        link_id = make.link(session, grant, now=now)[0].id
        if ended == "revoked":
            revoke(session, id_of(grant), reason="refund", now=utc_now())

    with pytest.raises(NotFound, match="link-unknown"):
        click(worker, uuid4() if ended == "unknown" else link_id)

    assert entries(worker) == []


def test_signing_needs_no_store(make_worker: Callable[..., Worker]) -> None:
    worker = make_worker(s3_endpoint="http://127.0.0.1:1", s3_public_endpoint="https://files.example")

    (url,) = click(worker, *some_links(worker, 1, stored=False))

    assert url.startswith("https://files.example/")


def test_a_file_that_the_store_lost_is_not_signed_where_downloads_are_few(worker: Worker) -> None:
    (link_id,) = some_links(worker, 1, stored=False)
    with pytest.raises(NotFound, match="file-missing"):
        presign(worker.services, ephemeral_jobs.Presign(link_id=link_id, check=True))
    with pytest.raises(NotFound, match="file-missing"):
        read_beginning(worker.services, ephemeral_jobs.ReadBeginning(link_id=link_id, length=1))


def test_the_beginning_of_a_file_is_read_without_an_address(worker: Worker) -> None:
    (link_id,) = some_links(worker, 1)
    question = ephemeral_jobs.ReadBeginning(link_id=link_id, length=100)
    assert read_beginning(worker.services, question) == {"bytes": list(CONTENT[:2])}
    assert "url" in presign(worker.services, ephemeral_jobs.Presign(link_id=link_id, check=True))
    assert len(entries(worker)) == 1
