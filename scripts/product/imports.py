"""Imports files from this machine into the catalogue: uploads them with a bar, then writes the rows."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID, uuid4

from rich.console import Console
from rich.progress import (
    BarColumn,
    DownloadColumn,
    Progress,
    TaskProgressColumn,
    TextColumn,
    TimeRemainingColumn,
    TransferSpeedColumn,
)
from sqlmodel import Session

from core.catalogue.products import add_asset, create_product, set_picture
from core.kit.db import Database
from core.kit.errors import ComptoirError
from core.kit.media_types import media_type_of
from core.kit.prices import Prices
from core.kit.rows import id_of, must_get
from core.orders.publication import publish
from core.people.people import user_of
from core.process.settings import Settings
from schemas.base import utc_now
from schemas.catalogue import Asset, Product
from schemas.people import Seller
from scripts.product.shops import choose_shop
from scripts.product.uploads import FileUnusable, FileUpload, Stored, check_file
from workers.actors.pictures import PICTURE_LIMIT
from workers.store import S3Store


@dataclass(frozen=True)
class Wish:
    """The product that an operator wants to add. `seller` is a Telegram id."""

    files: list[Path]
    title: str
    description: str
    prices: Prices
    seller: int | None
    seller_name: str | None
    picture: Path | None
    published: bool


class Importer:
    """Imports products with one set of settings; `folder` keeps the state of interrupted uploads."""

    def __init__(self, settings: Settings, database: Database, folder: Path) -> None:
        self._settings = settings
        self._database = database
        self._folder = folder
        self._store = S3Store(settings)

    def add(self, wish: Wish) -> tuple[Product, list[Asset]]:
        """Upload the files and create the product; all is checked before the first byte is sent.

        Raises `Refused`, `ShopUnclear`, `FileUnusable`, `SourceChanged`, `StoreUnavailable`.
        """
        _check(wish)
        shop = self._rehearse(wish)
        uploads = [self._file(path, id_of(shop)) for path in wish.files]
        self._store.ensure_bucket()
        stored = _run_all(uploads)
        picture = self._upload_picture(wish.picture)
        with self._database.transaction() as session:
            product = self._write(session, shop, wish, stored, picture)
        for upload in uploads:
            upload.forget()
        return product

    def replace(self, asset_id: UUID, path: Path) -> Asset:
        """Upload a new version of a file, which every owner is sent. Raises as `add` does."""
        with self._database.transaction() as session:
            old = must_get(session, Asset, asset_id, "file-unknown")
            seller_id = must_get(session, Product, old.product_id, "product-unknown").seller_id
        if old.status != "accepted":
            raise FileUnusable(
                f"The file {asset_id} is {old.status}; only a current one can be replaced. "
                "`comptoir product list` shows them."
            )
        upload = self._file(path, seller_id)
        (stored,) = _run_all([upload])
        with self._database.transaction() as session:
            product = must_get(session, Product, old.product_id, "product-unknown", lock=True)
            new = _add(session, product, stored, replaces=asset_id)
        upload.forget()
        return new

    def _file(self, path: Path, seller_id: int) -> FileUpload:
        return FileUpload(self._settings, self._store, self._folder, path, seller_id)

    def _rehearse(self, wish: Wish) -> Seller:
        """Choose the shop, and make the product once without keeping it: what is wrong shows now."""
        with self._database.transaction() as session:
            name = self._settings.shop_name
            shop = choose_shop(session, wish.seller, wish.seller_name, default_name=name, now=utc_now())
        with Session(self._database.engine) as session:
            _create(session, shop, wish)
            session.rollback()
        return shop

    def _write(
        self, session: Session, shop: Seller, wish: Wish, stored: list[Stored], picture: str | None
    ) -> tuple[Product, list[Asset]]:
        product = _create(session, shop, wish)
        assets = [_add(session, product, file) for file in stored]
        if picture:
            set_picture(session, product, key=picture)
        if wish.published:
            publish(session, id_of(product), actor_user=user_of(session, shop.user_id), now=utc_now())
        return product, assets

    def _upload_picture(self, path: Path | None) -> str | None:
        if path is None:
            return None
        name = f"pictures/{uuid4()}/picture{path.suffix.lower()}"
        kind = media_type_of(path.name) or "image/jpeg"
        with path.open("rb") as file:
            self._store.upload(name, file, path.stat().st_size, kind)
        return name


def _check(wish: Wish) -> None:
    if not wish.files:
        raise FileUnusable("A product needs at least one file. Name it with --file PATH.")
    for path in wish.files:
        check_file(path)
    if wish.picture is not None:
        check_file(wish.picture)
        if wish.picture.stat().st_size > PICTURE_LIMIT:
            raise FileUnusable(f"{wish.picture} is larger than the 10 MB that Telegram takes as a picture.")
    if wish.published and not wish.prices:
        raise FileUnusable("A product on sale needs a price. Give --price stars=500, or --draft.")


def _create(session: Session, shop: Seller, wish: Wish) -> Product:
    return create_product(
        session,
        shop,
        title=wish.title,
        description=wish.description,
        prices=wish.prices,
        now=utc_now(),
    )


def _add(session: Session, product: Product, stored: Stored, *, replaces: UUID | None = None) -> Asset:
    return add_asset(
        session,
        product,
        key=stored.key,
        name=stored.name,
        size=stored.size,
        content_type=stored.content_type,
        sha256=stored.sha256,
        now=utc_now(),
        replaces=replaces,
    )


def _run_all(uploads: list[FileUpload]) -> list[Stored]:
    with _bar() as bar:
        stored = []
        for upload in uploads:
            task = bar.add_task(upload.name, total=upload.size)
            stored.append(upload.run(lambda amount, task=task: bar.advance(task, amount)))  # type: ignore[misc]
        return stored


@contextmanager
def _bar() -> Iterator[Progress]:
    """A bar on standard error. Ctrl-C leaves the store what it has."""
    columns = (
        TextColumn("{task.description}", markup=False),
        BarColumn(),
        TaskProgressColumn(),
        DownloadColumn(),
        TransferSpeedColumn(),
        TimeRemainingColumn(),
    )
    try:
        with Progress(*columns, console=Console(stderr=True)) as bar:
            yield bar
    except KeyboardInterrupt:
        raise ComptoirError("Interrupted. Run the same command again; it goes on where it stopped.") from None
