"""Access over HTTP, at the paths of the requirements C7, C31 and C33 to C35."""

from litestar import Controller, get, post
from litestar.params import JSONBody
from sqlmodel import Session

from api.auth import as_person, require_act, require_caller, require_session
from api.calls import count_mail, limit_calls
from api.context import AppContext, SharedShop
from api.limits import TRANSFERS
from api.problems import answers
from api.requests import AnyRequest, client_address
from core.kit.rows import id_of
from core.memberships.access_figures import access_numbers
from core.memberships.member_actions import revoke_person
from core.memberships.queries import Card, memberships_of
from core.notifications.addresses import clean_address, give_order_address
from core.orders.orders import order_number
from core.payments.bot_links import bot_link
from core.payments.placing import place
from core.payments.rails.manual.transfers import submit_manual
from core.people.people import user_of
from schemas.api import (
    AccessLine,
    BotLinkAnswer,
    BotLinkRequest,
    InviteNumbers,
    MemberNumbers,
    PendingPaymentAnswer,
    PendingPaymentRequest,
    RevokeAnswer,
    RevokeRequest,
    StatsAnswer,
    StatusAnswer,
    TokenNumbers,
)
from schemas.base import utc_now
from schemas.people import User


class AccessController(Controller):
    """From a payment to Telegram, and how access stands there."""

    path = "/api/telegram"
    tags = ("access",)
    guards = (limit_calls,)

    @post(
        "/generate-token",
        status_code=200,
        guards=[require_caller],
        opt={"act": "resend_order"},
        security=[{"person": []}, {"staff": []}],
        responses=answers(400, 401, 403, 404, 409, 413, 429),
    )
    async def generate_token(
        self, shop: SharedShop, request: AnyRequest, data: JSONBody[BotLinkRequest]
    ) -> BotLinkAnswer:
        """A link that opens a paid order in Telegram: people for their own orders, staff for any."""
        user_id, actor = request.state.user_id, request.state.actor

        def work(session: Session) -> BotLinkAnswer:
            link = bot_link(
                session,
                data.payment_id,
                data.transaction_id,
                bot_username=shop.settings.bot_username,
                actor=actor,
                user_id=user_id,
                now=utc_now(),
            )
            return BotLinkAnswer(True, link.url, link.token, link.expires_at, link.notification_id)

        return await shop.run(work)

    @get(
        "/status",
        guards=[require_session],
        security=[{"person": []}],
        responses=answers(401, 403, 429),
    )
    async def show_status(self, shop: SharedShop, request: AnyRequest) -> StatusAnswer:
        """What the person is a member of, channel by channel."""
        return await as_person(shop, request, _status)

    @post(
        "/revoke-access",
        status_code=200,
        guards=[require_act],
        opt={"act": "revoke_access"},
        security=[{"staff": []}],
        responses=answers(400, 401, 403, 404, 413, 429),
    )
    async def revoke_access(
        self, shop: SharedShop, request: AnyRequest, data: JSONBody[RevokeRequest]
    ) -> RevokeAnswer:
        """End all access of a person at once. Asked again, nothing more happens."""
        actor = request.state.actor

        def work(session: Session) -> RevokeAnswer:
            user_of(session, data.user_id)
            ended = revoke_person(session, data.user_id, reason=data.reason, actor=actor, now=utc_now())
            return RevokeAnswer(True, ended)

        return await shop.run(work)

    @get(
        "/admin/stats",
        guards=[require_act],
        opt={"act": "see_orders"},
        security=[{"staff": []}],
        responses=answers(401, 403, 429),
    )
    async def show_stats(self, shop: SharedShop) -> StatsAnswer:
        """Tokens, invites and members of the whole shop in numbers."""
        numbers = await shop.read(lambda session: access_numbers(session, now=utc_now()))
        return StatsAnswer(
            TokenNumbers(numbers.tokens, numbers.pending, numbers.used, numbers.recent_tokens),
            InviteNumbers(numbers.invites, numbers.accepted, numbers.acceptance_rate),
            MemberNumbers(numbers.members, numbers.active, numbers.joins),
        )


class PendingPaymentController(Controller):
    """Transfers that people say they have made."""

    path = "/api/payments/pending-payments"
    tags = ("access",)
    guards = (limit_calls,)

    @post("/create", responses=answers(400, 404, 409, 413, 422, 429))
    async def create(
        self, shop: SharedShop, request: AnyRequest, data: JSONBody[PendingPaymentRequest]
    ) -> PendingPaymentAnswer:
        """An order whose transfer staff look for. It needs no token: the order belongs to who claims it."""
        address = client_address(request, trusted_proxy=shop.settings.trusted_proxy)
        await shop.limiter.count(TRANSFERS, address)
        if data.user_info.email:
            shop.require_mail()
            await count_mail(shop, address, clean_address(data.user_info.email))
        return await shop.run(lambda session: _submit(session, shop, data))


def _submit(session: Session, shop: AppContext, data: PendingPaymentRequest) -> PendingPaymentAnswer:
    now, who = utc_now(), data.user_info
    placed = place(
        session,
        product_id=data.offer_id,
        rail="manual",
        entry="web",
        buyer=None,
        language=who.language,
        policy=shop.policy,
        order_ttl=shop.settings.order_ttl,
        now=now,
        idempotency_key=data.idempotency_key,
    )
    submit_manual(session, placed.order, data.transaction_id, now)
    if who.email:
        give_order_address(session, placed.order, who.email, now=now)
    session.refresh(placed.order)
    return PendingPaymentAnswer(
        True, order_number(placed.order), placed.order.status, f"/o/{placed.page_token}"
    )


def _status(session: Session, user: User) -> StatusAnswer:
    cards = memberships_of(session, id_of(user), now=utc_now())
    return StatusAnswer(
        memberships=[line for card in cards for line in _lines(card)],
        telegram_username=user.username,
        has_active_subscription=any(card.can_enter for card in cards),
    )


def _lines(card: Card) -> list[AccessLine]:
    return [
        AccessLine(
            card.membership_id,
            place.title,
            card.title,
            place.joined_at,
            card.access_until,
            card.can_enter,
            card.days_left,
        )
        for place in card.channels
    ]
