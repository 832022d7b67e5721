"""Memberships, members and channels as the Mini App gets them."""

from collections.abc import Sequence

from msgspec import convert

from api.answers.common import answer_of, moment
from core.kit.pagination import Page
from core.kit.rows import id_of
from core.memberships.channels import EventLine
from core.memberships.miniapp_views import Compared, Figures, OwnMembership, Somebody
from core.memberships.plan_changes import Target
from core.memberships.queries import Card
from core.memberships.seller_figures import Churn, Revenue
from core.memberships.shop_members import MemberLine
from core.orders.shown_texts import newest
from core.payments.offers import Offers
from schemas.answers import MoneyAnswer
from schemas.membership import Channel, EventKind, MembershipState
from schemas.miniapp_memberships import (
    ChannelAnswer,
    ChannelDifferences,
    ChannelEventAnswer,
    ChannelEventPage,
    ChannelPeople,
    ChannelPerson,
    Member,
    MemberPage,
    MembersFigures,
    MembershipActs,
    MembershipAnswer,
    MembershipChannel,
    MonthChurn,
    MonthRevenue,
    PlanName,
    PlanTarget,
    PlanTargets,
    Renewal,
)


def membership_answer(membership: OwnMembership) -> MembershipAnswer:
    """A membership with what its holder can do."""
    card = membership.card
    return MembershipAnswer(
        id=card.membership_id,
        title=card.title,
        seller_name=card.seller_name,
        state=convert(card.state, MembershipState),
        started_at=moment(card.started_at),
        ends_at=moment(card.ends_at),
        access_until=moment(card.access_until),
        days_left=card.days_left if card.time_left is not None else None,
        share_left=round(membership.share_left, 3),
        reason=card.reason,
        subscription=card.subscription,
        by_card=card.by_card,
        then=answer_of(card.then, MoneyAnswer) if card.then else None,
        order_number=card.order_number,
        channels=[
            MembershipChannel(
                place.channel_id, place.title, place.inside, membership.links.get(place.channel_id)
            )
            for place in card.channels
        ],
        can=_acts(card),
        renew=_renewal(membership.renewal) if membership.renewal else None,
    )


def plan_targets(targets: Sequence[Target]) -> PlanTargets:
    """What a membership may be changed to."""
    return PlanTargets(
        [
            PlanTarget(one.plan_id, one.title, answer_of(one.price, MoneyAnswer), moment(one.next_at))
            for one in targets
        ]
    )


def member_answer(line: MemberLine) -> Member:
    """One member as the seller sees them."""
    return Member(
        id=line.membership_id,
        telegram_id=line.telegram_id,
        name=line.name,
        username=line.username,
        plan=line.plan,
        state=convert(line.state, MembershipState),
        ends_at=moment(line.ends_at),
        barred=line.barred,
    )


def member_page(page: Page[MemberLine]) -> MemberPage:
    """One page of a shop's members."""
    return MemberPage(page.number, page.pages, page.total, [member_answer(line) for line in page.items])


def members_figures(figures: Figures) -> MembersFigures:
    """A shop's members by state, and month by month what they paid and who left."""
    return MembersFigures(
        convert(figures.states, dict[MembershipState, int]),
        [PlanName(number, title) for number, title in figures.plans],
        [_revenue(line) for line in figures.revenue],
        [_churn(line) for line in figures.churn],
    )


def channel_answer(channel: Channel) -> ChannelAnswer:
    """A channel and how the bot stands in it."""
    return ChannelAnswer(
        id=id_of(channel),
        title=newest(channel),
        state=channel.state,
        missing_rights=list(channel.missing),
        enforcement=channel.enforcement,
        checked_at=moment(channel.checked_at),
    )


def channel_differences(compared: Compared) -> ChannelDifferences:
    """Who is in without a grant, and who is not in with one: how many, and the first by name."""
    return ChannelDifferences(
        ChannelPeople(compared.without_grant, _people(compared.strangers)),
        ChannelPeople(compared.missing, _people(compared.absent)),
    )


def channel_events(page: Page[EventLine], people: dict[int, Somebody]) -> ChannelEventPage:
    """One page of what happened in a shop's channels; `people` by Telegram id."""
    return ChannelEventPage(
        page.number, page.pages, page.total, [_event(line, people) for line in page.items]
    )


def _acts(card: Card) -> MembershipActs:
    return MembershipActs(
        card.can_enter, card.can_cancel, card.can_undo, card.can_pause, card.can_resume, card.can_change
    )


def _renewal(offers: Offers) -> Renewal:
    """How it is renewed: for Stars in here, and on the site where the policy lets the Mini App lead there."""
    stars = offers.prices["stars"][0] if "stars" in offers.here else None
    return Renewal(answer_of(stars, MoneyAnswer) if stars else None, offers.site or None)


def _revenue(line: Revenue) -> MonthRevenue:
    paid = answer_of(line.money, MoneyAnswer)
    return MonthRevenue(line.month.date(), line.orders, paid.amount, paid.currency)


def _churn(line: Churn) -> MonthChurn:
    return MonthChurn(line.month.date(), line.members, line.lost, line.gained, line.rate)


def _people(people: list[Somebody]) -> list[ChannelPerson]:
    return [answer_of(person, ChannelPerson) for person in people]


def _event(line: EventLine, people: dict[int, Somebody]) -> ChannelEventAnswer:
    about = people.get(line.telegram_id) if line.telegram_id is not None else None
    return ChannelEventAnswer(
        id=line.id,
        channel=line.channel,
        kind=convert(line.kind, EventKind),
        person=answer_of(about, ChannelPerson) if about else None,
        at=moment(line.at),
        resolved_at=moment(line.resolved_at),
    )
