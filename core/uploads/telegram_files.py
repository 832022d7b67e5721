"""Files that sellers send to the bot itself: a draft each, streamed into the store by a worker."""

import hashlib
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import PurePosixPath
from uuid import UUID

from sqlmodel import Session, col, select, update

from core.catalogue.preview_choice import own_asset
from core.catalogue.products import create_product
from core.jobs.ledger import enqueue
from core.kit.errors import Refused
from core.kit.names import TITLE_LIMIT, clean_file_name, clean_text
from core.kit.permissions import allowed
from core.kit.rows import id_of
from core.uploads.opening import Fingerprint, UploadRules, Wish, open_upload
from schemas import jobs
from schemas.catalogue import Product
from schemas.people import Seller, User
from schemas.uploads import Upload


@dataclass(frozen=True)
class SentFile:
    """A file in a message to the bot; `size` in bytes, `unique_id` the same in every message."""

    file_id: str
    unique_id: str
    name: str
    size: int
    content_type: str


def take_sent_file(
    session: Session,
    user: User,
    shop: Seller | None,
    file: SentFile,
    *,
    caption: str,
    message_id: int,
    rules: UploadRules,
    now: datetime,
) -> tuple[Upload, Product]:
    """A draft in the person's `shop`, named by the caption or by the file, and the upload that a worker
    fills.

    The same message again, which Telegram brings after a crash of the bot, is the same draft and the same
    upload, whatever has become of it. Raises `Refused` as opening an upload does, and
    only-sellers-send-files.
    """
    if shop is None or shop.status != "approved" or not allowed(user.roles, "sell"):
        raise Refused("only-sellers-send-files")
    name = clean_file_name(file.name)
    title = clean_text(caption)[:TITLE_LIMIT] or PurePosixPath(name).stem[:TITLE_LIMIT]
    message = f"telegram:{message_id}"
    product = create_product(
        session, shop, title=title, description="", prices={}, now=now, idempotency_key=message
    )
    wish = _wish_of(file, id_of(product), name)
    same = (Upload.product_id == id_of(product), Upload.fingerprint_hash == wish.fingerprint.digest())
    taken = session.exec(select(Upload).where(*same).order_by(col(Upload.created_at)).limit(1)).first()
    if taken is not None:
        return taken, product
    upload, _ = open_upload(session, user, wish, rules, now=now)
    if upload.state == "open":
        fetch_later(session, upload)
    return upload, product


def take_sent_sample(
    session: Session, user: User, asset_id: UUID, file: SentFile, *, rules: UploadRules, now: datetime
) -> Upload:
    """The upload of a sample of the person's file, which a worker fills. Raises as opening one does."""
    asset = own_asset(session, user, asset_id)
    wish = _wish_of(file, asset.product_id, clean_file_name(file.name))
    sample = replace(wish, purpose="sample", replaces=asset_id)
    upload, new = open_upload(session, user, sample, rules, now=now)
    if new:
        fetch_later(session, upload)
    return upload


def fetch_later(session: Session, upload: Upload) -> None:
    """Have a worker stream the file; asked for twice, done once."""
    enqueue(session, jobs.TakeTelegramFile(upload_id=upload.id).once())


def begin_again(session: Session, upload_id: UUID) -> None:
    """The store forgot the parts: the next attempt of the job sends all of them."""
    session.execute(
        update(Upload)
        .where(col(Upload.id) == upload_id, col(Upload.state) == "open")
        .values(store_upload_id=None)
        .execution_options(synchronize_session="fetch")
    )


def _wish_of(file: SentFile, product_id: int, name: str) -> Wish:
    slices = [hashlib.sha256(file.unique_id.encode()).hexdigest()] * 3
    return Wish(
        product_id=product_id,
        name=name,
        size=file.size,
        content_type=file.content_type,
        fingerprint=Fingerprint(file.size, 0, slices),
        telegram_file_id=file.file_id,
    )
