"""Uploads as the Mini App gets them. Sizes in bytes."""

from typing import Literal
from uuid import UUID

import msgspec
from msgspec import UNSET, UnsetType

from schemas.answers import Moment, PaymentPlaces
from schemas.uploads import Policy, Purpose, UploadState

FeeStatus = Literal["pending", "confirmed", "failed"]


class FingerprintAnswer(msgspec.Struct):
    """By which the browser knows a file again: milliseconds since 1970, and SHA-256 of three slices."""

    size: int
    modified: int
    slices: list[str]


class StoredPart(msgspec.Struct):
    """A part that the store has."""

    number: int
    etag: str
    size: int


class UploadAnswer(msgspec.Struct):
    """A file on its way: `parts` of `part_size` bytes, the last one shorter. `replaces` as it was asked for.

    `reason` is there once it was refused, in words; `payment_status` where the shop asks a listing fee, and
    `pay` while the upload waits for it; `parts_held` where one open upload was asked for. `store_full` says
    that the store's disk has no room for one more part, as far as that is known.
    """

    id: UUID
    state: UploadState
    name: str
    size: int
    type: str
    product_id: int
    purpose: Purpose
    replaces: UUID | None
    fingerprint: FingerprintAnswer
    part_size: int
    parts: int
    expires_at: Moment
    policy: Policy
    store_full: bool
    reason: str | UnsetType = UNSET
    payment_status: FeeStatus | UnsetType = UNSET
    pay: PaymentPlaces | UnsetType = UNSET
    parts_held: list[StoredPart] | UnsetType = UNSET


class SignedParts(msgspec.Struct):
    """Addresses to PUT parts at, by the part's number; they work for `expires_in` seconds."""

    urls: dict[str, str]
    expires_in: int


class CompletionAnswer(msgspec.Struct):
    """How far an upload is whose parts are all there."""

    state: UploadState
