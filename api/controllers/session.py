"""Signing in to the Mini App, and what people set for themselves."""

import msgspec
from litestar import Controller, patch, post
from litestar.params import JSONBody
from sqlmodel import Session

from api.answers.common import answer_of, moment
from api.auth import require_session
from api.context import AppContext, SharedShop
from api.problems import answers
from api.requests import AnyRequest, client_address
from core.kit.rows import id_of
from core.people.initdata import PRODUCTION_KEY, TEST_KEY, InitData, InitDataKeys, read_init_data
from core.people.people import choose_language
from core.people.sellers import shop_of
from core.people.sessions import open_session
from core.uploads.opening import largest, rules_of
from core.uploads.parts import BATCH
from schemas.base import utc_now
from schemas.miniapp import MeChange, SessionRequest
from schemas.miniapp_session import (
    LanguageAnswer,
    SessionAnswer,
    SessionShop,
    SessionUser,
    UploadLimits,
)
from schemas.people import Language, User
from schemas.uploads import Policy


class SessionController(Controller):
    """`/api/session`: initData for a token of one hour."""

    path = "/api"
    tags = ("mini app",)

    @post("/session", status_code=200, responses=answers(400, 401, 403, 413, 429))
    async def sign_in(
        self, shop: SharedShop, request: AnyRequest, data: JSONBody[SessionRequest]
    ) -> SessionAnswer:
        """Who vouches for the person is Telegram; bad initData counts as a guess."""
        address = client_address(request, trusted_proxy=shop.settings.trusted_proxy)
        return await shop.look_up(address, _sign_in(shop, data.init_data))

    @patch(
        "/me",
        guards=[require_session],
        security=[{"person": []}],
        responses=answers(400, 401, 403, 413, 422, 429),
    )
    async def change_me(
        self, shop: SharedShop, request: AnyRequest, data: JSONBody[MeChange]
    ) -> LanguageAnswer:
        """Choose a language for good, here and in the bot."""
        user_id = request.state.user_id
        await shop.run(lambda s: choose_language(s, s.get_one(User, user_id), data.language))
        return LanguageAnswer(msgspec.convert(data.language, Language))


async def _sign_in(shop: AppContext, init_data: str) -> SessionAnswer:
    checked = read_init_data(init_data, _keys(shop), now=utc_now())
    return await shop.run(lambda session: _open(session, shop, checked))


def _keys(shop: AppContext) -> InitDataKeys:
    public_key = TEST_KEY if shop.settings.telegram_test else PRODUCTION_KEY
    return InitDataKeys(shop.settings.init_data_secret, shop.settings.bot_id, public_key)


def _open(session: Session, shop: AppContext, checked: InitData) -> SessionAnswer:
    opened, settings = open_session(session, checked, now=utc_now()), shop.settings
    rules = rules_of(settings)
    seller = shop_of(session, id_of(opened.user))
    return SessionAnswer(
        token=opened.token,
        expires_at=moment(opened.expires_at),
        user=answer_of(opened.user, SessionUser),
        shop=answer_of(seller, SessionShop) if seller else None,
        limits=UploadLimits(rules.max_size, largest("sample", rules), BATCH, rules.days),
        shop_name=settings.shop_name,
        bot_username=settings.bot_username,
        upload_policy=msgspec.convert(rules.policy, Policy),
        is_test=settings.is_test,
    )
