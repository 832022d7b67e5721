"""The real ports. Workers hold the adapters; rules and tests see only these."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import BinaryIO, Literal, Protocol
from uuid import UUID

from core.kit.errors import ComptoirError


@dataclass(frozen=True)
class ObjectInfo:
    """What a HEAD tells. `size` in bytes; `etag` without quotes, empty where the store has none."""

    key: str
    size: int
    etag: str
    content_type: str
    modified: datetime


class PartsDiffer(ComptoirError):
    """The store holds other parts than it is told to assemble; they can be sent again."""


class UploadLost(ComptoirError):
    """An upload cannot go on: the store forgot it, or holds parts of something else. Begin a new one."""


class StoredPart(Protocol):
    """A part as the store lists it; `size` in bytes."""

    @property
    def part_number(self) -> int: ...
    @property
    def etag(self) -> str: ...
    @property
    def size(self) -> int | None: ...


class MultipartUploads(Protocol):
    """The store's multipart uploads. Raises `StoreUnavailable`, and `UploadLost` where named."""

    def begin(self, key: str, content_type: str) -> str:
        """Open an upload and return its id."""

    def list_parts(self, key: str, upload_id: str) -> Mapping[int, StoredPart]:
        """The parts that the store has, by number. Raises `UploadLost`."""

    def put_bytes(self, key: str, upload_id: str, number: int, data: bytes) -> str:
        """Send one part from memory and return its ETag. Raises `UploadLost`."""

    def complete(self, key: str, upload_id: str, etags: Sequence[str]) -> None:
        """Assemble the object of parts 1, 2, 3, … with these ETags. Raises `PartsDiffer`, `UploadLost`."""

    def abort(self, key: str, upload_id: str) -> None:
        """Let the store drop the parts; an upload that is gone is done."""


class ObjectStore(Protocol):
    """Any S3. Every call has its own deadline and raises `StoreUnavailable` when the store is away."""

    def head(self, key: str) -> ObjectInfo | None:
        """Size and type of an object, None when it does not exist."""

    def sign_download(self, key: str, *, file_name: str, content_type: str, expires: int) -> str:
        """A URL for GET, valid `expires` seconds, answered as an attachment named `file_name`."""

    def sign_read(self, key: str, *, expires: int) -> str:
        """A URL for ranged GETs by workers themselves, valid `expires` seconds."""

    @property
    def multipart(self) -> "MultipartUploads":
        """Uploads in parts, by whoever sends them."""

    def sign_part(self, key: str, upload_id: str, number: int, *, length: int, expires: int) -> str:
        """A URL by which a browser PUTs one part of `length` bytes, valid `expires` seconds."""

    def read_range(self, key: str, offset: int, length: int) -> bytes:
        """Some bytes of an object, fewer at its end."""

    def upload(
        self,
        key: str,
        stream: BinaryIO,
        size: int,
        content_type: str,
        progress: Callable[[int], None] | None = None,
    ) -> None:
        """Store `size` bytes from a stream, by multipart in bounded memory; `progress` gets bytes sent."""

    def read(self, key: str, *, limit: int) -> bytes:
        """A small object whole. Raises `Permanent` when it is larger than `limit` bytes."""

    def chunks(self, key: str, size: int = 1 << 20) -> Iterator[bytes]:
        """The object streamed once, `size` bytes at a time (checksums)."""

    def names(self, prefix: str) -> Iterator[ObjectInfo]:
        """The objects whose keys begin so, in the order of their keys; without their types."""

    def delete(self, key: str) -> None:
        """Remove an object; removing what is gone is done."""

    def ensure_bucket(self, origins: tuple[str, ...] = ()) -> tuple[str, ...]:
        """Make the bucket where it lacks and let pages of these origins use it; those still shut out."""

    def takes_objects(self) -> bool:
        """Whether it stores something just now; False as well where it is away."""


@dataclass(frozen=True)
class Button:
    """An inline button: exactly one of `data` (at most 64 bytes), `url` and `web_app`."""

    label: str
    data: str = ""
    url: str = ""
    web_app: str = ""


@dataclass(frozen=True)
class Message:
    """One outgoing message: Telegram HTML, at most 4,096 characters after parsing, rows of buttons."""

    html: str
    buttons: list[list[Button]] = field(default_factory=list)


@dataclass(frozen=True)
class Identity:
    """What makes a message itself: sent twice with one identity, it is seen once (random_id)."""

    job_id: UUID
    part: str
    issue: int = 0


@dataclass(frozen=True)
class StarsInvoice:
    """What a buyer is shown to pay `stars` for; `payload` comes back with the payment, at most 128 bytes.

    `every` is the time after which Telegram charges again by itself, None for a single payment.
    """

    title: str
    description: str
    payload: str
    stars: int
    every: timedelta | None


class Messenger(Protocol):
    """Telegram, outgoing. FloodWait is raised as `RetryAfter`; a person who blocked us or does not exist
    as `Unreachable`; a time-out as any other error, to be repeated with the same identity."""

    def send(self, identity: Identity, chat_id: int, message: Message, *, awaited: bool = True) -> int:
        """Send and return Telegram's message id. One that nobody awaits stands back for those that are."""

    def send_file(self, identity: Identity, chat_id: int, name: str, content: bytes, html: str) -> int:
        """Send a file with a caption of Telegram HTML; as `send` otherwise."""

    def set_commands(self, telegram_id: int, commands: Mapping[str, Sequence[tuple[str, str]]]) -> None:
        """The menu of one person's chat, by language; empty: everybody's menu again."""

    def refund_stars(self, telegram_id: int, charge_id: str) -> None:
        """Give a Stars payment back; one already given back counts as done."""

    def invoice_link(self, invoice: StarsInvoice) -> str:
        """The address of an invoice, for the Mini App to open: `https://t.me/$…`."""

    def read_file(self, file_id: str, first_chunk: int, chunks: int) -> bytes:
        """Some MiB of a file that somebody sent: chunks of 1 MiB, fewer bytes at its end."""

    def upload_picture(self, name: str, picture: bytes) -> str:
        """Put a picture at Telegram and return the file id that the bot may send."""

    @property
    def channels(self) -> "ChannelGateway":
        """Channels, by the same account."""

    def upload_teaser(self, name: str, film: bytes, size: tuple[int, int], seconds: int) -> str:
        """Put a silent MP4 of this width and height at Telegram and return the file id for the bot."""


SubscriptionState = Literal["canceled", "failed", "restored"]
"""What Telegram says of a Stars subscription (https://core.telegram.org/constructor/updateBotStarsSubscription)."""

MemberStatus = Literal["creator", "administrator", "member", "restricted", "left", "banned"]
INSIDE: tuple[MemberStatus, ...] = ("creator", "administrator", "member", "restricted")
NEEDED_RIGHTS = ("invite_users", "ban_users")
"""Of the bot in a channel, by their names in https://core.telegram.org/constructor/chatAdminRights."""


@dataclass(frozen=True)
class ChannelMember:
    """Somebody in, or not in, a channel."""

    status: MemberStatus
    deleted: bool = False  # the account does not exist any more
    paid_until: datetime | None = None  # the end of a Stars subscription to the channel itself


@dataclass(frozen=True)
class StarsTransaction:
    """A line of the bot's Stars account. `stars` is negative for what left it; `id` is the charge id."""

    id: str
    telegram_id: int | None
    stars: int
    at: datetime
    payload: str
    subscription_period: int | None  # seconds, of a recurring charge
    refunded: bool


class ChannelGateway(Protocol):
    """Channels and supergroups at Telegram, as their admin. `chat_id` is Telegram's, like -100123.

    FloodWait is raised as `RetryAfter`; `ChannelGone` and `RightsMissing` where they apply; an unknown
    outcome as any other error, to be tried again: every call may be repeated and then does it once.
    """

    def create_join_request_link(self, chat_id: int, name: str) -> str:
        """A link that creates join requests and does not expire; `name` of at most 32 characters."""

    def create_one_use_link(self, chat_id: int, name: str, *, expires_at: datetime) -> str:
        """A link that lets one person in, until `expires_at`."""

    def revoke_link(self, chat_id: int, url: str) -> None:
        """Make a link worthless; one that is revoked, expired or unknown is done."""

    def approve(self, chat_id: int, telegram_id: int) -> bool:
        """Let in who asked to join; True when they are in now, False when no request waits."""

    def decline(self, chat_id: int, telegram_id: int) -> None:
        """Refuse who asked to join; a request that is gone is done."""

    def wait_turn(self, channel: int, telegram_id: int) -> None:
        """Return when it is this person's turn to be put out of a channel, at Telegram's pace; any number
        that tells channels apart will do. Raises `RetryAfter`."""

    def remove_member(self, chat_id: int, telegram_id: int) -> bool:
        """Put somebody out who may come back later; whether they were in. Reads the state first: who is out
        is done, and a ban that an interrupted call of ours left behind is lifted. Admins are left alone
        (`Permanent`)."""

    def lift_ban(self, chat_id: int, telegram_id: int) -> None:
        """Let a banned person come back without putting anybody out; who is not banned is done."""

    def member_status(self, chat_id: int, telegram_id: int) -> ChannelMember:
        """How somebody stands to a channel now; who was never in it is "left"."""

    def own_rights(self, chat_id: int) -> frozenset[str]:
        """Those of `NEEDED_RIGHTS` that the bot has; empty when it is no admin."""

    def cancel_star_subscription(self, telegram_id: int, charge_id: str) -> None:
        """Have Telegram charge no further; named by any charge of it. One cancelled already is done."""

    def restore_star_subscription(self, telegram_id: int, charge_id: str) -> None:
        """Take that back, before the paid period ends."""

    def star_transactions(self, since: datetime) -> Iterator[StarsTransaction]:
        """The lines of the bot's Stars account since a moment, newest first."""
