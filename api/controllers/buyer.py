"""A buyer in the Mini App: pages of products, and the library of what was bought."""

from typing import Annotated
from uuid import UUID

from litestar import Controller, get, post
from litestar.params import JSONBody, PathParameter
from sqlmodel import Session

from api.answers.shop import (
    library_page,
    product_answer,
)
from api.auth import as_person, require_session
from api.context import AppContext, SharedShop
from api.parameters import PageNumber, PathText
from api.problems import answers
from api.requests import AnyRequest, language_of
from core.catalogue.catalogue import ProductView
from core.jobs.request_reply import call
from core.kit.errors import NotAllowed, NotFound
from core.kit.rows import id_of, must_get
from core.orders.fulfilment import Choice
from core.orders.grants import library
from core.payments.offers import Offers, log_offers, note_offers, offers_of
from core.people.seller_view import ShownProduct, shown_product
from schemas import ephemeral_jobs
from schemas.access import Grant
from schemas.base import utc_now
from schemas.catalogue import Asset
from schemas.http import LARGEST
from schemas.miniapp import DownloadRequest
from schemas.miniapp_shop import (
    DownloadAnswer,
    LibraryPage,
    ProductAnswer,
)
from schemas.people import User

GrantId = Annotated[int, PathParameter(ge=1, le=LARGEST)]


class BuyerController(Controller):
    """What the session's person may buy and has bought."""

    path = "/api"
    tags = ("mini app",)
    guards = (require_session,)
    security = ({"person": []},)

    @get("/products/{name:str}/view", responses=answers(400, 401, 403, 404, 429))
    async def view(self, shop: SharedShop, request: AnyRequest, name: PathText) -> ProductAnswer:
        """A product as a buyer sees it."""
        shown = await as_person(shop, request, lambda s, user: _shown(s, user, name, shop))
        keys, bot = request.state.pictures, shop.settings.bot_username
        return product_answer(*shown, keys, bot, language_of(request))

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


def _shown(
    session: Session, user: User, name: str, shop: AppContext
) -> tuple[ShownProduct, Offers, list[tuple[Choice, Offers]]]:
    """A product, and how it and its choices may be bought in the Mini App, which is logged unless they have
    it."""
    shown = shown_product(session, user, name, now=utc_now())

    def here(product: ProductView) -> Offers:
        return offers_of(product, "miniapp", policy=shop.policy, settings=shop.settings)

    offers = here(shown.product)
    choices = [(choice, here(choice.product)) for choice in shown.choices]
    if not shown.owned:
        note_offers(session, user, offers)
        log_offers([other for _, other in choices])
    return shown, offers, choices


def _owned_file(session: Session, user: User, grant_id: int, asset_id: UUID) -> str:
    """The file's name. Raises `NotFound`, or `NotAllowed` for another's purchase."""
    grant = must_get(session, Grant, grant_id, "grant-unknown")
    if grant.buyer_id != user.id:
        raise NotAllowed("not-your-purchase")
    asset = must_get(session, Asset, asset_id, "file-unknown")
    if asset.product_id != grant.product_id:
        raise NotFound("file-unknown")
    return asset.name
