"""Memberships in the Mini App: what members hold and do."""

from collections.abc import Callable
from datetime import datetime
from typing import Annotated, Any, Literal

from litestar import Controller, get, post
from litestar.params import FromPath, JSONBody, PathParameter
from sqlmodel import Session

from api.answers.common import answer_of
from api.answers.memberships import membership_answer, plan_targets
from api.auth import as_person, require_session
from api.context import AppContext, SharedShop
from api.problems import answers
from api.requests import AnyRequest
from core.jobs.request_reply import call
from core.kit.rows import id_of
from core.memberships import member_actions, miniapp_views, plan_changes
from core.memberships.queries import card
from core.payments.placing import place_for_stars
from core.payments.waiver import Waiver
from schemas import ephemeral_jobs
from schemas.base import utc_now
from schemas.card_jobs import ChangePlan
from schemas.http import LARGEST
from schemas.miniapp_memberships import (
    InvoiceAnswer,
    MembershipAnswer,
    MembershipList,
    PlanAgreement,
    PlanPrice,
    PlanTargets,
    PortalAnswer,
    RenewalRequest,
)
from schemas.people import User

STRIPE_WAIT = 20.0  # seconds: Stripe takes a few
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
        policy, settings = shop.policy, shop.settings
        memberships = await as_person(
            shop,
            request,
            lambda s, u: miniapp_views.own_memberships(s, u, policy=policy, settings=settings, now=now),
        )
        return MembershipList([membership_answer(membership) for membership in memberships])

    @get("/{membership_id:int}", responses=answers(400, 401, 403, 404, 429))
    async def show(self, shop: SharedShop, request: AnyRequest, membership_id: Number) -> MembershipAnswer:
        """One of them."""
        now = utc_now()
        return await as_person(shop, request, lambda s, user: _shown(s, shop, user, membership_id, now))

    @post("/{membership_id:int}/renew", status_code=200, responses=answers(400, 401, 403, 404, 409, 422, 429))
    async def renew(
        self,
        shop: SharedShop,
        request: AnyRequest,
        membership_id: Number,
        data: JSONBody[RenewalRequest | None] = None,
    ) -> InvoiceAnswer:
        """The address of an invoice in Stars for the Mini App to open; asked again, of the same order."""
        waiver = Waiver(shop.settings.withdrawal_waiver, data.waiver if data else "")
        order_id = await as_person(
            shop, request, lambda s, user: _order_again(s, shop, user, membership_id, waiver)
        )
        invoice = await call(shop.redis, ephemeral_jobs.MakeInvoice(order_id=order_id), INVOICE_WAIT)
        return answer_of(invoice, InvoiceAnswer)

    @post("/{membership_id:int}/portal", status_code=200, responses=answers(400, 401, 403, 404, 409, 429))
    async def open_portal(self, shop: SharedShop, request: AnyRequest, membership_id: Number) -> PortalAnswer:
        """The address of Stripe's page of the cards and invoices by which a membership is paid."""
        await as_person(shop, request, lambda s, user: member_actions.check_card(s, user, membership_id))
        opened = await call(shop.redis, ephemeral_jobs.OpenPortal(membership_id=membership_id), STRIPE_WAIT)
        return answer_of(opened, PortalAnswer)

    @get("/{membership_id:int}/plans", responses=answers(400, 401, 403, 404, 429))
    async def list_plans(self, shop: SharedShop, request: AnyRequest, membership_id: Number) -> PlanTargets:
        """The plans that it may be changed to now, where a card is charged for it."""
        now = utc_now()

        def find(session: Session, user: User) -> PlanTargets:
            membership = member_actions.own_membership(session, user, membership_id)
            return plan_targets(plan_changes.targets(session, membership, now=now))

        return await as_person(shop, request, find)

    @post(
        "/{membership_id:int}/plans/{plan_id:int}/price",
        status_code=200,
        responses=answers(400, 401, 403, 404, 409, 429),
    )
    async def price_plan(
        self, shop: SharedShop, request: AnyRequest, membership_id: Number, plan_id: Number
    ) -> PlanPrice:
        """What a change to a plan costs at this moment, by Stripe."""
        now = utc_now()
        await as_person(
            shop, request, lambda s, user: plan_changes.target(s, user, membership_id, plan_id, now=now)
        )
        question = ephemeral_jobs.PricePlan(membership_id=membership_id, plan_id=plan_id)
        return answer_of(await call(shop.redis, question, STRIPE_WAIT), PlanPrice)

    @post(
        "/{membership_id:int}/plans/{plan_id:int}",
        status_code=200,
        responses=answers(400, 401, 403, 404, 409, 429),
    )
    async def change_plan(
        self,
        shop: SharedShop,
        request: AnyRequest,
        membership_id: Number,
        plan_id: Number,
        data: JSONBody[PlanAgreement],
    ) -> MembershipAnswer:
        """Change to a plan for what was shown; the new membership follows, and the bot tells of it."""
        now = utc_now()
        taken = ChangePlan(
            membership_id=membership_id, plan_id=plan_id, prorated_at=data.prorated_at, due=data.due
        )

        def do(session: Session, user: User) -> MembershipAnswer:
            plan_changes.ask_change(session, user, taken, now=now)
            return _shown(session, shop, user, membership_id, now)

        return await as_person(shop, request, do)

    @post("/{membership_id:int}/{act:str}", status_code=200, responses=answers(400, 401, 403, 404, 409, 429))
    async def act(
        self, shop: SharedShop, request: AnyRequest, membership_id: Number, act: FromPath[Act]
    ) -> MembershipAnswer:
        """Cancel at the end, take that back, pause, resume, or have the ways in sent again."""
        now = utc_now()

        def do(session: Session, user: User) -> MembershipAnswer:
            ACTS[act](session, user, membership_id, now=now)
            session.flush()
            return _shown(session, shop, user, membership_id, now)

        return await as_person(shop, request, do)


def _shown(
    session: Session, shop: AppContext, user: User, membership_id: int, now: datetime
) -> MembershipAnswer:
    membership = miniapp_views.own_membership(
        session, user, membership_id, policy=shop.policy, settings=shop.settings, now=now
    )
    return membership_answer(membership)


def _order_again(session: Session, shop: AppContext, user: User, membership_id: int, waiver: Waiver) -> int:
    """Order the plan of a membership once more, for Stars; the order's id."""
    now = utc_now()
    membership = card(session, id_of(user), membership_id, now=now)
    ttl = shop.settings.order_ttl
    order = place_for_stars(
        session, user, membership.plan_id, policy=shop.policy, order_ttl=ttl, now=now, waiver=waiver
    )
    return id_of(order)
