"""The beginning of a chat: /start with its deep links, /help, /language."""

from datetime import datetime

from sqlmodel import Session

from bot.guesses import Stopped, try_secret
from bot.handlers.catalogue import show_product_by_slug
from bot.handlers.subjects import show_subject
from bot.keyboards import Rows, button, labelled
from bot.request import Request
from bot.routes import Routes
from bot.screens.help import commands, staff_part
from core.jobs.ledger import enqueue
from core.kit.languages import LANGUAGES
from core.kit.permissions import require
from core.kit.rows import id_of, must_get
from core.kit.texts import of_kind, plain, plain_refusal, text
from core.orders.orders import order_number
from core.payments.order_claims import Claimed, redeem
from core.people.guesses import Secret
from core.people.people import choose_language
from core.ports import Message
from core.telegram.deep_links import CLAIM, PRODUCT, is_claim, pasted_start
from schemas.catalogue import Product
from schemas.jobs import SetMenu
from schemas.people import User

routes = Routes()
CLAIMED = {"file": ("library", "library_menu"), "membership": ("membership", "memberships")}
"""By kind of goods, the button to what a claimed order gave; a fee gives nothing to open."""


@routes.command("start")
async def start(request: Request) -> None:
    """Welcome somebody; `p_…` opens a product, `c…` claims an order that was paid on the web, and a subject
    like `member_7` shows what a notification was about."""
    parameter = pasted_start(request.app.bot_username, request.words) or request.words
    if not (await follow(request, parameter) or await show_subject(request, parameter)):
        await request.send(_welcome(request), way_home=False)
        await greet_staff(request)


async def follow(request: Request, parameter: str) -> bool:
    """Do what a start parameter asks for; False where it says nothing to us."""
    if parameter.startswith(PRODUCT):
        await show_product_by_slug(request, parameter.removeprefix(PRODUCT))
    elif is_claim(parameter):
        await claim(request, parameter.removeprefix(CLAIM))
    else:
        return False
    return True


async def paste(request: Request, *, among_words: bool) -> bool:
    """Take a link or a code that was pasted because Telegram did not pass it on; False where there is none.

    `among_words`: other words around it do not matter.
    """
    parameter = pasted_start(request.app.bot_username, request.words)
    if parameter is None or not (among_words or len(request.words.split()) == 1):
        return False
    require(request.person.roles, "buy")
    return await follow(request, parameter)


@routes.command("help", "aide")
async def show_help(request: Request) -> None:
    """Show what the bot can do, and the person's number, by which operators name people."""
    person, rows = request.person, main_menu(request.language)
    await request.send(commands(request.language, person.roles, person.telegram_id, rows), way_home=False)


async def greet_staff(request: Request) -> None:
    """Show staff what they may do; whoever was made one before they met the bot hears of it here."""
    words = staff_part(request.language, request.person.roles)
    if words:
        await request.run(lambda session, person: enqueue(session, SetMenu(user_id=id_of(person)).once()))
        await request.send(Message(words))


@routes.command("language", "langue")
async def ask_language(request: Request) -> None:
    """Offer the languages, each in its own."""
    rows = [[button(plain(language, "language-name"), "language", language)] for language in LANGUAGES]
    await request.send(Message(request.text("language-question"), rows))


@routes.button("language")
async def set_language(request: Request, language: str) -> None:
    """Change the person's language."""
    await request.run(lambda session, person: choose_language(session, person, language))
    await request.show(Message(text(language, "language-set"), main_menu(language)), way_home=False)


@routes.button("home")
async def home(request: Request) -> None:
    """Show the main menu, from the button under every screen; a question that was open is forgotten."""
    await request.app.dialogs.close(request.person.telegram_id)
    await request.show(_welcome(request), way_home=False)


async def claim(request: Request, token: str) -> None:
    """Attach a web order to the person; the links follow by a job. Who guesses tokens is stopped."""
    try:
        claimed, product = await try_secret(
            request,
            Secret("start"),
            lambda: request.run(lambda session, person: attach(session, person, token, request.now)),
        )
    except Stopped:
        return
    number = order_number(claimed.order)
    if claimed.refused is not None:
        why = plain_refusal(request.language, claimed.refused)
        held = "claim-ended" if claimed.ended else "claim-held"
        words = request.text(held, number=number, title=product.title, why=why)
        await request.send(Message(words, [[labelled(request.language, "support", "support_menu")]]))
        return
    await request.send(claim_done(request.language, number, product))


def claim_done(language: str, number: str, product: Product) -> Message:
    """What whoever claimed an order gets now, and the way to it."""
    words = text(language, of_kind("claim-done", product.kind), number=number, title=product.title)
    destination = CLAIMED.get(product.kind)
    return Message(words, [[labelled(language, *destination)]] if destination else [])


def attach(session: Session, person: User, token: str, now: datetime) -> tuple[Claimed, Product]:
    """Give a claimed order to the person: the claim, and the product. Raises `NotFound`, `Refused`."""
    claimed = redeem(session, token, person, now)
    return claimed, must_get(session, Product, claimed.order.product_id, "product-unknown")


def _welcome(request: Request) -> Message:
    return welcome(request.language, request.app.settings.shop_name, request.person.name)


def welcome(language: str, shop_name: str, name: str) -> Message:
    """The welcome: who we are and how buying works, in three steps."""
    return Message(text(language, "welcome", shop=shop_name, name=name), main_menu(language))


def main_menu(language: str) -> Rows:
    """The buttons under the welcome: catalogue, library, support."""
    return [
        [labelled(language, "catalogue", "page", 1), labelled(language, "library", "library_menu")],
        [labelled(language, "support", "support_menu")],
    ]
