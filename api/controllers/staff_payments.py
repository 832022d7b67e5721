"""Payments over HTTP for staff: the verbs of the commands, with a token. The rules are core's."""

from datetime import datetime
from typing import Protocol

from litestar import Controller, get, post
from litestar.params import JSONBody
from sqlmodel import Session

from api.answers.common import answer_of
from api.auth import require_act
from api.context import AppContext, SharedShop
from api.order_changes import changed_order
from api.parameters import PageNumber, PathText
from api.problems import OF_CHANGES, OF_LISTS
from api.requests import AnyRequest
from core.kit.rows import id_of
from core.payments.rails.manual.transfers import (
    pending_manual,
    refuse_manual,
    validate_manual,
)
from core.payments.rails.nowpayments.shortfalls import accept_short_payment
from core.payments.rails.stars.charges import request_charge_refund
from schemas.base import utc_now
from schemas.sales import Order
from schemas.staff import (
    ChargeRefund,
    Decision,
    OrderDetail,
    WaitingTransferPage,
)


class StaffPaymentController(Controller):
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
        responses=OF_CHANGES,
        status_code=200,
    )
    async def validate_payment(
        self, shop: SharedShop, request: AnyRequest, number: PathText, data: JSONBody[Decision]
    ) -> OrderDetail:
        """The money is there: the order is paid. Asked again, nothing more happens."""
        return await _decide(shop, request, number, data.note, validate_manual)

    @post(
        "/payments/{number:str}/refuse",
        opt={"act": "validate_payment"},
        responses=OF_CHANGES,
        status_code=200,
    )
    async def refuse_payment(
        self, shop: SharedShop, request: AnyRequest, number: PathText, data: JSONBody[Decision]
    ) -> OrderDetail:
        """The money is not there: the order has failed, and the buyer reads the note."""
        return await _decide(shop, request, number, data.note, refuse_manual)

    @post(
        "/payments/{number:str}/accept",
        opt={"act": "validate_payment"},
        responses=OF_CHANGES,
        status_code=200,
    )
    async def accept_payment(
        self, shop: SharedShop, request: AnyRequest, number: PathText, data: JSONBody[Decision]
    ) -> OrderDetail:
        """Take crypto that fell short as the whole price. Asked again, nothing more happens."""
        return await _decide(shop, request, number, data.note, accept_short_payment)

    @post("/payments/{number:str}/refund", opt={"act": "refund_order"}, responses=OF_CHANGES, status_code=200)
    async def refund_charge(
        self, shop: SharedShop, request: AnyRequest, number: PathText, data: JSONBody[ChargeRefund]
    ) -> OrderDetail:
        """Give back a charge of Stars that did not pay the order, which stays as it is."""
        actor = request.state.actor

        def act(session: Session, order: Order) -> None:
            request_charge_refund(session, id_of(order), data.charge_id, actor=actor, reason=data.reason)

        return await changed_order(shop, number, act)


class Decide(Protocol):
    """A rule by which staff decide about an order's money."""

    def __call__(
        self, session: Session, order_id: int, *, actor: str, note: str, now: datetime
    ) -> object: ...


async def _decide(shop: AppContext, request: AnyRequest, number: str, note: str, rule: Decide) -> OrderDetail:
    actor, now = request.state.actor, utc_now()

    def act(session: Session, order: Order) -> None:
        rule(session, id_of(order), actor=actor, note=note, now=now)

    return await changed_order(shop, number, act)
