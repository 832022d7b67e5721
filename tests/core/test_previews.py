"""Which preview a product shows."""

from datetime import timedelta

import pytest
from sqlmodel import Session

from core.catalogue import current_assets
from core.errors import NotFound
from core.previews import faces, preview_of, record_file_ids, record_preview
from core.rows import key
from schemas.catalogue import Asset
from schemas.jobs import MakePreview, PublishPreview
from schemas.preview import Archive, Entry, Pages
from tests import make

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
    assets = current_assets(session, key(item))
    assert make.queued(session, MakePreview) == [MakePreview(asset_id=asset.id) for asset in assets]


def test_the_first_file_with_pictures_stands_for_the_product(session: Session) -> None:
    item = make.product(session, files=("a.txt", "b.pdf", "c.pdf"))
    text, book, other = current_assets(session, key(item))
    assert faces(session, [key(item)]) == {}
    keep(session, text, "icon.jpg")
    assert faces(session, [key(item)])[key(item)].asset_id == text.id
    for asset in (other, book):
        keep(session, asset, "page-2.jpg", "poster.jpg")
    face = faces(session, [key(item)])[key(item)]
    assert (face.asset_id, face.picture, face.file_id) == (book.id, True, None)
    assert [job.asset_id for job in make.queued(session, PublishPreview)] == [other.id, book.id]


def test_a_file_that_could_not_be_read_stands_for_nothing(session: Session) -> None:
    item = make.product(session)
    (asset,) = current_assets(session, key(item))
    keep(session, asset, outcome="unavailable")
    assert faces(session, [key(item)]) == {}


def test_pictures_are_shown_in_their_order_and_ids_of_an_earlier_preview_are_dropped(
    session: Session,
) -> None:
    item = make.product(session)
    (asset,) = current_assets(session, key(item))
    keep(session, asset, "page-2.jpg", "poster.jpg", "icon.jpg")
    ids = {"page-2.jpg": "two", "poster.jpg": "one"}
    record_file_ids(session, asset.id, ids, made_at=make.NOW - timedelta(seconds=1))
    assert preview_of(session, asset.id).file_ids == []
    record_file_ids(session, asset.id, ids, made_at=make.NOW)
    found = preview_of(session, asset.id)
    assert (found.file_ids, found.description, found.name) == (["one", "two"], PAGES, "cours.pdf")
    assert faces(session, [key(item)])[key(item)].file_id == "one"


def test_a_name_with_a_nul_is_kept_without_it(session: Session) -> None:
    item = make.product(session)
    (asset,) = current_assets(session, key(item))
    listing = Archive("zip", [Entry("a\0b")], 1)
    told = {"outcome": "made", "reason": "", "pictures": {}, "now": make.NOW}
    record_preview(session, asset.id, description=listing, **told)  # type: ignore[arg-type]
    assert preview_of(session, asset.id).description == Archive("zip", [Entry("a�b")], 1)


def test_a_file_without_a_preview_has_none(session: Session) -> None:
    item = make.product(session)
    with pytest.raises(NotFound, match="no-preview"):
        preview_of(session, current_assets(session, key(item))[0].id)
