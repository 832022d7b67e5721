"""What the Mini App gets, as JSON-ready values."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from api.context import AppContext
from core.catalogue.catalogue import FileView
from core.catalogue.listing_fee import pay_facts
from core.catalogue.preview_words import contents, summary
from core.kit.money import Money
from core.kit.pagination import Page
from core.kit.texts import plain
from core.orders.grants import LibraryLine
from core.people.seller_view import OwnProduct, SalesReport, ShownProduct
from core.telegram.deep_links import product_link
from core.uploads.opening import UploadRules
from schemas.uploads import Upload

Json = dict[str, Any]


def page_of(found: Page[Any], items: list[Json]) -> Json:
    """One page of a list."""
    return {"items": items, "page": found.number, "pages": found.pages, "total": found.total}


def money(price: Money) -> Json:
    """An amount in minor units."""
    return {"amount": price.amount, "currency": price.currency}


def prices(given: Mapping[str, Money]) -> Json:
    """Prices by rail."""
    return {rail: money(price) for rail, price in given.items()}


def moment(when: datetime | None) -> str | None:
    """ISO 8601."""
    return when.isoformat() if when else None


def file(found: FileView) -> Json:
    """A file that can be downloaded."""
    return {
        "id": str(found.id),
        "name": found.name,
        "size": found.size,
        "content_type": found.content_type,
    }


def preview(item: OwnProduct | ShownProduct, language: str) -> Json | None:
    """Pictures, the seller's own first, the teaser, and the preview in words; None before there is any."""
    own = [f"/pictures/{item.picture_id}"] if item.picture_id else []
    made = item.preview
    if made is None:
        return {"kind": "picture", "pictures": own, "teaser": None, "text": "", "lines": []} if own else None
    address = f"/previews/{made.asset_id}"
    return {
        "kind": made.description.__struct_config__.tag,
        "pictures": [*own, *(f"{address}/{number}" for number in range(made.pictures))],
        "teaser": f"{address}/teaser" if made.teaser else None,
        "text": summary(language, made),
        "lines": contents(language, made),
    }


def own_product(item: OwnProduct, language: str) -> Json:
    """A product as its seller sees it; files that are not accepted say why."""
    product = item.product
    files = [{**file(found), "status": "accepted"} for found in product.files]
    files += [
        {
            "id": str(upload.id),
            "name": upload.name,
            "size": upload.size,
            "content_type": upload.found_type or upload.content_type,
            "status": upload.state,
            **reason(upload, language),
        }
        for upload in item.uploads
    ]
    return {
        "id": product.id,
        "slug": product.slug,
        "title": product.title,
        "description": product.description,
        "status": product.status,
        "kind": "file",
        "prices": prices(product.prices),
        "sales": product.sales,
        "revenue": [money(amount) for amount in item.revenue],
        "files": files,
        "preview": preview(item, language),
        "created_at": moment(item.created_at),
    }


def shown_product(item: ShownProduct, shop: AppContext, language: str) -> Json:
    """A product as a buyer sees it."""
    product, settings = item.product, shop.settings
    buy: Json = {}
    if settings.bot_username:
        buy["bot_link"] = product_link(settings.bot_username, product.slug)
    if settings.public_url and set(shop.policy.get("web", ())) & product.prices.keys():
        buy["web_link"] = f"{settings.public_url}/p/{product.slug}"
    return {
        "id": product.id,
        "slug": product.slug,
        "title": product.title,
        "description": product.description,
        "seller_name": product.seller_name,
        "prices": prices(product.prices),
        "files": [file(found) for found in product.files],
        "preview": preview(item, language),
        "owned": item.owned,
        "buy": buy,
    }


def purchase(line: LibraryLine) -> Json:
    """A line of the library."""
    return {
        "grant_id": line.grant_id,
        "product_id": line.product_id,
        "title": line.title,
        "order_number": line.order_number,
        "bought_at": moment(line.bought_at),
        "revoked": line.revoked,
        "files": [file(found) for found in line.files],
    }


def sales(report: SalesReport) -> Json:
    """Sales by day, and their sums by rail."""
    days = [
        {"date": day.date.isoformat(), "orders": day.orders, "revenue": prices(day.revenue)}
        for day in report.days
    ]
    totals = [{"rail": total.rail, **money(total.revenue), "orders": total.orders} for total in report.totals]
    return {"days": days, "totals": totals}


def upload(
    row: Upload, shop: AppContext, rules: UploadRules, language: str, payment: str | None = None
) -> Json:
    """An upload; `payment` is how its listing fee stands, where there is one."""
    shown: Json = {
        "id": str(row.id),
        "state": row.state,
        "name": row.name,
        "size": row.size,
        "type": row.content_type,
        "product_id": row.product_id,
        "purpose": row.purpose,
        "fingerprint": row.fingerprint,
        "part_size": row.part_size,
        "parts": max(1, -(-row.size // row.part_size)),
        "expires_at": moment(row.expires_at),
        "policy": row.policy,
        **reason(row, language),
    }
    if payment is not None:
        shown["payment_status"] = payment
    if row.state == "awaiting_payment":
        shown["pay"] = pay(row, shop, rules)
    return shown


def pay(row: Upload, shop: AppContext, rules: UploadRules) -> Json:
    """Where the listing fee of an upload's product is paid."""
    settings = shop.settings
    links = {"bot_username": settings.bot_username, "public_url": settings.public_url}
    return pay_facts(row.product_id, rules.fees, shop.policy, **links)


def reason(row: Upload, language: str) -> Json:
    """Why an upload was refused, in words."""
    if row.reason is None:
        return {}
    told = {"reason": row.reason, "name": row.name, "size": row.size, **row.reason_params}
    return {"reason": plain(language, "upload-reason", **told)}
