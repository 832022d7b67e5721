"""Members in the Mini App: what a seller sees of members and channels."""

from typing import Annotated

from litestar import Controller, get, post
from litestar.params import JSONBody, PathParameter, QueryParameter
from sqlmodel import Session

from api.answers.memberships import (
    channel_answer,
    channel_differences,
    channel_events,
    member_answer,
    member_page,
    members_figures,
)
from api.auth import as_person, require_session
from api.context import SharedShop
from api.parameters import PageNumber, Words
from api.problems import answers
from api.requests import AnyRequest
from core.memberships import miniapp_views, putting_out
from schemas.base import utc_now
from schemas.http import LARGEST
from schemas.membership import MembershipState
from schemas.miniapp_memberships import (
    ChannelDifferences,
    ChannelEventPage,
    ChannelList,
    Member,
    MemberPage,
    MembersFigures,
    PutOutRequest,
)
from schemas.people import User

ChannelId = Annotated[int, PathParameter(ge=1, le=LARGEST)]
MembershipId = Annotated[int, PathParameter(ge=1, le=LARGEST)]
Months = Annotated[int, QueryParameter(name="months", ge=1, le=36)]
PlanId = Annotated[int | None, QueryParameter(name="plan", ge=1, le=LARGEST)]
Stand = Annotated[MembershipState | None, QueryParameter(name="state")]


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

    @post("/{membership_id:int}/put-out", status_code=200, responses=answers(400, 401, 403, 404, 413, 429))
    async def put_out(
        self,
        shop: SharedShop,
        request: AnyRequest,
        membership_id: MembershipId,
        data: JSONBody[PutOutRequest],
    ) -> Member:
        """End all access of a member to the shop and bar them. Asked again, nothing more happens."""

        def do(session: Session, user: User) -> Member:
            reason, words, now = data.reason, data.words, utc_now()
            putting_out.put_out(session, membership_id, reason=reason, words=words, actor=user, now=now)
            return member_answer(putting_out.line_of(session, membership_id, actor=user))

        return await as_person(shop, request, do)

    @post("/{membership_id:int}/let-in", status_code=200, responses=answers(400, 401, 403, 404, 429))
    async def let_in(self, shop: SharedShop, request: AnyRequest, membership_id: MembershipId) -> Member:
        """Let a member buy in the shop again who was put out of it."""

        def do(session: Session, user: User) -> Member:
            putting_out.let_in(session, membership_id, actor=user, now=utc_now())
            return member_answer(putting_out.line_of(session, membership_id, actor=user))

        return await as_person(shop, request, do)

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
        self, shop: SharedShop, request: AnyRequest, channel_id: ChannelId
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
