"""Products, the library and sales as the Mini App gets them."""

from msgspec import UNSET, convert

from api.answers.common import amounts, answer_of, moment, rail_sales
from api.answers.uploads import reason
from api.context import AppContext
from core.catalogue.catalogue import ProductView
from core.catalogue.preview_words import contents, summary
from core.kit.pagination import Page
from core.kit.texts import text, unmarked
from core.orders.grants import LibraryLine
from core.people.seller_view import OwnProduct, SalesReport, ShownProduct
from core.telegram.deep_links import product_link
from schemas.answers import Prices
from schemas.catalogue import ProductStatus
from schemas.miniapp_shop import (
    BuyLinks,
    DaySales,
    FileAnswer,
    LibraryPage,
    PreviewAnswer,
    PreviewKind,
    ProductAnswer,
    ProductFile,
    Purchase,
    SalesAnswer,
    SellerProduct,
    SellerProductPage,
)
from schemas.uploads import Upload


def seller_products(page: Page[OwnProduct], language: str) -> SellerProductPage:
    """One page of a seller's products."""
    items = [seller_product(product, language) for product in page.items]
    return SellerProductPage(page.number, page.pages, page.total, items)


def seller_product(own: OwnProduct, language: str) -> SellerProduct:
    """A product as its seller sees it; files that are not accepted say why."""
    product = own.product
    accepted = [
        ProductFile(file.id, file.name, file.size, file.content_type, "accepted") for file in product.files
    ]
    return SellerProduct(
        id=product.id,
        slug=product.slug,
        title=product.title,
        description=product.description,
        status=convert(product.status, ProductStatus),
        kind="file",
        prices=answer_of(product.prices, Prices),
        sales=product.sales,
        revenue=amounts(own.revenue),
        files=[*accepted, *(_uploaded(upload, language) for upload in own.uploads)],
        preview=_preview(own, language),
        created_at=moment(own.created_at),
    )


def product_answer(offered: ShownProduct, shop: AppContext, language: str) -> ProductAnswer:
    """A product as a buyer sees it."""
    product = offered.product
    return ProductAnswer(
        id=product.id,
        slug=product.slug,
        title=product.title,
        description=product.description,
        seller_name=product.seller_name,
        prices=answer_of(product.prices, Prices),
        facts=[unmarked(text(language, fact.text, **fact.params)) for fact in offered.description.facts],
        files=[answer_of(file, FileAnswer) for file in offered.description.files],
        preview=_preview(offered, language),
        owned=offered.owned,
        buy=_buy_links(product, shop),
    )


def library_page(page: Page[LibraryLine]) -> LibraryPage:
    """One page of what a person bought."""
    return LibraryPage(page.number, page.pages, page.total, [_purchase(line) for line in page.items])


def sales_answer(report: SalesReport) -> SalesAnswer:
    """Sales by day, and their sums by rail."""
    return SalesAnswer(
        [answer_of(day, DaySales) for day in report.days],
        [rail_sales(total.rail, total.revenue, total.orders) for total in report.totals],
    )


def _uploaded(upload: Upload, language: str) -> ProductFile:
    return ProductFile(
        upload.id,
        upload.name,
        upload.size,
        upload.found_type or upload.content_type,
        upload.state,
        reason(upload, language),
    )


def _preview(product: OwnProduct | ShownProduct, language: str) -> PreviewAnswer | None:
    """Pictures, the seller's own first, the teaser, and the preview in words; None before there is any."""
    own = [f"/pictures/{product.picture_id}"] if product.picture_id else []
    preview = product.preview
    if preview is None:
        return PreviewAnswer("picture", own, None, "", []) if own else None
    address = f"/previews/{preview.asset_id}"
    return PreviewAnswer(
        kind=convert(preview.description.__struct_config__.tag, PreviewKind),
        pictures=[*own, *(f"{address}/{number}" for number in range(preview.pictures))],
        teaser=f"{address}/teaser" if preview.teaser else None,
        text=summary(language, preview),
        lines=contents(language, preview),
    )


def _buy_links(product: ProductView, shop: AppContext) -> BuyLinks:
    settings = shop.settings
    on_site = settings.public_url and set(shop.policy.get("web", ())) & product.prices.keys()
    return BuyLinks(
        product_link(settings.bot_username, product.slug) if settings.bot_username else UNSET,
        f"{settings.public_url}/p/{product.slug}" if on_site else UNSET,
    )


def _purchase(line: LibraryLine) -> Purchase:
    return Purchase(
        grant_id=line.grant_id,
        product_id=line.product_id,
        title=line.title,
        order_number=line.order_number,
        bought_at=moment(line.bought_at),
        revoked=line.revoked,
        files=[answer_of(file, FileAnswer) for file in line.files],
    )
