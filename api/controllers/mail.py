"""The two links of every mail: to confirm an address, and to be left alone.

Mail programs and their scanners open links by themselves, so looking changes nothing; pressing does.
"""

from collections.abc import Callable

from litestar import Controller, Response, get, post
from sqlmodel import Session

from api.context import AppContext, SharedShop
from api.pages import page
from api.parameters import PathText
from api.requests import AnyRequest, client_address, require_same_origin
from core.notifications import addresses
from schemas.base import utc_now
from schemas.notifications import MailAddress

SECRET_PAGE = {"x-robots-tag": "noindex, nofollow", "referrer-policy": "same-origin"}


class MailController(Controller):
    """`/mail/…/{token}`: for whoever reads the mail."""

    path = "/mail"
    include_in_schema = False

    @get("/confirm/{token:str}")
    async def ask_to_confirm(self, shop: SharedShop, request: AnyRequest, token: PathText) -> Response[bytes]:
        """Which address it is about, and the button."""
        row = await _look_up(shop, request, lambda session: addresses.find_confirm(session, token))
        return _page(shop, request, "confirmed" if row.confirmed_at else "confirm", row)

    @post("/confirm/{token:str}", status_code=200)
    async def confirm(self, shop: SharedShop, request: AnyRequest, token: PathText) -> Response[bytes]:
        """The address is its reader's."""
        require_same_origin(request)
        now = utc_now()
        row = await _change(shop, request, lambda session: addresses.confirm(session, token, now=now))
        return _page(shop, request, "confirmed", row)

    @get("/stop/{token:str}")
    async def ask_to_stop(self, shop: SharedShop, request: AnyRequest, token: PathText) -> Response[bytes]:
        """Which address it is about, and the button."""
        row = await _look_up(shop, request, lambda session: addresses.find_stop(session, token))
        return _page(shop, request, "stopped" if row.stopped_at else "stop", row)

    @post("/stop/{token:str}", status_code=200)
    async def stop(self, shop: SharedShop, request: AnyRequest, token: PathText) -> Response[bytes]:
        """No more mail. Mailbox providers send this for their readers (RFC 8058): from wherever it comes."""
        now = utc_now()
        row = await _change(shop, request, lambda session: addresses.stop(session, token, now=now))
        return _page(shop, request, "stopped", row)


async def _look_up(
    shop: AppContext, request: AnyRequest, find: Callable[[Session], MailAddress]
) -> MailAddress:
    address = client_address(request, trusted_proxy=shop.settings.trusted_proxy)
    return await shop.look_up(address, shop.read(find))


async def _change(
    shop: AppContext, request: AnyRequest, act: Callable[[Session], MailAddress]
) -> MailAddress:
    address = client_address(request, trusted_proxy=shop.settings.trusted_proxy)
    return await shop.look_up(address, shop.run(act))


def _page(shop: AppContext, request: AnyRequest, step: str, row: MailAddress) -> Response[bytes]:
    return page(request, shop.settings, "mail", headers=SECRET_PAGE, step=step, address=row.address)
