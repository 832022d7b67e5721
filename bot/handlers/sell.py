"""A seller's shop in the bot: opening one (name, terms, rails), then its products, sales and balance."""

from typing import Any

from sqlmodel import Session

from bot.handlers.cards import cards_button, show_account
from bot.request import Request
from bot.routes import Routes
from bot.screens import sell as screens
from bot.screens import uploads
from core.catalogue.catalogue import ProductView, products_of, view
from core.jobs.ledger import enqueue
from core.kit.errors import NotFound, Refused
from core.kit.names import bounded, clean_text
from core.kit.pagination import Page
from core.kit.permissions import allowed
from core.kit.rail_policy import CHOSEN
from core.kit.rows import id_of, must_get
from core.orders.fulfilment import goods_of
from core.orders.publication import publish, unpublish
from core.payments.balances import owed
from core.payments.month_sums import StatementSum, month_of, month_sums, named_month, seller_to_state
from core.payments.sale_refunds import own_sales
from core.people.sellers import SHOP_NAME_LIMIT, open_shop, shop_of
from core.people.shop_fees import fee_of_shop
from core.ports import Button
from core.uploads.moderation import text_rules
from schemas.catalogue import Product
from schemas.paper_jobs import SendStatement
from schemas.people import Seller, User

routes = Routes()


@routes.command("sell", "vendre")
async def sell(request: Request) -> None:
    """Show the person's shop, or how to open one, from a command."""
    await show_shop(request)


@routes.button("shop")
async def show_shop(request: Request) -> None:
    """Show the person's shop, or how to open one, from a button."""
    shop = await request.run(lambda session, person: shop_of(session, id_of(person)))
    if shop is None or shop.status == "refused":
        await request.show(screens.invitation(request.language, shop))
    else:
        await show_menu(request, shop)


@routes.button("shop_new")
async def ask_name(request: Request) -> None:
    """Ask the first question of a new shop: its name."""
    await request.app.dialogs.open(request.person.telegram_id, "shop_name")
    await request.send(screens.name_question(request.language))


@routes.answer("shop_name")
async def take_name(request: Request) -> None:
    """Take the name of a new shop and show the terms to accept."""
    name = bounded(clean_text(request.words), "name", SHOP_NAME_LIMIT)
    await request.app.dialogs.open(request.person.telegram_id, "shop_terms", name=name)
    await request.send(screens.terms(request.language, name))


@routes.answer("shop_terms")
@routes.answer("shop_rails")
async def point_to_buttons(request: Request, name: str, rails: list[str] | None = None) -> None:
    """Show the buttons again to somebody who writes words instead."""
    if rails is None:
        await request.send(screens.terms(request.language, name))
    else:
        await request.send(screens.rails_question(request.language, rails))


@routes.button("shop_accept")
async def accept_terms(request: Request) -> None:
    """Accept the terms and ask for the rails; Stars are the one that works inside Telegram."""
    await keep_rails(request, await named_so_far(request), ["stars"])


@routes.button("shop_rail")
async def toggle_rail(request: Request, rail: str) -> None:
    """Add a rail to the new shop, or take it away."""
    facts = await facts_so_far(request)
    chosen = set(facts["rails"]) ^ ({rail} & set(CHOSEN))
    await keep_rails(request, facts["name"], [each for each in CHOSEN if each in chosen])


@routes.button("shop_open")
async def finish(request: Request) -> None:
    """Open the new shop, at once or once an admin approves."""
    facts = await facts_so_far(request)
    shop = await request.run(
        lambda session, person: open_shop(
            session,
            person,
            name=facts["name"],
            rails=facts["rails"],
            accept_terms=True,
            approve_at_once=request.app.settings.sellers_open,
            now=request.now,
            review=text_rules(request.app.settings),
        )
    )
    await request.app.dialogs.close(request.person.telegram_id)
    await show_menu(request, shop)


async def show_menu(request: Request, shop: Seller) -> None:
    """Show what can be done with a shop."""
    buttons = mini_app_button(request), await cards_button(request)
    fee = await request.run(lambda session, _: fee_of_shop(session, id_of(shop), now=request.now))
    await request.show(screens.menu(request.language, shop, *buttons, fee=fee))


async def keep_rails(request: Request, name: str, rails: list[str]) -> None:
    """Keep the chosen rails and show them."""
    await request.app.dialogs.open(request.person.telegram_id, "shop_rails", name=name, rails=rails)
    await request.show(screens.rails_question(request.language, rails))


async def named_so_far(request: Request) -> str:
    """The name of the new shop, as answered. Raises `Refused` when too much time has passed."""
    dialog = await request.app.dialogs.current(request.person.telegram_id)
    if dialog is None or dialog.step not in ("shop_terms", "shop_rails"):
        raise Refused("dialog-lost")
    return str(dialog.facts["name"])


async def facts_so_far(request: Request) -> dict[str, Any]:
    """Name and rails of the new shop, as answered. Raises `Refused` when too much time has passed."""
    dialog = await request.app.dialogs.current(request.person.telegram_id)
    if dialog is None or dialog.step != "shop_rails":
        raise Refused("dialog-lost")
    return dialog.facts


@routes.button("my_products")
async def my_products(request: Request, page: int) -> None:
    """Show the seller's products, drafts included."""
    products = await request.run(lambda session, person: own_products(session, person, page))
    await request.show(screens.products(request.language, products, mini_app_button(request)))


@routes.button("my_product")
async def my_product(request: Request, product_id: int) -> None:
    """Show one product as its seller sees it."""
    product = await request.run(lambda session, person: own_product(session, person, product_id))
    has_app = mini_app_button(request) is not None
    await request.show(screens.product(request.language, product, has_app=has_app))


@routes.button("publish")
async def publish_product(request: Request, product_id: int) -> None:
    """Put a product on sale."""

    def work(session: Session, person: User) -> None:
        own_product(session, person, product_id)
        review = text_rules(request.app.settings)
        publish(session, product_id, actor_user=person, review=review, now=request.now)

    await request.run(work)
    await my_product(request, product_id)


@routes.button("unpublish")
async def ask_withdrawal(request: Request, product_id: int) -> None:
    """Ask once more before a product is taken off sale."""
    product = await request.run(lambda session, person: own_product(session, person, product_id))
    await request.show(screens.withdrawal(request.language, product))


@routes.button("unpublished")
async def unpublish_product(request: Request, product_id: int) -> None:
    """Take a product off sale; owners keep access."""

    def work(session: Session, person: User) -> None:
        own_product(session, person, product_id)
        unpublish(session, product_id, actor_user=person, now=request.now)

    await request.run(work)
    await my_product(request, product_id)


@routes.button("sales")
async def show_sales(request: Request, page: int = 1) -> None:
    """Show the seller's sales."""
    sold = await request.run(lambda session, person: own_sales(session, person, page=page))
    await request.show(screens.sales(request.language, sold))


@routes.button("balance")
async def show_balance(request: Request) -> None:
    """Show what the operator owes the seller, for each rail."""
    totals = await request.run(lambda session, person: owed(session, id_of(own_shop(session, person))))
    await request.show(screens.balance(request.language, totals))


@routes.command("statement", "releve")
async def this_month(request: Request) -> None:
    """Show the seller's statement of this month, from a command."""
    await show_statement(request, named_month(request.now))


@routes.button("statement")
async def show_statement(request: Request, month: str = "") -> None:
    """Show the seller's statement of a month; of this one, where none is named."""
    wanted, latest = month or named_month(request.now), named_month(request.now)

    def work(session: Session, person: User) -> list[StatementSum]:
        return month_sums(session, id_of(seller_to_state(session, person)), wanted)

    sums = await request.run(work)
    await request.show(screens.statement(request.language, wanted, sums, latest=latest))


@routes.button("statement_file")
async def send_statement(request: Request, month: str) -> None:
    """Have the CSV of a month sent into the chat."""

    def work(session: Session, person: User) -> None:
        seller_to_state(session, person)
        month_of(month)
        enqueue(session, SendStatement(user_id=id_of(person), month=month).once())

    await request.run(work)
    await request.answer(request.plain("statement-coming"))


def mini_app_button(request: Request) -> Button | None:
    """The button that opens the Mini App."""
    return uploads.mini_app_button(request.language, request.app.settings.public_url)


@routes.command("cards", "cartes")
async def show_cards(request: Request) -> None:
    """Lead a seller to card payments."""
    shop = await request.run(own_shop)
    if shop.status == "approved":
        await show_account(request, shop)
    else:
        await show_shop(request)


def own_shop(session: Session, person: User) -> Seller:
    """The person's shop. Raises `NotFound`."""
    shop = shop_of(session, id_of(person))
    if shop is None:
        raise NotFound("shop-unknown")
    return shop


def own_products(session: Session, person: User, page: int) -> Page[ProductView]:
    """A page of the person's products."""
    return products_of(session, id_of(own_shop(session, person)), page=page)


def own_product(session: Session, person: User, product_id: int) -> ProductView:
    """A product of files of the person's shop; an admin's may be anybody's. Raises `NotFound` for others: a
    plan has screens of its own, a listing fee none."""
    row = must_get(session, Product, product_id, "product-unknown")
    shop = shop_of(session, id_of(person))
    own = (shop is not None and row.seller_id == shop.id) or allowed(person.roles, "approve_seller")
    if not own or not goods_of(row.kind).holds_files:
        raise NotFound("product-unknown")
    return view(session, product_id=product_id, viewer=person)
