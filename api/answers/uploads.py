"""Uploads as the Mini App gets them."""

from msgspec import UNSET, UnsetType

from api.answers.common import answer_of, moment
from api.context import AppContext
from core.catalogue.listing_fee import pay_facts
from core.kit.texts import plain
from core.uploads.opening import UploadRules
from schemas.answers import PaymentPlaces
from schemas.miniapp_uploads import FeeStatus, FingerprintAnswer, UploadAnswer
from schemas.uploads import Upload


def upload_answer(
    upload: Upload,
    shop: AppContext,
    rules: UploadRules,
    language: str,
    payment_status: FeeStatus | UnsetType = UNSET,
) -> UploadAnswer:
    """An upload; `payment_status` is how its listing fee stands, where there is one."""
    return UploadAnswer(
        id=upload.id,
        state=upload.state,
        name=upload.name,
        size=upload.size,
        type=upload.content_type,
        product_id=upload.product_id,
        purpose=upload.purpose,
        fingerprint=answer_of(upload.fingerprint, FingerprintAnswer),
        part_size=upload.part_size,
        parts=max(1, -(-upload.size // upload.part_size)),
        expires_at=moment(upload.expires_at),
        policy=upload.policy,
        reason=reason(upload, language),
        payment_status=payment_status,
        pay=payment_places(upload, shop, rules) if upload.state == "awaiting_payment" else UNSET,
    )


def payment_places(upload: Upload, shop: AppContext, rules: UploadRules) -> PaymentPlaces:
    """Where the listing fee of an upload's product is paid."""
    settings = shop.settings
    facts = pay_facts(
        upload.product_id,
        rules.fees,
        shop.policy,
        bot_username=settings.bot_username,
        public_url=settings.public_url,
    )
    return answer_of(facts, PaymentPlaces)


def reason(upload: Upload, language: str) -> str | UnsetType:
    """Why an upload was refused, in words; unset where it was not."""
    if upload.reason is None:
        return UNSET
    blanks = {"reason": upload.reason, "name": upload.name, "size": upload.size, **upload.reason_params}
    return plain(language, "upload-reason", **blanks)
