"""The monthly fee of a seller's shop, in the Mini App."""

from litestar import Controller, get
from sqlmodel import Session

from api.answers.common import moment
from api.answers.fees import payment_places
from api.auth import as_person, require_session
from api.context import AppContext, SharedShop
from api.problems import answers
from api.requests import AnyRequest
from core.catalogue.catalogue import view
from core.kit.rows import id_of
from core.people.seller_view import own_shop
from core.people.shop_fees import fee_of_shop
from schemas.answers import PaymentPlaces
from schemas.base import utc_now
from schemas.miniapp_fee import ShopFeeAnswer
from schemas.people import User


class ShopFeeController(Controller):
    """What the session's seller owes the operator each month."""

    path = "/api/shop-fee"
    tags = ("mini app",)
    guards = (require_session,)
    security = ({"person": []},)

    @get(responses=answers(401, 403, 404, 429))
    async def show(self, shop: SharedShop, request: AnyRequest) -> ShopFeeAnswer:
        """Until when it is paid, and where it is paid next."""
        return await as_person(shop, request, lambda session, user: _fee(session, user, shop))


def _fee(session: Session, user: User, shop: AppContext) -> ShopFeeAnswer:
    fee = fee_of_shop(session, id_of(own_shop(session, user)), now=utc_now())
    if fee is None:
        return ShopFeeAnswer("none", None, PaymentPlaces())
    product = view(session, product_id=fee.product_id, viewer=user)
    return ShopFeeAnswer(fee.state, moment(fee.paid_until), payment_places(product, shop))
