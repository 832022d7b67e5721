"""What sellers ask for a product or a plan: on each way to pay, a price in each currency."""

from collections.abc import Sequence

from sqlmodel import Session

from bot.price_input import read_prices
from bot.request import Request
from bot.routes import Routes
from bot.screens import prices as screens
from core.catalogue.catalogue import ProductView, view
from core.catalogue.products import own_product
from core.kit.errors import Refused
from core.kit.money import Money
from core.kit.rows import must_get
from core.orders.publication import price_on_rail
from core.ports import Message
from schemas.people import Seller, User

routes = Routes()


@routes.button("prices")
async def show_prices(request: Request, product_id: int) -> None:
    """Show all prices of a product or a plan."""
    await request.app.dialogs.close(request.person.telegram_id)
    await request.show(await request.run(lambda session, person: load(session, person, product_id)))


@routes.button("price_rail")
async def ask(request: Request, product_id: int, rail: str) -> None:
    """Ask what a product costs on one rail."""

    def work(session: Session, person: User) -> Message:
        product, rails = own(session, person, product_id)
        if rail not in rails:
            raise Refused("button-outdated")
        return screens.question(person.language, product, rail)

    question = await request.run(work)
    await request.app.dialogs.open(request.person.telegram_id, "price", product_id=product_id, rail=rail)
    await request.show(question)


@routes.answer("price")
async def take(request: Request, product_id: int, rail: str) -> None:
    """Take the prices of one rail; what was typed wrongly may be corrected."""
    prices = read_prices(request.words, rail, request.language)
    message = await request.run(lambda session, person: put(session, person, product_id, rail, prices))
    await request.app.dialogs.close(request.person.telegram_id)
    await request.send(message)


@routes.button("price_none")
async def remove(request: Request, product_id: int, rail: str) -> None:
    """Sell a product no more on one rail."""
    message = await request.run(lambda session, person: put(session, person, product_id, rail, ()))
    await request.app.dialogs.close(request.person.telegram_id)
    await request.show(message)


def put(session: Session, person: User, product_id: int, rail: str, prices: Sequence[Money]) -> Message:
    """Change the prices of one rail. Raises `Refused`, `NotAllowed`."""
    price_on_rail(session, product_id, rail, prices, actor_user=person)
    return load(session, person, product_id)


def load(session: Session, person: User, product_id: int) -> Message:
    """All prices of a product of the person's shop."""
    product, rails = own(session, person, product_id)
    return screens.prices(person.language, product, rails)


def own(session: Session, person: User, product_id: int) -> tuple[ProductView, list[str]]:
    """A product of the person's shop, and the rails on which it has a price or may be given one.

    Raises `NotFound`, `NotAllowed`.
    """
    row = own_product(session, product_id, person)
    shop = must_get(session, Seller, row.seller_id, "shop-unknown")
    product = view(session, product_id=product_id, viewer=person)
    return product, list(dict.fromkeys((*shop.rails, *product.prices)))
