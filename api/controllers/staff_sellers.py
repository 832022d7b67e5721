"""Shops and payouts over HTTP for staff: the verbs of the commands, with a token."""

import io
from typing import Annotated

import msgspec
from litestar import Controller, Response, get, post
from litestar.params import JSONBody, PathParameter
from sqlmodel import Session

from api.answers.common import answer_of
from api.auth import require_act
from api.context import AppContext, SharedShop
from api.problems import OF_CHANGES, answers
from api.requests import AnyRequest
from core.kit.money import Money
from core.payments.balances import export_csv, owed, record_payout
from core.people.sellers import decide_shop, waiting_shops
from schemas.base import utc_now
from schemas.http import LARGEST
from schemas.staff import (
    PayoutLine,
    PayoutRequest,
    SellerBalance,
    SellerLine,
)

SellerId = Annotated[int, PathParameter(ge=1, le=LARGEST)]
OF_SHOPS = answers(400, 401, 403, 404, 409, 429)


class StaffSellerController(Controller):
    """Every route names the act (core.kit.permissions) that the token's role must include."""

    path = "/api/staff"
    tags = ("staff",)
    guards = (require_act,)
    security = ({"staff": []},)

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

    @post("/payouts", opt={"act": "record_payout"}, responses=OF_CHANGES)
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
