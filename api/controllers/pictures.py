"""Pictures of products and previews of files: each a redirect to the store."""

from typing import Annotated
from uuid import UUID

from litestar import Response, get
from litestar.params import FromPath, PathParameter, QueryParameter

from api.context import AppContext, SharedShop
from core.catalogue.previews import SHOWN
from core.jobs.request_reply import call
from core.people.picture_keys import viewer_of
from schemas import ephemeral_jobs
from schemas.base import utc_now
from schemas.contracts import EphemeralContract
from schemas.text import CLEAN

PictureNumber = Annotated[int, PathParameter(ge=0, le=len(SHOWN))]
Key = Annotated[str, QueryParameter(name="key", pattern=CLEAN, max_length=200)]
PICTURE_AGE = 1800  # seconds that a browser may keep the redirect; its target lives an hour


@get("/pictures/{upload_id:uuid}", status_code=302, include_in_schema=False)
async def show_picture(shop: SharedShop, upload_id: FromPath[UUID], key: Key = "") -> Response[bytes]:
    """To a product's picture in the store, which is as public as the product."""
    viewer = await _viewer(shop, key, upload_id)
    return await _to_store(shop, ephemeral_jobs.PresignPicture(upload_id=upload_id, viewer_id=viewer), key)


@get(
    ["/previews/{asset_id:uuid}", "/previews/{asset_id:uuid}/{number:int}"],
    status_code=302,
    include_in_schema=False,
)
async def show_preview(
    shop: SharedShop, asset_id: FromPath[UUID], number: PictureNumber = 0, key: Key = ""
) -> Response[bytes]:
    """To a picture of a file's preview, 0 is in front; as public as the product."""
    viewer = await _viewer(shop, key, asset_id)
    question = ephemeral_jobs.PresignPreview(asset_id=asset_id, number=number, viewer_id=viewer)
    return await _to_store(shop, question, key)


@get("/previews/{asset_id:uuid}/teaser", status_code=302, include_in_schema=False)
async def show_teaser(shop: SharedShop, asset_id: FromPath[UUID], key: Key = "") -> Response[bytes]:
    """To the silent seconds of a film."""
    viewer = await _viewer(shop, key, asset_id)
    question = ephemeral_jobs.PresignPreview(asset_id=asset_id, teaser=True, viewer_id=viewer)
    return await _to_store(shop, question, key)


async def _viewer(shop: AppContext, key: str, picture: UUID) -> int | None:
    """Whose key it is; nobody's where there is none, which costs no look into the database."""
    if not key:
        return None
    person = await shop.read(lambda session: viewer_of(session, key, picture, now=utc_now()))
    return person.id if person else None


async def _to_store(shop: AppContext, question: EphemeralContract, key: str) -> Response[bytes]:
    signed = await call(shop.redis, question)
    keeping = "no-store" if key else f"private, max-age={PICTURE_AGE}"
    return Response(b"", status_code=302, headers={"location": str(signed["url"]), "cache-control": keeping})
