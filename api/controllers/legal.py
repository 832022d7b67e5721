"""Who sells, by law: what a seller has printed on invoices, in the Mini App."""

from litestar import Controller, get, put
from litestar.params import JSONBody
from sqlmodel import Session

from api.auth import as_person, require_session
from api.context import SharedShop
from api.problems import answers
from api.requests import AnyRequest
from core.kit.rows import id_of
from core.people.legal_identity import LegalIdentity, identify_shop
from core.people.seller_view import own_shop
from schemas.miniapp_legal import LegalAnswer, LegalRequest
from schemas.people import Seller, User


class LegalController(Controller):
    """The legal identity of the session's seller."""

    path = "/api/legal"
    tags = ("mini app",)
    guards = (require_session,)
    security = ({"person": []},)

    @get(responses=answers(401, 403, 404, 429))
    async def show(self, shop: SharedShop, request: AnyRequest) -> LegalAnswer:
        """What stands on invoices now."""
        return await as_person(shop, request, lambda session, user: _legal(own_shop(session, user)))

    @put(responses=answers(400, 401, 403, 404, 422, 429))
    async def give(self, shop: SharedShop, request: AnyRequest, data: JSONBody[LegalRequest]) -> LegalAnswer:
        """Keep who sells, for the papers of every later sale; all empty ends invoices."""

        def work(session: Session, user: User) -> LegalAnswer:
            identity = LegalIdentity(data.name, data.address, data.vat_number)
            number = id_of(own_shop(session, user))
            return _legal(identify_shop(session, number, identity, actor=f"user:{id_of(user)}"))

        return await as_person(shop, request, work)


def _legal(seller: Seller) -> LegalAnswer:
    return LegalAnswer(seller.legal_name, seller.legal_address, seller.vat_number)
