"""Card payments of a seller's shop: how they stand, the way to them, and VAT by Stripe Tax."""

from sqlmodel import Session

from bot.request import Request
from bot.routes import Routes
from bot.screens import sell as screens
from bot.screens import uploads
from core.kit.errors import Refused
from core.kit.rail_policy import parse_policy
from core.kit.rows import id_of
from core.payments.rails.stripe.accounts import RAIL, active_account
from core.payments.rails.stripe.platform import has_key
from core.payments.rails.stripe.tax import choose_tax
from core.ports import Button
from schemas.people import Seller, User
from schemas.stripe import TaxState

routes = Routes()


async def show_account(request: Request, shop: Seller) -> None:
    """Lead the seller of an approved shop to card payments. Raises `Refused` "cards-off"."""

    def work(session: Session, person: User) -> TaxState | None:
        account = active_account(session, id_of(shop))
        return account.tax if account is not None else None

    if not await request.run(takes_cards):
        raise Refused("cards-off")
    tax = await request.run(work)
    await request.show(screens.cards(request.language, shop, await cards_button(request), tax))


@routes.button("card_tax")
async def switch_tax(request: Request, wanted: str) -> None:
    """Have VAT worked out on later sales, once Stripe Tax is ready for it; or no more."""

    def work(session: Session, person: User) -> Seller:
        row = choose_tax(session, person, wanted=wanted == "on")
        return session.get_one(Seller, row.seller_id)

    await show_account(request, await request.run(work))


async def cards_button(request: Request) -> Button | None:
    """The button that opens card payments, where the shop may take cards and workers can ask Stripe."""
    settings = request.app.settings
    if RAIL not in parse_policy(settings.rail_policy).get("web", ()) or not await request.run(takes_cards):
        return None
    return uploads.cards_button(request.language, settings.public_url)


def takes_cards(session: Session, person: User) -> bool:
    """Whether the operator has set Stripe up: workers have its key, the bot must not see it."""
    return has_key(session)
