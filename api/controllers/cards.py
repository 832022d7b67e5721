"""A seller's account at Stripe: how it stands, in the Mini App; and our pages on the way there and back."""

from decimal import Decimal

from litestar import Controller, Response, delete, get, post, put
from litestar.params import JSONBody
from sqlmodel import Session

from api.answers.common import amounts
from api.auth import as_person, require_session
from api.context import AppContext, SharedShop
from api.pages import page
from api.parameters import PathText
from api.problems import answers
from api.requests import AnyRequest, client_address
from core.jobs.request_reply import call
from core.kit.errors import NotFound, Refused
from core.kit.money import Money
from core.kit.rows import id_of
from core.payments.rails.stripe import accounts, onboarding
from core.payments.rails.stripe.platform import has_key
from core.payments.rails.stripe.tax import choose_tax
from core.people.seller_view import own_shop
from core.telegram.deep_links import bot_address
from schemas.base import utc_now
from schemas.ephemeral_jobs import StripeForm, TakeStripeCode
from schemas.miniapp_cards import CardsAnswer, TaxRequest, WayAnswer
from schemas.people import User

WAIT = 20.0  # seconds: an account takes Stripe a few
COOKIE = "stripe_way"
SECRET_PAGE = {"x-robots-tag": "noindex, nofollow", "referrer-policy": "no-referrer"}
SAID = 200  # characters of what OAuth may say


class CardController(Controller):
    """Whether buyers can pay the session's seller by card, and how they come to."""

    path = "/api/cards"
    tags = ("mini app",)
    guards = (require_session,)
    security = ({"person": []},)

    @get(responses=answers(401, 403, 404, 429))
    async def show(self, shop: SharedShop, request: AnyRequest) -> CardsAnswer:
        """How the seller's account stands, as Stripe said it last."""
        return await as_person(shop, request, lambda session, user: _cards(session, user, shop))

    @post("/check", status_code=200, responses=answers(401, 403, 404, 429))
    async def check(self, shop: SharedShop, request: AnyRequest) -> CardsAnswer:
        """Have Stripe asked how the account stands now; what it says is shown the next time."""

        def work(session: Session, user: User) -> CardsAnswer:
            row = accounts.connected(session, id_of(own_shop(session, user)))
            if row is not None:
                onboarding.ask_for_check(session, row)
            return _cards(session, user, shop)

        return await as_person(shop, request, work)

    @post("/way", status_code=200, responses=answers(401, 403, 404, 409, 429))
    async def open_way(self, shop: SharedShop, request: AnyRequest) -> WayAnswer:
        """Addresses of ours that lead to Stripe for an hour, for the seller's own browser alone."""
        now = utc_now()

        def work(session: Session, user: User) -> str:
            _require_cards(session, shop)
            return onboarding.issue_ticket(session, id_of(own_shop(session, user)), now=now)

        token = await as_person(shop, request, work)
        base = shop.settings.public_url + onboarding.PAGES
        own = f"{base}/own/{token}" if shop.settings.stripe_client_id else None
        return WayAnswer(f"{base}/go/{token}", own)

    @put("/tax", responses=answers(400, 401, 403, 404, 409, 422, 429))
    async def choose_tax(
        self, shop: SharedShop, request: AnyRequest, data: JSONBody[TaxRequest]
    ) -> CardsAnswer:
        """Have VAT worked out by Stripe Tax on later sales, once it has all that it needs; or no more."""

        def work(session: Session, user: User) -> CardsAnswer:
            choose_tax(session, user, wanted=data.wanted)
            return _cards(session, user, shop)

        return await as_person(shop, request, work)

    @delete(status_code=200, responses=answers(401, 403, 404, 429))
    async def disconnect(self, shop: SharedShop, request: AnyRequest) -> CardsAnswer:
        """Take no more cards; the account at Stripe stays the seller's."""
        now = utc_now()

        def work(session: Session, user: User) -> CardsAnswer:
            seller_id = id_of(own_shop(session, user))
            onboarding.end_connection(session, seller_id, actor=f"user:{user.id}", now=now)
            return _cards(session, user, shop)

        return await as_person(shop, request, work)


class StripeController(Controller):
    """`/stripe/…`: for the browser that the seller was sent to."""

    path = onboarding.PAGES
    include_in_schema = False

    @get("/go/{token:str}", status_code=303)
    async def go(self, shop: SharedShop, request: AnyRequest, token: PathText) -> Response[bytes]:
        """To Stripe's form, by a link that is made now: Stripe sends here whoever comes with a used one."""
        row_id = await _row_of(shop, request, token)
        answer = await call(shop.redis, StripeForm(row_id=row_id, ticket=token), WAIT)
        return _redirect(str(answer["url"]))

    @get("/back/{token:str}")
    async def back(self, shop: SharedShop, request: AnyRequest, token: PathText) -> Response[bytes]:
        """From Stripe's form, filled in or not: the account is looked at."""

        def work(session: Session) -> None:
            onboarding.ask_for_check(session, onboarding.find_ticket(session, token))

        await shop.look_up(_client(shop, request), shop.run(work))
        return _page(shop, request, "back")

    @get("/own/{token:str}", status_code=303)
    async def own(self, shop: SharedShop, request: AnyRequest, token: PathText) -> Response[bytes]:
        """To Stripe's question whether this shop may charge for an account that is there.

        The ticket goes along as a cookie too: nobody can be led to give their account to another's shop.
        """
        await _row_of(shop, request, token)
        if not shop.settings.stripe_client_id:
            raise NotFound("stripe-way-unknown")
        secure = "; Secure" if shop.settings.public_url.startswith("https://") else ""
        kept = int(onboarding.TICKET_TTL.total_seconds())
        cookie = f"{COOKIE}={token}; Path={onboarding.PAGES}; Max-Age={kept}; HttpOnly; SameSite=Lax{secure}"
        return _redirect(onboarding.way_to_consent(shop.settings, token), {"set-cookie": cookie})

    @get("/connected")
    async def connected(self, shop: SharedShop, request: AnyRequest) -> Response[bytes]:
        """From that question, with a code or a no."""
        code, state = (request.query_params.get(name, "")[:SAID] for name in ("code", "state"))
        if not code:
            return _page(shop, request, "declined")
        if request.cookies.get(COOKIE) != state:
            raise Refused("stripe-other-browser")
        row_id = await _row_of(shop, request, state)
        await call(shop.redis, TakeStripeCode(row_id=row_id, code=code), WAIT)
        return _page(shop, request, "back")


def _cards(session: Session, user: User, shop: AppContext) -> CardsAnswer:
    seller = own_shop(session, user)
    row = accounts.connected(session, id_of(seller))
    sums = [Money(amount, currency) for currency, amount in sorted(seller.card_fee_sums.items())]
    return CardsAnswer(
        offered=_are_offered(session, shop),
        state=row.state if row is not None and row.account_id else "none",
        missing=list(row.missing) if row else [],
        currency=row.currency if row else None,
        own_account=bool(shop.settings.stripe_client_id),
        fee_percent=f"{Decimal(seller.card_fee_rate) / 100:f}",
        fee_sums=amounts(sums),
        tax=row.tax if row else "off",
    )


def _are_offered(session: Session, shop: AppContext) -> bool:
    """Whether events can be verified here, and workers can ask Stripe."""
    return bool(shop.settings.stripe_webhook_secrets) and has_key(session)


def _require_cards(session: Session, shop: AppContext) -> None:
    if not shop.settings.public_url or not _are_offered(session, shop):
        raise Refused("cards-off")


async def _row_of(shop: AppContext, request: AnyRequest, token: str) -> int:
    now = utc_now()
    reading = shop.run(lambda session: id_of(onboarding.require_ticket(session, token, now=now)))
    return await shop.look_up(_client(shop, request), reading)


def _client(shop: AppContext, request: AnyRequest) -> str:
    return client_address(request, trusted_proxy=shop.settings.trusted_proxy)


def _redirect(url: str, headers: dict[str, str] | None = None) -> Response[bytes]:
    always = {"location": url, "cache-control": "no-store", "referrer-policy": "no-referrer"}
    return Response(b"", status_code=303, headers=always | (headers or {}))


def _page(shop: AppContext, request: AnyRequest, step: str) -> Response[bytes]:
    bot = bot_address(shop.settings.bot_username)
    return page(request, shop.settings, "stripe", headers=SECRET_PAGE, step=step, bot=bot)
