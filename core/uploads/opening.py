"""Opening an upload: who may send what, how large, how many at once."""

import hashlib
import json
import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from sqlmodel import Session, col, func, select

from core.audit.record import record
from core.catalogue.listing_fee import Fees, fee_of, is_due, parse_fee
from core.kit.errors import Explained, NotAllowed, NotFound, Refused
from core.kit.names import clean_file_name, object_key
from core.kit.permissions import require
from core.kit.readable_rows import readable
from core.kit.rows import id_of, must_get
from core.monitoring.disk import Disk, disk_of
from core.orders.fulfilment import goods_of
from core.process.settings import Settings
from core.uploads.file_types import check_head
from core.uploads.part_plan import LARGEST_FILE, plan_upload
from core.uploads.room import room_for_upload
from core.uploads.states import UNDER_WAY, UNFINISHED
from schemas.catalogue import Asset, Product
from schemas.people import Seller, User
from schemas.uploads import Policy, Purpose, Upload

MOST_UNFINISHED = 32  # uploads of one person
PICTURE_LIMIT = 10_000_000  # bytes, core.telegram.org/bots/api#sendphoto
SAMPLE_LIMIT = 100_000_000  # bytes; a preview shows some seconds or pages of it
TYPE = re.compile(r"[A-Za-z0-9!#$&^_.+-]{1,100}/[A-Za-z0-9!#$&^_.+-]{1,100}")


@dataclass(frozen=True)
class UploadRules:
    """What the shop allows. Sizes in bytes. `disk` is the store's, None where nobody knows it."""

    max_size: int
    days: int
    policy: Policy
    fees: Fees
    disk: Disk | None = None

    @property
    def life(self) -> timedelta:
        """How long an unfinished upload is kept after it was last used."""
        return timedelta(days=self.days)


@dataclass(frozen=True)
class Fingerprint:
    """By which a file picked again is known: bytes, milliseconds since 1970, SHA-256 of three slices."""

    size: int
    modified: int
    slices: list[str]

    def as_facts(self) -> dict[str, object]:
        """As it came, to be compared by the browser."""
        return {"size": self.size, "modified": self.modified, "slices": self.slices}

    def digest(self) -> bytes:
        """By which two uploads of one file are one. Phones give the same file another time at each pick."""
        return hashlib.sha256(json.dumps([self.size, self.slices]).encode()).digest()


@dataclass(frozen=True)
class Wish:
    """A file that somebody wants to upload; `size` in bytes.

    `head` is its first 4,096 bytes (all of a smaller file), empty where whoever asks cannot read them.
    `replaces`: the file whose place it takes; of a sample, the one that it is a sample of.
    """

    product_id: int
    name: str
    size: int
    content_type: str
    fingerprint: Fingerprint
    purpose: Purpose = "file"
    replaces: UUID | None = None
    telegram_file_id: str | None = None
    head: bytes = b""

    def digest(self) -> bytes:
        """By which two wishes for one product are one; one sample may be that of several files."""
        digest = self.fingerprint.digest()
        if self.purpose != "sample" or self.replaces is None:
            return digest
        return hashlib.sha256(digest + self.replaces.bytes).digest()


def rules_of(settings: Settings) -> UploadRules:
    """The rules by the settings and the room of this moment. Raises `SettingError`."""
    size = min(settings.max_upload_size, LARGEST_FILE)
    policy: Policy = "after_payment" if settings.upload_policy == "after_payment" else "on_confirm"
    fees, disk = parse_fee(settings.listing_fee), disk_of(settings.store_folder)
    return UploadRules(size, settings.upload_days, policy, fees, disk)


def open_upload(
    session: Session, user: User, wish: Wish, rules: UploadRules, *, now: datetime
) -> tuple[Upload, bool]:
    """A new upload, or the one of the same file for the same product that is under way; whether it is new.

    Raises `NotFound`; `NotAllowed`: somebody else's product; `Refused`: file-empty, too-large-to-upload,
    content-differs, program-disguised, not-a-picture, shop-not-approved, too-many-uploads,
    file-already-replaced, sampled-file-replaced, no-room.
    """
    product = own_product(session, user, wish.product_id)
    _check(wish, rules)
    _check_other(session, wish)
    # Two openings at once wait here, so that the count below holds.
    must_get(session, Seller, product.seller_id, "shop-unknown", lock=True)
    under_way = _under_way(session, wish)
    if under_way is not None:
        return touch(session, under_way, rules, now=now), False
    _check_count(session, id_of(user))
    check_room(wish.size, rules.disk)
    upload = _upload_of(user, product, wish, rules, now)
    if wish.purpose != "sample" and rules.policy == "after_payment" and is_due(product, rules.fees):
        fee_of(session, product, rules.fees, now=now)
        upload.state = "awaiting_payment"
    session.add(upload)
    record(session, f"user:{user.id}", "upload.opened", f"upload:{upload.id}", size=wish.size)
    session.flush()
    return upload, True


def touch(session: Session, upload: Upload, rules: UploadRules, *, now: datetime) -> Upload:
    """Keep an upload that is being worked on."""
    if upload.state in UNFINISHED:
        upload.expires_at = now + rules.life
        session.add(upload)
        session.flush()
    return upload


def own_product(session: Session, user: User, product_id: int) -> Product:
    """A product of the person's own approved shop. Raises `NotFound`, `NotAllowed`, `Refused`."""
    require(user.roles, "sell")
    product = must_get(session, Product, product_id, "product-unknown")
    seller = must_get(session, Seller, product.seller_id, "shop-unknown")
    if not goods_of(product.kind).holds_files:
        raise NotFound("product-unknown")
    if seller.user_id != user.id:
        raise NotAllowed("not-your-product")
    if seller.status != "approved":
        raise Refused("shop-not-approved")
    return product


def own_upload(session: Session, user: User, upload_id: UUID, *, lock: bool = False) -> Upload:
    """An upload of the person's own. Raises `NotFound`, and `NotAllowed` for another's."""
    upload = must_get(session, Upload, upload_id, "upload-unknown", lock=lock)
    if upload.user_id != user.id:
        raise NotAllowed("not-your-upload")
    return upload


def uploads_under_way(session: Session, user: User) -> list[Upload]:
    """What a person has begun and nobody has decided about, oldest first."""
    statement = select(Upload).where(Upload.user_id == user.id, col(Upload.state).in_(UNDER_WAY))
    return readable(session, statement.order_by(col(Upload.created_at)))


def _under_way(session: Session, wish: Wish) -> Upload | None:
    same = select(Upload).where(
        Upload.product_id == wish.product_id,
        Upload.purpose == wish.purpose,
        Upload.fingerprint_hash == wish.digest(),
        col(Upload.state).in_(UNDER_WAY),
    )
    return session.exec(same).one_or_none()


def _upload_of(user: User, product: Product, wish: Wish, rules: UploadRules, now: datetime) -> Upload:
    upload_id, name = uuid4(), clean_file_name(wish.name)
    return Upload(
        id=upload_id,
        user_id=id_of(user),
        product_id=wish.product_id,
        purpose=wish.purpose,
        name=name,
        size=wish.size,
        content_type=wish.content_type if TYPE.fullmatch(wish.content_type) else "",
        fingerprint=wish.fingerprint.as_facts(),
        fingerprint_hash=wish.digest(),
        replaces_id=wish.replaces,
        key=object_key(product.seller_id, upload_id, name),
        part_size=plan_upload(wish.size).part_size,
        telegram_file_id=wish.telegram_file_id,
        policy=rules.policy,
        created_at=now,
        expires_at=now + rules.life,
    )


def _check(wish: Wish, rules: UploadRules) -> None:
    if wish.size <= 0:
        raise Refused("file-empty")
    most = largest(wish.purpose, rules)
    if wish.size > most:
        blanks: dict[str, str | int] = {"size": wish.size, "limit": most, "purpose": wish.purpose}
        raise Explained("too-large-to-upload", blanks, max=most)
    if wish.head:
        check_head(wish.head, clean_file_name(wish.name), wish.purpose)
    if wish.fingerprint.size != wish.size:
        raise Refused("fingerprint-differs")


def largest(purpose: Purpose, rules: UploadRules) -> int:
    """How many bytes a file for this purpose may have."""
    bounds = {"picture": PICTURE_LIMIT, "sample": SAMPLE_LIMIT}
    return min(bounds.get(purpose, rules.max_size), rules.max_size)


def check_room(size: int, disk: Disk | None) -> None:
    """Raise `Explained` no-room when a new file of so many bytes would enter the reserve of the disk."""
    room = room_for_upload(disk)
    if room is not None and size > room:
        raise Explained("no-room", {"size": size, "room": room})


def _check_other(session: Session, wish: Wish) -> None:
    """The file that it replaces, or is a sample of, is one of the product's."""
    if wish.replaces is None:
        if wish.purpose == "sample":
            raise NotFound("file-unknown")
        return
    old = must_get(session, Asset, wish.replaces, "file-unknown")
    if old.product_id != wish.product_id:
        raise NotFound("file-unknown")
    if old.status != "accepted":
        raise Refused("sampled-file-replaced" if wish.purpose == "sample" else "file-already-replaced")


def _check_count(session: Session, user_id: int) -> None:
    unfinished = select(func.count()).where(Upload.user_id == user_id, col(Upload.state).in_(UNFINISHED))
    if session.exec(unfinished).one() >= MOST_UNFINISHED:
        raise Refused("too-many-uploads", {"limit": MOST_UNFINISHED})
