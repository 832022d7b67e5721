"""The first words: /start with its deep links, /help, /language."""

from sqlmodel import Session

from bot.handlers.catalogue import show_product_by_slug
from bot.keyboards import Rows, button, labelled
from bot.request import Request
from bot.routes import Routes
from core.orders import order_number
from core.people import choose_language
from core.ports import Message
from core.redeem import redeem
from core.rows import must_get
from core.texts import LANGUAGES, plain, text
from core.tokens import TOKEN_LENGTH
from schemas.catalogue import Product
from schemas.people import User

routes = Routes()


@routes.command("start")
async def start(request: Request) -> None:
    """Welcome; `p_…` opens a product, `c…` claims an order that was paid on the web."""
    parameter = request.words
    if parameter.startswith("p_"):
        await show_product_by_slug(request, parameter[2:])
    elif parameter.startswith("c") and len(parameter) == TOKEN_LENGTH + 1:
        await claim(request, parameter[1:])
    else:
        await request.send(welcome(request.language, request.shop.settings.shop_name, request.person.name))


@routes.command("help", "aide")
async def show_help(request: Request) -> None:
    """What the bot can do, command by command."""
    await request.send(Message(request.text("help"), _doors(request.language)))


@routes.command("language", "langue")
async def ask_language(request: Request) -> None:
    """Offer the languages, each in its own."""
    rows = [[button(plain(language, "language-name"), "language", language)] for language in LANGUAGES]
    await request.send(Message(request.text("language-question"), rows))


@routes.button("language")
async def set_language(request: Request, language: str) -> None:
    """Keep the chosen language."""
    await request.run(lambda session, person: choose_language(session, person, language))
    await request.show(Message(text(language, "language-set"), _doors(language)))


@routes.button("home")
async def home(request: Request) -> None:
    """The welcome again, from a button."""
    await request.show(welcome(request.language, request.shop.settings.shop_name, request.person.name))


async def claim(request: Request, token: str) -> None:
    """Attach a web order to the person; the links follow by the delivery job."""

    def attach(session: Session, person: User) -> tuple[str, str]:
        order = redeem(session, token, person, request.now)
        return order_number(order), must_get(session, Product, order.product_id, "product-unknown").title

    number, title = await request.run(attach)
    rows = [[labelled(request.language, "library", "library_menu")]]
    await request.send(Message(request.text("claim-done", number=number, title=title), rows))


def welcome(language: str, shop_name: str, name: str) -> Message:
    """Who we are and how buying works, in three steps."""
    return Message(text(language, "welcome", shop=shop_name, name=name), _doors(language))


def _doors(language: str) -> Rows:
    return [
        [labelled(language, "catalogue", "page", 1), labelled(language, "library", "library_menu")],
        [labelled(language, "support", "support_menu")],
    ]
