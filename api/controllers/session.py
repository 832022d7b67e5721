"""Signing in to the Mini App, and what people set for themselves."""

from typing import Any

from litestar import Controller, patch, post
from litestar.params import JSONBody
from sqlmodel import Session

from api.auth import require_session
from api.context import AppContext, SharedShop
from api.limits import GUESSES
from api.requests import AnyRequest, client_address
from api.shapes import Json, moment
from core.kit.errors import NotAllowed
from core.people.initdata import InitData, InitDataKeys, read_init_data
from core.people.people import choose_language
from core.people.sellers import shop_of
from core.people.sessions import open_session
from core.uploads.opening import rules_of
from core.uploads.parts import BATCH
from schemas.base import utc_now
from schemas.miniapp import MeChange, SessionRequest
from schemas.people import User


class SessionController(Controller):
    """`/api/session`: initData for a token of one hour."""

    path = "/api"
    tags = ("mini app",)

    @post("/session", status_code=200)
    async def sign_in(self, shop: SharedShop, request: AnyRequest, data: JSONBody[SessionRequest]) -> Json:
        """Who vouches for the person is Telegram; bad initData counts as a guess."""
        address = client_address(request, trusted_proxy=shop.settings.trusted_proxy)
        await shop.limiter.check(GUESSES, address)
        try:
            checked = read_init_data(data.init_data, _keys(shop), now=utc_now())
            return await shop.run(lambda session: _open(session, shop, checked))
        except NotAllowed:
            await shop.limiter.count(GUESSES, address)
            raise

    @patch("/me", guards=[require_session])
    async def change_me(self, shop: SharedShop, request: AnyRequest, data: JSONBody[MeChange]) -> Json:
        """Choose a language for good, here and in the bot."""
        user_id = request.state.user_id
        await shop.run(lambda s: choose_language(s, s.get_one(User, user_id), data.language))
        return {"language": data.language}


def _keys(shop: AppContext) -> InitDataKeys:
    return InitDataKeys(shop.settings.init_data_secret, shop.settings.bot_id)


def _open(session: Session, shop: AppContext, checked: InitData) -> Json:
    opened, settings = open_session(session, checked, now=utc_now()), shop.settings
    rules = rules_of(settings)
    user = opened.user
    limits = {"max_upload_size": rules.max_size, "part_batch": BATCH, "upload_days": rules.days}
    return {
        "token": opened.token,
        "expires_at": moment(opened.expires_at),
        "user": {"id": user.id, "name": user.name, "language": user.language, "roles": list(user.roles)},
        "shop": _shop(session, user),
        "limits": limits,
        "shop_name": settings.shop_name,
        "bot_username": settings.bot_username,
        "upload_policy": rules.policy,
    }


def _shop(session: Session, user: User) -> dict[str, Any] | None:
    shop = shop_of(session, user.id or 0)
    if shop is None:
        return None
    return {"id": shop.id, "name": shop.name, "status": shop.status, "rails": list(shop.rails)}
