"""Who looks at a file before it is sold: automatic checks first, then staff for what they notice."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol
from uuid import UUID

from sqlalchemy.dialects.postgresql import insert
from sqlmodel import Session, col, select

from core.audit.record import record
from core.kit.errors import Refused
from core.kit.names import bounded, clean_text
from core.kit.pagination import Page, paginate
from core.kit.rows import must_get
from core.orders.text_review import NOTE_LIMIT, TextRules, flagged
from core.process.settings import Settings
from core.uploads.opening import UploadRules
from core.uploads.verdicts import approve, refuse
from schemas.catalogue import Product
from schemas.people import Seller
from schemas.uploads import BlockedFile, Upload

PER_PAGE = 8


@dataclass(frozen=True)
class Subject:
    """What a check sees of an upload; `size` in bytes, `key` names the object in the store."""

    title: str
    name: str
    size: int
    content_type: str
    sha256: str
    key: str


class Classifier(Protocol):
    """An automatic check, ours or an outside one. It accuses; staff decide."""

    def findings(self, subject: Subject) -> list[str]:
        """What it noticed, in a few words each; nothing when all is well."""


class Words:
    """Words that call staff, found in the title or the file's name, whatever their case."""

    def __init__(self, words: str) -> None:
        self._words = words

    def findings(self, subject: Subject) -> list[str]:
        """The words that occur."""
        return [f"word: {word}" for word in flagged(self._words, f"{subject.title}\n{subject.name}")]


@dataclass(frozen=True)
class WaitingUpload:
    """A file that staff should look at; `size` in bytes."""

    id: UUID
    title: str
    name: str
    size: int
    content_type: str
    seller: str
    findings: list[str]
    waiting_since: datetime


def text_rules(settings: Settings) -> TextRules:
    """The operator's rules for titles and descriptions: those of files hold for texts too."""
    return TextRules(settings.moderation, settings.moderation_words)


def waiting_uploads(session: Session, *, page: int) -> Page[WaitingUpload]:
    """Files that wait for staff, oldest first."""
    statement = (
        select(Upload, Product.title, Seller.name)
        .join(Product, col(Product.id) == Upload.product_id)
        .join(Seller, col(Seller.id) == Product.seller_id)
        .where(Upload.state == "moderation")
        .order_by(col(Upload.verified_at), col(Upload.id))
    )
    return paginate(session, statement, _lines, page=page, size=PER_PAGE)


def decide_upload(
    session: Session,
    upload_id: UUID,
    *,
    approved: bool,
    note: str,
    actor: str,
    rules: UploadRules,
    now: datetime,
) -> Upload:
    """Staff's answer; the seller reads the note of a refusal. The same answer again changes nothing.

    Raises `NotFound`, `Refused`: upload-not-waiting, note-empty, note-too-long.
    """
    upload = must_get(session, Upload, upload_id, "upload-unknown", lock=True)
    if upload.state != "moderation":
        if (upload.approved_at is not None) if approved else upload.state == "refused":
            return upload
        raise Refused("upload-not-waiting", {"name": upload.name})
    if not approved:
        clean = bounded(clean_text(note), "note", NOTE_LIMIT)
        return refuse(session, upload, "staff", {"note": clean}, now=now, actor=actor)
    record(session, actor, "upload.approved", f"upload:{upload_id}")
    return approve(session, upload, rules, now=now)


def block_file(session: Session, sha256: str, *, reason: str, actor: str, now: datetime) -> bool:
    """Refuse a file from now on, by SHA-256 in hexadecimal; False when it was blocked before."""
    digest = sha256.strip().lower()
    if len(digest) != 64 or set(digest) - set("0123456789abcdef"):
        raise Refused("digest-wrong")
    row = insert(BlockedFile).values(
        sha256=digest, reason=clean_text(reason)[:NOTE_LIMIT], added_by=actor, created_at=now
    )
    blocked = session.execute(row.on_conflict_do_nothing().returning(col(BlockedFile.sha256))).one_or_none()
    if blocked is not None:
        record(session, actor, "file.blocked", f"file:{digest}")
    return blocked is not None


def _lines(rows: Sequence[Any]) -> list[WaitingUpload]:
    return [
        WaitingUpload(
            id=upload.id,
            title=title,
            name=upload.name,
            size=upload.size,
            content_type=upload.found_type or "",
            seller=seller,
            findings=upload.findings,
            waiting_since=upload.verified_at,
        )
        for upload, title, seller in rows
    ]
