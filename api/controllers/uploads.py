"""Uploads from the Mini App to the store: the bytes never come here, only what is to become of them."""

from base64 import b64decode
from typing import Annotated, Literal
from uuid import UUID

from litestar import Controller, Response, delete, get, post
from litestar.openapi.datastructures import ResponseSpec
from litestar.params import FromPath, JSONBody, QueryParameter
from msgspec import UNSET, convert
from sqlmodel import Session

from api.answers.common import answer_of
from api.answers.fees import payment_places
from api.answers.uploads import upload_answer, upload_fee
from api.auth import as_person, require_session
from api.context import AppContext, SharedShop
from api.problems import answers
from api.requests import AnyRequest, language_of
from core.catalogue.listing_fee import payment_status
from core.jobs.request_reply import call
from core.kit.errors import Explained
from core.process.limits import UPLOADS
from core.uploads import opening, parts
from core.uploads.opening import Wish, rules_of
from core.uploads.parts import HeldPart
from schemas import ephemeral_jobs
from schemas.base import utc_now
from schemas.catalogue import Product
from schemas.miniapp import CompleteRequest, FingerprintBody, PartsRequest, UploadRequest
from schemas.miniapp_uploads import CompletionAnswer, FeeStatus, SignedParts, StoredPart, UploadAnswer
from schemas.people import User
from schemas.uploads import Upload

WAIT = 10.0  # seconds; listing 10,000 parts takes a store ten questions
COMPLETE_LIMIT = 2_000_000  # bytes: 10,000 parts of at most 200
OpenOnly = Annotated[Literal["1"], QueryParameter(name="open")]
UNDER_WAY = ResponseSpec(
    UploadAnswer, generate_examples=False, description="The upload of the same file that is under way"
)


class UploadController(Controller):
    """`/api/uploads`: whose an upload is, the session says, never the body."""

    path = "/api/uploads"
    tags = ("mini app",)
    guards = (require_session,)
    security = ({"person": []},)

    @post("/", responses={200: UNDER_WAY} | answers(400, 401, 403, 404, 409, 413, 422, 429))
    async def open_one(
        self, shop: SharedShop, request: AnyRequest, data: JSONBody[UploadRequest]
    ) -> Response[UploadAnswer]:
        """201 a new upload, 200 the one of the same file that is under way."""
        await shop.limiter.count(UPLOADS, str(request.state.user_id))
        rules = rules_of(shop.settings)

        def work(session: Session, user: User) -> tuple[UploadAnswer, bool]:
            upload, new = opening.open_upload(session, user, _wish(data), rules, now=utc_now())
            return _answer(session, shop, request, upload), new

        upload, new = await as_person(shop, request, work)
        return Response(upload, status_code=201 if new else 200)

    @get("/", responses=answers(400, 401, 403, 429))
    async def list_open(
        self, shop: SharedShop, request: AnyRequest, open_only: OpenOnly = "1"
    ) -> list[UploadAnswer]:
        """What the person has begun and nobody has decided about."""

        def work(session: Session, user: User) -> list[UploadAnswer]:
            uploads = opening.uploads_under_way(session, user)
            return [_answer(session, shop, request, upload) for upload in uploads]

        return await as_person(shop, request, work)

    @get("/{upload_id:uuid}", responses=answers(400, 401, 403, 404, 429))
    async def show(self, shop: SharedShop, request: AnyRequest, upload_id: FromPath[UUID]) -> UploadAnswer:
        """The upload, with the parts that the store holds while it is open."""

        def work(session: Session, user: User) -> UploadAnswer:
            return _answer(session, shop, request, opening.own_upload(session, user, upload_id))

        upload = await as_person(shop, request, work)
        stored = await _stored_parts(shop, upload_id) if upload.state == "open" else {}
        if stored is None:
            return await as_person(shop, request, work)
        upload.parts_held = [answer_of(part, StoredPart) for part in stored.values()]
        return upload

    @post(
        "/{upload_id:uuid}/parts",
        status_code=200,
        responses=answers(400, 401, 402, 403, 404, 409, 413, 422, 429),
    )
    async def sign(
        self, shop: SharedShop, request: AnyRequest, upload_id: FromPath[UUID], data: JSONBody[PartsRequest]
    ) -> SignedParts:
        """Addresses for up to 32 parts, an hour each. 402 while the listing fee is open."""

        def work(session: Session, user: User) -> None:
            upload = opening.own_upload(session, user, upload_id)
            _check_sendable(session, shop, upload, data.numbers)

        await as_person(shop, request, work)
        question = ephemeral_jobs.PresignParts(upload_id=upload_id, numbers=data.numbers)
        return answer_of(await call(shop.redis, question, WAIT), SignedParts)

    @post(
        "/{upload_id:uuid}/complete",
        status_code=202,
        request_max_body_size=COMPLETE_LIMIT,
        responses=answers(400, 401, 402, 403, 404, 409, 413, 429),
    )
    async def complete(
        self,
        shop: SharedShop,
        request: AnyRequest,
        upload_id: FromPath[UUID],
        data: JSONBody[CompleteRequest],
    ) -> CompletionAnswer:
        """All parts are there: 202, and workers go on. 409 with the numbers of those that are not."""
        upload = await as_person(shop, request, lambda s, user: _completable(shop, s, user, upload_id))
        if not parts.is_completed(upload):
            sent = {part.number: part.etag for part in data.parts}
            etags = parts.check_parts(upload, sent, await _stored_parts(shop, upload_id) or {})
            upload = await shop.run(lambda s: parts.complete(s, upload_id, etags, now=utc_now()))
        return answer_of(upload, CompletionAnswer)

    @delete("/{upload_id:uuid}", responses=answers(400, 401, 403, 404, 409, 429))
    async def abort(self, shop: SharedShop, request: AnyRequest, upload_id: FromPath[UUID]) -> None:
        """Give it up; what the store holds of it is removed."""

        def work(session: Session, user: User) -> None:
            parts.abort(session, opening.own_upload(session, user, upload_id, lock=True))

        await as_person(shop, request, work)


async def _stored_parts(shop: AppContext, upload_id: UUID) -> dict[int, HeldPart] | None:
    """The parts that the store has, by number; None when it has forgotten the upload."""
    listed = await call(shop.redis, ephemeral_jobs.ListParts(upload_id=upload_id), WAIT)
    if listed["lost"]:
        return None
    return {number: HeldPart(number, etag, size) for number, etag, size in listed["parts"]}


def _completable(shop: AppContext, session: Session, user: User, upload_id: UUID) -> Upload:
    upload = opening.own_upload(session, user, upload_id)
    if not parts.is_completed(upload):
        _check_sendable(session, shop, upload)
    return upload


def _check_sendable(
    session: Session, shop: AppContext, upload: Upload, numbers: list[int] | None = None
) -> None:
    if upload.state == "awaiting_payment":
        fee = upload_fee(session, upload, rules_of(shop.settings))
        raise Explained("upload-unpaid", pay=payment_places(fee, shop))
    parts.check_sendable(upload, numbers or ())


def _answer(session: Session, shop: AppContext, request: AnyRequest, upload: Upload) -> UploadAnswer:
    rules, product = rules_of(shop.settings), session.get_one(Product, upload.product_id)
    fee_status = convert(payment_status(session, product), FeeStatus) if rules.fees else UNSET
    return upload_answer(session, upload, shop, rules, language_of(request), fee_status)


def _wish(data: UploadRequest) -> Wish:
    return Wish(
        product_id=data.product_id,
        name=data.name,
        size=data.size,
        content_type=data.type,
        fingerprint=_fingerprint(data.fingerprint),
        purpose=data.purpose,
        replaces=data.replaces,
        head=b64decode(data.head),
    )


def _fingerprint(body: FingerprintBody) -> opening.Fingerprint:
    return opening.Fingerprint(body.size, body.modified, body.slices)
