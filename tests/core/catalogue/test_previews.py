"""Which preview a product shows."""

from datetime import timedelta
from itertools import pairwise
from typing import Any

import pytest
from sqlmodel import Session, col, select

from core.catalogue.catalogue import current_assets
from core.catalogue.preview_shares import RULES
from core.catalogue.previews import (
    FIRST_PAUSE,
    TRIES,
    ask_again,
    ask_later,
    faces,
    picture_key,
    preview_of,
    record_file_ids,
    record_preview,
    remake_withheld,
)
from core.kit.errors import NotFound
from core.kit.rows import id_of, must_get
from schemas.catalogue import Asset, AssetPreview
from schemas.picture_jobs import MakePreview, PublishPreview
from schemas.preview import Archive, Entry, Pages
from schemas.queue import Job
from tests.support import make

PAGES = Pages(12, "Cours")


def keep(session: Session, asset: Asset, *pictures: str, outcome: str = "made") -> None:
    told = {name: f"previews/{asset.id}/{name}" for name in pictures}
    record_preview(
        session,
        asset.id,
        outcome=outcome,  # type: ignore[arg-type]
        reason="",
        description=PAGES,
        pictures=told,
        now=make.NOW,
    )


def test_every_accepted_file_gets_a_preview_once(session: Session) -> None:
    item = make.product(session, files=("a.pdf", "b.pdf"))
    assets = current_assets(session, id_of(item))
    assert make.queued(session, MakePreview) == [MakePreview(asset_id=asset.id) for asset in assets]


def test_the_first_file_with_pictures_stands_for_the_product(session: Session) -> None:
    item = make.product(session, files=("a.txt", "b.pdf", "c.pdf"))
    text, book, other = current_assets(session, id_of(item))
    assert faces(session, [id_of(item)]) == {}
    keep(session, text, "icon.jpg")
    assert faces(session, [id_of(item)])[id_of(item)].asset_id == text.id
    for asset in (other, book):
        keep(session, asset, "page-2.jpg", "poster.jpg")
    face = faces(session, [id_of(item)])[id_of(item)]
    assert (face.asset_id, face.picture, face.file_id) == (book.id, True, None)
    assert [job.asset_id for job in make.queued(session, PublishPreview)] == [other.id, book.id]


def test_a_file_that_could_not_be_read_stands_for_nothing(session: Session) -> None:
    item = make.product(session)
    (asset,) = current_assets(session, id_of(item))
    keep(session, asset, outcome="unavailable")
    assert faces(session, [id_of(item)]) == {}


def test_pictures_are_shown_in_their_order_and_ids_of_an_earlier_preview_are_dropped(
    session: Session,
) -> None:
    item = make.product(session)
    (asset,) = current_assets(session, id_of(item))
    keep(session, asset, "page-2.jpg", "poster.jpg", "icon.jpg")
    ids = {"page-2.jpg": "two", "poster.jpg": "one"}
    record_file_ids(session, asset.id, ids, made_at=make.NOW - timedelta(seconds=1))
    assert preview_of(session, asset.id).file_ids == []
    record_file_ids(session, asset.id, ids, made_at=make.NOW)
    found = preview_of(session, asset.id)
    assert (found.file_ids, found.description, found.name) == (["one", "two"], PAGES, "cours.pdf")
    assert faces(session, [id_of(item)])[id_of(item)].file_id == "one"


def test_a_name_with_a_nul_is_kept_without_it(session: Session) -> None:
    item = make.product(session)
    (asset,) = current_assets(session, id_of(item))
    listing = Archive("zip", [Entry("a\0b")], 1)
    told = {"outcome": "made", "reason": "", "pictures": {}, "now": make.NOW}
    record_preview(session, asset.id, description=listing, **told)  # type: ignore[arg-type]
    assert preview_of(session, asset.id).description == Archive("zip", [Entry("a�b")], 1)


@pytest.mark.parametrize(
    ("asked", "again"),
    [
        ({}, {"good", "broken", "half", "old", "none"}),
        ({"failed": True}, {"broken", "half", "none"}),
        ({"made_before": make.NOW - timedelta(days=30)}, {"old"}),
        ({"failed": True, "made_before": make.NOW - timedelta(days=30)}, set()),
    ],
)
def test_previews_are_asked_for_again_by_what_they_are_and_once(
    session: Session, asked: dict[str, Any], again: set[str]
) -> None:
    item = make.product(session, files=("good", "broken", "half", "old", "none", "gone"))
    assets = {asset.name: asset for asset in current_assets(session, id_of(item))}
    keep(session, assets["good"])
    keep(session, assets["broken"], outcome="crashed")
    keep(session, assets["half"], outcome="partial")
    keep(session, assets["old"])
    session.get_one(AssetPreview, assets["old"].id).made_at = make.NOW - timedelta(days=31)
    assets["gone"].status = "retired"
    session.flush()
    before = len(make.queued(session, MakePreview))

    assert ask_again(session, **asked) == ask_again(session, **asked) == len(again)

    names = {asset.id: name for name, asset in assets.items()}
    assert {names[job.asset_id] for job in make.queued(session, MakePreview)[before:]} == again
    assert len(make.queued(session, MakePreview)) == before + len(again)


def test_what_lacked_memory_is_tried_again_with_longer_pauses_and_an_end(session: Session) -> None:
    product = make.product(session)
    (asset,) = current_assets(session, id_of(product))
    job, moments = MakePreview(asset_id=asset.id), [make.NOW]
    while ask_later(session, job, now=moments[-1]):
        query = select(Job).where(col(Job.unique_key).startswith(f"preview-later:{asset.id}"))
        newest = session.exec(query.order_by(col(Job.due_at).desc())).all()[0]
        job = MakePreview.decode(newest.args)
        moments.append(newest.due_at)
    pauses = [later - earlier for earlier, later in pairwise(moments)]
    assert pauses == [FIRST_PAUSE * 2**count for count in range(TRIES)]
    assert timedelta(hours=8) < sum(pauses, timedelta()) < timedelta(hours=12)


def test_a_file_without_a_preview_has_none(session: Session) -> None:
    item = make.product(session)
    with pytest.raises(NotFound, match="no-preview"):
        preview_of(session, current_assets(session, id_of(item))[0].id)


def test_a_preview_of_earlier_rules_is_shown_nowhere_until_it_was_made_again(session: Session) -> None:
    item = make.product(session, files=("a.pdf", "b.pdf"))
    old, new = current_assets(session, id_of(item))
    for asset in (old, new):
        keep(session, asset, "poster.jpg", "teaser.mp4")
    must_get(session, AssetPreview, old.id, "no-preview").rules = RULES - 1
    session.flush()

    assert faces(session, [id_of(item)])[id_of(item)].asset_id == new.id
    for teaser in (False, True):
        with pytest.raises(NotFound):
            picture_key(session, old.id, teaser=teaser)
    with pytest.raises(NotFound):
        preview_of(session, old.id)

    assert remake_withheld(session) == 1
    assert make.queued(session, MakePreview)[-1] == MakePreview(asset_id=old.id)
    keep(session, old, "poster.jpg")
    assert faces(session, [id_of(item)])[id_of(item)].asset_id == old.id
    assert remake_withheld(session) == 0
