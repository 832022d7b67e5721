"""The shop in the Mini App: a seller's products and sales, a buyer's product pages and library."""

from collections.abc import Callable
from typing import Annotated
from uuid import UUID

from litestar import Controller, Response, get, patch, post
from litestar.params import FromPath, JSONBody, PathParameter, QueryParameter
from sqlmodel import Session

from api.answers.shop import (
    library_page,
    product_answer,
    sales_answer,
    seller_product,
    seller_products,
)
from api.auth import as_person, require_session
from api.context import AppContext, SharedShop
from api.problems import answers
from api.requests import AnyRequest, language_of
from core.catalogue.previews import SHOWN
from core.catalogue.products import create_product, edit_product
from core.jobs.request_reply import call
from core.kit.errors import NotAllowed, NotFound
from core.kit.money import Money
from core.kit.rows import id_of, must_get
from core.orders.grants import library
from core.orders.publication import publish, unpublish
from core.people.seller_view import own_product, own_products, own_shop, sales_report, shown_product
from schemas import ephemeral_jobs
from schemas.access import Grant
from schemas.base import utc_now
from schemas.catalogue import Asset
from schemas.contracts import EphemeralContract
from schemas.http import LARGEST
from schemas.miniapp import DownloadRequest, PriceBody, ProductBody
from schemas.miniapp_shop import (
    DownloadAnswer,
    LibraryPage,
    ProductAnswer,
    SalesAnswer,
    SellerProduct,
    SellerProductPage,
)
from schemas.people import User

PageNumber = Annotated[int, QueryParameter(name="page", ge=1)]
Days = Annotated[int, QueryParameter(name="days", ge=1, le=366)]
ProductId = Annotated[int, PathParameter(ge=1, le=LARGEST)]
GrantId = Annotated[int, PathParameter(ge=1, le=LARGEST)]
PictureNumber = Annotated[int, PathParameter(ge=0, le=len(SHOWN))]
PICTURE_AGE = 1800  # seconds that a browser may keep the redirect; its target lives an hour


class ShopController(Controller):
    """Everything that the session's person may see and change."""

    path = "/api"
    tags = ("mini app",)
    guards = (require_session,)
    security = ({"person": []},)

    @get("/products", responses=answers(400, 401, 403, 429))
    async def list_products(
        self, shop: SharedShop, request: AnyRequest, page: PageNumber = 1
    ) -> SellerProductPage:
        """The person's products, drafts included."""
        products = await as_person(shop, request, lambda s, user: own_products(s, user, page=page))
        return seller_products(products, language_of(request))

    @post("/products", responses=answers(400, 401, 403, 404, 409, 413, 422, 429))
    async def create(
        self, shop: SharedShop, request: AnyRequest, data: JSONBody[ProductBody]
    ) -> SellerProduct:
        """A draft; the same idempotency_key again gives the same one."""
        return await _change(shop, request, lambda session, user: _create(session, user, data))

    @patch("/products/{product_id:int}", responses=answers(400, 401, 403, 404, 409, 413, 422, 429))
    async def edit(
        self, shop: SharedShop, request: AnyRequest, product_id: ProductId, data: JSONBody[ProductBody]
    ) -> SellerProduct:
        """Change title, description and prices."""

        def work(session: Session, user: User) -> int:
            edit_product(
                session,
                product_id,
                title=data.title,
                description=data.description,
                prices=_prices(data.prices),
                actor_user=user,
            )
            return product_id

        return await _change(shop, request, work)

    @post(
        "/products/{product_id:int}/publish",
        status_code=200,
        responses=answers(400, 401, 403, 404, 409, 429),
    )
    async def publish_one(
        self, shop: SharedShop, request: AnyRequest, product_id: ProductId
    ) -> SellerProduct:
        """Put it on sale; it needs a file and a price."""

        def work(session: Session, user: User) -> int:
            return id_of(publish(session, product_id, actor_user=user, now=utc_now()))

        return await _change(shop, request, work)

    @post(
        "/products/{product_id:int}/unpublish",
        status_code=200,
        responses=answers(400, 401, 403, 404, 409, 429),
    )
    async def unpublish_one(
        self, shop: SharedShop, request: AnyRequest, product_id: ProductId
    ) -> SellerProduct:
        """Take it off sale; owners keep access."""

        def work(session: Session, user: User) -> int:
            return id_of(unpublish(session, product_id, actor_user=user, now=utc_now()))

        return await _change(shop, request, work)

    @get("/products/{name:str}/view", responses=answers(400, 401, 403, 404, 429))
    async def view(self, shop: SharedShop, request: AnyRequest, name: FromPath[str]) -> ProductAnswer:
        """A product as a buyer sees it."""
        product = await as_person(shop, request, lambda s, user: shown_product(s, user, name))
        return product_answer(product, shop, language_of(request))

    @get("/library", responses=answers(400, 401, 403, 429))
    async def list_library(self, shop: SharedShop, request: AnyRequest, page: PageNumber = 1) -> LibraryPage:
        """What the person bought."""
        purchases = await as_person(shop, request, lambda s, user: library(s, id_of(user), page=page))
        return library_page(purchases)

    @post(
        "/library/{grant_id:int}/download",
        status_code=200,
        responses=answers(400, 401, 403, 404, 409, 413, 429),
    )
    async def download(
        self, shop: SharedShop, request: AnyRequest, grant_id: GrantId, data: JSONBody[DownloadRequest]
    ) -> DownloadAnswer:
        """A link to one file, like those that the bot sends."""
        name = await as_person(shop, request, lambda s, user: _owned_file(s, user, grant_id, data.asset_id))
        link = await call(shop.redis, ephemeral_jobs.IssueLink(grant_id=grant_id, asset_id=data.asset_id))
        return DownloadAnswer(f"{shop.settings.public_url}/d/{link['token']}", name, link["expires_at"])

    @get("/sales", responses=answers(400, 401, 403, 404, 429))
    async def sales(self, shop: SharedShop, request: AnyRequest, days: Days = 30) -> SalesAnswer:
        """Sales by day, and in all."""
        report = await as_person(
            shop, request, lambda s, user: sales_report(s, user, days=days, now=utc_now())
        )
        return sales_answer(report)


@get("/pictures/{upload_id:uuid}", status_code=302, include_in_schema=False)
async def show_picture(shop: SharedShop, upload_id: FromPath[UUID]) -> Response[bytes]:
    """To a product's picture in the store. Its id is a random number that only pages of it tell."""
    return await _to_store(shop, ephemeral_jobs.PresignPicture(upload_id=upload_id))


@get(
    ["/previews/{asset_id:uuid}", "/previews/{asset_id:uuid}/{number:int}"],
    status_code=302,
    include_in_schema=False,
)
async def show_preview(
    shop: SharedShop, asset_id: FromPath[UUID], number: PictureNumber = 0
) -> Response[bytes]:
    """To a picture of a file's preview, 0 is in front. Its id is told by pages of the product only."""
    return await _to_store(shop, ephemeral_jobs.PresignPreview(asset_id=asset_id, number=number))


@get("/previews/{asset_id:uuid}/teaser", status_code=302, include_in_schema=False)
async def show_teaser(shop: SharedShop, asset_id: FromPath[UUID]) -> Response[bytes]:
    """To the six silent seconds of a film."""
    return await _to_store(shop, ephemeral_jobs.PresignPreview(asset_id=asset_id, teaser=True))


async def _to_store(shop: AppContext, question: EphemeralContract) -> Response[bytes]:
    signed = await call(shop.redis, question)
    headers = {"location": str(signed["url"]), "cache-control": f"private, max-age={PICTURE_AGE}"}
    return Response(b"", status_code=302, headers=headers)


async def _change(
    shop: AppContext, request: AnyRequest, work: Callable[[Session, User], int]
) -> SellerProduct:
    """Change a product and show it as it is then, in one transaction."""

    def change(session: Session, user: User) -> SellerProduct:
        product_id = work(session, user)
        session.flush()
        return seller_product(own_product(session, user, product_id), language_of(request))

    return await as_person(shop, request, change)


def _create(session: Session, user: User, body: ProductBody) -> int:
    product = create_product(
        session,
        own_shop(session, user),
        title=body.title,
        description=body.description,
        prices=_prices(body.prices),
        idempotency_key=body.idempotency_key,
        now=utc_now(),
    )
    return id_of(product)


def _owned_file(session: Session, user: User, grant_id: int, asset_id: UUID) -> str:
    """The file's name. Raises `NotFound`, or `NotAllowed` for another's purchase."""
    grant = must_get(session, Grant, grant_id, "grant-unknown")
    if grant.buyer_id != user.id:
        raise NotAllowed("not-your-purchase")
    asset = must_get(session, Asset, asset_id, "file-unknown")
    if asset.product_id != grant.product_id:
        raise NotFound("file-unknown")
    return asset.name


def _prices(by_rail: dict[str, PriceBody]) -> dict[str, Money]:
    return {rail: Money(price.amount, price.currency) for rail, price in by_rail.items()}
