"""Memberships in the Mini App: what members hold and do, and what a seller sees of members and channels."""

from collections.abc import Callable
from typing import Annotated, Any, Literal

from litestar import Controller, get, post
from litestar.params import FromPath, PathParameter, QueryParameter
from sqlmodel import Session

from api.answers.common import answer_of
from api.answers.memberships import (
    channel_answer,
    channel_differences,
    channel_events,
    member_page,
    members_figures,
    membership_answer,
)
from api.auth import as_person, require_session
from api.context import AppContext, SharedShop
from api.controllers.shop import PageNumber
from api.problems import answers
from api.requests import AnyRequest
from core.jobs.request_reply import call
from core.kit.rows import id_of
from core.memberships import member_actions, miniapp_views
from core.memberships.queries import card
from core.payments.placing import place
from schemas import ephemeral_jobs
from schemas.base import utc_now
from schemas.http import LARGEST
from schemas.membership import MembershipState
from schemas.miniapp_memberships import (
    ChannelDifferences,
    ChannelEventPage,
    ChannelList,
    InvoiceAnswer,
    MemberPage,
    MembersFigures,
    MembershipAnswer,
    MembershipList,
)
from schemas.people import User

INVOICE_WAIT = 8.0  # seconds for Telegram to give an invoice its address; the page waits 30
Act = Literal["cancel", "undo", "pause", "resume", "join"]
ACTS: dict[str, Callable[..., Any]] = {
    "cancel": member_actions.cancel,
    "undo": member_actions.undo_cancel,
    "pause": member_actions.pause,
    "resume": member_actions.resume,
    "join": member_actions.reissue,
}
Number = Annotated[int, PathParameter(ge=1, le=LARGEST)]
Months = Annotated[int, QueryParameter(name="months", ge=1, le=36)]
Words = Annotated[str, QueryParameter(name="words", max_length=100)]
PlanId = Annotated[int | None, QueryParameter(name="plan", ge=1, le=LARGEST)]
Stand = Annotated[MembershipState | None, QueryParameter(name="state")]


class MembershipController(Controller):
    """What the session's person is a member of."""

    path = "/api/memberships"
    tags = ("mini app",)
    guards = (require_session,)
    security = ({"person": []},)

    @get(responses=answers(401, 403, 429))
    async def list_memberships(self, shop: SharedShop, request: AnyRequest) -> MembershipList:
        """All memberships that the person ever held: those that run first."""
        now = utc_now()
        memberships = await as_person(
            shop, request, lambda s, user: miniapp_views.own_memberships(s, user, policy=shop.policy, now=now)
        )
        return MembershipList([membership_answer(membership, shop) for membership in memberships])

    @get("/{membership_id:int}", responses=answers(400, 401, 403, 404, 429))
    async def show(self, shop: SharedShop, request: AnyRequest, membership_id: Number) -> MembershipAnswer:
        """One of them."""
        now = utc_now()
        membership = await as_person(
            shop,
            request,
            lambda s, user: miniapp_views.own_membership(s, user, membership_id, policy=shop.policy, now=now),
        )
        return membership_answer(membership, shop)

    @post("/{membership_id:int}/renew", status_code=200, responses=answers(400, 401, 403, 404, 409, 422, 429))
    async def renew(self, shop: SharedShop, request: AnyRequest, membership_id: Number) -> InvoiceAnswer:
        """The address of an invoice in Stars for the Mini App to open; asked again, of the same order."""
        order_id = await as_person(shop, request, lambda s, user: _order_again(s, shop, user, membership_id))
        invoice = await call(shop.redis, ephemeral_jobs.MakeInvoice(order_id=order_id), INVOICE_WAIT)
        return answer_of(invoice, InvoiceAnswer)

    @post("/{membership_id:int}/{act:str}", status_code=200, responses=answers(400, 401, 403, 404, 409, 429))
    async def act(
        self, shop: SharedShop, request: AnyRequest, membership_id: Number, act: FromPath[Act]
    ) -> MembershipAnswer:
        """Cancel at the end, take that back, pause, resume, or have the ways in sent again."""
        now = utc_now()

        def do(session: Session, user: User) -> miniapp_views.OwnMembership:
            ACTS[act](session, user, membership_id, now=now)
            session.flush()
            return miniapp_views.own_membership(session, user, membership_id, policy=shop.policy, now=now)

        return membership_answer(await as_person(shop, request, do), shop)


class MemberController(Controller):
    """Members and channels of the session's person's shop."""

    path = "/api/members"
    tags = ("mini app",)
    guards = (require_session,)
    security = ({"person": []},)

    @get(responses=answers(400, 401, 403, 429))
    async def list_members(
        self,
        shop: SharedShop,
        request: AnyRequest,
        page: PageNumber = 1,
        words: Words = "",
        plan: PlanId = None,
        stand: Stand = None,
    ) -> MemberPage:
        """Members by name, plan and state, newest first."""
        states = (stand,) if stand else ()
        members = await as_person(
            shop,
            request,
            lambda s, u: miniapp_views.members(s, u, words, page=page, plan_id=plan, states=states),
        )
        return member_page(members)

    @get("/figures", responses=answers(400, 401, 403, 404, 429))
    async def figures(self, shop: SharedShop, request: AnyRequest, months: Months = 12) -> MembersFigures:
        """Members by state; revenue and churn of each month."""
        now = utc_now()
        figures = await as_person(
            shop, request, lambda s, u: miniapp_views.figures(s, u, months=months, now=now)
        )
        return members_figures(figures)

    @get("/channels", responses=answers(401, 403, 404, 429))
    async def channels(self, shop: SharedShop, request: AnyRequest) -> ChannelList:
        """The shop's channels and how the bot stands in each."""
        channels = await as_person(shop, request, miniapp_views.channels)
        return ChannelList([channel_answer(channel) for channel in channels])

    @get("/channels/{channel_id:int}/differences", responses=answers(400, 401, 403, 404, 429))
    async def differences(
        self, shop: SharedShop, request: AnyRequest, channel_id: Number
    ) -> ChannelDifferences:
        """Members without a grant and grants without a member, as far as the roster is known."""
        now = utc_now()
        compared = await as_person(
            shop, request, lambda s, u: miniapp_views.compared(s, u, channel_id, now=now)
        )
        return channel_differences(compared)

    @get("/events", responses=answers(400, 401, 403, 404, 429))
    async def events(self, shop: SharedShop, request: AnyRequest, page: PageNumber = 1) -> ChannelEventPage:
        """Strangers, alarms and differences of all channels, newest first."""
        events, people = await as_person(shop, request, lambda s, u: miniapp_views.events(s, u, page=page))
        return channel_events(events, people)


def _order_again(session: Session, shop: AppContext, user: User, membership_id: int) -> int:
    """Order the plan of a membership once more, for Stars; the order's id."""
    now = utc_now()
    membership = card(session, id_of(user), membership_id, now=now)
    placed = place(
        session,
        product_id=membership.plan_id,
        rail="stars",
        entry="bot",
        buyer=user,
        language=user.language,
        policy=shop.policy,
        order_ttl=shop.settings.order_ttl,
        now=now,
    )
    return id_of(placed.order)
