"""Orders over HTTP for staff: the verbs of the commands, with a token. The rules are core's."""

from litestar import Controller, get, post
from litestar.params import JSONBody
from sqlmodel import Session

from api.answers.common import answer_of
from api.auth import require_act
from api.context import SharedShop
from api.order_changes import changed_order, order_detail
from api.parameters import PageNumber, PathText, Words
from api.problems import OF_CHANGES, OF_LISTS, answers
from api.requests import AnyRequest
from core.kit.rows import id_of
from core.orders.delivery import resend
from core.orders.orders import by_number
from core.orders.receipts import find
from core.payments.refunds import request_refund
from schemas.base import utc_now
from schemas.sales import Order
from schemas.staff import (
    FoundOrderPage,
    OrderDetail,
    RefundRequest,
)


class StaffOrderController(Controller):
    """Every route names the act (core.kit.permissions) that the token's role must include."""

    path = "/api/staff"
    tags = ("staff",)
    guards = (require_act,)
    security = ({"staff": []},)

    @get("/orders", opt={"act": "see_orders"}, responses=OF_LISTS)
    async def find_orders(self, shop: SharedShop, words: Words = "", page: PageNumber = 1) -> FoundOrderPage:
        """Orders by number, Telegram id or name, title or provider's id; without words, all of them."""
        orders = await shop.run(lambda session: find(session, words, page=page))
        return answer_of(orders, FoundOrderPage)

    @get("/orders/{number:str}", opt={"act": "see_orders"}, responses=answers(400, 401, 403, 404, 429))
    async def show_order(self, shop: SharedShop, number: PathText) -> OrderDetail:
        """One order, by a number like CMT-000042 or 42."""
        return await shop.run(lambda session: order_detail(session, by_number(session, number)))

    @post("/orders/{number:str}/resend", opt={"act": "resend_order"}, responses=OF_CHANGES, status_code=200)
    async def resend_order(self, shop: SharedShop, request: AnyRequest, number: PathText) -> OrderDetail:
        """Send the order's links once more."""
        actor = request.state.actor

        def act(session: Session, order: Order) -> None:
            resend(session, id_of(order), actor=actor)

        return await changed_order(shop, number, act)

    @post("/orders/{number:str}/refund", opt={"act": "refund_order"}, responses=OF_CHANGES, status_code=200)
    async def refund_order(
        self, shop: SharedShop, request: AnyRequest, number: PathText, data: JSONBody[RefundRequest]
    ) -> OrderDetail:
        """Give Stars back by a job; for other rails, note that staff have sent the money back."""
        actor, now = request.state.actor, utc_now()

        def act(session: Session, order: Order) -> None:
            request_refund(session, id_of(order), actor=actor, reason=data.reason, now=now)

        return await changed_order(shop, number, act)
