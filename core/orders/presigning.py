"""Leave to sign an address for one click: checked again and written down in one statement (A11)."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from core.audit.record import entries_sql
from core.jobs.single_statement import Rows, Statement
from core.kit.errors import NotFound

ENTRY = entries_sql(
    "wanted",
    actor="'user:' || buyer_id",
    action="'link.presigned'",
    subject="'asset:' || asset_id",
    details={"order": "order_id", "link": "id"},
)
# What a link that may be used now leads to: asked before a click counts, and again by who signs.
USABLE = """
    FROM download_link link
    JOIN access_grant ON access_grant.id = link.grant_id
    JOIN asset ON asset.id = link.asset_id
    WHERE link.id = %(link_id)s AND link.expires_at > %(now)s
      AND link.revoked_at IS NULL AND access_grant.revoked_at IS NULL
      AND asset.status IN ('accepted', 'retired')
"""
LEAVE = f"""
    WITH wanted AS (
        SELECT link.id, asset.id AS asset_id, asset.key, asset.name, asset.content_type,
               access_grant.order_id, access_grant.buyer_id
        {USABLE}
    ), written AS (
        {ENTRY}
    )
    SELECT key, name, content_type FROM wanted
"""  # noqa: S608 - constants only
KEY = f"SELECT asset.key {USABLE}"


@dataclass(frozen=True)
class Signable:
    """An object of the store, and what a download of it is called."""

    key: str
    name: str
    content_type: str


def key_of(link_id: UUID, *, now: datetime) -> Statement[str]:
    """Where the store keeps the file of a link that may be used now. Raises `NotFound`."""

    def read(rows: Rows) -> str:
        if not rows:
            raise NotFound("link-unknown")
        return str(rows[0][0])

    return Statement(KEY, {"link_id": link_id, "now": now}, read)


def leave_to_sign(link_id: UUID, *, correlation_id: str, now: datetime) -> Statement[Signable]:
    """The file of a link that may be used now; the audit log has user, order and file, never an address.

    Raises `NotFound`: no such link, or it has ended since the click was checked.
    """
    parameters = {"link_id": link_id, "correlation_id": correlation_id, "now": now}
    return Statement(LEAVE, parameters, _signable)


def _signable(rows: Rows) -> Signable:
    if not rows:
        raise NotFound("link-unknown")
    return Signable(*rows[0])
