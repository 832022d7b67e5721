"""Clicks on download links, as HTTP requests."""

from urllib.parse import urlsplit
from uuid import uuid4

from sqlmodel import col, select

from core.catalogue.catalogue import current_assets
from core.kit.rows import id_of
from core.orders.download_links import issue_link
from schemas.access import Grant
from schemas.base import utc_now
from scripts.bench.load import Request
from scripts.bench.running_stack import RunningStack


def clicks(system: RunningStack, count: int) -> list[Request]:
    """Requests for so many different links of the first buyer, all of which may be used without limit."""
    settings = system.stack.settings
    with system.database.transaction() as session:
        grant = session.exec(select(Grant).order_by(col(Grant.id)).limit(1)).one()
        asset = current_assets(session, system.product_id)[0]
        tokens = [
            issue_link(
                session,
                grant_id=id_of(grant),
                asset_id=asset.id,
                identity=uuid4(),
                secret=settings.link_secret,
                ttl=settings.link_ttl,
                max_downloads=0,
                now=utc_now(),
            )[1]
            for _ in range(count)
        ]
    return [Request("GET", urlsplit(f"{settings.public_url}/d/{token}").path) for token in tokens]
