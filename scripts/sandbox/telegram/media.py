"""Files in the Telegram sandbox: uploaded in parts, kept up to 32 MiB, beyond that counted and hashed.

https://core.telegram.org/api/files
"""

import hashlib
from dataclasses import dataclass, field
from typing import Any

from scripts.sandbox.telegram.entities import Caller
from scripts.sandbox.telegram.limits import check_invoice
from scripts.sandbox.telegram.registry import rpc
from scripts.sandbox.telegram.tl import F, Refused, T
from scripts.sandbox.telegram.world import ACCESS_HASH, World

KEPT_BYTES = 32 * 1024 * 1024
PART_BYTES = 512 * 1024
MAX_PARTS = 4000
REFERENCE = b"sandbox"


@dataclass
class Upload:
    """Parts of a file as they come, out of order; only parts that wait for an earlier one are held."""

    size: int = 0
    sha256: Any = field(default_factory=hashlib.sha256)
    body: bytearray | None = field(default_factory=bytearray)
    next_part: int = 0
    waiting: dict[int, bytes] = field(default_factory=dict)

    def add(self, part: int, data: bytes) -> None:
        """Take one part."""
        if part >= self.next_part:
            self.waiting[part] = data
        while (chunk := self.waiting.pop(self.next_part, None)) is not None:
            self.next_part += 1
            self.size += len(chunk)
            self.sha256.update(chunk)
            if self.size > KEPT_BYTES:
                self.body = None
            elif self.body is not None:
                self.body += chunk


@dataclass(frozen=True)
class File:
    """A stored file. `body` is None when it was too large to keep."""

    media: Any
    size: int
    sha256: str
    body: bytes | None


@rpc(F.upload.SaveFilePart, F.upload.SaveBigFilePart)
def save_part(world: World, caller: Caller, query: Any) -> bool:
    if not 0 <= query.file_part < MAX_PARTS:
        raise Refused(400, "FILE_PART_INVALID")
    if not 0 < len(query.bytes) <= PART_BYTES:
        raise Refused(400, "FILE_PART_TOO_BIG" if query.bytes else "FILE_PART_EMPTY")
    upload = world.uploads.setdefault((caller.bot.id, query.file_id), Upload())
    upload.add(query.file_part, query.bytes)
    _count(world, caller, len(query.bytes))
    return True


@rpc(F.upload.GetFile)
def get_file(world: World, caller: Caller, query: Any) -> Any:
    file = world.files.get(getattr(query.location, "id", 0))
    if file is None or file.body is None:
        raise Refused(400, "FILE_ID_INVALID")
    part = file.body[query.offset : query.offset + query.limit]
    _count(world, caller, len(part))
    return T.upload.File(type=T.storage.FileUnknown(), mtime=world.now(), bytes=part)


def _count(world: World, caller: Caller, size: int) -> None:
    world.file_bytes += size
    if world.wire.listens(caller.link.key_id):
        world.listener_file_bytes += size


def make_media(world: World, caller: Caller, source: Any) -> Any:
    """The media of a message from what the bot sent: an upload, a known file, an invoice."""
    if isinstance(source, T.InputMediaInvoice):
        check_invoice(source)
        return T.MessageMediaInvoice(
            title=source.title,
            description=source.description,
            currency=source.invoice.currency,
            total_amount=sum(price.amount for price in source.invoice.prices),
            start_param=source.start_param or "",
        )
    if isinstance(source, T.InputMediaWebPage):
        return None
    if isinstance(source, T.InputMediaDocument | T.InputMediaPhoto):
        file = world.files.get(getattr(source.id, "id", 0))
        if file is None:
            raise Refused(400, "FILE_REFERENCE_INVALID")
        return file.media
    if isinstance(source, T.InputMediaUploadedDocument | T.InputMediaUploadedPhoto):
        return _finish_upload(world, caller, source).media
    raise Refused(400, "MEDIA_INVALID")


def _finish_upload(world: World, caller: Caller, source: Any) -> File:
    upload = world.uploads.get((caller.bot.id, source.file.id))
    got = upload.next_part if upload else 0
    if upload is None or got < source.file.parts:
        raise Refused(400, f"FILE_PART_{got}_MISSING")
    del world.uploads[caller.bot.id, source.file.id]
    body = None if upload.body is None else bytes(upload.body)
    if isinstance(source, T.InputMediaUploadedPhoto):
        return store_photo(world, upload.size, upload.sha256.hexdigest(), body)
    return store_document(
        world, upload.size, upload.sha256.hexdigest(), body, source.mime_type, source.attributes
    )


def _common(world: World) -> dict[str, Any]:
    return {
        "id": world.ids(),
        "access_hash": ACCESS_HASH,
        "file_reference": REFERENCE,
        "date": world.now(),
        "dc_id": 2,
    }


def store_photo(world: World, size: int, sha256: str, body: bytes | None) -> File:
    photo = T.Photo(sizes=[T.PhotoSize(type="y", w=640, h=640, size=size)], **_common(world))
    file = File(T.MessageMediaPhoto(photo=photo), size, sha256, body)
    world.files[photo.id] = file
    return file


def store_document(
    world: World, size: int, sha256: str, body: bytes | None, mime_type: str, attributes: list[Any]
) -> File:
    document = T.Document(
        mime_type=mime_type, size=size, attributes=attributes, thumbs=[], video_thumbs=[], **_common(world)
    )
    file = File(T.MessageMediaDocument(document=document, alt_documents=[]), size, sha256, body)
    world.files[document.id] = file
    return file


@rpc(F.messages.UploadMedia)
def upload_media(world: World, caller: Caller, query: Any) -> Any:
    """https://core.telegram.org/method/messages.uploadMedia"""
    return make_media(world, caller, query.media)
