"""What the Mini App sends: bodies of its requests. Sizes in bytes, amounts in minor units."""

from typing import Annotated, Literal
from uuid import UUID

import msgspec

from schemas.http import LARGEST, Identity
from schemas.uploads import Purpose

Amount = Annotated[int, msgspec.Meta(ge=1, le=10**15)]
Sha256 = Annotated[str, msgspec.Meta(pattern="^[0-9a-f]{64}$")]
Name = Annotated[str, msgspec.Meta(min_length=1, max_length=1024)]
ETag = Annotated[str, msgspec.Meta(max_length=200)]


class SessionRequest(msgspec.Struct):
    """What Telegram gave the Mini App."""

    init_data: Annotated[str, msgspec.Meta(max_length=16_384)]


class MeChange(msgspec.Struct):
    """What people set for themselves."""

    language: Annotated[str, msgspec.Meta(max_length=10)]


class PriceBody(msgspec.Struct):
    """An amount in minor units."""

    amount: Amount
    currency: Annotated[str, msgspec.Meta(max_length=3)]


class ProductBody(msgspec.Struct):
    """A product as its form has it. `idempotency_key` makes a form that is sent twice one product."""

    title: str
    description: str = ""
    prices: dict[str, PriceBody] = {}
    kind: Literal["file"] = "file"
    idempotency_key: Annotated[str, msgspec.Meta(max_length=200)] | None = None


class DownloadRequest(msgspec.Struct):
    """Which file of a purchase."""

    asset_id: UUID


class FingerprintBody(msgspec.Struct):
    """By which the browser knows a file again: milliseconds since 1970, and three slices."""

    size: Annotated[int, msgspec.Meta(ge=0, le=LARGEST)]
    modified: Annotated[int, msgspec.Meta(ge=-LARGEST, le=LARGEST)]
    slices: Annotated[list[Sha256], msgspec.Meta(min_length=3, max_length=3)]


class UploadRequest(msgspec.Struct):
    """A file to be uploaded. Whose it is, the session says."""

    name: Name
    size: Annotated[int, msgspec.Meta(ge=0, le=LARGEST)]
    product_id: Identity
    fingerprint: FingerprintBody
    type: Annotated[str, msgspec.Meta(max_length=255)] = ""
    purpose: Purpose = "file"
    replaces: UUID | None = None


class PartsRequest(msgspec.Struct):
    """Which parts are to be sent next."""

    numbers: Annotated[list[int], msgspec.Meta(min_length=1, max_length=32)]


class PartBody(msgspec.Struct):
    """A part that was sent, with the store's ETag of it."""

    number: int
    etag: ETag


class CompleteRequest(msgspec.Struct):
    """All parts of the file."""

    parts: Annotated[list[PartBody], msgspec.Meta(max_length=10_000)]


class BanRequest(msgspec.Struct):
    """Why the shop is closed to a person: for the audit log."""

    reason: Annotated[str, msgspec.Meta(max_length=500)]
