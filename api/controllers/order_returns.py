"""The way back from a provider's page to an order's page, by an address that tells its token to nobody.

The provider shows the address to the seller, and the token would open the buyer's order to them. So the
browser that was led there keeps the token itself, in a cookie of that one order.
"""

from litestar import Controller, Response, get

from api.context import SharedShop
from api.pages import address_of, page
from api.parameters import PathText
from api.requests import AnyRequest, client_address
from core.orders.orders import by_page
from core.payments.checkout import OrderPage, look_again
from core.payments.rails.stripe.checkout import RETURNED
from core.process.limits import RETURNS
from core.process.settings import Settings

COOKIE = "order_page"
KEPT = 86_400  # seconds: no page of a provider is open for longer
SECRET_PAGE = {"x-robots-tag": "noindex, nofollow", "referrer-policy": "same-origin"}


class ReturnController(Controller):
    """`/o/returned/{number}`: whoever comes from a provider's page, whatever was done there."""

    path = RETURNED
    include_in_schema = False

    @get("/{number:str}")
    async def show(self, shop: SharedShop, request: AnyRequest, number: PathText) -> Response[bytes]:
        """To the order's page, where this browser was led from it; else how to find it.

        The provider is asked how the payment stands in any case.
        """
        client = client_address(request, trusted_proxy=shop.settings.trusted_proxy)
        paid_on = request.query_params.get("session", "")
        token = request.cookies.get(COOKIE)
        if token is None:
            await shop.limiter.count(RETURNS, client)
        else:
            await shop.look_up(client, shop.read(lambda session: by_page(session, token).id))
        if paid_on:
            await shop.run(lambda session: look_again(session, number, paid_on))
        if token is None:
            return page(request, shop.settings, "returned", headers=SECRET_PAGE)
        location = address_of(request, f"/o/{token}")
        return Response(b"", status_code=303, headers={"location": location, "cache-control": "no-store"})


def way_back(settings: Settings, order: OrderPage, token: str) -> dict[str, str]:
    """The header of an order's page by which the browser finds back from where the page leads to."""
    if not order.pay_url:
        return {}
    secure = "; Secure" if settings.public_url.startswith("https://") else ""
    path = f"{RETURNED}/{order.number}"
    kept = f"Path={path}; Max-Age={KEPT}; HttpOnly; SameSite=Lax{secure}"
    return {"set-cookie": f"{COOKIE}={token}; {kept}"}
