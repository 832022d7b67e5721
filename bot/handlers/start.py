"""The beginning of a chat: /start with its deep links, /help, /language."""

from datetime import datetime

import structlog
from redis.exceptions import RedisError
from sqlmodel import Session

from bot.handlers.catalogue import show_product_by_slug
from bot.keyboards import Rows, button, labelled
from bot.request import Request
from bot.routes import Routes
from core.kit.errors import NotFound
from core.kit.rows import must_get
from core.kit.texts import LANGUAGES, plain, plain_refusal, text
from core.kit.tokens import TOKEN_LENGTH
from core.orders.orders import order_number
from core.payments.order_claims import Claimed, redeem
from core.people.bans import report_guesses
from core.people.people import choose_language
from core.ports import Message
from core.telegram.deep_links import CLAIM, PRODUCT
from schemas.catalogue import Product
from schemas.people import User

log = structlog.get_logger(__name__)
routes = Routes()


@routes.command("start")
async def start(request: Request) -> None:
    """Welcome somebody; `p_…` opens a product, `c…` claims an order that was paid on the web."""
    parameter = request.words
    if parameter.startswith(PRODUCT):
        await show_product_by_slug(request, parameter.removeprefix(PRODUCT))
    elif parameter.startswith(CLAIM) and len(parameter) == len(CLAIM) + TOKEN_LENGTH:
        await claim(request, parameter.removeprefix(CLAIM))
    else:
        await request.send(welcome(request.language, request.app.settings.shop_name, request.person.name))


@routes.command("help", "aide")
async def show_help(request: Request) -> None:
    """Show what the bot can do, and the person's number, by which operators name people."""
    words = request.text("help", number=str(request.person.telegram_id))
    await request.send(Message(words, main_menu(request.language)))


@routes.command("language", "langue")
async def ask_language(request: Request) -> None:
    """Offer the languages, each in its own."""
    rows = [[button(plain(language, "language-name"), "language", language)] for language in LANGUAGES]
    await request.send(Message(request.text("language-question"), rows))


@routes.button("language")
async def set_language(request: Request, language: str) -> None:
    """Change the person's language."""
    await request.run(lambda session, person: choose_language(session, person, language))
    await request.show(Message(text(language, "language-set"), main_menu(language)))


@routes.button("home")
async def home(request: Request) -> None:
    """Show the welcome again, from a button."""
    await request.show(welcome(request.language, request.app.settings.shop_name, request.person.name))


async def claim(request: Request, token: str) -> None:
    """Attach a web order to the person; the links follow by a job. Who guesses tokens is stopped."""
    if await _is_stopped(request):
        return
    try:
        claimed, product = await request.run(
            lambda session, person: attach(session, person, token, request.now)
        )
    except NotFound:
        if not await _stops(request):
            raise
        await request.app.run(lambda session: report_guesses(session, request.person, now=request.now))
        await request.say("start-stopped")
        return
    number = order_number(claimed.order)
    if claimed.refused is not None:
        why = plain_refusal(request.language, claimed.refused)
        words = request.text("claim-held", number=number, title=product.title, why=why)
        await request.send(Message(words, [[labelled(request.language, "support", "support_menu")]]))
        return
    plan = product.kind == "membership"
    destination = ("membership", "memberships") if plan else ("library", "library_menu")
    words = request.text("claim-plan-done" if plan else "claim-done", number=number, title=product.title)
    await request.send(Message(words, [[labelled(request.language, *destination)]]))


def attach(session: Session, person: User, token: str, now: datetime) -> tuple[Claimed, Product]:
    """Give a claimed order to the person: the claim, and the product. Raises `NotFound`, `Refused`."""
    claimed = redeem(session, token, person, now)
    return claimed, must_get(session, Product, claimed.order.product_id, "product-unknown")


async def _is_stopped(request: Request) -> bool:
    try:
        return await request.app.token_guesses.is_reached(request.person.telegram_id)
    except RedisError as error:
        log.warning("guesses_unavailable", error=str(error))
        return False


async def _stops(request: Request) -> bool:
    try:
        return await request.app.token_guesses.count_wrong(request.person.telegram_id)
    except RedisError as error:
        log.warning("guesses_unavailable", error=str(error))
        return False


def welcome(language: str, shop_name: str, name: str) -> Message:
    """The welcome: who we are and how buying works, in three steps."""
    return Message(text(language, "welcome", shop=shop_name, name=name), main_menu(language))


def main_menu(language: str) -> Rows:
    """The buttons under the welcome: catalogue, library, support."""
    return [
        [labelled(language, "catalogue", "page", 1), labelled(language, "library", "library_menu")],
        [labelled(language, "support", "support_menu")],
    ]
