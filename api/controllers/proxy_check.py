"""For `comptoir doctor`: what the API saw of a request that came the public way."""

import msgspec
from litestar import Response, get
from litestar.exceptions import NotFoundException
from redis.exceptions import RedisError

from api.context import SharedShop
from api.parameters import PathText
from api.requests import AnyRequest, client_address, forwarded
from core.jobs.request_reply import Busy
from core.process.proxy_check import PATH, Seen, key_of


@get(f"{PATH}/{{mark:str}}", include_in_schema=False)
async def show_what_came(shop: SharedShop, request: AnyRequest, mark: PathText) -> Response[bytes]:
    """404 but for the mark that the doctor has left, once."""
    try:
        is_ours = await shop.redis.getdel(key_of(mark)) is not None
    except RedisError as error:
        raise Busy(f"Redis does not answer ({type(error).__name__})") from None
    if not is_ours:
        raise NotFoundException
    peer = request.client.host if request.client else ""
    client = client_address(request, trusted_proxy=shop.settings.trusted_proxy)
    seen = Seen(peer, tuple(forwarded(request)), client)
    return Response(
        msgspec.json.encode(seen), media_type="application/json", headers={"cache-control": "no-store"}
    )
