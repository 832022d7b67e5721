"""What a person has bought, in the bot: the library, links to files, receipts."""

from dataclasses import dataclass
from uuid import UUID

from sqlmodel import Session

from bot.request import Request
from bot.routes import Routes
from bot.screens import library as screens
from core.catalogue.catalogue import FileView, current_assets, file_views
from core.jobs.ledger import enqueue
from core.kit.errors import NotFound, Refused
from core.kit.rows import id_of, must_get
from core.orders.grants import library, owned
from core.orders.receipts import Receipt, orders_of, receipt
from core.payments.papers import PaperLink, papers_of
from schemas.access import Grant
from schemas.jobs import SendLinks
from schemas.people import User
from schemas.sales import Order

routes = Routes()


@dataclass(frozen=True)
class Owned:
    """One purchase with the files it gives now."""

    grant: Grant
    receipt: Receipt
    files: list[FileView]


@routes.command("library", "bibliotheque")
async def open_library(request: Request) -> None:
    """Show the library, from a command."""
    await show_library(request, 1)


@routes.button("library_menu")
async def back_to_library(request: Request) -> None:
    """Show the library, from the button under any message (A19)."""
    await show_library(request, 1)


@routes.button("library")
async def show_library(request: Request, page: int) -> None:
    """Show one page of the library."""
    lines = await request.run(lambda session, person: library(session, id_of(person), page=page))
    await request.show(screens.library(request.language, lines))


@routes.button("item")
async def show_item(request: Request, product_id: int) -> None:
    """Show one purchase and its files."""
    purchase = await request.run(lambda session, person: load_owned(session, person, product_id))
    await request.show(
        screens.item(
            request.language,
            product_id=product_id,
            title=purchase.receipt.title,
            order_id=purchase.grant.order_id,
            number=purchase.receipt.number,
            bought_at=purchase.grant.created_at,
            files=purchase.files,
            ttl=request.app.settings.link_ttl,
        )
    )


@routes.button("get")
async def get_links(request: Request, product_id: int, asset: str = "") -> None:
    """Ask for a link to one file, or to all of them; a worker signs and sends it (A15)."""
    await request.run(lambda session, person: order_links(session, person, product_id, asset))
    await request.answer(request.plain("preparing-link"))


@routes.command("receipts", "recus")
async def open_receipts(request: Request) -> None:
    """Show the receipts, from a command."""
    await show_receipts(request, 1)


@routes.button("receipts")
async def show_receipts(request: Request, page: int) -> None:
    """Show one page of the receipts."""
    lines = await request.run(lambda session, person: orders_of(session, id_of(person), page=page))
    await request.show(screens.receipts(request.language, lines))


@routes.button("receipt")
async def show_receipt(request: Request, order_id: int) -> None:
    """Show one receipt."""

    def work(session: Session, person: User) -> tuple[Receipt, list[PaperLink]]:
        return load_receipt(session, person, order_id), papers_of(session, order_id)

    site = request.app.settings.public_url
    await request.show(screens.receipt(request.language, *await request.run(work), site))


def load_owned(session: Session, person: User, product_id: int) -> Owned:
    """Load what the person owns of a product. Raises `NotFound` when it is nothing."""
    grant = owned(session, id_of(person), product_id)
    if grant is None:
        raise NotFound("grant-unknown")
    files = file_views(current_assets(session, product_id))
    return Owned(grant, load_receipt(session, person, grant.order_id), files)


def load_receipt(session: Session, person: User, order_id: int) -> Receipt:
    """Load a receipt of this person's. Raises `NotFound` for anybody else's."""
    order = must_get(session, Order, order_id, "order-unknown")
    if order.buyer_id != person.id or order.paid_at is None:
        raise NotFound("order-unknown")
    return receipt(session, order)


def order_links(session: Session, person: User, product_id: int, asset: str) -> None:
    """Enqueue the job that sends links; while it is on its way, a second press asks for nothing more."""
    purchase = load_owned(session, person, product_id)
    asset_id = _chosen(purchase.files, asset)
    links = SendLinks(grant_id=id_of(purchase.grant), occasion="library", asset_id=asset_id)
    enqueue(session, links.on_request())


def _chosen(files: list[FileView], asset: str) -> UUID | None:
    if not files:
        raise Refused("no-file")
    if not asset:
        return None
    for file in files:
        if str(file.id) == asset:
            return file.id
    raise NotFound("file-unknown")
