"""The HTTP API of orders, access and notifications: bodies and answers. Times RFC 3339, UTC."""

from datetime import datetime
from typing import Annotated

import msgspec

from schemas.http import Identity
from schemas.notifications import AddressState, Kind, Way
from schemas.people import Language
from schemas.rails import Currency
from schemas.sales import OrderStatus
from schemas.text import Line, Text

Words = Annotated[Text, msgspec.Meta(min_length=1, max_length=1000)]
TransactionId = Annotated[Text, msgspec.Meta(min_length=4, max_length=128)]
RequestKey = Annotated[str, msgspec.Meta(pattern=r"^[A-Za-z0-9_-]{43,128}$(?!\n)")]


WaiverVersion = Annotated[Text, msgspec.Meta(max_length=64)]


class WaiverAnswer(msgspec.Struct):
    """What a buyer agrees to before paying: the loss of the right of withdrawal (Directive 2011/83/EU, art.
    16 (m)). `version` names these `words`; both are empty where the shop does not ask."""

    version: str
    words: str


class UserInfo(msgspec.Struct, forbid_unknown_fields=True):
    """Who pays, as far as they say: where to write to, and the language they read."""

    email: Annotated[Text, msgspec.Meta(max_length=254)] = ""
    language: Language = "fr"


class PendingPaymentRequest(msgspec.Struct, forbid_unknown_fields=True):
    """A transfer that was made for an offer in a currency. The same `idempotency_key` again is the same
    order.

    `waiver`: the version of the words that its buyer ticked (GET /api/payments/waiver), where the shop asks.
    """

    offer_id: Identity
    currency: Currency
    transaction_id: TransactionId
    idempotency_key: RequestKey
    user_info: UserInfo = msgspec.field(default_factory=UserInfo)
    waiver: WaiverVersion = ""


class PendingPaymentAnswer(msgspec.Struct):
    """The order that waits for staff to find the money. `order_path` is its page: keep it secret."""

    success: bool
    order_number: str
    status: OrderStatus
    order_path: str


class BotLinkRequest(msgspec.Struct, forbid_unknown_fields=True):
    """A paid order, by its number, and what paid it."""

    payment_id: Annotated[Text, msgspec.Meta(min_length=1, max_length=32)]
    transaction_id: Annotated[Text, msgspec.Meta(min_length=1, max_length=256)]


class BotLinkAnswer(msgspec.Struct):
    """A way from the web into Telegram. `notification_id` None: nobody has claimed the order yet."""

    success: bool
    bot_link: str
    token: str
    expires_at: datetime
    notification_id: int | None


class NotificationLine(msgspec.Struct):
    """One notification in the reader's language. `read_at` None: not read yet."""

    id: int
    type: Kind
    title: str
    message: str
    action_url: str
    created_at: datetime
    read_at: datetime | None


class NotificationPage(msgspec.Struct):
    """Newest first. Ask with `before` for the older ones; None where there are none."""

    items: list[NotificationLine]
    unread: int
    before: int | None


class ReadRequest(msgspec.Struct, forbid_unknown_fields=True):
    """Which notifications were read."""

    ids: Annotated[list[Identity], msgspec.Meta(min_length=1, max_length=100)]


class ReadAnswer(msgspec.Struct):
    """How many are unread still."""

    unread: int


class ChoiceLine(msgspec.Struct):
    """A kind of notification, and for each way that it may take whether it comes that way."""

    type: Kind
    title: str
    ways: dict[Way, bool]


class ChoiceRequest(msgspec.Struct, forbid_unknown_fields=True):
    """Whether one kind shall come by one way."""

    type: Kind
    way: Way
    wanted: bool


class MailRequest(msgspec.Struct, forbid_unknown_fields=True):
    """Where a person wants mail."""

    address: Line  # what is wrong with it is said in words


class MailAnswer(msgspec.Struct):
    """The address, and whether mail goes there: asked and not yet confirmed, or stopped, or it bounced.

    `offered`: whether the shop sends mail at all.
    """

    address: str
    state: AddressState
    offered: bool


class AccessLine(msgspec.Struct):
    """One channel of one membership. `joined_at` None: not in it now; `days_remaining` None: for ever."""

    membership_id: int
    channel_name: str
    subscription_type: str
    joined_at: datetime | None
    expires_at: datetime | None
    is_active: bool
    days_remaining: int | None


class StatusAnswer(msgspec.Struct):
    """What a person is a member of."""

    memberships: list[AccessLine]
    telegram_username: str | None
    has_active_subscription: bool


class RevokeRequest(msgspec.Struct, forbid_unknown_fields=True):
    """Whose access ends at once, everywhere or in one shop, and why; the person reads the reason.

    Reasons of the list (violation_terms, abuse, unpaid, on_request) are told in the person's language.
    """

    user_id: Identity
    reason: Words
    seller_id: Identity | None = None


class RevokeAnswer(msgspec.Struct):
    """How many memberships ended; those that had ended before are not counted."""

    success: bool
    revoked_count: int


class TokenNumbers(msgspec.Struct):
    """Start tokens: made, waiting and still valid, opened, and made in the last 7 days."""

    total: int
    pending: int
    used: int
    recent: int


class InviteNumbers(msgspec.Struct):
    """Invite links: made, used, and the share of them that was used, in percent of two decimals."""

    total: int
    accepted: int
    acceptance_rate: float


class MemberNumbers(msgspec.Struct):
    """Memberships that ever began, those that run, and entries of the last 7 days."""

    total: int
    active: int
    recent_joins: int


class StatsAnswer(msgspec.Struct):
    """The shop's access in numbers."""

    tokens: TokenNumbers
    invites: InviteNumbers
    members: MemberNumbers
