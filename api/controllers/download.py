"""`/d/{token}`: from a link in a message to the store. The file itself never passes here."""

from litestar import Controller, Response, get, head
from litestar.params import FromPath

from api.context import AppContext, SharedShop
from api.pages import page
from api.requests import AnyRequest, client_address, client_digest, continues_transfer
from core.jobs.request_reply import call
from core.kit.correlation import correlation
from core.kit.names import content_disposition
from core.orders.download_links import OpenLink, count_click, open_link
from schemas.base import utc_now
from schemas.ephemeral_jobs import Presign

WAIT = 3.0  # seconds that a person waits for a worker
# The page's script is redirected from our link to the store, which it may read, and nothing else.
PAGE_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self' {store}; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)


class DownloadController(Controller):
    """A click is checked, signed by a worker, counted once a URL was obtained, and redirected."""

    path = "/d"
    include_in_schema = False

    @get("/{token:str}", status_code=302)
    async def follow(self, shop: SharedShop, request: AnyRequest, token: FromPath[str]) -> Response[bytes]:
        """To the store, by a URL of a few minutes. A continued transfer was counted when it began."""
        client = client_digest(request, trusted_proxy=shop.settings.trusted_proxy)
        continued = continues_transfer(request)
        link = await _find(shop, request, token, client if continued else None)
        question = Presign(link_id=link.link_id, correlation_id=correlation.get())
        answer = await call(shop.redis, question, WAIT)
        # A transfer that goes on was counted when it began. Where downloads are limited we look: a client
        # that only ever asks for the rest would never be counted.
        if not continued or link.downloads < link.max_downloads:
            now = utc_now()
            await shop.execute(count_click(link.link_id, client=client, now=now, continued=continued))
        headers = {"location": str(answer["url"]), "cache-control": "no-store"}
        return Response(b"", status_code=302, headers=headers)

    @head("/{token:str}")
    async def look(self, shop: SharedShop, request: AnyRequest, token: FromPath[str]) -> Response[None]:
        """Name, size and type of the file. Not redirected: a URL signed for GET refuses HEAD. Not counted."""
        file = await _find(shop, request, token, None)
        headers = {"content-length": str(file.size), "accept-ranges": "bytes", "cache-control": "no-store"}
        headers |= {
            "content-type": file.content_type,
            "content-disposition": content_disposition(file.name),
        }
        return Response(None, headers=headers)

    @get("/{token:str}/page")
    async def show(self, shop: SharedShop, request: AnyRequest, token: FromPath[str]) -> Response[bytes]:
        """Where a browser downloads so that it can go on later. Not counted: the download itself is."""
        client = client_digest(request, trusted_proxy=shop.settings.trusted_proxy)
        file = await _find(shop, request, token, client)
        store = shop.settings.store_origin
        headers = {"content-security-policy": PAGE_POLICY.format(store=store)}
        return page(
            request,
            shop.settings,
            "download",
            headers=headers,
            file=file,
            token=token,
            resumable=bool(store),
        )


async def _find(shop: AppContext, request: AnyRequest, token: str, resumed_by: str | None) -> OpenLink:
    address = client_address(request, trusted_proxy=shop.settings.trusted_proxy)
    reading = shop.execute(open_link(token, now=utc_now(), resumed_by=resumed_by))
    return await shop.look_up(address, reading)
