"""What staff do, over HTTP: the verbs of the commands, with a token. The rules are core's."""

import io
from typing import Annotated, Any

from litestar import Controller, Response, get, post
from litestar.params import FromPath, FromQuery, JSONBody, PathParameter, QueryParameter
from sqlmodel import Session

from api.auth import require_act
from api.context import AppContext, SharedShop
from api.problems import answers
from api.requests import AnyRequest
from core.kit.money import Money
from core.kit.pagination import Page
from core.kit.rows import id_of
from core.orders.delivery import resend
from core.orders.orders import by_number
from core.orders.receipts import OrderLine, find, receipt
from core.payments.balances import Balance, export_csv, owed, record_payout
from core.payments.rails.manual.transfers import (
    PendingPayment,
    pending_manual,
    refuse_manual,
    validate_manual,
)
from core.payments.rails.nowpayments.shortfalls import accept_short_payment
from core.payments.rails.stars.charges import request_charge_refund
from core.payments.refunds import request_refund
from core.people.sellers import decide_shop, waiting_shops
from schemas.base import utc_now
from schemas.http import (
    LARGEST,
    ChargeRefund,
    Decision,
    OrderDetail,
    PayoutLine,
    PayoutRequest,
    RefundRequest,
    SellerLine,
)
from schemas.people import Seller
from schemas.sales import Order

SellerId = Annotated[int, PathParameter(ge=1, le=LARGEST)]
REFUSALS = answers(400, 401, 403, 404, 409, 422, 429)
PageNumber = Annotated[int, QueryParameter(name="page", ge=1)]


class StaffController(Controller):
    """Every route names the act (core.kit.permissions) that the token's role must include."""

    path = "/api/staff"
    tags = ("staff",)
    guards = (require_act,)
    security = ({"staff": []},)

    @get("/payments", opt={"act": "validate_payment"}, responses=REFUSALS)
    async def list_payments(self, shop: SharedShop, page: PageNumber = 1) -> Page[PendingPayment]:
        """Manual transfers that wait for a decision, oldest first."""
        return await shop.run(lambda session: pending_manual(session, page=page))

    @post(
        "/payments/{number:str}/validate",
        opt={"act": "validate_payment"},
        responses=REFUSALS,
        status_code=200,
    )
    async def validate_payment(
        self, shop: SharedShop, request: AnyRequest, number: FromPath[str], data: JSONBody[Decision]
    ) -> OrderDetail:
        """The money is there: the order is paid. Asked again, nothing more happens."""
        told: dict[str, Any] = {"actor": request.state.actor, "note": data.note, "now": utc_now()}
        return await _change(
            shop, number, lambda session, order: validate_manual(session, id_of(order), **told)
        )

    @post(
        "/payments/{number:str}/refuse", opt={"act": "validate_payment"}, responses=REFUSALS, status_code=200
    )
    async def refuse_payment(
        self, shop: SharedShop, request: AnyRequest, number: FromPath[str], data: JSONBody[Decision]
    ) -> OrderDetail:
        """The money is not there: the order has failed, and the buyer reads the note."""
        told: dict[str, Any] = {"actor": request.state.actor, "note": data.note, "now": utc_now()}
        return await _change(
            shop, number, lambda session, order: refuse_manual(session, id_of(order), **told)
        )

    @post(
        "/payments/{number:str}/accept", opt={"act": "validate_payment"}, responses=REFUSALS, status_code=200
    )
    async def accept_payment(
        self, shop: SharedShop, request: AnyRequest, number: FromPath[str], data: JSONBody[Decision]
    ) -> OrderDetail:
        """Take crypto that fell short as the whole price. Asked again, nothing more happens."""
        told: dict[str, Any] = {"actor": request.state.actor, "note": data.note, "now": utc_now()}
        return await _change(
            shop, number, lambda session, order: accept_short_payment(session, id_of(order), **told)
        )

    @post("/payments/{number:str}/refund", opt={"act": "refund_order"}, responses=REFUSALS, status_code=200)
    async def refund_charge(
        self, shop: SharedShop, request: AnyRequest, number: FromPath[str], data: JSONBody[ChargeRefund]
    ) -> OrderDetail:
        """Give back a charge of Stars that did not pay the order, which stays as it is."""
        told: dict[str, Any] = {"actor": request.state.actor, "reason": data.reason}
        return await _change(
            shop,
            number,
            lambda session, order: request_charge_refund(session, id_of(order), data.charge_id, **told),
        )

    @get("/orders", opt={"act": "see_orders"}, responses=REFUSALS)
    async def find_orders(
        self, shop: SharedShop, words: FromQuery[str] = "", page: PageNumber = 1
    ) -> Page[OrderLine]:
        """Orders by number, Telegram id or name, title or provider's id; without words, all of them."""
        return await shop.run(lambda session: find(session, words, page=page))

    @get("/orders/{number:str}", opt={"act": "see_orders"}, responses=REFUSALS)
    async def show_order(self, shop: SharedShop, number: FromPath[str]) -> OrderDetail:
        """One order, by a number like CMT-000042 or 42."""
        return await shop.run(lambda session: _detail(session, by_number(session, number)))

    @post("/orders/{number:str}/resend", opt={"act": "resend_order"}, responses=REFUSALS, status_code=200)
    async def resend_order(self, shop: SharedShop, request: AnyRequest, number: FromPath[str]) -> OrderDetail:
        """Send the order's links once more."""
        told: dict[str, Any] = {"actor": request.state.actor, "now": utc_now()}
        return await _change(shop, number, lambda session, order: resend(session, id_of(order), **told))

    @post("/orders/{number:str}/refund", opt={"act": "refund_order"}, responses=REFUSALS, status_code=200)
    async def refund_order(
        self, shop: SharedShop, request: AnyRequest, number: FromPath[str], data: JSONBody[RefundRequest]
    ) -> OrderDetail:
        """Give Stars back by a job; for other rails, note that staff have sent the money back."""
        told: dict[str, Any] = {"actor": request.state.actor, "reason": data.reason, "now": utc_now()}
        return await _change(
            shop, number, lambda session, order: request_refund(session, id_of(order), **told)
        )

    @get("/sellers/waiting", opt={"act": "approve_seller"}, responses=REFUSALS)
    async def list_sellers(self, shop: SharedShop) -> list[SellerLine]:
        """Shops that wait for approval."""
        return await shop.run(lambda session: [_seller(row) for row in waiting_shops(session)])

    @post(
        "/sellers/{seller_id:int}/approve", opt={"act": "approve_seller"}, responses=REFUSALS, status_code=200
    )
    async def approve_seller(self, shop: SharedShop, request: AnyRequest, seller_id: SellerId) -> SellerLine:
        """Open a shop; its owner is told."""
        return await _decide(shop, request, seller_id, approve=True)

    @post(
        "/sellers/{seller_id:int}/refuse", opt={"act": "approve_seller"}, responses=REFUSALS, status_code=200
    )
    async def refuse_seller(self, shop: SharedShop, request: AnyRequest, seller_id: SellerId) -> SellerLine:
        """Refuse a shop; its owner is told."""
        return await _decide(shop, request, seller_id, approve=False)

    @get("/payouts", opt={"act": "record_payout"}, responses=REFUSALS)
    async def list_balances(self, shop: SharedShop) -> list[Balance]:
        """What each seller is owed per rail, and has been paid."""
        return await shop.run(lambda session: owed(session))

    @post("/payouts", opt={"act": "record_payout"}, responses=REFUSALS)
    async def add_payout(
        self, shop: SharedShop, request: AnyRequest, data: JSONBody[PayoutRequest]
    ) -> PayoutLine:
        """Note a payout that was made; the seller is told."""
        actor = request.state.actor
        return await shop.run(lambda session: _pay_out(session, data, actor))

    @get("/payouts/export", opt={"act": "record_payout"}, responses=REFUSALS, media_type="text/csv")
    async def export_payouts(self, shop: SharedShop) -> Response[str]:
        """Every line of the sellers' ledger as CSV."""
        text = await shop.run(_csv)
        headers = {"content-disposition": 'attachment; filename="balances.csv"', "cache-control": "no-store"}
        return Response(text, media_type="text/csv", headers=headers)


async def _change(shop: AppContext, number: str, act: Any) -> OrderDetail:
    """Do something to an order and show it as it is then, in one transaction."""

    def work(session: Session) -> OrderDetail:
        order = by_number(session, number)
        act(session, order)
        session.refresh(order)
        return _detail(session, order)

    return await shop.run(work)


async def _decide(shop: AppContext, request: AnyRequest, seller_id: int, *, approve: bool) -> SellerLine:
    told: dict[str, Any] = {"approve": approve, "actor": request.state.actor, "now": utc_now()}
    return await shop.run(lambda session: _seller(decide_shop(session, seller_id, **told)))


def _pay_out(session: Session, asked: PayoutRequest, actor: str) -> PayoutLine:
    amount = Money(asked.amount, asked.currency)
    told: dict[str, Any] = {"reference": asked.reference, "actor": actor, "now": utc_now()}
    entry = record_payout(session, seller_id=asked.seller_id, rail=asked.rail, amount=amount, **told)
    return PayoutLine(entry.seller_id, entry.rail, -entry.amount, entry.currency, entry.reference or "")


def _csv(session: Session) -> str:
    out = io.StringIO(newline="")
    export_csv(session, out)
    return out.getvalue()


def _seller(row: Seller) -> SellerLine:
    return SellerLine(id_of(row), row.name, row.status, list(row.rails))


def _detail(session: Session, order: Order) -> OrderDetail:
    shown = receipt(session, order)
    copied = ("status", "entry", "rail", "buyer_id", "amount", "currency", "note")
    times = ("created_at", "expires_at", "paid_at", "delivered_at", "refunded_at", "needs_support_at")
    return OrderDetail(
        id=id_of(order),
        number=shown.number,
        title=shown.title,
        seller=shown.seller_name,
        provider_id=shown.provider_id,
        **{name: getattr(order, name) for name in (*copied, *times)},
    )
