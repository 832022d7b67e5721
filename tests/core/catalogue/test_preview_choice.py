"""What a seller chose to be shown of a file."""

import pytest
from sqlmodel import Session

from core.catalogue.catalogue import current_assets
from core.catalogue.preview_choice import choose_preview, source_of, take_sample
from core.catalogue.previews import faces, preview_of, record_preview
from core.catalogue.products import add_asset
from core.kit.errors import NotAllowed, NotFound, Refused
from core.kit.rows import id_of
from schemas.catalogue import Asset, Product
from schemas.people import User
from schemas.picture_jobs import MakePreview
from schemas.preview import Pages
from tests.support import make


@pytest.fixture
def item(session: Session) -> Product:
    return make.product(session, files=("a.pdf",))


@pytest.fixture
def asset(session: Session, item: Product) -> Asset:
    (asset,) = current_assets(session, id_of(item))
    return asset


@pytest.fixture
def owner(session: Session, item: Product) -> User:
    return make.owner_of(session, make.seller_of(session, item))


def shown(session: Session, asset: Asset) -> bool:
    return asset.product_id in faces(session, [asset.product_id])


def made(session: Session, asset: Asset) -> None:
    pictures = {"poster.jpg": f"previews/{asset.id}/poster.jpg"}
    record_preview(
        session, asset.id, outcome="made", reason="", description=Pages(1), pictures=pictures, now=make.NOW
    )


def test_none_is_shown_at_once_nowhere(session: Session, asset: Asset, owner: User) -> None:
    made(session, asset)
    assert shown(session, asset)
    choose_preview(session, owner, asset.id, "none")
    made(session, asset)  # by a job that was under way
    assert not shown(session, asset)
    with pytest.raises(NotFound):
        preview_of(session, asset.id)
    assert source_of(asset) is None


def test_another_choice_withholds_what_was_made_until_it_is_made_again(
    session: Session, asset: Asset, owner: User
) -> None:
    made(session, asset)
    take_sample(session, asset.id, "uploads/1/sample")
    assert source_of(asset) == ("uploads/1/sample", True)
    assert not shown(session, asset)
    assert make.queued(session, MakePreview)[-1] == MakePreview(asset_id=asset.id)
    made(session, asset)
    assert shown(session, asset)
    choose_preview(session, owner, asset.id, "automatic")
    assert source_of(asset) == (asset.key, False)
    assert not shown(session, asset)


def test_an_own_sample_must_be_there(session: Session, asset: Asset, owner: User) -> None:
    with pytest.raises(Refused, match="sample-missing"):
        choose_preview(session, owner, asset.id, "own")


def test_only_its_seller_chooses(session: Session, asset: Asset) -> None:
    with pytest.raises(NotAllowed):
        choose_preview(session, make.user(session, telegram_id=4711), asset.id, "none")


def test_a_file_that_replaces_another_is_shown_as_that_was(
    session: Session, item: Product, asset: Asset, owner: User
) -> None:
    choose_preview(session, owner, asset.id, "none")
    newer = add_asset(
        session,
        item,
        key="uploads/1/newer",
        name="b.pdf",
        size=3,
        content_type="application/pdf",
        sha256=None,
        now=make.NOW,
        replaces=asset.id,
    )
    assert newer.preview_choice == "none"
