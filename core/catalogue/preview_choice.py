"""What a seller chose to be shown of a file before it is bought."""

from typing import get_args
from uuid import UUID

from sqlalchemy import update
from sqlmodel import Session, col

from core.audit.record import record
from core.catalogue.previews import withhold
from core.jobs.ledger import enqueue
from core.kit.errors import NotAllowed, NotFound, Refused
from core.kit.rows import must_get
from schemas import jobs, picture_jobs
from schemas.catalogue import Asset, Product
from schemas.people import Seller, User
from schemas.preview import Choice
from schemas.uploads import Upload

CHOICES: tuple[Choice, ...] = get_args(Choice)


def own_asset(session: Session, user: User, asset_id: UUID, *, lock: bool = False) -> Asset:
    """A file on sale in the person's own shop. Raises `NotFound`, `NotAllowed`."""
    asset = must_get(session, Asset, asset_id, "file-unknown", lock=lock)
    product = must_get(session, Product, asset.product_id, "product-unknown")
    seller = must_get(session, Seller, product.seller_id, "shop-unknown")
    if seller.user_id != user.id:
        raise NotAllowed("not-your-product")
    if asset.status != "accepted":
        raise NotFound("file-unknown")
    return asset


def source_of(asset: Asset) -> tuple[str, bool] | None:
    """The key of the object that is to be shown of a file, and whether it is a sample; None: nothing is."""
    if asset.preview_choice == "automatic":
        return asset.key, False
    return (asset.sample_key, True) if asset.preview_choice == "own" and asset.sample_key else None


def choose_preview(session: Session, user: User, asset_id: UUID, choice: Choice) -> Asset:
    """Show of a file what its seller chooses; what was shown before is withheld at once, a sample removed.

    Raises `NotFound`, `NotAllowed`, and `Refused` "sample-missing" for an own sample that was never sent.
    """
    asset = own_asset(session, user, asset_id, lock=True)
    if choice == "own" and asset.sample_key is None:
        raise Refused("sample-missing")
    if choice != asset.preview_choice:
        _drop_sample(session, asset)
        _change(session, asset, choice, f"user:{user.id}")
    return asset


def take_sample(session: Session, asset_id: UUID, key: str) -> None:
    """Show an accepted upload as the sample of a file, in place of the sample before, which is removed.

    Raises `Refused` "sampled-file-replaced" where the file is gone.
    """
    asset = must_get(session, Asset, asset_id, "file-unknown", lock=True)
    if asset.status != "accepted":
        raise Refused("sampled-file-replaced")
    if asset.sample_key != key:
        _drop_sample(session, asset)
    asset.sample_key = key
    _change(session, asset, "own", "system")


def _drop_sample(session: Session, asset: Asset) -> None:
    """Give up the sample of a locked file; a worker removes its object."""
    if asset.sample_key is None:
        return
    kept = (col(Upload.key) == asset.sample_key, col(Upload.state) == "accepted")
    asset.sample_key = None
    session.add(asset)
    session.flush()
    statement = update(Upload).where(*kept).values(state="aborted").returning(col(Upload.id))
    upload_id = session.scalars(statement).one_or_none()
    if upload_id is not None:
        record(session, "system", "sample.dropped", f"upload:{upload_id}")
        enqueue(session, jobs.ReclaimUpload(upload_id=upload_id).once())


def _change(session: Session, asset: Asset, choice: Choice, actor: str) -> None:
    asset.preview_choice = choice
    session.add(asset)
    withhold(session, asset.id)
    record(session, actor, "preview.chosen", f"asset:{asset.id}", choice=choice)
    session.flush()
    enqueue(session, picture_jobs.MakePreview(asset_id=asset.id).again())
