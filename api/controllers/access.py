"""Access over HTTP, at the paths of the requirements C7, C31 and C33 to C35."""

from datetime import timedelta

from litestar import Controller, get, post
from litestar.params import JSONBody
from sqlmodel import Session

from api.auth import as_person, require_act, require_caller, require_session
from api.context import SharedShop
from api.problems import answers
from api.requests import AnyRequest
from core.kit.rows import id_of
from core.memberships.access_figures import access_numbers
from core.memberships.putting_out import reason_of, revoke_person
from core.memberships.queries import Card, memberships_of
from core.memberships.transitions import Ending
from core.payments.bot_links import bot_link
from core.people.people import user_of
from schemas.api import (
    AccessLine,
    BotLinkAnswer,
    BotLinkRequest,
    InviteNumbers,
    MemberNumbers,
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
                life=timedelta(seconds=shop.settings.start_link_ttl),
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
        """End all access of a person at once, in one shop or in all, and bar them. Asked again, nothing more
        happens."""
        actor = request.state.actor

        def work(session: Session) -> RevokeAnswer:
            user_of(session, data.user_id)
            ending = Ending("staff", *reason_of(data.reason))
            ended = revoke_person(
                session, data.user_id, ending=ending, actor=actor, now=utc_now(), seller_id=data.seller_id
            )
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
            None if card.is_endless else card.days_left,
        )
        for place in card.channels
    ]
