"""The questions to support about one web order: asked and answered on a page of their own.

It does not reload itself as the order's page does: whoever writes loses no words.
"""

from typing import Any

from litestar import Controller, Response, get, post
from litestar.params import URLEncodedBody
from sqlmodel import Session

from api.context import AppContext, SharedShop
from api.pages import address_of, page
from api.parameters import PathText
from api.problems import status_of, words_for_web
from api.requests import AnyRequest, client_address, language_of, require_same_origin
from core.kit.errors import Refused
from core.kit.rows import id_of
from core.kit.tokens import random_token
from core.orders.orders import by_page, order_number
from core.people.support import WORDS_LIMIT, ask_on_page, order_mail
from core.people.support_inbox import QuestionView, questions_of_page
from core.process.limits import QUESTIONS
from schemas.base import utc_now
from schemas.http import QuestionForm

SECRET_PAGE = {"x-robots-tag": "noindex, nofollow", "referrer-policy": "no-referrer"}


class OrderQuestionController(Controller):
    """`/o/{token}/questions`: for whoever has the address of the order."""

    path = "/o/{token:str}/questions"
    include_in_schema = False

    @get("/")
    async def show(self, shop: SharedShop, request: AnyRequest, token: PathText) -> Response[bytes]:
        """What was asked here and answered, and a form for the next question."""
        return await _page(shop, request, token, key=random_token())

    @post("/")
    async def ask(
        self, shop: SharedShop, request: AnyRequest, token: PathText, data: URLEncodedBody[QuestionForm]
    ) -> Response[Any]:
        """Keep the question; its key makes that sending the form twice asks once."""
        require_same_origin(request)
        client = client_address(request, trusted_proxy=shop.settings.trusted_proxy)
        await shop.limiter.count(QUESTIONS, client)
        key = data.key[:64] or random_token()
        try:
            await shop.run(
                lambda session: ask_on_page(
                    session, by_page(session, token), data.words, key=key, now=utc_now()
                )
            )
        except Refused as refused:
            return await _page(
                shop, request, token, key=key, refused=refused, typed=data.words[: 2 * WORDS_LIMIT]
            )
        target = address_of(request, f"/o/{token}/questions")
        return Response(b"", status_code=303, headers={"location": target, "cache-control": "no-store"})


async def _page(
    shop: AppContext,
    request: AnyRequest,
    token: str,
    *,
    key: str,
    refused: Refused | None = None,
    typed: str = "",
) -> Response[bytes]:
    address = client_address(request, trusted_proxy=shop.settings.trusted_proxy)
    number, mail, views = await shop.look_up(address, shop.read(lambda session: _load(session, token)))
    return page(
        request,
        shop.settings,
        "questions",
        status=status_of(refused) if refused else 200,
        headers=SECRET_PAGE,
        number=number,
        mail=mail,
        views=views,
        token=token,
        key=key,
        limit=WORDS_LIMIT,
        wrong=words_for_web(language_of(request), refused) if refused else "",
        typed=typed,
    )


def _load(session: Session, token: str) -> tuple[str, str, list[QuestionView]]:
    """The order's number, where answers are mailed ("" for nowhere), and what was asked on its page."""
    order = by_page(session, token)
    return order_number(order), order_mail(session, id_of(order)), questions_of_page(session, id_of(order))
