"""Memberships as the Mini App gets them: the member's own, and a seller's members and channels."""

from datetime import date
from typing import Annotated

import msgspec

from schemas.answers import Moment, MoneyAnswer, Paging
from schemas.api import WaiverVersion
from schemas.http import LARGEST
from schemas.membership import ChannelState, Enforcement, EventKind, MembershipState, PutOutReason
from schemas.rails import Currency
from schemas.text import Text


class MembershipChannel(msgspec.Struct):
    """A channel of a membership. `link` is its holder's own way in, None while there is none."""

    id: int
    title: str
    inside: bool
    link: str | None


class MembershipActs(msgspec.Struct):
    """What its holder can do with a membership; `undo` takes a cancellation back, `change` leads to another
    plan."""

    enter: bool
    cancel: bool
    undo: bool
    pause: bool
    resume: bool
    change: bool


class Renewal(msgspec.Struct):
    """How a membership is renewed: the price in Stars inside Telegram, and the page of the web checkout."""

    stars: MoneyAnswer | None
    web_link: str | None


class MembershipAnswer(msgspec.Struct):
    """A membership as its holder sees it. It ends at `ends_at`, and its grace at `access_until`.

    `ends_at` and `days_left` None: it waits for the entry (`pending`), or runs for ever (`active`).
    `share_left` of what was paid, from 0 to 1. `reason` is that of a revocation. `subscription`: Telegram
    charges it by itself. `by_card`: Stripe does, or waits to be paid; `then`: what a card is charged once the
    trial that runs is over. `renew` None: it cannot be renewed now.
    """

    id: int
    title: str
    seller_name: str
    state: MembershipState
    started_at: Moment | None
    ends_at: Moment | None
    access_until: Moment | None
    days_left: int | None
    share_left: float
    reason: str
    subscription: bool
    by_card: bool
    then: MoneyAnswer | None
    order_number: str | None
    channels: list[MembershipChannel]
    can: MembershipActs
    renew: Renewal | None


class MembershipList(msgspec.Struct):
    """All memberships that a person ever held: those that run first."""

    items: list[MembershipAnswer]


class RenewalRequest(msgspec.Struct, forbid_unknown_fields=True):
    """`waiver`: the version of the words that its holder ticked (GET /api/payments/waiver), where the shop
    asks."""

    waiver: WaiverVersion = ""


class InvoiceAnswer(msgspec.Struct):
    """The address of an invoice in Stars, for the Mini App to open."""

    url: str


class PortalAnswer(msgspec.Struct):
    """The address of Stripe's page of cards and invoices: for its holder alone, and for a few minutes."""

    url: str


class PlanTarget(msgspec.Struct):
    """A plan that a membership by card may be changed to; `next_at`: when its price would be charged next."""

    id: int
    title: str
    price: MoneyAnswer
    next_at: Moment


class PlanTargets(msgspec.Struct):
    """All of them, in the order they were made."""

    items: list[PlanTarget]


class PlanPrice(msgspec.Struct):
    """What a change costs now, what is left of the present plan being taken off; nothing where more is left.

    `prorated_at`: the moment for which this counts, seconds since 1970; it may be agreed to for an hour.
    """

    due: MoneyAnswer
    prorated_at: int


class PlanAgreement(msgspec.Struct, forbid_unknown_fields=True):
    """What was shown, and is agreed to: `due` in minor units."""

    prorated_at: Annotated[int, msgspec.Meta(ge=0, le=LARGEST)]
    due: Annotated[int, msgspec.Meta(ge=1, le=LARGEST)]


class Member(msgspec.Struct):
    """A member as the seller sees them; `id` is the membership's, `plan` its title. `barred`: put out of the
    shop, and sold nothing until let in again."""

    id: int
    telegram_id: int
    name: str
    username: str | None
    plan: str
    state: MembershipState
    ends_at: Moment | None
    barred: bool


class PutOutRequest(msgspec.Struct, forbid_unknown_fields=True):
    """Why all access of a member to the shop ends; the person reads the reason, and the words beside it."""

    reason: PutOutReason
    words: Annotated[Text, msgspec.Meta(max_length=300)] = ""


class MemberPage(Paging):
    """A shop's members, newest first."""

    items: list[Member]


class PlanName(msgspec.Struct):
    """A plan of the shop."""

    id: int
    title: str


class MonthRevenue(msgspec.Struct):
    """What members paid in a month, named by its first day, in minor units of one currency."""

    month: date
    orders: int
    amount: int
    currency: Currency


class MonthChurn(msgspec.Struct):
    """A month's members at its start, those of them it lost, and those it gained.

    `rate` is lost per member, from 0 to 1; None without members.
    """

    month: date
    members: int
    lost: int
    gained: int
    rate: float | None


class MembersFigures(msgspec.Struct):
    """A shop's members by state, its plans, and each month of a range."""

    states: dict[MembershipState, int]
    plans: list[PlanName]
    revenue: list[MonthRevenue]
    churn: list[MonthChurn]


class ChannelAnswer(msgspec.Struct):
    """A channel and how the bot stands in it. `checked_at`: when its members were last compared."""

    id: int
    title: str
    state: ChannelState
    missing_rights: list[str]
    enforcement: Enforcement
    checked_at: Moment | None


class ChannelList(msgspec.Struct):
    """A shop's channels, in the order they were connected."""

    items: list[ChannelAnswer]


class ChannelPerson(msgspec.Struct):
    """Somebody in or before a channel; the name is empty where we never met."""

    telegram_id: int
    name: str
    username: str | None


class ChannelPeople(msgspec.Struct):
    """How many people, and the first of them by name."""

    total: int
    people: list[ChannelPerson]


class ChannelDifferences(msgspec.Struct):
    """Who is in a channel without a grant, and who has a grant and is missing from it."""

    without_grant: ChannelPeople
    missing: ChannelPeople


class ChannelEventAnswer(msgspec.Struct):
    """Something that happened in a channel, which is named by its title. `person`: who it was about."""

    id: int
    channel: str
    kind: EventKind
    person: ChannelPerson | None
    at: Moment
    resolved_at: Moment | None


class ChannelEventPage(Paging):
    """What happened in a shop's channels, newest first."""

    items: list[ChannelEventAnswer]
