"""What becomes of an upload whose bytes are all there: accepted, waiting for staff or money, or refused."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from sqlmodel import Session, select

from core.audit.details import listed
from core.audit.record import record
from core.catalogue.listing_fee import Fees, fee_of, is_due
from core.catalogue.preview_choice import take_sample
from core.catalogue.products import add_asset, set_picture
from core.kit.errors import Refused
from core.kit.rows import must_get
from core.kit.texts import Param
from core.notifications.notify import notify, notify_staff
from core.orders.text_review import wants_staff
from core.uploads.opening import UploadRules
from core.uploads.sweep import reclaim_later
from schemas.catalogue import Product
from schemas.uploads import BlockedFile, Upload


def record_verified(
    session: Session,
    upload_id: UUID,
    *,
    sha256: str,
    found_type: str,
    findings: list[str],
    moderation: str,
    rules: UploadRules,
    now: datetime,
) -> Upload:
    """The bytes are what they should be: on to staff, or accepted. Once; an upload given up stays so."""
    upload = must_get(session, Upload, upload_id, "upload-unknown", lock=True)
    if upload.state != "verifying":
        return upload
    upload.sha256, upload.found_type, upload.findings = sha256, found_type, findings
    upload.verified_at = now
    session.add(upload)
    if session.get(BlockedFile, sha256) is not None:
        return refuse(session, upload, "blocked", now=now)
    if wants_staff(moderation, bool(findings)):
        return _hold(session, upload)
    return approve(session, upload, rules, now=now)


def approve(session: Session, upload: Upload, rules: UploadRules, *, now: datetime) -> Upload:
    """Nothing speaks against the file: accepted as soon as the listing fee (none for a sample) is paid."""
    upload.approved_at = now
    product = must_get(session, Product, upload.product_id, "product-unknown", lock=True)
    if upload.purpose != "sample" and is_due(product, rules.fees):
        return _await_fee(session, upload, product, rules.fees, now + rules.life, now=now)
    return accept(session, upload, product, now=now)


def accept(session: Session, upload: Upload, product: Product, *, now: datetime) -> Upload:
    """The object becomes a file of its locked product, its picture, or a file's sample (A66)."""
    try:
        _attach(session, upload, product, now)
    except Refused as refused:  # the file that it should replace or show is gone meanwhile
        return refuse(session, upload, refused.code, now=now)
    upload.state, upload.decided_at = "accepted", now
    session.add(upload)
    record(session, "system", "upload.accepted", f"upload:{upload.id}", product=upload.product_id)
    session.flush()
    if upload.purpose == "file":
        buttons = [["button-continue", f"continue:{upload.product_id}"]]
        _notify_uploader(session, upload, "upload-accepted", buttons=buttons)
    elif upload.purpose == "sample":
        buttons = [["button-back-to-product", f"my_product:{upload.product_id}"]]
        _notify_uploader(session, upload, "sample-accepted", buttons=buttons)
    return upload


def refuse(
    session: Session,
    upload: Upload,
    reason: str,
    params: Mapping[str, Param] | None = None,
    *,
    now: datetime,
    actor: str = "system",
) -> Upload:
    """The file is not taken: its seller reads why, and its bytes are removed."""
    upload.state, upload.reason, upload.reason_params = "refused", reason, dict(params or {})
    upload.decided_at = now
    session.add(upload)
    record(session, actor, "upload.refused", f"upload:{upload.id}", reason=listed(reason))
    session.flush()
    _notify_uploader(session, upload, "upload-refused", {"reason": reason, **(params or {})})
    reclaim_later(session, upload.id)
    return upload


def _hold(session: Session, upload: Upload) -> Upload:
    upload.state = "moderation"
    session.add(upload)
    record(session, "system", "upload.held", f"upload:{upload.id}", count=len(upload.findings))
    session.flush()
    title = session.exec(select(Product.title).where(Product.id == upload.product_id)).one()
    params: dict[str, Param] = {"title": title, "name": upload.name, "size": upload.size}
    params["findings"] = ", ".join(upload.findings) or "—"
    buttons = [["button-approve", f"mod_ok:{upload.id}"], ["button-refuse", f"mod_no:{upload.id}"]]
    once = str(upload.id)
    notify_staff(session, "staff-upload-waiting", params, once=once, buttons=buttons, act="moderate")
    _notify_uploader(session, upload, "upload-held")
    return upload


def _await_fee(
    session: Session, upload: Upload, product: Product, fees: Fees, until: datetime, *, now: datetime
) -> Upload:
    fee = fee_of(session, product, fees, now=now)
    upload.state, upload.expires_at = "awaiting_payment", until
    session.add(upload)
    session.flush()
    _notify_uploader(session, upload, "upload-awaits-fee", buttons=[["button-pay-fee", f"product:{fee.id}"]])
    return upload


def _attach(session: Session, upload: Upload, product: Product, now: datetime) -> None:
    if upload.purpose == "picture":
        set_picture(session, product, key=upload.key)
        return
    if upload.purpose == "sample":
        if upload.replaces_id is None:
            raise Refused("sampled-file-replaced")
        take_sample(session, upload.replaces_id, upload.key)
        return
    asset = add_asset(
        session,
        product,
        key=upload.key,
        name=upload.name,
        size=upload.size,
        content_type=upload.found_type or "application/octet-stream",
        sha256=upload.sha256,
        now=now,
        replaces=upload.replaces_id,
    )
    upload.asset_id = asset.id


def _notify_uploader(
    session: Session,
    upload: Upload,
    text: str,
    params: Mapping[str, Param] | None = None,
    *,
    buttons: list[list[str]] | None = None,
) -> None:
    params = {"name": upload.name, "size": upload.size, **(params or {})}
    notify(session, upload.user_id, text, params, once=f"{upload.id}:{upload.state}", buttons=buttons)
