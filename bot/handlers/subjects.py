"""What a notification was about, shown to whom it belongs; each rule says itself whose it is."""

from collections.abc import Awaitable, Callable

from sqlmodel import Session

from bot.handlers.catalogue import show_product
from bot.handlers.channels import show_channel
from bot.handlers.library import show_item, show_receipt
from bot.handlers.members import show_membership, show_memberships, show_plan
from bot.handlers.sale import show_numbered_sale
from bot.request import Request
from core.kit.errors import NotFound
from core.kit.rows import id_of, must_get
from core.orders.fulfilment import goods_of
from core.orders.orders import by_number
from schemas.catalogue import Product
from schemas.people import User
from schemas.sales import Order

SCREENS: dict[str, Callable[[Request, int], Awaitable[None]]] = {
    "member": show_membership,
    "plan": show_plan,
    "channel": show_channel,
}
DIGITS = 18


async def show_subject(request: Request, parameter: str) -> bool:
    """Show what a start parameter names; False where it names nothing of the kind. Raises `NotFound`."""
    kind, _, name = parameter.partition("_")
    if kind == "order" and name:
        await show_order(request, name)
        return True
    if kind == "sale" and name:
        await show_numbered_sale(request, name)
        return True
    if kind not in SCREENS or not (name.isascii() and name.isdigit() and len(name) <= DIGITS):
        return False
    await SCREENS[kind](request, int(name))
    return True


async def show_order(request: Request, number: str) -> None:
    """Show what the person's own order gave; its receipt where that has ended, what was ordered where it was
    not paid."""
    order, product = await request.run(lambda session, person: load_own(session, person, number))
    if order.paid_at is None:
        await show_product(request, id_of(product))
    elif order.status == "refunded" or not goods_of(product.kind).personal:
        await show_receipt(request, id_of(order))
    elif goods_of(product.kind).holds_files:
        await show_item(request, id_of(product))
    else:
        await show_memberships(request)


def load_own(session: Session, person: User, number: str) -> tuple[Order, Product]:
    """An order of the person's own, and what was ordered. Raises `NotFound`."""
    order = by_number(session, number)
    if order.buyer_id != person.id:
        raise NotFound("order-unknown")
    return order, must_get(session, Product, order.product_id, "product-unknown")
