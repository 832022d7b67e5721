"""The web checkout: a product's page, and the page of an order, for anyone with a browser."""

from datetime import timedelta
from typing import Any

from litestar import Controller, Response, get, post
from litestar.params import URLEncodedBody
from sqlmodel import Session

from api.context import AppContext, SharedShop
from api.controllers.order_returns import SECRET_PAGE, way_back
from api.limits import count_mail
from api.pages import address_of, page
from api.parameters import PathText
from api.problems import status_of, words_for_web
from api.requests import AnyRequest, client_address, language_of, require_same_origin
from core.catalogue.preview_words import contents, summary
from core.catalogue.previews import PreviewView, preview_of
from core.kit.errors import Refused
from core.kit.tokens import random_token
from core.notifications.addresses import clean_address, give_order_address
from core.orders.orders import by_page
from core.payments.checkout import Offer, OrderPage, offer, order_page
from core.payments.offers import log_offers
from core.payments.order_claims import issue_claim
from core.payments.placing import place_on_web
from core.payments.rails.manual.transfers import submit_manual
from core.payments.waiver import Waiver, version_of
from core.process.limits import CLAIMS, ORDERS, TRANSFERS, Limit
from core.telegram.deep_links import CLAIM, claim_link, product_link
from schemas.base import utc_now
from schemas.http import MailForm, OrderForm, OrderState, TransferForm

# A product's address may be known to the site that linked it; an order's address is a secret.
OPEN_PAGE = {"referrer-policy": "same-origin"}
# Stages in which nobody waits for the way in any more.
SETTLED = ("claimed", "held", "delivered", "refunded", "cancelled", "expired", "failed")


class ProductController(Controller):
    """`/p/{slug}`: the product as a buyer sees it, with a form for each way to pay."""

    path = "/p"
    include_in_schema = False

    @get("/{slug:str}")
    async def show(self, shop: SharedShop, request: AnyRequest, slug: PathText) -> Response[bytes]:
        """The page; its key makes the order that its form places a single one."""
        offered, preview = await shop.run(lambda session: _load(session, shop, slug))
        username = shop.settings.bot_username
        currency = request.query_params.get("currency", "")
        return page(
            request,
            shop.settings,
            "product",
            headers=OPEN_PAGE,
            product=offered.product,
            description=offered.description,
            ways=offered.ways(currency),
            currencies=offered.currencies,
            choices=offered.choices,
            trial=offered.trial(currency),
            in_chat=offered.in_chat,
            refused=_words(request, offered.refused),
            key=random_token(),
            waiver=version_of(language_of(request)) if shop.settings.withdrawal_waiver else "",
            bot=product_link(username, slug) if username else "",
            preview=preview,
            preview_summary=summary,
            preview_contents=contents,
        )

    @post("/{slug:str}")
    async def buy(
        self, shop: SharedShop, request: AnyRequest, slug: PathText, data: URLEncodedBody[OrderForm]
    ) -> Response[bytes]:
        """Order, then to the order's page."""
        await _admit(shop, request, ORDERS)
        language = language_of(request)
        token = await shop.run(lambda session: _order(session, shop, slug, data, language))
        return _see_other(request, f"/o/{token}")


class OrderController(Controller):
    """`/o/{token}`: one order, for whoever has its address."""

    path = "/o/{token:str}"
    include_in_schema = False

    @get("/")
    async def show(self, shop: SharedShop, request: AnyRequest, token: PathText) -> Response[bytes]:
        """How far the order is, and what to do next."""
        return _order_page(shop, request, token, await _find(shop, request, token))

    @get("/status")
    async def status(self, shop: SharedShop, request: AnyRequest, token: PathText) -> Response[OrderState]:
        """What the page asks for again and again."""
        order = await _find(shop, request, token)
        return Response(OrderState(order.stage, _version(order)), headers={"cache-control": "no-store"})

    @post("/transfer")
    async def transfer(
        self, shop: SharedShop, request: AnyRequest, token: PathText, data: URLEncodedBody[TransferForm]
    ) -> Response[Any]:
        """The buyer says under which id the money was sent (C7)."""
        await _admit(shop, request, TRANSFERS)
        typed = data.transaction_id
        try:
            await shop.run(lambda session: submit_manual(session, by_page(session, token), typed, utc_now()))
        except Refused as refused:
            order = await _find(shop, request, token)
            return _order_page(shop, request, token, order, refused=refused, typed=typed[:200])
        return _see_other(request, f"/o/{token}")

    @post("/mail")
    async def mail(
        self, shop: SharedShop, request: AnyRequest, token: PathText, data: URLEncodedBody[MailForm]
    ) -> Response[Any]:
        """Whoever waits wants to be told by e-mail; the address is asked first."""
        require_same_origin(request)
        shop.require_mail()
        try:
            address = clean_address(data.address)
            client = client_address(request, trusted_proxy=shop.settings.trusted_proxy)
            await count_mail(shop, client, address)
            await shop.run(lambda s: give_order_address(s, by_page(s, token), address, now=utc_now()))
        except Refused as refused:
            order = await _find(shop, request, token)
            typed = data.address[:254]
            return _order_page(shop, request, token, order, mail_wrong=refused, mail_typed=typed)
        return _see_other(request, f"/o/{token}")

    @post("/claim")
    async def claim(self, shop: SharedShop, request: AnyRequest, token: PathText) -> Response[bytes]:
        """A fresh claim at every press, opened in Telegram (C12, C13)."""
        claim = await _issue(shop, request, token)
        return _see_other(request, claim_link(shop.settings.bot_username, claim))

    @post("/code")
    async def code(self, shop: SharedShop, request: AnyRequest, token: PathText) -> Response[bytes]:
        """A fresh claim to be copied, where Telegram opens and forgets what the button should tell it."""
        claim = await _issue(shop, request, token)
        order = await _find(shop, request, token)
        return _order_page(shop, request, token, order, code=f"/start {CLAIM}{claim}")


def _load(session: Session, shop: AppContext, slug: str) -> tuple[Offer, PreviewView | None]:
    offered = offer(session, slug, policy=shop.policy, settings=shop.settings, now=utc_now())
    log_offers([offered.here, offered.in_chat])
    face = offered.product.preview
    return offered, preview_of(session, face.asset_id) if face else None


def _order(session: Session, shop: AppContext, slug: str, form: OrderForm, language: str) -> str | None:
    """Place an order of the product; the token of its page."""
    now = utc_now()
    product = offer(session, slug, policy=shop.policy, settings=shop.settings, now=now).product
    placed = place_on_web(
        session,
        product_id=product.id,
        rail=form.rail,
        currency=form.currency,
        language=language,
        policy=shop.policy,
        order_ttl=shop.settings.order_ttl,
        now=now,
        idempotency_key=form.key,
        waiver=Waiver(shop.settings.withdrawal_waiver, form.waiver),
        trial=form.trial == "yes",
    )
    return placed.page_token


async def _admit(shop: AppContext, request: AnyRequest, limit: Limit) -> None:
    require_same_origin(request)
    await shop.limiter.count(limit, client_address(request, trusted_proxy=shop.settings.trusted_proxy))


async def _issue(shop: AppContext, request: AnyRequest, token: str) -> str:
    await _admit(shop, request, CLAIMS)
    if not shop.settings.bot_username:
        raise Refused("bot-unnamed")
    life = timedelta(seconds=shop.settings.start_link_ttl)
    address = client_address(request, trusted_proxy=shop.settings.trusted_proxy)
    issuing = shop.run(
        lambda session: issue_claim(session, by_page(session, token), life=life, now=utc_now())
    )
    return await shop.look_up(address, issuing)


async def _find(shop: AppContext, request: AnyRequest, token: str) -> OrderPage:
    address = client_address(request, trusted_proxy=shop.settings.trusted_proxy)
    return await shop.look_up(address, shop.read(lambda session: order_page(session, token, now=utc_now())))


def _order_page(
    shop: AppContext,
    request: AnyRequest,
    token: str,
    order: OrderPage,
    *,
    refused: Refused | None = None,
    typed: str = "",
    mail_wrong: Refused | None = None,
    mail_typed: str = "",
    code: str = "",
) -> Response[bytes]:
    wrong = refused or mail_wrong
    return page(
        request,
        shop.settings,
        "order",
        status=status_of(wrong) if wrong else 200,
        headers=SECRET_PAGE | way_back(shop.settings, order, token),
        order=order,
        token=token,
        version=_version(order),
        instructions=shop.settings.manual_instructions,
        bot=shop.settings.bot_username,
        start_life=shop.settings.start_link_ttl,
        wrong=_words(request, refused),
        typed=typed,
        mail=shop.sends_mail and order.stage not in SETTLED,
        mail_wrong=_words(request, mail_wrong),
        mail_typed=mail_typed,
        code=code,
        path=f"/o/{token}",  # what failed stands at the address of its form, which is no page
    )


def _words(request: AnyRequest, refused: Refused | None) -> str:
    return words_for_web(language_of(request), refused) if refused else ""


def _version(order: OrderPage) -> str:
    return f"{order.stage}:{order.missing.amount if order.missing else 0}:{order.stopped:d}"


def _see_other(request: AnyRequest, target: str) -> Response[bytes]:
    location = target if target.startswith("https://") else address_of(request, target)
    headers = {"location": location, "cache-control": "no-store"}
    return Response(b"", status_code=303, headers=headers)
