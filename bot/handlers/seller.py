"""Who sells: a shop's card for buyers, and what its owner says there."""

from sqlmodel import Session

from bot.handlers.catalogue import offers_here
from bot.handlers.sell import own_shop
from bot.request import Request
from bot.routes import Routes
from bot.screens import seller as screens
from core.catalogue.catalogue import ProductView, check_visible, search
from core.kit.errors import NotFound
from core.kit.pagination import Page
from core.kit.rows import id_of, must_get
from core.payments.offers import log_offers
from core.people.legal_identity import NOBODY, LegalIdentity, identify_shop, read_identity
from core.people.sellers import describe_shop
from core.ports import Message
from core.uploads.moderation import text_rules
from schemas.people import Seller, User

routes = Routes()


@routes.button("seller_of")
async def show_seller_of(request: Request, product_id: int) -> None:
    """Show who sells a product, from its card, in a new message: the card stays where it was."""
    shop, page = await request.run(lambda session, person: seller_of(session, person, product_id))
    await request.send(show(request, shop, page))


@routes.button("seller")
async def turn_page(request: Request, number: int, seller_id: int) -> None:
    """Show another page of what a shop has on sale."""
    shop, page = await request.run(lambda session, _: shop_page(session, seller_id, number))
    await request.show(show(request, shop, page))


@routes.button("shop_card")
async def show_own(request: Request) -> None:
    """Show a seller their own card."""

    def work(session: Session, person: User) -> tuple[Seller, Page[ProductView]]:
        return shop_page(session, id_of(own_shop(session, person)), 1)

    await request.show(show(request, *await request.run(work)))


@routes.button("shop_about")
async def ask_about(request: Request) -> None:
    """Ask what the shop says of itself."""
    shop = await request.run(lambda session, person: own_shop(session, person))
    await request.app.dialogs.open(request.person.telegram_id, "shop_about")
    await request.send(screens.question(request.language, shop))


@routes.answer("shop_about")
async def take_about(request: Request) -> None:
    """Keep what the shop says of itself, and show it as buyers see it."""
    await _describe(request, request.words)


@routes.button("shop_silence")
async def ask_silence(request: Request) -> None:
    """Ask whether what the shop says of itself is really to be deleted: nobody else has these words."""
    shop = await request.run(lambda session, person: own_shop(session, person))
    await request.app.dialogs.close(request.person.telegram_id)
    await request.show(screens.silence(request.language, shop))


@routes.button("shop_silent")
async def say_nothing(request: Request) -> None:
    """Have the shop say nothing of itself."""
    await _describe(request, "")


@routes.button("shop_legal")
async def ask_identity(request: Request) -> None:
    """Ask who sells, by law."""
    shop = await request.run(lambda session, person: own_shop(session, person))
    await request.app.dialogs.open(request.person.telegram_id, "shop_legal")
    await request.send(screens.legal_question(request.language, shop))


@routes.answer("shop_legal")
async def take_identity(request: Request) -> None:
    """Keep who sells, and show it as invoices will."""
    identity = read_identity(request.words)
    await _identify(request, identity)


@routes.button("shop_nobody")
async def end_invoices(request: Request) -> None:
    """Keep no identity any more: later sales get receipts."""
    await _identify(request, NOBODY)


async def _identify(request: Request, identity: LegalIdentity) -> None:
    def work(session: Session, person: User) -> Seller:
        shop = own_shop(session, person)
        return identify_shop(session, id_of(shop), identity, actor=f"user:{id_of(person)}")

    shop = await request.run(work)
    await request.app.dialogs.close(request.person.telegram_id)
    await request.send(screens.legal(request.language, shop))


async def _describe(request: Request, words: str) -> None:
    def work(session: Session, person: User) -> tuple[Seller, Page[ProductView]]:
        number, review = id_of(own_shop(session, person)), text_rules(request.app.settings)
        shop = describe_shop(session, number, words, review=review, now=request.now)
        return shop_page(session, id_of(shop), 1)

    shown = await request.run(work)
    await request.app.dialogs.close(request.person.telegram_id)
    await request.show(show(request, *shown))


def seller_of(session: Session, person: User, product_id: int) -> tuple[Seller, Page[ProductView]]:
    """The shop of a product that this person may see. Raises `NotFound`."""
    product = check_visible(session, product_id, id_of(person))
    return shop_page(session, product.seller_id, 1)


def shop_page(session: Session, seller_id: int, number: int) -> tuple[Seller, Page[ProductView]]:
    """A shop, and a page of what it has on sale. Raises `NotFound` "shop-closed" unless it is open."""
    shop = must_get(session, Seller, seller_id, "shop-unknown")
    if shop.status != "approved":
        raise NotFound("shop-closed")
    return shop, search(session, "", page=number, seller_id=seller_id)


def show(request: Request, shop: Seller, page: Page[ProductView]) -> Message:
    """The card of a shop with the prices that the chat may show."""
    offers = [offers_here(request, product) for product in page.items]
    log_offers(offers)
    own = shop.user_id == request.person.id
    return screens.card(request.language, shop, page, offers, own=own)
