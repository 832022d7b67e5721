"""An order as staff read it, and as it is after what they did to it."""

from collections.abc import Callable

import msgspec
from sqlmodel import Session

from api.context import AppContext
from core.orders.orders import by_number
from core.orders.receipts import receipt
from schemas.sales import Order
from schemas.staff import (
    OrderDetail,
)


async def changed_order(shop: AppContext, number: str, act: Callable[[Session, Order], None]) -> OrderDetail:
    """Do something to an order and show it as it is then, in one transaction."""

    def work(session: Session) -> OrderDetail:
        order = by_number(session, number)
        act(session, order)
        session.refresh(order)
        return order_detail(session, order)

    return await shop.run(work)


def order_detail(session: Session, order: Order) -> OrderDetail:
    own = receipt(session, order)
    details = {"number": own.number, "title": own.title, "seller": own.seller_name}
    return msgspec.convert(order.model_dump() | details | {"provider_id": own.provider_id}, OrderDetail)
