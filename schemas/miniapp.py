"""What the Mini App sends: bodies of its requests. Sizes in bytes, amounts in minor units."""

from typing import Annotated, Literal
from uuid import UUID

import msgspec

from schemas.http import LARGEST, Identity
from schemas.text import Line, Secret, Text
from schemas.uploads import Purpose

Amount = Annotated[int, msgspec.Meta(ge=1, le=10**15)]
Sha256 = Annotated[str, msgspec.Meta(pattern="^[0-9a-f]{64}$", max_length=64)]
Name = Annotated[Text, msgspec.Meta(min_length=1, max_length=1024)]
Head = Annotated[
    str,
    msgspec.Meta(
        pattern="^([A-Za-z0-9+/]{4})*([A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$",  # RFC 4648, section 4
        max_length=5464,  # 4,096 bytes
    ),
]
ETag = Annotated[Text, msgspec.Meta(max_length=200)]


class SessionRequest(msgspec.Struct):
    """What Telegram gave the Mini App."""

    init_data: Annotated[Text, msgspec.Meta(max_length=16_384)]


class MeChange(msgspec.Struct):
    """What people set for themselves."""

    language: Annotated[Text, msgspec.Meta(max_length=10)]


class PriceBody(msgspec.Struct):
    """An amount in minor units."""

    amount: Amount
    currency: Annotated[Text, msgspec.Meta(max_length=3)]


RailPrices = Annotated[list[PriceBody], msgspec.Meta(max_length=20)]
"""What something costs on one rail: one amount for each currency, the first is shown first."""


class ProductBody(msgspec.Struct):
    """A product as its form has it. `idempotency_key` makes a form that is sent twice one product."""

    title: Line
    description: Annotated[Text, msgspec.Meta(max_length=20_000)] = ""
    prices: dict[Secret, RailPrices] = {}
    kind: Literal["file"] = "file"
    idempotency_key: Annotated[Text, msgspec.Meta(max_length=200)] | None = None


class DownloadRequest(msgspec.Struct):
    """Which file of a purchase."""

    asset_id: UUID


class FingerprintBody(msgspec.Struct):
    """By which the browser knows a file again: milliseconds since 1970, and three slices."""

    size: Annotated[int, msgspec.Meta(ge=0, le=LARGEST)]
    modified: Annotated[int, msgspec.Meta(ge=-LARGEST, le=LARGEST)]
    slices: Annotated[list[Sha256], msgspec.Meta(min_length=3, max_length=3)]


class UploadRequest(msgspec.Struct):
    """A file to be uploaded. Whose it is, the session says.

    `head` is its first 4,096 bytes (all of a smaller file) in Base64: by them a file that would be refused
    is refused before it is sent. `replaces`: the file whose place it takes, or that it is a sample of. `type`
    is the browser's opinion, which decides nothing.
    """

    name: Name
    size: Annotated[int, msgspec.Meta(ge=0, le=LARGEST)]
    product_id: Identity
    fingerprint: FingerprintBody
    type: Annotated[Text, msgspec.Meta(max_length=255)] = ""
    purpose: Purpose = "file"
    replaces: UUID | None = None
    head: Head = ""


class PreviewRequest(msgspec.Struct):
    """What is to be shown of a file before it is bought. An own sample is chosen by uploading one."""

    choice: Literal["automatic", "none"]


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

    reason: Annotated[Text, msgspec.Meta(max_length=500)]
