"""`comptoir product`: import and keep the catalogue from a terminal."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any
from uuid import UUID

import typer

from core.process.settings import Settings
from core.telegram.deep_links import product_link
from scripts.terminal.console import Json, Var, open_database, show_done, show_rows, transaction
from scripts.terminal.context import load_settings, var_folder

if TYPE_CHECKING:
    from sqlmodel import Session

    from core.catalogue.catalogue import ProductView
    from schemas.catalogue import Asset, Product

app = typer.Typer(add_completion=False, no_args_is_help=True, help="Import and keep the catalogue.")
COLUMNS = ("number", "title", "seller", "status", "prices", "files", "sales")
ProductId = Annotated[int, typer.Argument(help="The product's number, as `product list` shows it")]


@app.command()
def add(
    file: Annotated[list[Path], typer.Option(help="A file to sell; again for more files")],
    title: Annotated[str, typer.Option(help="At most 200 characters")],
    price: Annotated[
        list[str] | None, typer.Option(help="stars=500, card=9.99:EUR, card=11:USD; again for more")
    ] = None,
    description: Annotated[str, typer.Option(help="What the buyer reads")] = "",
    seller: Annotated[int | None, typer.Option(help="Telegram id of the seller")] = None,
    seller_name: Annotated[
        str | None, typer.Option(help="Name of the shop; opens it for --seller where they have none")
    ] = None,
    picture: Annotated[Path | None, typer.Option(help="JPEG or PNG of at most 10 MB")] = None,
    publish: Annotated[bool, typer.Option("--publish/--draft", help="On sale at once, or not yet")] = True,
    as_json: Json = False,
    var: Var = None,
) -> None:
    """Upload files and put them on sale. Interrupted, the same command goes on where it stopped."""
    from scripts.product.imports import Importer, Wish
    from scripts.product.prices import read_prices

    settings = load_settings(var)
    with open_database(settings) as database:
        prices = read_prices(price or [])
        wish = Wish(file, title, description, prices, seller, seller_name, picture, publish)
        product, assets = Importer(settings, database, var_folder(var) / "uploads").add(wish)
    _show_added(settings, product, assets, as_json)


@app.command("list")
def list_products(as_json: Json = False, var: Var = None) -> None:
    """All products with their files, newest first."""
    with transaction(var) as session:
        rows = [_row_of(view) for view in _all_products(session)]
    show_rows(rows, COLUMNS, as_json, "There is no product yet. `comptoir product add` makes one.")


@app.command()
def replace(
    asset: Annotated[UUID, typer.Argument(help="The file's id, as `product list` shows it")],
    file: Annotated[Path, typer.Option(help="Its new version")],
    as_json: Json = False,
    var: Var = None,
) -> None:
    """Put a new version in place of a file; all owners are sent the new one."""
    from scripts.product.imports import Importer

    settings = load_settings(var)
    with open_database(settings) as database:
        new = Importer(settings, database, var_folder(var) / "uploads").replace(asset, file)
    show_done(f"{new.name} takes the place of {asset}; its owners are sent it.", _file_of(new), as_json)


@app.command()
def publish(product: ProductId, as_json: Json = False, var: Var = None) -> None:
    """Put a product on sale."""
    _set_status(product, True, as_json, var)


@app.command()
def unpublish(product: ProductId, as_json: Json = False, var: Var = None) -> None:
    """Take a product off sale; its owners keep access."""
    _set_status(product, False, as_json, var)


def _set_status(product_id: int, on_sale: bool, as_json: bool, var: Path | None) -> None:
    from core.kit.rows import must_get
    from core.orders.publication import publish as put_on_sale
    from core.orders.publication import unpublish as take_off_sale
    from core.people.people import user_of
    from schemas.base import utc_now
    from schemas.catalogue import Product
    from schemas.people import Seller

    change = put_on_sale if on_sale else take_off_sale
    with transaction(var) as session:
        product = must_get(session, Product, product_id, "product-unknown")
        owner = user_of(session, must_get(session, Seller, product.seller_id, "shop-unknown").user_id)
        changed = change(session, product_id, actor_user=owner, now=utc_now())
        fields = {"product": changed.id, "status": changed.status}
    show_done(f"Product {product_id} is {changed.status}.", fields, as_json)


def _all_products(session: "Session") -> "list[ProductView]":
    from sqlmodel import col, select

    from core.catalogue.catalogue import ProductView, products_of
    from core.kit.rows import id_of
    from schemas.people import Seller

    views: list[ProductView] = []
    for seller in session.exec(select(Seller).order_by(col(Seller.id))).all():
        page = products_of(session, id_of(seller), page=1)
        views.extend(page.items)
        for number in range(2, page.pages + 1):
            views.extend(products_of(session, id_of(seller), page=number).items)
    return sorted(views, key=lambda view: view.id, reverse=True)


def _row_of(view: "ProductView") -> dict[str, Any]:
    from core.kit.prices import one_by_one

    return {
        "number": view.id,
        "slug": view.slug,
        "title": view.title,
        "seller": view.seller_name,
        "status": view.status,
        "prices": [f"{rail} {price}" for rail, price in one_by_one(view.prices)],
        "files": [f"{file.name} {file.id}" for file in view.files],
        "sales": view.sales,
    }


def _show_added(settings: Settings, product: "Product", assets: "list[Asset]", as_json: bool) -> None:
    start = product_link(settings.bot_username, product.slug)
    fields = {
        "product": product.id,
        "slug": product.slug,
        "status": product.status,
        "files": [_file_of(asset) for asset in assets],
        "page": f"{settings.public_url}/p/{product.slug}" if settings.public_url else "",
        "telegram": start if settings.bot_username else "",
    }
    lines = [f"Product {product.id} is {product.status}: {product.title}"]
    lines += [f"  {asset.name}  {asset.size:,} bytes  SHA-256 {asset.sha256}" for asset in assets]
    lines += [f"  {fields[name]}" for name in ("page", "telegram") if fields[name]]
    show_done("\n".join(lines), fields, as_json)


def _file_of(asset: "Asset") -> dict[str, Any]:
    return {"id": str(asset.id), "name": asset.name, "size": asset.size, "sha256": asset.sha256}
