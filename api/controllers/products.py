"""A seller's products and sales in the Mini App."""

from collections.abc import Callable
from typing import Annotated
from uuid import UUID

from litestar import Controller, get, patch, post
from litestar.params import FromPath, JSONBody, PathParameter
from sqlmodel import Session

from api.answers.shop import (
    sales_answer,
    seller_product,
    seller_products,
)
from api.auth import as_person, require_session
from api.context import AppContext, SharedShop
from api.parameters import Days, PageNumber
from api.problems import answers
from api.requests import AnyRequest, language_of
from core.catalogue.preview_choice import choose_preview
from core.catalogue.products import create_product
from core.kit.money import Money
from core.kit.prices import Prices
from core.kit.rows import id_of
from core.orders.publication import edit_product, publish, unpublish
from core.people.seller_view import own_product, own_products, own_shop, sales_report
from core.uploads.moderation import text_rules
from schemas.base import utc_now
from schemas.http import LARGEST
from schemas.miniapp import PreviewRequest, ProductBody
from schemas.miniapp_shop import (
    SalesAnswer,
    SellerProduct,
    SellerProductPage,
)
from schemas.people import User

ProductId = Annotated[int, PathParameter(ge=1, le=LARGEST)]


class SellerController(Controller):
    """What the session's person sells."""

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
        return seller_products(products, request.state.pictures, language_of(request))

    @post("/products", responses=answers(400, 401, 403, 404, 409, 413, 422, 429))
    async def create(
        self, shop: SharedShop, request: AnyRequest, data: JSONBody[ProductBody]
    ) -> SellerProduct:
        """A draft; the same idempotency_key again gives the same one."""
        return await _change(shop, request, lambda session, user: _create(session, user, data))

    @get("/products/{product_id:int}", responses=answers(400, 401, 403, 404, 429))
    async def show(self, shop: SharedShop, request: AnyRequest, product_id: ProductId) -> SellerProduct:
        """One of the person's products, with all that it costs."""
        own = await as_person(shop, request, lambda s, user: own_product(s, user, product_id))
        return seller_product(own, request.state.pictures, language_of(request))

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
                prices=_prices(data),
                actor_user=user,
                review=text_rules(shop.settings),
                now=utc_now(),
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
            review = text_rules(shop.settings)
            return id_of(publish(session, product_id, actor_user=user, review=review, now=utc_now()))

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

    @patch("/files/{asset_id:uuid}", responses=answers(400, 401, 403, 404, 409, 413, 429))
    async def show_of_file(
        self, shop: SharedShop, request: AnyRequest, asset_id: FromPath[UUID], data: JSONBody[PreviewRequest]
    ) -> SellerProduct:
        """Show of a file its automatic preview, or nothing; an own sample is removed."""
        return await _change(
            shop, request, lambda s, user: choose_preview(s, user, asset_id, data.choice).product_id
        )

    @get("/sales", responses=answers(400, 401, 403, 404, 429))
    async def sales(self, shop: SharedShop, request: AnyRequest, days: Days = 30) -> SalesAnswer:
        """Sales by day, and in all."""
        report = await as_person(
            shop, request, lambda s, user: sales_report(s, user, days=days, now=utc_now())
        )
        return sales_answer(report)


async def _change(
    shop: AppContext, request: AnyRequest, work: Callable[[Session, User], int]
) -> SellerProduct:
    """Change a product and show it as it is then, in one transaction."""

    def change(session: Session, user: User) -> SellerProduct:
        product_id = work(session, user)
        session.flush()
        own = own_product(session, user, product_id)
        return seller_product(own, request.state.pictures, language_of(request))

    return await as_person(shop, request, change)


def _create(session: Session, user: User, body: ProductBody) -> int:
    product = create_product(
        session,
        own_shop(session, user),
        title=body.title,
        description=body.description,
        prices=_prices(body),
        idempotency_key=body.idempotency_key,
        now=utc_now(),
    )
    return id_of(product)


def _prices(body: ProductBody) -> Prices:
    return {
        rail: [Money(price.amount, price.currency) for price in each] for rail, each in body.prices.items()
    }
