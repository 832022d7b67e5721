"""What staff do, over HTTP: the verbs of the commands, with a token. The rules are core's."""

import io
from collections.abc import Callable
from typing import Annotated

import msgspec
from litestar import Controller, Response, get, post
from litestar.params import FromPath, FromQuery, JSONBody, PathParameter, QueryParameter
from sqlmodel import Session

from api.answers.common import answer_of
from api.auth import require_act
from api.context import AppContext, SharedShop
from api.problems import answers
from api.requests import AnyRequest
from core.kit.money import Money
from core.kit.rows import id_of
from core.orders.delivery import resend
from core.orders.orders import by_number
from core.orders.receipts import find, receipt
from core.payments.balances import export_csv, owed, record_payout
from core.payments.rails.manual.transfers import (
    pending_manual,
    refuse_manual,
    validate_manual,
)
from core.payments.rails.nowpayments.shortfalls import accept_short_payment
from core.payments.rails.stars.charges import request_charge_refund
from core.payments.refunds import request_refund
from core.people.sellers import decide_shop, waiting_shops
from schemas.base import utc_now
from schemas.http import LARGEST
from schemas.sales import Order
from schemas.staff import (
    ChargeRefund,
    Decision,
    FoundOrderPage,
    OrderDetail,
    PayoutLine,
    PayoutRequest,
    RefundRequest,
    SellerBalance,
    SellerLine,
    WaitingTransferPage,
)

SellerId = Annotated[int, PathParameter(ge=1, le=LARGEST)]
OF_LISTS = answers(400, 401, 403, 429)
OF_ORDERS = answers(400, 401, 403, 404, 409, 413, 422, 429)
OF_SHOPS = answers(400, 401, 403, 404, 409, 429)
PageNumber = Annotated[int, QueryParameter(name="page", ge=1)]


class StaffController(Controller):
    """Every route names the act (core.kit.permissions) that the token's role must include."""

    path = "/api/staff"
    tags = ("staff",)
    guards = (require_act,)
    security = ({"staff": []},)

    @get("/payments", opt={"act": "validate_payment"}, responses=OF_LISTS)
    async def list_payments(self, shop: SharedShop, page: PageNumber = 1) -> WaitingTransferPage:
        """Manual transfers that wait for a decision, oldest first."""
        transfers = await shop.run(lambda session: pending_manual(session, page=page))
        return answer_of(transfers, WaitingTransferPage)

    @post(
        "/payments/{number:str}/validate",
        opt={"act": "validate_payment"},
        responses=OF_ORDERS,
        status_code=200,
    )
    async def validate_payment(
        self, shop: SharedShop, request: AnyRequest, number: FromPath[str], data: JSONBody[Decision]
    ) -> OrderDetail:
        """The money is there: the order is paid. Asked again, nothing more happens."""
        actor, now = request.state.actor, utc_now()

        def act(session: Session, order: Order) -> None:
            validate_manual(session, id_of(order), actor=actor, note=data.note, now=now)

        return await _change(shop, number, act)

    @post(
        "/payments/{number:str}/refuse", opt={"act": "validate_payment"}, responses=OF_ORDERS, status_code=200
    )
    async def refuse_payment(
        self, shop: SharedShop, request: AnyRequest, number: FromPath[str], data: JSONBody[Decision]
    ) -> OrderDetail:
        """The money is not there: the order has failed, and the buyer reads the note."""
        actor, now = request.state.actor, utc_now()

        def act(session: Session, order: Order) -> None:
            refuse_manual(session, id_of(order), actor=actor, note=data.note, now=now)

        return await _change(shop, number, act)

    @post(
        "/payments/{number:str}/accept", opt={"act": "validate_payment"}, responses=OF_ORDERS, status_code=200
    )
    async def accept_payment(
        self, shop: SharedShop, request: AnyRequest, number: FromPath[str], data: JSONBody[Decision]
    ) -> OrderDetail:
        """Take crypto that fell short as the whole price. Asked again, nothing more happens."""
        actor, now = request.state.actor, utc_now()

        def act(session: Session, order: Order) -> None:
            accept_short_payment(session, id_of(order), actor=actor, note=data.note, now=now)

        return await _change(shop, number, act)

    @post("/payments/{number:str}/refund", opt={"act": "refund_order"}, responses=OF_ORDERS, status_code=200)
    async def refund_charge(
        self, shop: SharedShop, request: AnyRequest, number: FromPath[str], data: JSONBody[ChargeRefund]
    ) -> OrderDetail:
        """Give back a charge of Stars that did not pay the order, which stays as it is."""
        actor = request.state.actor

        def act(session: Session, order: Order) -> None:
            request_charge_refund(session, id_of(order), data.charge_id, actor=actor, reason=data.reason)

        return await _change(shop, number, act)

    @get("/orders", opt={"act": "see_orders"}, responses=OF_LISTS)
    async def find_orders(
        self, shop: SharedShop, words: FromQuery[str] = "", page: PageNumber = 1
    ) -> FoundOrderPage:
        """Orders by number, Telegram id or name, title or provider's id; without words, all of them."""
        orders = await shop.run(lambda session: find(session, words, page=page))
        return answer_of(orders, FoundOrderPage)

    @get("/orders/{number:str}", opt={"act": "see_orders"}, responses=answers(400, 401, 403, 404, 429))
    async def show_order(self, shop: SharedShop, number: FromPath[str]) -> OrderDetail:
        """One order, by a number like CMT-000042 or 42."""
        return await shop.run(lambda session: _detail(session, by_number(session, number)))

    @post("/orders/{number:str}/resend", opt={"act": "resend_order"}, responses=OF_ORDERS, status_code=200)
    async def resend_order(self, shop: SharedShop, request: AnyRequest, number: FromPath[str]) -> OrderDetail:
        """Send the order's links once more."""
        actor = request.state.actor

        def act(session: Session, order: Order) -> None:
            resend(session, id_of(order), actor=actor)

        return await _change(shop, number, act)

    @post("/orders/{number:str}/refund", opt={"act": "refund_order"}, responses=OF_ORDERS, status_code=200)
    async def refund_order(
        self, shop: SharedShop, request: AnyRequest, number: FromPath[str], data: JSONBody[RefundRequest]
    ) -> OrderDetail:
        """Give Stars back by a job; for other rails, note that staff have sent the money back."""
        actor, now = request.state.actor, utc_now()

        def act(session: Session, order: Order) -> None:
            request_refund(session, id_of(order), actor=actor, reason=data.reason, now=now)

        return await _change(shop, number, act)

    @get("/sellers/waiting", opt={"act": "approve_seller"}, responses=answers(401, 403, 429))
    async def list_sellers(self, shop: SharedShop) -> list[SellerLine]:
        """Shops that wait for approval."""
        return await shop.run(lambda session: [answer_of(row, SellerLine) for row in waiting_shops(session)])

    @post(
        "/sellers/{seller_id:int}/approve", opt={"act": "approve_seller"}, responses=OF_SHOPS, status_code=200
    )
    async def approve_seller(self, shop: SharedShop, request: AnyRequest, seller_id: SellerId) -> SellerLine:
        """Open a shop; its owner is told."""
        return await _decide(shop, request, seller_id, approve=True)

    @post(
        "/sellers/{seller_id:int}/refuse", opt={"act": "approve_seller"}, responses=OF_SHOPS, status_code=200
    )
    async def refuse_seller(self, shop: SharedShop, request: AnyRequest, seller_id: SellerId) -> SellerLine:
        """Refuse a shop; its owner is told."""
        return await _decide(shop, request, seller_id, approve=False)

    @get("/payouts", opt={"act": "record_payout"}, responses=answers(401, 403, 429))
    async def list_balances(self, shop: SharedShop) -> list[SellerBalance]:
        """What each seller is owed per rail, and has been paid."""
        balances = await shop.run(lambda session: owed(session))
        return [answer_of(balance, SellerBalance) for balance in balances]

    @post("/payouts", opt={"act": "record_payout"}, responses=OF_ORDERS)
    async def add_payout(
        self, shop: SharedShop, request: AnyRequest, data: JSONBody[PayoutRequest]
    ) -> PayoutLine:
        """Note a payout that was made; the seller is told."""
        actor = request.state.actor
        return await shop.run(lambda session: _pay_out(session, data, actor))

    @get(
        "/payouts/export",
        opt={"act": "record_payout"},
        responses=answers(401, 403, 429),
        media_type="text/csv",
    )
    async def export_payouts(self, shop: SharedShop) -> Response[str]:
        """Every line of the sellers' ledger as CSV."""
        text = await shop.run(_csv)
        headers = {"content-disposition": 'attachment; filename="balances.csv"', "cache-control": "no-store"}
        return Response(text, media_type="text/csv", headers=headers)


async def _change(shop: AppContext, number: str, act: Callable[[Session, Order], None]) -> OrderDetail:
    """Do something to an order and show it as it is then, in one transaction."""

    def work(session: Session) -> OrderDetail:
        order = by_number(session, number)
        act(session, order)
        session.refresh(order)
        return _detail(session, order)

    return await shop.run(work)


async def _decide(shop: AppContext, request: AnyRequest, seller_id: int, *, approve: bool) -> SellerLine:
    actor, now = request.state.actor, utc_now()

    def work(session: Session) -> SellerLine:
        seller = decide_shop(session, seller_id, approve=approve, actor=actor, now=now)
        return answer_of(seller, SellerLine)

    return await shop.run(work)


def _pay_out(session: Session, payout: PayoutRequest, actor: str) -> PayoutLine:
    entry = record_payout(
        session,
        seller_id=payout.seller_id,
        rail=payout.rail,
        amount=Money(payout.amount, payout.currency),
        reference=payout.reference,
        actor=actor,
        now=utc_now(),
    )
    return msgspec.convert(entry.model_dump() | {"amount": -entry.amount}, PayoutLine)


def _csv(session: Session) -> str:
    out = io.StringIO(newline="")
    export_csv(session, out)
    return out.getvalue()


def _detail(session: Session, order: Order) -> OrderDetail:
    own = receipt(session, order)
    details = {"number": own.number, "title": own.title, "seller": own.seller_name}
    return msgspec.convert(order.model_dump() | details | {"provider_id": own.provider_id}, OrderDetail)
