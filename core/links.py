"""Revocable links: issued under a job's identity, checked and counted at each click."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID, uuid5

from sqlalchemy import func, text
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import Session, col, select

from core.errors import NotFound, Refused
from core.rows import must_get
from core.tokens import TOKEN_LENGTH, derived_token, token_hash
from schemas.access import Download, DownloadLink, Grant
from schemas.catalogue import Asset

# The lock makes clicks on one link take turns; whoever waited sees what was left by the one before.
COUNT = text("""
    WITH link AS (
        SELECT id FROM download_link
        WHERE id = :link_id AND (max_downloads = 0 OR downloads < max_downloads)
        FOR UPDATE
    ), counted AS (
        INSERT INTO download (link_id, client, minute)
        SELECT id, CAST(:client AS varchar), CAST(:minute AS timestamptz) FROM link
        WHERE NOT (CAST(:continued AS boolean) AND EXISTS (
            SELECT FROM download
            WHERE download.link_id = link.id AND download.client = CAST(:client AS varchar)
        ))
        ON CONFLICT (link_id, client, minute) DO NOTHING
        RETURNING link_id
    ), taken AS (
        UPDATE download_link SET downloads = downloads + 1 FROM counted WHERE id = counted.link_id
    )
    SELECT (SELECT count(*) FROM link), (SELECT count(*) FROM counted)
""")
SERVED = ("accepted", "retired")  # a replaced file stays where an earlier link says


@dataclass(frozen=True)
class OpenLink:
    """A link that may be used now, with everything a click needs."""

    link: DownloadLink
    asset: Asset
    order_id: int
    buyer_id: int


def issue_link(
    session: Session,
    *,
    grant_id: int,
    asset_id: UUID,
    identity: UUID,
    secret: str,
    ttl: int,
    max_downloads: int,
    now: datetime,
) -> tuple[DownloadLink, str]:
    """The link of one file of a grant for one job, and its token; `ttl` in seconds.

    The same job gets the same link and token at every attempt, good for `ttl` from the latest one.
    Raises `NotFound`: grant or file unknown, or not of one product; `Refused`: the grant has ended.
    """
    grant = must_get(session, Grant, grant_id, "grant-unknown", lock=True)
    asset = must_get(session, Asset, asset_id, "file-unknown")
    if asset.product_id != grant.product_id:
        raise NotFound("file-unknown")
    if grant.revoked_at is not None:
        raise Refused("grant-revoked")
    link_id = uuid5(identity, str(asset_id))
    token = derived_token(secret, str(link_id))
    statement = insert(DownloadLink).values(
        id=link_id,
        grant_id=grant_id,
        asset_id=asset_id,
        token_hash=token_hash(token),
        max_downloads=max_downloads,
        downloads=0,
        created_at=now,
        expires_at=now + timedelta(seconds=ttl),
    )
    statement = statement.on_conflict_do_update(
        index_elements=["id"],
        set_={"expires_at": func.greatest(col(DownloadLink.expires_at), statement.excluded.expires_at)},
    )
    found = session.scalars(statement.returning(DownloadLink), execution_options={"populate_existing": True})
    return found.one(), token


def open_link(session: Session, token: str, *, now: datetime, resumed_by: str | None = None) -> OpenLink:
    """The link of a token, if it may be used now. One query.

    `resumed_by` is the client of a request that continues a transfer: it was counted when it began.
    Raises `NotFound` "link-unknown"; `Refused` "link-revoked", "link-expired", "link-used-up".
    """
    if len(token) != TOKEN_LENGTH:
        raise NotFound("link-unknown")
    row = session.exec(
        select(DownloadLink, Asset, Grant)
        .join(Grant, col(Grant.id) == DownloadLink.grant_id)
        .join(Asset, col(Asset.id) == DownloadLink.asset_id)
        .where(DownloadLink.token_hash == token_hash(token), col(Asset.status).in_(SERVED))
        .execution_options(populate_existing=True)
    ).one_or_none()
    if row is None:
        raise NotFound("link-unknown")
    link, asset, grant = row
    if link.revoked_at is not None or grant.revoked_at is not None:
        raise Refused("link-revoked")
    if link.expires_at <= now:
        raise Refused("link-expired")
    if 0 < link.max_downloads <= link.downloads and not _counted(session, link.id, resumed_by):
        raise Refused("link-used-up")
    return OpenLink(link, asset, grant.order_id, grant.buyer_id)


def count_click(
    session: Session, link_id: UUID, *, client: str, now: datetime, continued: bool = False
) -> bool:
    """Count a download, once for each client (a digest) and minute; one that goes on, once for each client.

    One statement, so that it may run without a transaction around it. Raises `Refused` "link-used-up"
    when another click took the last one allowed.
    """
    minute = now.replace(second=0, microsecond=0)
    given = {"link_id": link_id, "client": client, "minute": minute, "continued": continued}
    allowed, counted = session.execute(COUNT, given).one()
    if not allowed:
        raise Refused("link-used-up")
    return bool(counted)


def _counted(session: Session, link_id: UUID, client: str | None) -> bool:
    seen = select(Download.id).where(Download.link_id == link_id, Download.client == client)
    return client is not None and session.exec(seen.limit(1)).first() is not None
