"""The shop as the Mini App gets it: products, the library, sales. Sizes in bytes, days in UTC."""

from datetime import date
from typing import Literal
from uuid import UUID

import msgspec
from msgspec import UNSET, UnsetType

from schemas.answers import Moment, MoneyAnswer, Paging, Prices, RailSales
from schemas.catalogue import ProductStatus
from schemas.preview import Choice
from schemas.uploads import UploadState

PreviewKind = Literal["archive", "pages", "film", "sound", "picture", "document", "excerpt", "unknown"]
"""The tags of schemas.preview.Description."""


class FileAnswer(msgspec.Struct):
    """A file that can be downloaded."""

    id: UUID
    name: str
    size: int
    content_type: str


class ProductFile(FileAnswer):
    """A file of a product as its seller sees it: accepted, or an upload that is not. `reason` in words;
    `preview_choice`: what is shown of it before it is bought."""

    status: UploadState
    preview_choice: Choice
    reason: str | UnsetType = UNSET


class PreviewAnswer(msgspec.Struct):
    """What a product's files look like inside.

    `pictures` and `teaser` are addresses, the seller's own picture first; the teaser is silent seconds
    of a film. `text` says what the file is; `lines` are names in it, headings, or its first lines.
    """

    kind: PreviewKind
    pictures: list[str]
    teaser: str | None
    text: str
    lines: list[str]


class SellerProduct(msgspec.Struct):
    """A product as its seller sees it. `sales` and `revenue` count what was paid and not given back.
    `text_held`: it is published, and not on sale until staff have seen its words; `text_refused`: they have,
    and it is not on sale until these change."""

    id: int
    slug: str
    title: str
    description: str
    status: ProductStatus
    text_held: bool
    text_refused: bool
    kind: Literal["file"]
    prices: Prices
    sales: int
    revenue: list[MoneyAnswer]
    files: list[ProductFile]
    preview: PreviewAnswer | None
    created_at: Moment


class SellerProductPage(Paging):
    """A seller's products, newest first."""

    items: list[SellerProduct]


class BuyLinks(msgspec.Struct):
    """Where a product can be bought."""

    bot_link: str | UnsetType = UNSET
    web_link: str | UnsetType = UNSET


class ProductChoice(msgspec.Struct):
    """One of several terms for which the same is sold: the product to buy for it, and for how long it is."""

    slug: str
    title: str
    term: str
    prices: Prices


class ProductAnswer(msgspec.Struct):
    """A product as a buyer sees it. `facts`: what it gives besides files, in the reader's language; `owned`:
    they have bought it; `choices`: the terms for which the same is sold, this one among them."""

    id: int
    slug: str
    title: str
    description: str
    seller_name: str
    prices: Prices
    facts: list[str]
    files: list[FileAnswer]
    preview: PreviewAnswer | None
    owned: bool
    buy: BuyLinks
    choices: list[ProductChoice]


class Purchase(msgspec.Struct):
    """Something that a person bought. A revoked purchase has no files any more."""

    grant_id: int
    product_id: int
    title: str
    order_number: str
    bought_at: Moment
    revoked: bool
    files: list[FileAnswer]


class LibraryPage(Paging):
    """What a person bought, newest first."""

    items: list[Purchase]


class DownloadAnswer(msgspec.Struct):
    """A link to one file, and until when it works."""

    url: str
    file_name: str
    expires_at: Moment


class DaySales(msgspec.Struct):
    """What was paid on a day."""

    date: date
    orders: int
    revenue: Prices


class SalesAnswer(msgspec.Struct):
    """A seller's sales by day, the latest last, and their sums by rail and currency."""

    days: list[DaySales]
    totals: list[RailSales]
