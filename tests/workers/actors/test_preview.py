"""Previews made of files in the store, shown to Telegram, and signed for browsers."""

from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from uuid import UUID, uuid4

import httpx
import pytest
from pyrogram.file_id import FileId, FileType
from sqlmodel import select

from core.kit.errors import NotFound
from core.kit.rows import id_of
from core.monitoring.memory import HostMemory
from core.orders.publication import publish
from schemas import ephemeral_jobs, picture_jobs
from schemas.catalogue import AssetPreview
from schemas.queue import Job
from tests.support import make
from tests.support.worker import Worker
from tests.workers.preview import files
from workers.actors.preview import presign_preview
from workers.preview.publish import wish_of
from workers.preview.room import MIB, Room


def sold(worker: Worker, content: bytes | None) -> UUID:
    """A file of a product on sale, with these bytes in the store; None: with no object there."""
    name = f"uploads/1/{uuid4()}/cours.pdf"
    if content is not None:
        worker.services.store.upload(name, BytesIO(content), len(content), "application/pdf")
    with worker.database.transaction() as session:
        product = make.product(session, files=(), published=False)
        asset_id = make.asset(session, product, object_name=name).id
        owner = make.owner_of(session, make.seller_of(session, product))
        publish(session, id_of(product), actor_user=owner, now=make.NOW)
        return asset_id


def queued(worker: Worker) -> list[UUID]:
    with worker.database.transaction() as session:
        waiting = select(Job.id).where(Job.actor == "make_preview", Job.state == "queued")
        return list(session.exec(waiting))


@pytest.fixture
def book(worker: Worker) -> UUID:
    """A file of twenty pages whose preview is made."""
    asset_id = sold(worker, files.pdf(20))
    (job,) = worker.do_all("make_preview")
    assert job.state == "done"
    return asset_id


def test_an_accepted_file_gets_a_preview_and_telegram_its_pictures(worker: Worker, book: UUID) -> None:
    row = worker.row(AssetPreview, book)
    assert (row.outcome, row.description["pages"]) == ("made", 20)
    assert row.pictures["poster.jpg"] == {"key": f"previews/{book}/poster.jpg"}

    (job,) = worker.do_all("publish_preview")

    assert job.state == "done"
    pictures = worker.row(AssetPreview, book).pictures
    assert len({picture["file_id"] for picture in pictures.values()}) == len(pictures) == 2


def test_a_films_teaser_is_at_telegram_and_signed_for_browsers(worker: Worker, tmp_path: Path) -> None:
    film = sold(worker, files.clip(tmp_path, "film.mp4", *files.H264).read_bytes())
    job, published = worker.do_all("make_preview", "publish_preview")
    assert (job.state, published.state) == ("done", "done")
    pictures = worker.row(AssetPreview, film).pictures
    assert FileId.decode(pictures["teaser.mp4"]["file_id"]).file_type is FileType.VIDEO

    answer = httpx.get(
        presign_preview(worker.services, ephemeral_jobs.PresignPreview(asset_id=film, teaser=True))["url"]
    )

    assert answer.headers["content-type"] == "video/mp4"
    assert answer.content[4:8] == b"ftyp"


def test_made_again_it_takes_the_place_of_the_earlier_one(worker: Worker, book: UUID) -> None:
    before = worker.row(AssetPreview, book)
    assert worker.do(picture_jobs.MakePreview(asset_id=book)).state == "done"
    after = worker.row(AssetPreview, book)
    assert after.pictures == before.pictures
    assert after.made_at > before.made_at


def test_the_picture_in_front_is_signed_and_no_other_object(worker: Worker, book: UUID) -> None:
    url = presign_preview(worker.services, ephemeral_jobs.PresignPreview(asset_id=book))["url"]
    answer = httpx.get(url)
    assert answer.headers["content-type"] == "image/jpeg"
    assert answer.content == worker.services.store.read(f"previews/{book}/poster.jpg", limit=1_000_000)
    with pytest.raises(NotFound):
        presign_preview(worker.services, ephemeral_jobs.PresignPreview(asset_id=sold(worker, None)))
    with pytest.raises(NotFound):
        presign_preview(worker.services, ephemeral_jobs.PresignPreview(asset_id=book, teaser=True))


def test_above_the_operators_limit_nothing_is_shown(make_worker: Callable[..., Worker]) -> None:
    worker = make_worker(preview_max_bytes=1000)
    asset_id = sold(worker, files.pdf(20))
    (job,) = worker.do_all("make_preview")
    assert job.state == "done"
    assert worker.row(AssetPreview, asset_id).outcome == "too-large"


def test_a_file_that_is_gone_is_said_to_be_unavailable_and_not_tried_again(worker: Worker) -> None:
    asset_id = sold(worker, None)
    (job,) = worker.do_all("make_preview")
    assert job.state == "done"
    assert worker.row(AssetPreview, asset_id).outcome == "unavailable"


def test_what_lacked_memory_is_an_icon_and_is_made_when_there_is_more(
    worker: Worker, monkeypatch: pytest.MonkeyPatch
) -> None:
    asset_id = sold(worker, files.pdf(2))
    monkeypatch.setattr("workers.preview.preview.ROOM", Room(lambda: HostMemory(512 * MIB, 20 * MIB), 0))
    worker.do_all("make_preview")
    row = worker.row(AssetPreview, asset_id)
    assert (row.outcome, set(row.pictures)) == ("no-memory", {"icon.jpg"})

    monkeypatch.undo()
    (waiting,) = queued(worker)
    assert worker.do_all("make_preview") == []  # it is not due yet
    assert worker.repeat(waiting).state == "done"

    assert worker.row(AssetPreview, asset_id).outcome == "made"
    assert queued(worker) == []


def test_the_shop_may_put_its_name_on_previews(make_worker: Callable[..., Worker]) -> None:
    named = make_worker(shop_name="Atelier").services.settings
    assert wish_of(named).watermark == "Atelier"
    assert wish_of(named, own=True).watermark == ""
    assert wish_of(make_worker(preview_watermark=False).services.settings).watermark == ""
