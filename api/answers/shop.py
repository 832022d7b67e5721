"""Products, the library and sales as the Mini App gets them."""

from uuid import UUID

from msgspec import UNSET, convert

from api.answers.common import amounts, answer_of, moment, rail_sales
from api.answers.uploads import reason
from core.catalogue.preview_words import contents, summary
from core.kit.pagination import Page
from core.kit.texts import plain, text, unmarked
from core.orders.fulfilment import Choice
from core.orders.grants import LibraryLine
from core.payments.offers import Offers
from core.people.picture_keys import PictureKeys
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
    ProductChoice,
    ProductFile,
    Purchase,
    SalesAnswer,
    SellerProduct,
    SellerProductPage,
)
from schemas.uploads import Upload


def seller_products(page: Page[OwnProduct], keys: PictureKeys, language: str) -> SellerProductPage:
    """One page of a seller's products."""
    items = [seller_product(product, keys, language) for product in page.items]
    return SellerProductPage(page.number, page.pages, page.total, items)


def seller_product(own: OwnProduct, keys: PictureKeys, language: str) -> SellerProduct:
    """A product as its seller sees it; files that are not accepted say why."""
    product = own.product
    accepted = [
        ProductFile(file.id, file.name, file.size, file.content_type, "accepted", file.preview_choice)
        for file in product.files
    ]
    return SellerProduct(
        id=product.id,
        slug=product.slug,
        title=product.title,
        description=product.description,
        status=convert(product.status, ProductStatus),
        text_held=product.text_held,
        text_refused=product.text_refused,
        kind="file",
        prices=answer_of(product.prices, Prices),
        sales=product.sales,
        revenue=amounts(own.revenue),
        files=[*accepted, *(_uploaded(upload, language) for upload in own.uploads)],
        preview=_preview(own, keys, language),
        created_at=moment(own.created_at),
    )


def product_answer(
    offered: ShownProduct,
    offers: Offers,
    choices: list[tuple[Choice, Offers]],
    keys: PictureKeys,
    bot_username: str,
    language: str,
) -> ProductAnswer:
    """A product as a buyer sees it, with what the Mini App may show of its prices and of its choices'."""
    product = offered.product
    return ProductAnswer(
        id=product.id,
        slug=product.slug,
        title=product.title,
        description=product.description,
        seller_name=product.seller_name,
        prices=answer_of(offers.prices, Prices),
        facts=[unmarked(text(language, fact.text, **fact.params)) for fact in offered.description.facts],
        files=[answer_of(file, FileAnswer) for file in offered.description.files],
        preview=_preview(offered, keys, language),
        owned=offered.owned,
        buy=_buy_links(product.slug, offers, bot_username),
        choices=[
            ProductChoice(
                slug=choice.product.slug,
                title=choice.product.title,
                term=plain(language, choice.term.text, **choice.term.params),
                prices=answer_of(other.prices, Prices),
            )
            for choice, other in choices
        ],
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
        "automatic",
        reason(upload, language),
    )


def _preview(product: OwnProduct | ShownProduct, keys: PictureKeys, language: str) -> PreviewAnswer | None:
    """Pictures, the seller's own first, the teaser, and the preview in words; None before there is any.

    Pictures are as public as their product: the addresses of others have a key.
    """

    def address(path: str, picture: UUID) -> str:
        return path if product.product.on_sale else f"{path}?key={keys.key(picture)}"

    own = [address(f"/pictures/{product.picture_id}", product.picture_id)] if product.picture_id else []
    preview = product.preview
    if preview is None:
        return PreviewAnswer("picture", own, None, "", []) if own else None
    path, asset = f"/previews/{preview.asset_id}", preview.asset_id
    return PreviewAnswer(
        kind=convert(preview.description.__struct_config__.tag, PreviewKind),
        pictures=[*own, *(address(f"{path}/{number}", asset) for number in range(preview.pictures))],
        teaser=address(f"{path}/teaser", asset) if preview.teaser else None,
        text=summary(language, preview),
        lines=contents(language, preview),
    )


def _buy_links(slug: str, offers: Offers, bot_username: str) -> BuyLinks:
    in_bot = bool(bot_username and offers.here)
    return BuyLinks(product_link(bot_username, slug) if in_bot else UNSET, offers.site or UNSET)


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
