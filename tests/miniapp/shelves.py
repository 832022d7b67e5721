"""What a filled shop has: goods in every state, the sales of a month, memberships and channels."""

import io
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

from sqlmodel import Session

from core.audit.record import record
from core.catalogue.catalogue import current_assets
from core.catalogue.previews import record_preview
from core.kit.money import Money
from core.kit.names import object_key
from core.kit.rows import id_of
from core.orders.grants import revoke
from core.orders.orders import order_number
from core.orders.publication import publish, unpublish
from core.payments.papers import issue
from schemas.access import Download, Grant
from schemas.base import utc_now
from schemas.catalogue import Product
from schemas.people import Seller, User
from schemas.preview import Archive, Description, Entry, Excerpt, Film, Pages, Sound, Unknown
from schemas.sales import Order
from schemas.uploads import Upload, UploadState
from tests.miniapp import circle
from tests.support import make, make_disputes
from tests.workers.preview.files import encoded, photo
from workers.store import S3Store

GIB, MIB = 2**30, 2**20
DAYS = 30
DIFFERS = {"expected": "archive", "found": "sound", "ending": "mp3"}
NIGHT = "Photographier la nuit : de l’étoile à la ville"
PRICES = {"stars": [Money(450, "XTR")], "crypto": [Money(1990, "EUR")]}
FILM = Film(format="mp4", duration=21_731, width=3840, height=2160, tracks=[], poster_at=0)
PRESETS = [Entry(f"presets/nuit/{number}.xmp", 12 * 1024) for number in range(60)]
LOOKS: dict[str, tuple[str, Description, int]] = {
    "book": ("carnet.pdf", Pages(pages=212, title="Carnet de nuit"), 4),
    "archive": ("presets.zip", Archive(format="zip", entries=PRESETS, count=1204), 0),
    "sound": (
        "nuits.flac",
        Sound(format="flac", duration=2530, tags={"artist": "Awa Ko", "album": "Nuits", "date": "2026"}),
        1,
    ),
    "notes": (
        "notes.md",
        Excerpt(encoding="utf-8", text="# Notes\n\n- trépied\n- télécommande\n", lines=412),
        0,
    ),
    "program": ("presets.exe", Unknown(label="Programme (Windows)"), 0),
}
"""By the name that tests use: a file, what its preview says, and how many pictures it has."""
SHOTS = ("poster.jpg", "page-2.jpg", "page-3.jpg", "page-4.jpg")


def fill(session: Session, store: S3Store) -> dict[str, Any]:
    """Fill the shop; by the names that tests use, who its people are and which its products."""
    now = utc_now()
    owner = make.user(session, telegram_id=7, name="Awa & Ko", roles=("admin",))
    shop = make.seller(session, owner, name="Atelier Nomade")
    products = _goods(session, store, shop, owner, now)
    order = _sell(session, products["night"], now)
    buyer = make.user(session, telegram_id=8, name="Chloé")
    _buy(session, shop, products["night"], buyer, now)
    circle.open_circle(session)
    plans = circle.enrol(session, shop, now)
    return {
        "products": {name: {"id": item.id, "slug": item.slug} for name, item in products.items()},
        "people": {
            "seller": person(owner),
            "buyer": person(buyer),
            "member": person(circle.new_member(session, now)),
            "support": person(make.user(session, name="Soutien", roles=("support",))),
            "admin": person(make.user(session, telegram_id=9, name="Admin", roles=("admin",))),
            "plain": person(make.owner_of(session, make.seller(session))),
        },
        "plans": plans,
        "order": order_number(order),
    }


def person(user: User) -> dict[str, Any]:
    """Who somebody is, for a launch of the Mini App to be signed."""
    return {"telegram_id": user.telegram_id, "name": user.name}


def _goods(session: Session, store: S3Store, shop: Seller, owner: User, now: datetime) -> dict[str, Product]:
    """Products of every state, the oldest first, with each kind of preview and files on their way."""
    previewed: dict[str, Product] = {}
    for name, (file, description, pictures) in LOOKS.items():
        item = make.product(session, shop, title=f"Aperçu {name}", prices=PRICES, files=(file,))
        unpublish(session, id_of(item), actor_user=owner, now=now)
        _preview(session, store, item, description, pictures)
        previewed[name] = item
    presets = make.product(session, shop, title="Presets", prices=PRICES, files=(), published=False)
    _upload(session, presets, "presets.zip", "refused", DIFFERS, reason="content-differs")
    night = make.product(session, shop, title=NIGHT, prices=PRICES, files=(), published=False)
    make.asset(session, night, name="cours-complet-4K.mp4", size=int(10.4 * GIB), content_type="video/mp4")
    make.asset(session, night, name="exercices.zip", size=48 * MIB, content_type="application/zip")
    _upload(session, night, "corrigés.zip", "moderation", {})
    _preview(session, store, night, FILM, 2, "teaser.mp4")
    publish(session, id_of(night), actor_user=owner, now=now)
    return {**previewed, "presets": presets, "night": night}


def _preview(
    session: Session, store: S3Store, item: Product, description: Description, pictures: int, *more: str
) -> None:
    """A preview as the worker would have made it, its pictures in the store."""
    asset = current_assets(session, id_of(item))[0]
    image = encoded(photo(), "JPEG")
    keys = {name: f"previews/{asset.id}/{name}" for name in (*SHOTS[:pictures], *more)}
    for key in keys.values():
        store.upload(key, io.BytesIO(image), len(image), "image/jpeg")
    record_preview(
        session,
        asset.id,
        outcome="made",
        reason="",
        description=description,
        pictures=keys,
        now=make.NOW,
    )


def _upload(
    session: Session,
    item: Product,
    name: str,
    state: UploadState,
    params: dict[str, str],
    reason: str | None = None,
) -> None:
    """A file that is not for sale: somebody still looks at it, or it was refused."""
    session.add(
        Upload(
            user_id=id_of(make.owner_of(session, session.get_one(Seller, item.seller_id))),
            product_id=id_of(item),
            name=name,
            size=3 * MIB,
            content_type="application/zip",
            fingerprint={"size": 3 * MIB, "modified": 1, "slices": []},
            fingerprint_hash=name.encode(),
            key=object_key(item.seller_id, uuid4(), name),
            part_size=5 * MIB,
            state=state,
            reason=reason,
            reason_params=params,
            expires_at=utc_now() + timedelta(days=7),
        )
    )


def _sell(session: Session, item: Product, now: datetime) -> Order:
    """A month of sales on two rails, each with its paper; the newest."""
    sold: list[Order] = []
    for day in range(DAYS):
        for rail in ("crypto", "stars", "crypto")[: 1 + day % 3]:
            at = now - timedelta(days=day, minutes=1)
            sold.append(make.paid_order(session, item, rail=rail, now=at))
            issue(session, id_of(sold[-1]), now=at)
    make_disputes.dispute(session, sold[0])
    return sold[0]


def _buy(session: Session, shop: Seller, night: Product, buyer: User, now: datetime) -> None:
    """Somebody's library: the newest has files and was downloaded, the oldest was taken back."""
    notebook = make.product(session, shop, title="Carnet de recettes")
    revoked = make.grant(session, notebook, buyer)
    revoke(session, id_of(revoked), actor="cli", reason="Remboursé", now=now)
    course = make.product(session, shop, title="Nuits d’hiver", files=("cours-de-nuit-partie-1.mp4",))
    for item in (course, night):
        owned = make.grant(session, item, buyer)
        _download(session, owned, now)


def _download(session: Session, owned: Grant, now: datetime) -> None:
    link, _ = make.link(session, owned, now=now)
    record(session, "system", "link.presigned", f"link:{link.id}")
    minute = now.replace(second=0, microsecond=0) - timedelta(minutes=1)
    session.add(Download(link_id=link.id, client="a", minute=minute))
