"""`/metrics` for Prometheus: the whole shop's figures, and the requests and memory of this process."""

import hmac
from typing import Any

from litestar import Response, get
from litestar.exceptions import NotFoundException
from sqlalchemy.exc import SQLAlchemyError
from sqlmodel import Session

from api.auth import bearer
from api.context import SharedShop
from api.requests import AnyRequest, client_address
from core.kit.errors import NotAllowed
from schemas.base import utc_now


@get("/metrics", include_in_schema=False)
async def show_metrics(shop: SharedShop, request: AnyRequest) -> Response[bytes]:
    """What Prometheus reads. Without METRICS_TOKEN there is no such page; shown another token, 401.

    While the database is away, the figures of this process still come.
    """
    expected = shop.settings.metrics_token
    if not expected:
        raise NotFoundException
    if not hmac.compare_digest(bearer(request).encode(), expected.encode()):
        await shop.count_guess(client_address(request, trusted_proxy=shop.settings.trusted_proxy))
        raise NotAllowed("metrics-token-wrong")
    # Not imported before it is asked for: an API at rest would pay 3 MiB.
    from core.monitoring import metrics

    def read(session: Session) -> list[Any]:
        return metrics.shop_families(session, now=utc_now())

    try:
        families = await shop.read(read)
    except SQLAlchemyError:
        families = []
    own = [
        *metrics.process_families(database=bool(families), requests=shop.timings.rows()),
        *metrics.event_families(shop.unkept),
        *metrics.http_families(len(shop.connections), shop.connections.most),
        *metrics.pool_families(shop.pools()),
        *metrics.disk_families(shop.settings.store_folder),
    ]
    text = metrics.exposition([*families, *own])
    return Response(text, media_type=metrics.CONTENT_TYPE, headers={"cache-control": "no-store"})
