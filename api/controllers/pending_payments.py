"""Transfers that people say they have made, told over HTTP as the form of a web order tells them."""

from litestar import Controller, post
from litestar.params import JSONBody
from sqlmodel import Session

from api.context import AppContext, SharedShop
from api.limits import count_mail
from api.problems import answers
from api.requests import AnyRequest, client_address
from core.notifications.addresses import clean_address, give_order_address
from core.orders.orders import order_number
from core.payments.placing import place_on_web
from core.payments.rails.manual.transfers import submit_manual
from core.payments.waiver import Waiver
from core.process.limits import TRANSFERS
from schemas.api import PendingPaymentAnswer, PendingPaymentRequest
from schemas.base import utc_now


class PendingPaymentController(Controller):
    """Transfers that people say they have made."""

    path = "/api/payments/pending-payments"
    tags = ("access",)

    @post("/create", responses=answers(400, 404, 409, 413, 422, 429))
    async def create(
        self, shop: SharedShop, request: AnyRequest, data: JSONBody[PendingPaymentRequest]
    ) -> PendingPaymentAnswer:
        """An order whose transfer staff look for. It needs no token: the order belongs to who claims it."""
        address = client_address(request, trusted_proxy=shop.settings.trusted_proxy)
        await shop.limiter.count(TRANSFERS, address)
        if data.user_info.email:
            shop.require_mail()
            await count_mail(shop, address, clean_address(data.user_info.email))
        return await shop.run(lambda session: _submit(session, shop, data))


def _submit(session: Session, shop: AppContext, data: PendingPaymentRequest) -> PendingPaymentAnswer:
    now, who = utc_now(), data.user_info
    placed = place_on_web(
        session,
        product_id=data.offer_id,
        rail="manual",
        currency=data.currency,
        language=who.language,
        policy=shop.policy,
        order_ttl=shop.settings.order_ttl,
        now=now,
        idempotency_key=data.idempotency_key,
        waiver=Waiver(shop.settings.withdrawal_waiver, data.waiver),
    )
    submit_manual(session, placed.order, data.transaction_id, now)
    if who.email:
        give_order_address(session, placed.order, who.email, now=now)
    session.refresh(placed.order)
    return PendingPaymentAnswer(
        True, order_number(placed.order), placed.order.status, f"/o/{placed.page_token}"
    )
