"""`/d/{token}`: from a link in a message to the store. The file itself never passes here."""

from litestar import Controller, Response, get, head

from api.context import AppContext, SharedShop
from api.pages import page
from api.parameters import PathText
from api.requests import (
    AnyRequest,
    client_address,
    client_digest,
    client_network,
    first_byte,
    is_automatic,
    probe_length,
)
from core.jobs.request_reply import call
from core.kit.correlation import correlation
from core.kit.names import content_disposition
from core.orders.download_links import OpenLink, count_click, open_link
from schemas.base import utc_now
from schemas.ephemeral_jobs import Presign, ReadBeginning

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
    async def follow(self, shop: SharedShop, request: AnyRequest, token: PathText) -> Response[bytes]:
        """To the store, by a URL of a few minutes. A continued transfer was counted when it began.

        Who asks by itself is shown the page, and who only looks gets the bytes that it looks at: neither has
        had the file. Where downloads are limited, none is spent on a file that the store does not have.
        """
        if is_automatic(request):
            return await _page(shop, request, token)
        client = client_digest(request, trusted_proxy=shop.settings.trusted_proxy)
        start, probe = first_byte(request), probe_length(request)
        link = await _find(shop, request, token, client if start else None)
        limited = link.max_downloads > 0
        if limited and probe:
            return await _beginning(shop, link, probe)
        question = Presign(link_id=link.link_id, correlation_id=correlation.get(), check=limited)
        answer = await call(shop.redis, question, WAIT)
        if limited or not (start or probe):
            now = utc_now()
            network = client_network(request, trusted_proxy=shop.settings.trusted_proxy)
            click = count_click(
                link.link_id, client=client, network=network, now=now, first_byte=start, size=link.size
            )
            await shop.execute(click)
        headers = {"location": str(answer["url"]), "cache-control": "no-store"}
        return Response(b"", status_code=302, headers=headers)

    @head("/{token:str}")
    async def look(self, shop: SharedShop, request: AnyRequest, token: PathText) -> Response[None]:
        """Name, size and type of the file. Not redirected: a URL signed for GET refuses HEAD. Not counted."""
        file = await _find(shop, request, token, None)
        headers = {"content-length": str(file.size), "accept-ranges": "bytes", "cache-control": "no-store"}
        headers |= {
            "content-type": file.content_type,
            "content-disposition": content_disposition(file.name),
        }
        return Response(None, headers=headers)

    @get("/{token:str}/page")
    async def show(self, shop: SharedShop, request: AnyRequest, token: PathText) -> Response[bytes]:
        """Where a browser downloads so that it can go on later. Not counted: the download itself is."""
        return await _page(shop, request, token)


async def _page(shop: AppContext, request: AnyRequest, token: str) -> Response[bytes]:
    client = client_digest(request, trusted_proxy=shop.settings.trusted_proxy)
    file = await _find(shop, request, token, client)
    store = shop.settings.store_origin
    headers = {"content-security-policy": PAGE_POLICY.format(store=store), "cache-control": "no-store"}
    headers["x-robots-tag"] = "noindex, nofollow"
    return page(
        request,
        shop.settings,
        "download",
        headers=headers,
        file=file,
        token=token,
        resumable=bool(store),
    )


async def _beginning(shop: AppContext, link: OpenLink, length: int) -> Response[bytes]:
    """206 with a byte or two (RFC 9110, 15.3.7): a signed address would be good for the whole file."""
    answer = await call(shop.redis, ReadBeginning(link_id=link.link_id, length=length), WAIT)
    headers = {
        "content-range": f"bytes 0-{len(answer['bytes']) - 1}/{link.size}",
        "accept-ranges": "bytes",
        "cache-control": "no-store",
        "content-disposition": content_disposition(link.name),
    }
    return Response(bytes(answer["bytes"]), status_code=206, headers=headers, media_type=link.content_type)


async def _find(shop: AppContext, request: AnyRequest, token: str, resumed_by: str | None) -> OpenLink:
    address = client_address(request, trusted_proxy=shop.settings.trusted_proxy)
    reading = shop.execute(open_link(token, now=utc_now(), resumed_by=resumed_by))
    return await shop.look_up(address, reading)
