"""A seller's sales in the Mini App, one by one, and giving their money back."""

from typing import Annotated

from litestar import Controller, get, post
from litestar.params import JSONBody, PathParameter
from sqlmodel import Session

from api.answers.sales import dispute_answer, sale_answer, sale_page
from api.auth import as_person, require_session
from api.context import SharedShop
from api.parameters import PageNumber, PathText
from api.problems import answers
from api.requests import AnyRequest, language_of
from core.kit.names import bounded, clean_text
from core.payments import dispute_answers, sale_refunds
from core.payments.dispute_views import DisputeView, dispute_of
from core.payments.sale_refunds import Sale
from schemas.base import utc_now
from schemas.http import LARGEST
from schemas.miniapp_sales import SaleAnswer, SaleDispute, SalePage, SaleRefundBody
from schemas.people import User

REASON_LIMIT = 300  # characters
DisputeId = Annotated[int, PathParameter(ge=1, le=LARGEST)]


class SaleController(Controller):
    """What a shop sold; whose sales they are, the permission table says by person, shop and act."""

    path = "/api/sales/orders"
    tags = ("mini app",)
    guards = (require_session,)
    security = ({"person": []},)

    @get(responses=answers(400, 401, 403, 404, 429))
    async def list_sales(self, shop: SharedShop, request: AnyRequest, page: PageNumber = 1) -> SalePage:
        """What the session's shop sold, newest first, refunds included."""
        return sale_page(
            await as_person(shop, request, lambda s, user: sale_refunds.own_sales(s, user, page=page))
        )

    @get("/{number:str}", responses=answers(400, 401, 403, 404, 409, 429))
    async def show_sale(self, shop: SharedShop, request: AnyRequest, number: PathText) -> SaleAnswer:
        """One sale, by a number like CMT-000042 or 42, with what went back of it."""
        sale = await as_person(shop, request, lambda s, user: sale_refunds.sale_of(s, user, number))
        return sale_answer(sale, language_of(request))

    @post("/{number:str}/refund", status_code=200, responses=answers(400, 401, 403, 404, 409, 413, 422, 429))
    async def refund(
        self, shop: SharedShop, request: AnyRequest, number: PathText, data: JSONBody[SaleRefundBody]
    ) -> SaleAnswer:
        """Have all that is left go back, or a part; several parts may, each by a key of its own."""
        reason, now = bounded(clean_text(data.reason), "reason", REASON_LIMIT), utc_now()

        def work(session: Session, user: User) -> Sale:
            return sale_refunds.refund_sale(
                session,
                user,
                number,
                reason=reason,
                amount=data.amount,
                end_access=data.end_access,
                key=data.idempotency_key,
                now=now,
            )

        return sale_answer(await as_person(shop, request, work), language_of(request))


class DisputeController(Controller):
    """A bank's dispute of a sale, answered once by a person's press."""

    path = "/api/sales/disputes"
    tags = ("mini app",)
    guards = (require_session,)
    security = ({"person": []},)

    @post("/{dispute_id:int}/submit", status_code=200, responses=answers(400, 401, 403, 404, 409, 429))
    async def submit(self, shop: SharedShop, request: AnyRequest, dispute_id: DisputeId) -> SaleDispute:
        """Hand the staged proof of delivery in, for good. Asked again, nothing more happens."""
        now = utc_now()

        def work(session: Session, user: User) -> DisputeView:
            dispute_answers.submit(session, user, dispute_id, now=now)
            return dispute_of(session, user, dispute_id)

        return dispute_answer(await as_person(shop, request, work))
