"""Uploads as the Mini App gets them."""

from msgspec import UNSET, UnsetType
from sqlmodel import Session

from api.answers.common import answer_of, moment
from api.answers.fees import payment_places
from api.context import AppContext
from core.catalogue.listing_fee import FeeForSale
from core.catalogue.payees import operator_rails
from core.kit.texts import plain
from core.uploads.opening import UploadRules
from core.uploads.room import is_full
from schemas.miniapp_uploads import FeeStatus, FingerprintAnswer, UploadAnswer
from schemas.uploads import Upload


def upload_answer(
    session: Session,
    upload: Upload,
    shop: AppContext,
    rules: UploadRules,
    language: str,
    payment_status: FeeStatus | UnsetType = UNSET,
) -> UploadAnswer:
    """An upload; `payment_status` is how its listing fee stands, where there is one."""
    unpaid = upload.state == "awaiting_payment"
    return UploadAnswer(
        id=upload.id,
        state=upload.state,
        name=upload.name,
        size=upload.size,
        type=upload.content_type,
        product_id=upload.product_id,
        purpose=upload.purpose,
        replaces=upload.replaces_id,
        fingerprint=answer_of(upload.fingerprint, FingerprintAnswer),
        part_size=upload.part_size,
        parts=max(1, -(-upload.size // upload.part_size)),
        expires_at=moment(upload.expires_at),
        policy=upload.policy,
        store_full=is_full(rules.disk, upload.part_size),
        reason=reason(upload, language),
        payment_status=payment_status,
        pay=payment_places(upload_fee(session, upload, rules), shop) if unpaid else UNSET,
    )


def upload_fee(session: Session, upload: Upload, rules: UploadRules) -> FeeForSale:
    """The listing fee of an upload's product."""
    return FeeForSale(upload.product_id, rules.fees, operator_rails(session))


def reason(upload: Upload, language: str) -> str | UnsetType:
    """Why an upload was refused, in words; unset where it was not."""
    if upload.reason is None:
        return UNSET
    blanks = {"reason": upload.reason, "name": upload.name, "size": upload.size, **upload.reason_params}
    return plain(language, "upload-reason", **blanks)
