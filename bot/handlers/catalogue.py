"""The catalogue in the bot: its pages, the search, the card of a product and its preview."""

from sqlmodel import Session

from bot.callbacks import fit
from bot.handlers.members import show_plan
from bot.request import Request
from bot.routes import Routes
from bot.screens import catalogue as screens
from bot.screens.previews import preview
from core.catalogue.catalogue import ProductView, search, view
from core.catalogue.previews import PreviewView, preview_of
from core.kit.errors import NotFound
from core.kit.pagination import Page
from core.kit.rows import id_of, must_get
from core.orders.fulfilment import goods_of
from core.orders.grants import owned
from core.payments.offers import Offers, log_offers, note_offers, offers_of
from core.ports import Message
from schemas.catalogue import Product
from schemas.people import Seller, User

routes = Routes()
WORDS_ROOM = ("page", 999_999)  # what stands beside the words in the data of a page button


@routes.command("catalogue", "catalog")
async def open_catalogue(request: Request) -> None:
    """Show the catalogue, or what a search after the command finds."""
    await find(request)


async def find(request: Request) -> None:
    """Search the catalogue: what people write without a command is a search."""
    words = fit(request.words, *WORDS_ROOM)
    page = await request.run(lambda session, _: search(session, words, page=1))
    await request.send(show_page(request, page, words))


@routes.button("page")
async def turn_page(request: Request, number: int, words: str = "") -> None:
    """Show another page of the catalogue or of a search."""
    page = await request.run(lambda session, _: search(session, words, page=number))
    await request.show(show_page(request, page, words))


def show_page(request: Request, page: Page[ProductView], words: str) -> Message:
    """A page of the catalogue, each product with a price that the chat may show."""
    offers = [offers_here(request, product) for product in page.items]
    log_offers(offers)
    return screens.catalogue(request.language, page, offers, words)


@routes.button("product")
async def show_product(request: Request, product_id: int) -> None:
    """Show the card of a product, in a new message: the list stays where it was."""
    await _show_card(request, product_id=product_id)


async def show_product_by_slug(request: Request, slug: str) -> None:
    """Show the card of a product by the slug of a shared link."""
    await _show_card(request, slug=slug)


@routes.button("preview")
async def show_preview(request: Request, product_id: int) -> None:
    """Show what is inside a product's file: the stored pictures, teaser and words, never the file (A48)."""
    content = await request.run(lambda session, person: load_preview(session, person, product_id))
    await request.send_album(content.file_ids, preview(request.language, content), film=content.teaser_id)


async def _show_card(request: Request, *, product_id: int | None = None, slug: str | None = None) -> None:
    product = await request.run(
        lambda session, person: view(session, product_id=product_id, slug=slug, viewer=person)
    )
    if product.kind == "membership":
        await show_plan(request, product.id)
        return
    message = await request.run(lambda session, person: load_card(session, request, person, product))
    if product.picture_file_id:
        await request.send_picture(product.picture_file_id, message)
    else:
        await request.send(message)


def load_card(session: Session, request: Request, person: User, product: ProductView) -> Message:
    """Build the card with what this person may do; what it offers goes to the audit log."""
    grant = owned(session, id_of(person), product.id)
    goods = goods_of(product.kind)
    own = goods.payee == "seller" and sells(session, person, product.id)
    offers = offers_here(request, product)
    if grant is None and not own:
        note_offers(session, person, offers)
    return screens.card(
        person.language,
        product,
        goods.describe(session, product),
        offers,
        owned=grant is not None,
        own=own,
        bot_username=request.app.bot_username,
    )


def sells(session: Session, person: User, product_id: int) -> bool:
    """Whether a product is the person's own."""
    row = must_get(session, Product, product_id, "product-unknown")
    return must_get(session, Seller, row.seller_id, "shop-unknown").user_id == person.id


def offers_here(request: Request, product: ProductView) -> Offers:
    """What the chat may show of a product's prices, and how it may be paid."""
    return offers_of(product, "chat", policy=request.app.policy, settings=request.app.settings)


def load_preview(session: Session, person: User, product_id: int) -> PreviewView:
    """Load the preview of a product that this person may see. Raises `NotFound`."""
    face = view(session, product_id=product_id, viewer=person).preview
    if face is None:
        raise NotFound("no-preview")
    return preview_of(session, face.asset_id)
