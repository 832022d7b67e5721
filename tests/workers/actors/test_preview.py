"""Previews made of files in the store, shown to Telegram, and signed for browsers."""

from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from uuid import UUID, uuid4

import httpx
import pytest
from pyrogram.file_id import FileId, FileType

from core.kit.errors import NotFound
from schemas import ephemeral_jobs, picture_jobs
from schemas.catalogue import AssetPreview
from tests.support import make
from tests.workers.actors.conftest import Worker
from tests.workers.preview import files
from workers.actors.preview import presign_preview
from workers.preview.publish import wish_of


def sold(hands: Worker, content: bytes | None) -> UUID:
    """A file of a product, with these bytes in the store; None: with no object there."""
    name = f"uploads/1/{uuid4()}/cours.pdf"
    if content is not None:
        hands.services.store.upload(name, BytesIO(content), len(content), "application/pdf")
    with hands.database.transaction() as session:
        return make.asset(session, make.product(session, files=(), published=False), object_name=name).id


@pytest.fixture
def book(hands: Worker) -> UUID:
    """A file of two pages whose preview is made."""
    asset_id = sold(hands, files.pdf(2))
    (job,) = hands.do_all("make_preview")
    assert job.state == "done"
    return asset_id


def test_an_accepted_file_gets_a_preview_and_telegram_its_pictures(hands: Worker, book: UUID) -> None:
    made = hands.row(AssetPreview, book)
    assert (made.outcome, made.description["pages"]) == ("made", 2)
    assert made.pictures["poster.jpg"] == {"key": f"previews/{book}/poster.jpg"}

    (job,) = hands.do_all("publish_preview")

    assert job.state == "done"
    known = hands.row(AssetPreview, book).pictures
    assert len({picture["file_id"] for picture in known.values()}) == len(known) == 2


def test_a_films_teaser_is_at_telegram_and_signed_for_browsers(hands: Worker, tmp_path: Path) -> None:
    film = sold(hands, files.clip(tmp_path, "film.mp4", *files.H264).read_bytes())
    made, published = hands.do_all("make_preview", "publish_preview")
    assert (made.state, published.state) == ("done", "done")
    known = hands.row(AssetPreview, film).pictures
    assert FileId.decode(known["teaser.mp4"]["file_id"]).file_type is FileType.VIDEO

    answer = httpx.get(
        presign_preview(hands.services, ephemeral_jobs.PresignPreview(asset_id=film, teaser=True))["url"]
    )

    assert answer.headers["content-type"] == "video/mp4"
    assert answer.content[4:8] == b"ftyp"


def test_made_again_it_takes_the_place_of_the_earlier_one(hands: Worker, book: UUID) -> None:
    before = hands.row(AssetPreview, book)
    assert hands.do(picture_jobs.MakePreview(asset_id=book)).state == "done"
    after = hands.row(AssetPreview, book)
    assert after.pictures == before.pictures
    assert after.made_at > before.made_at


def test_the_picture_in_front_is_signed_and_no_other_object(hands: Worker, book: UUID) -> None:
    url = presign_preview(hands.services, ephemeral_jobs.PresignPreview(asset_id=book))["url"]
    answer = httpx.get(url)
    assert answer.headers["content-type"] == "image/jpeg"
    assert answer.content == hands.services.store.read(f"previews/{book}/poster.jpg", limit=1_000_000)
    with pytest.raises(NotFound):
        presign_preview(hands.services, ephemeral_jobs.PresignPreview(asset_id=sold(hands, None)))
    with pytest.raises(NotFound):
        presign_preview(hands.services, ephemeral_jobs.PresignPreview(asset_id=book, teaser=True))


def test_above_the_operators_limit_nothing_is_shown(make_hands: Callable[..., Worker]) -> None:
    hands = make_hands(preview_max_bytes=1000)
    asset_id = sold(hands, files.pdf(2))
    (job,) = hands.do_all("make_preview")
    assert job.state == "done"
    assert hands.row(AssetPreview, asset_id).outcome == "too-large"


def test_a_file_that_is_gone_is_said_to_be_unavailable_and_not_tried_again(hands: Worker) -> None:
    asset_id = sold(hands, None)
    (job,) = hands.do_all("make_preview")
    assert job.state == "done"
    assert hands.row(AssetPreview, asset_id).outcome == "unavailable"


def test_the_shop_may_put_its_name_on_previews(make_hands: Callable[..., Worker]) -> None:
    named = make_hands(shop_name="Atelier", preview_watermark=True).services.settings
    assert wish_of(named).watermark == "Atelier"
    assert wish_of(make_hands(shop_name="Atelier").services.settings).watermark == ""
