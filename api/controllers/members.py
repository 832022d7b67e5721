"""Memberships in the Mini App: what members hold and do, and what a seller sees of members and channels."""

from collections.abc import Callable
from typing import Annotated, Any, Literal

from litestar import Controller, get, post
from litestar.params import FromPath, PathParameter, QueryParameter
from sqlmodel import Session

from api import member_shapes, shapes
from api.auth import as_person, require_session
from api.context import SharedShop
from api.controllers.shop import PageNumber
from api.requests import AnyRequest
from api.shapes import Json
from core.jobs.request_reply import call
from core.kit.rows import id_of
from core.memberships import member_actions, miniapp_views
from core.memberships.queries import card
from core.orders.orders import place
from schemas import ephemeral_jobs
from schemas.base import utc_now
from schemas.http import LARGEST
from schemas.membership import MembershipState
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

    @get()
    async def list_memberships(self, shop: SharedShop, request: AnyRequest) -> Json:
        """All memberships that the person ever held: those that run first."""
        now = utc_now()
        found = await as_person(
            shop, request, lambda s, user: miniapp_views.held(s, user, policy=shop.policy, now=now)
        )
        return {"items": [member_shapes.membership(item, shop) for item in found]}

    @get("/{membership_id:int}")
    async def show(self, shop: SharedShop, request: AnyRequest, membership_id: Number) -> Json:
        """One of them."""
        now = utc_now()
        found = await as_person(
            shop,
            request,
            lambda s, user: miniapp_views.held_one(s, user, membership_id, policy=shop.policy, now=now),
        )
        return member_shapes.membership(found, shop)

    @post("/{membership_id:int}/renew", status_code=200)
    async def renew(self, shop: SharedShop, request: AnyRequest, membership_id: Number) -> Json:
        """The address of an invoice in Stars for the Mini App to open; asked again, of the same order."""
        now = utc_now()

        def order(session: Session, user: User) -> int:
            held = card(session, id_of(user), membership_id, now=now)
            placed = place(
                session,
                product_id=held.plan_id,
                rail="stars",
                entry="bot",
                buyer=user,
                language=user.language,
                policy=shop.policy,
                order_ttl=shop.settings.order_ttl,
                now=now,
            )
            return id_of(placed.order)

        order_id = await as_person(shop, request, order)
        return await call(shop.redis, ephemeral_jobs.MakeInvoice(order_id=order_id), INVOICE_WAIT)

    @post("/{membership_id:int}/{act:str}", status_code=200)
    async def act(
        self, shop: SharedShop, request: AnyRequest, membership_id: Number, act: FromPath[Act]
    ) -> Json:
        """Cancel at the end, take that back, pause, resume, or have the ways in sent again."""
        now = utc_now()

        def do(session: Session, user: User) -> miniapp_views.Held:
            ACTS[act](session, user, membership_id, now=now)
            session.flush()
            return miniapp_views.held_one(session, user, membership_id, policy=shop.policy, now=now)

        return member_shapes.membership(await as_person(shop, request, do), shop)


class MemberController(Controller):
    """Members and channels of the session's person's shop."""

    path = "/api/members"
    tags = ("mini app",)
    guards = (require_session,)

    @get()
    async def list_members(
        self,
        shop: SharedShop,
        request: AnyRequest,
        page: PageNumber = 1,
        words: Words = "",
        plan: PlanId = None,
        stand: Stand = None,
    ) -> Json:
        """Members by name, plan and state, newest first."""
        states = (stand,) if stand else ()
        found = await as_person(
            shop,
            request,
            lambda s, u: miniapp_views.members(s, u, words, page=page, plan_id=plan, states=states),
        )
        return shapes.page_of(found, [member_shapes.member(line) for line in found.items])

    @get("/figures")
    async def figures(self, shop: SharedShop, request: AnyRequest, months: Months = 12) -> Json:
        """Members by state; revenue and churn of each month."""
        now = utc_now()
        found = await as_person(
            shop, request, lambda s, u: miniapp_views.figures(s, u, months=months, now=now)
        )
        return member_shapes.members_figures(found)

    @get("/channels")
    async def channels(self, shop: SharedShop, request: AnyRequest) -> Json:
        """The shop's channels and how the bot stands in each."""
        found = await as_person(shop, request, miniapp_views.channels)
        return {"items": [member_shapes.channel(row) for row in found]}

    @get("/channels/{channel_id:int}/differences")
    async def differences(self, shop: SharedShop, request: AnyRequest, channel_id: Number) -> Json:
        """Members without a grant and grants without a member, as far as the roster is known."""
        now = utc_now()
        found = await as_person(shop, request, lambda s, u: miniapp_views.compared(s, u, channel_id, now=now))
        return member_shapes.compared(found)

    @get("/events")
    async def events(self, shop: SharedShop, request: AnyRequest, page: PageNumber = 1) -> Json:
        """Strangers, alarms and differences of all channels, newest first."""
        found, people = await as_person(shop, request, lambda s, u: miniapp_views.events(s, u, page=page))
        return shapes.page_of(found, [member_shapes.event(line, people) for line in found.items])
