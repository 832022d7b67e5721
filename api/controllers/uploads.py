"""Uploads from the Mini App to the store: the bytes never come here, only what is to become of them."""

from typing import Annotated
from uuid import UUID

from litestar import Controller, Response, delete, get, post
from litestar.params import FromPath, JSONBody, QueryParameter
from sqlmodel import Session

from api import shapes
from api.auth import as_person, require_session
from api.context import AppContext, SharedShop
from api.limits import UPLOADS
from api.requests import AnyRequest, language_of
from api.shapes import Json
from core.catalogue.listing_fee import payment_status
from core.jobs.request_reply import call
from core.kit.errors import Explained
from core.uploads import opening, parts
from core.uploads.opening import UploadRules, Wish, rules_of
from core.uploads.parts import HeldPart
from schemas import ephemeral_jobs
from schemas.base import utc_now
from schemas.catalogue import Product
from schemas.miniapp import CompleteRequest, FingerprintBody, PartsRequest, UploadRequest
from schemas.people import User
from schemas.uploads import Upload

WAIT = 10.0  # seconds; listing 10,000 parts takes a store ten questions
COMPLETE_LIMIT = 2_000_000  # bytes: 10,000 parts of at most 200
OpenOnly = Annotated[str, QueryParameter(name="open")]


class UploadController(Controller):
    """`/api/uploads`: whose an upload is, the session says, never the body."""

    path = "/api/uploads"
    tags = ("mini app",)
    guards = (require_session,)

    @post("/")
    async def open_one(
        self, shop: SharedShop, request: AnyRequest, data: JSONBody[UploadRequest]
    ) -> Response[Json]:
        """201 a new upload, 200 the one of the same file that is under way."""
        await shop.limiter.count(UPLOADS, str(request.state.user_id))
        rules, wish = rules_of(shop.settings), _wish(data)

        def work(session: Session, user: User) -> tuple[Json, bool]:
            upload, new = opening.open_upload(session, user, wish, rules, now=utc_now())
            return _shown(session, shop, request, upload, rules), new

        shown, new = await as_person(shop, request, work)
        return Response(shown, status_code=201 if new else 200)

    @get("/")
    async def list_open(self, shop: SharedShop, request: AnyRequest, open_only: OpenOnly = "1") -> list[Json]:
        """What the person has begun and nobody has decided about."""
        rules = rules_of(shop.settings)

        def work(session: Session, user: User) -> list[Json]:
            found = opening.uploads_under_way(session, user)
            return [_shown(session, shop, request, upload, rules) for upload in found]

        return await as_person(shop, request, work)

    @get("/{upload_id:uuid}")
    async def show(self, shop: SharedShop, request: AnyRequest, upload_id: FromPath[UUID]) -> Json:
        """The upload, with the parts that the store holds while it is open."""
        rules = rules_of(shop.settings)

        def work(session: Session, user: User) -> Json:
            upload = opening.own_upload(session, user, upload_id)
            return _shown(session, shop, request, upload, rules)

        shown = await as_person(shop, request, work)
        held = await _held(shop, upload_id) if shown["state"] == "open" else {}
        if held is None:
            return await as_person(shop, request, work)
        listed = [{"number": part.number, "etag": part.etag, "size": part.size} for part in held.values()]
        return shown | {"parts_held": listed}

    @post("/{upload_id:uuid}/parts", status_code=200)
    async def sign(
        self, shop: SharedShop, request: AnyRequest, upload_id: FromPath[UUID], data: JSONBody[PartsRequest]
    ) -> Json:
        """Addresses for up to 32 parts, an hour each. 402 while the listing fee is open."""

        def work(session: Session, user: User) -> None:
            upload = opening.own_upload(session, user, upload_id)
            _check_sendable(shop, upload, data.numbers)

        await as_person(shop, request, work)
        return await call(
            shop.redis, ephemeral_jobs.PresignParts(upload_id=upload_id, numbers=data.numbers), WAIT
        )

    @post("/{upload_id:uuid}/complete", status_code=202, request_max_body_size=COMPLETE_LIMIT)
    async def complete(
        self,
        shop: SharedShop,
        request: AnyRequest,
        upload_id: FromPath[UUID],
        data: JSONBody[CompleteRequest],
    ) -> Json:
        """All parts are there: 202, and workers go on. 409 with the numbers of those that are not."""
        told = {part.number: part.etag for part in data.parts}
        upload = await as_person(shop, request, lambda s, user: _completable(shop, s, user, upload_id))
        if parts.is_completed(upload):
            return {"state": upload.state}
        held = await _held(shop, upload_id)
        etags = parts.check_parts(upload, told, held or {})
        done = await shop.run(lambda session: parts.complete(session, upload_id, etags, now=utc_now()))
        return {"state": done.state}

    @delete("/{upload_id:uuid}")
    async def abort(self, shop: SharedShop, request: AnyRequest, upload_id: FromPath[UUID]) -> None:
        """Give it up; what the store holds of it is removed."""

        def work(session: Session, user: User) -> None:
            parts.abort(session, opening.own_upload(session, user, upload_id, lock=True))

        await as_person(shop, request, work)


async def _held(shop: AppContext, upload_id: UUID) -> dict[int, HeldPart] | None:
    """The parts that the store has, by number; None when it has forgotten the upload."""
    answer = await call(shop.redis, ephemeral_jobs.ListParts(upload_id=upload_id), WAIT)
    if answer["lost"]:
        return None
    return {number: HeldPart(number, etag, size) for number, etag, size in answer["parts"]}


def _completable(shop: AppContext, session: Session, user: User, upload_id: UUID) -> Upload:
    upload = opening.own_upload(session, user, upload_id)
    if not parts.is_completed(upload):
        _check_sendable(shop, upload)
    return upload


def _check_sendable(shop: AppContext, upload: Upload, numbers: list[int] | None = None) -> None:
    if upload.state == "awaiting_payment":
        raise Explained("upload-unpaid", pay=shapes.pay(upload, shop, rules_of(shop.settings)))
    parts.check_sendable(upload, numbers or ())


def _shown(
    session: Session, shop: AppContext, request: AnyRequest, upload: Upload, rules: UploadRules
) -> Json:
    product = session.get_one(Product, upload.product_id)
    payment = payment_status(session, product) if rules.fees else None
    return shapes.upload(upload, shop, rules, language_of(request), payment)


def _wish(data: UploadRequest) -> Wish:
    return Wish(
        product_id=data.product_id,
        name=data.name,
        size=data.size,
        content_type=data.type,
        fingerprint=_fingerprint(data.fingerprint),
        purpose=data.purpose,
        replaces=data.replaces,
    )


def _fingerprint(body: FingerprintBody) -> opening.Fingerprint:
    return opening.Fingerprint(body.size, body.modified, body.slices)
